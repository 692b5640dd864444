import { Away, Refused } from '../journal/link.js';
import { Board } from '../view.js';
import type { Asking } from './ask.js';
import { KinDesk } from './kin.js';

const relatives = [{ contactId: 'c1', relation: 'child', rights: ['meals'], until: '2025-01-01' }];

/** A desk whose service answers by path; an error is thrown. */
function desk(answers: Record<string, object | Error>) {
  const board = new Board();
  board.show({ phase: 'selling' });
  const asked: [string, Record<string, unknown>][] = [];
  const link = {
    ask: async (_method: string, path: string, body: string | null) => {
      asked.push([path, JSON.parse(body ?? '{}') as Record<string, unknown>]);
      const said = answers[path];
      if (said instanceof Refused) return { status: 409, body: { code: said.code, title: said.sentence } };
      if (said instanceof Error) throw said;
      return { status: 200, body: said };
    },
    forgetSession: () => undefined,
  } as unknown as Asking;
  const made = new KinDesk({ board, link, now: () => 0 });
  return { made, board, asked, panel: () => board.view().people.panel };
}

const turn = () => new Promise((done) => setTimeout(done));

describe('consents at the till', () => {
  it('are shown by the card without a name, and taken back once that is confirmed', async () => {
    const { made, asked, panel, board } = desk({ '/v1/till/kin': { self: true, relatives }, '/v1/till/kin/withdraw': { withdrawn: true } });
    expect(made.scanned('LC1')).toBe(false);
    made.open();
    expect(made.scanned('LC1')).toBe(true);
    await turn();
    expect(panel()).toMatchObject({ self: true, relatives: [{ contactId: 'c1', relation: 'child', rights: ['meals'] }], chosen: null });
    expect(JSON.stringify(board.view())).not.toContain('LC1');
    made.press('3');
    made.press('Enter');
    expect(asked).toHaveLength(1);
    made.press('1');
    made.press('Enter');
    await turn();
    expect(asked[1]).toMatchObject(['/v1/till/kin/withdraw', { number: 'LC1', contactId: 'c1' }]);
    expect(panel()).toMatchObject({ sentence: '已收回，马上生效。', chosen: null });
    made.press('2');
    made.press('Enter');
    await turn();
    expect(asked.filter(([path]) => path.endsWith('withdraw'))[1]?.[1]).toMatchObject({ contactId: null });
    made.press('Escape');
    expect([panel(), made.press('1')]).toEqual([{ is: 'none' }, false]);
  });

  it.each([
    [new Refused('kin-card-unknown', '没有查到这张卡。'), '没有查到这张卡。'],
    [new Away('network'), /连接不上服务器，没有收回/],
  ])('say why they cannot be shown: %s', async (trouble, sentence) => {
    const { made, panel } = desk({ '/v1/till/kin': trouble });
    made.open();
    made.scanned('LC1');
    await turn();
    expect(panel()).toMatchObject({ relatives: null, busy: false, sentence: expect.stringMatching(sentence) });
  });
});
