import { Away } from '../journal/link.js';
import { Board } from '../view.js';
import { ForgottenCard, type FoundElder } from './forgotten-card.js';
import type { Panel } from './people-view.js';

const NOON = Date.UTC(2024, 11, 3, 4);
const elder = { surname: '王', title: 'f', cardTail: '0012', note: 'sealed', noteUntil: new Date(NOON + 600_000).toISOString(), row: { h: 'h', n: '王', t: 'f', s: [], u: [] } };

/** A desk whose service answers as told; `asked` has what was sent. */
function desk(answers: (() => { status: number; body: unknown })[]) {
  const board = new Board();
  board.show({ phase: 'selling' });
  const asked: { id: string; surname: string; phoneTail: string }[] = [];
  const kept = new Map<string, unknown>();
  const sold: FoundElder[] = [];
  const clock = { now: NOON };
  const forgotten = new ForgottenCard({
    board, now: () => clock.now, sell: (one) => void sold.push(one),
    device: { recall: async (what) => kept.get(what) as never, remember: async (what, value) => void kept.set(what, value) },
    link: {
      ask: async (_method, _path, body) => {
        asked.push(JSON.parse(body ?? '{}') as (typeof asked)[number]);
        const answer = answers.shift();
        if (answer === undefined) throw new Away('network');
        return answer();
      },
      forgetSession: () => undefined, picture: async () => null,
    },
  });
  const panel = () => board.view().people.panel as Extract<Panel, { is: 'search' }>;
  return { forgotten, board, asked, sold, clock, panel };
}

const ok = (candidates: object[]) => () => ({ status: 200, body: { candidates, more: false } });

it('puts digits where digits belong, whatever field they are typed into', async () => {
  const { forgotten, panel } = desk([]);
  await forgotten.open();
  forgotten.typeSurname('欧 阳12');
  forgotten.press('3');
  forgotten.press('4');
  forgotten.press('5');
  expect(panel()).toMatchObject({ surname: '欧阳', tail: '1234' });
  forgotten.press('Backspace');
  expect(panel().tail).toBe('123');
  await forgotten.search();
  expect(panel().sentence).toContain('后四位');
});

it('asks again under the same id after a lost answer, and shows nothing that stands for a card', async () => {
  const answers = [() => { throw new Away('unreachable'); }, ok([elder]), ok([])];
  const { forgotten, board, asked, sold, panel } = desk(answers);
  await forgotten.open();
  forgotten.typeSurname('王1234');
  await forgotten.search();
  expect(panel().sentence).toContain('连接不上服务器');
  await forgotten.search();
  expect(asked[0]?.id).toBe(asked[1]?.id);
  expect(panel().found).toMatchObject([{ surname: '王', title: 'f', cardTail: '0012' }]);
  expect(JSON.stringify(board.view())).not.toContain('sealed');
  forgotten.press('1');
  expect(sold.map(({ note }) => note)).toEqual(['sealed']);
  expect(board.view().people.panel.is).toBe('none');
  await forgotten.open();
  forgotten.typeSurname('王1234');
  expect(panel().today).toBe(1);
  await forgotten.search();
  expect(asked[2]?.id).not.toBe(asked[1]?.id);
  expect(panel().sentence).toContain('没有找到');
});

it('sells to nobody by a note that is over, and says what the service says of a limit', async () => {
  const limit = () => { throw new Away('server', { status: 429, body: { code: 'search-day-limit', title: '已达上限' } }); };
  const { forgotten, sold, clock, panel } = desk([ok([elder]), limit]);
  await forgotten.open();
  forgotten.typeSurname('王1234');
  await forgotten.search();
  clock.now = NOON + 600_000;
  forgotten.choose(0);
  expect([sold.length, panel().sentence]).toEqual([0, '查找结果只管 10 分钟，请重新查找。']);
  await forgotten.search();
  expect(panel().sentence).toBe('已达上限');
});
