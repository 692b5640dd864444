import { fen, NO_FEN } from '../../kernel/index.js';
import { monthWords, sequelWords, splitWords } from './meal-words.js';
import { distanceWords, itemsWords, leftWords, warningWords } from './menu-words.js';

const part = (name: string, amount: number) => ({ name, fen: fen(amount) });
const split = { priceFen: fen(1500), selfPayFen: fen(700), parts: [part('市', 500), part('区', 300)], othersFen: NO_FEN, openFen: NO_FEN, why: '今天的补贴已经用过' };

describe('a split in words', () => {
  it.each([
    ['of a subsidised meal', {}, '原价15元，市补5元，区补3元，您付7元'],
    ['with half yuan', { priceFen: fen(1250), parts: [part('市', 550)] }, '原价12.5元，市补5.5元，您付7元'],
    ['with ten fen and one', { selfPayFen: fen(710), priceFen: fen(1501) }, '原价15.01元，市补5元，区补3元，您付7.1元'],
    ['without a subsidy', { parts: [], selfPayFen: fen(1500) }, '原价15元，今天的补贴已经用过，您付15元'],
    ['with a purse that bears nothing any more', { parts: [part('市', 0), part('区', 300)] }, '原价15元，区补3元，您付7元'],
    ['with company', { othersFen: fen(1500), priceFen: fen(3000), selfPayFen: fen(2200) }, '原价30元（含陪餐15元），市补5元，区补3元，您付22元'],
    ['with something that nobody bears yet', { openFen: fen(300), parts: [part('市', 500)] }, '原价15元，市补5元，食堂先垫3元，您付7元'],
    ['of a free meal', { selfPayFen: NO_FEN }, '原价15元，市补5元，区补3元，您付0元'],
    ['of tens and hundreds', { priceFen: fen(10_000), parts: [part('市', 1_000)], selfPayFen: fen(9_000) }, '原价100元，市补10元，您付90元'],
  ])('%s', (_, change, words) => {
    expect(splitWords({ ...split, ...change })).toBe(words);
  });
});

describe('what became of a meal', () => {
  it.each([
    ['nothing', {}, null],
    ['taken back', { voided: true }, '这一餐已经撤销，不计补贴。您当时付的7元应当退给您，没有收到请问食堂。'],
    ['a free one taken back', { voided: true, paidFen: NO_FEN }, '这一餐已经撤销，不计补贴。'],
    ['taken back after a correction', { voided: true, corrected: true }, '这一餐已经撤销，不计补贴。您当时付的7元应当退给您，没有收到请问食堂。'],
    ['put right', { corrected: true }, '补贴在用餐后更正过，上面是更正后的数。您付的钱不变，不向您补收。'],
    ['put right to the elder’s good', { corrected: true, creditFen: fen(200) }, '补贴在用餐后更正过，上面是更正后的数。更正后多出的2元归您，请向食堂领取。'],
  ])('%s', (_, change, words) => {
    expect(sequelWords({ voided: false, corrected: false, creditFen: NO_FEN, paidFen: fen(700), ...change })).toBe(words);
  });
});

it('sums a month up', () => {
  const sums = { monthOfYear: 12, meals: 20, voided: 0, priceFen: fen(30_000), selfPayFen: fen(14_000), parts: [part('市', 10_000), part('区', 6_000)], openFen: NO_FEN, creditFen: NO_FEN };
  expect(monthWords(sums)).toBe('12月用餐20次，原价300元，市补100元，区补60元，您付140元。');
  expect(monthWords({ ...sums, creditFen: fen(150), voided: 1 })).toBe('12月用餐20次，原价300元，市补100元，区补60元，您付140元。更正后多出的1.5元归您，请向食堂领取。另有1餐已经撤销，不算在内。');
  expect(monthWords({ ...sums, meals: 0, voided: 2 })).toBe('12月没有用餐记录。另有2餐已经撤销，不算在内。');
});

it('says distances and dishes as people do', () => {
  expect([0, 120, 974, 1_000, 12_345].map(distanceWords)).toEqual(['约50米', '约100米', '约950米', '约1.0公里', '约12.3公里']);
  expect([null, 0, 3].map(leftWords)).toEqual([null, '已订满', '还可订3份']);
  expect([warningWords([]), warningWords(['peanuts', 'eggs'])]).toEqual([null, '含花生、蛋']);
  expect(itemsWords([{ name: '套餐', quantity: 1 }, { name: '米饭', quantity: 2, half: true }, { name: '套餐', quantity: 1, for: 'guest' }])).toBe('套餐、米饭（半份）×2、套餐（陪餐）');
});
