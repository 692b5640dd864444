import { Away, Refused } from '../journal/link.js';
import { Board } from '../view.js';
import type { Asking } from './ask.js';
import { AWAY, KinDesk } from './kin.js';

const notice = { version: '1', text: '先念这一段。' };
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
  const printed: object[] = [];
  const made = new KinDesk({ board, link, now: () => Date.parse('2024-12-03T11:30:00+08:00'), printCode: (code) => void printed.push(code) });
  return { made, board, answers, printed, asked, panel: () => board.view().people.panel };
}

const turn = () => new Promise((done) => setTimeout(done));

describe('consents at the till', () => {
  it('are shown by the card without a name, and taken back once that is confirmed', async () => {
    const { made, asked, panel, board } = desk({ '/v1/till/kin': { self: true, relatives, notice }, '/v1/till/kin/withdraw': { withdrawn: true } });
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
    [new Away('network'), AWAY.list],
  ])('say why they cannot be shown: %s', async (trouble, sentence) => {
    const { made, panel } = desk({ '/v1/till/kin': trouble });
    made.open();
    made.scanned('LC1');
    await turn();
    expect(panel()).toMatchObject({ relatives: null, busy: false, sentence });
  });

  it('are given one by one, none by itself, and come with a code that is there once', async () => {
    const { made, asked, panel, printed } = desk({ '/v1/till/kin': { self: false, relatives: [], notice }, '/v1/till/kin/code': { code: '12345678', expiresAt: '2024-12-03T11:40:00.000+08:00' } });
    made.open();
    made.press('0');
    expect(panel()).toMatchObject({ giving: null });
    made.scanned('LC1');
    await turn();
    made.press('0');
    expect(panel()).toMatchObject({ notice: '先念这一段。', giving: { rights: [], until: '2025-03-04' } });
    made.press('Enter');
    for (const key of ['3', '1', '2', '2', '4', '9']) made.press(key);
    expect(panel()).toMatchObject({ giving: { rights: ['meals', 'paying'], until: '2025-12-03' } });
    expect(asked).toHaveLength(1);
    made.press('Enter');
    await turn();
    expect(asked[1]).toMatchObject(['/v1/till/kin/code', { number: 'LC1', scopes: ['meals', 'paying'], until: '2025-12-03' }]);
    const code = { code: '12345678', expiresAt: Date.parse('2024-12-03T11:40:00+08:00') };
    expect(panel()).toMatchObject({ code });
    made.print();
    expect(printed).toEqual([code]);
    made.press('Enter');
    expect(panel()).toEqual({ is: 'none' });
  });

  it('are asked for with one id until an answer came, and say that nothing was agreed to', async () => {
    const { made, asked, panel, answers } = desk({ '/v1/till/kin': { self: false, relatives: [], notice }, '/v1/till/kin/code': new Away('network') });
    made.open();
    made.scanned('LC1');
    await turn();
    for (const key of ['0', '1', 'Enter']) made.press(key);
    await turn();
    expect(panel()).toMatchObject({ sentence: AWAY.give, code: null, busy: false });
    answers['/v1/till/kin/code'] = { code: '12345678', expiresAt: '2024-12-03T11:40:00.000+08:00' };
    made.press('Enter');
    await turn();
    expect(asked[2]?.[1].id).toBe(asked[1]?.[1].id);
    expect(panel()).toMatchObject({ sentence: null, code: { code: '12345678' } });
  });

  it('go back a step without agreeing to anything', async () => {
    const { made, asked, panel } = desk({ '/v1/till/kin': { self: false, relatives, notice } });
    made.open();
    made.scanned('LC1');
    await turn();
    for (const key of ['0', '1', 'Escape']) made.press(key);
    expect(panel()).toMatchObject({ giving: null, relatives: [{ contactId: 'c1' }] });
    made.press('Escape');
    expect([panel(), asked.length]).toEqual([{ is: 'none' }, 1]);
  });
});
