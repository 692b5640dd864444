import { civilDate } from '../../kernel/index.js';
import { checkReceipt, csvRecords, readReceipt } from './receipt-file.js';

const day = civilDate('2025-01-15');
const HEADER = 'legNumber,fen,paidOn,serial';
const legs = new Map([['L-1', { legNumber: 'L-1', fen: 500, paidFen: 100, releasedOn: day }], ['L-2', { legNumber: 'L-2', fen: -40, paidFen: 0, releasedOn: day }]]);

it('reads quotes, a byte order mark and both kinds of line ends', () => {
  expect(csvRecords('\uFEFFa,"b ""x"", y"\r\n1,"two\nlines"\n')).toEqual([['a', 'b "x", y'], ['1', 'two\nlines']]);
});

it('names the row and what is wrong with it', () => {
  expect(readReceipt('leg,fen\n').faults).toEqual([{ row: 1, fault: `表头应为 ${HEADER}` }]);
  expect(readReceipt(`${HEADER}\n`).faults[0]?.row).toBe(2);
  const { rows, faults } = readReceipt(`${HEADER}\nL-1,100,2025-01-15,S1\nL-1,1.5,2025-01-15,S2\nL-1,100,2025-02-30,S3\nL-1,100,2025-01-15,=x\nL-1,100\n`);
  expect(rows.map((row) => row.serial)).toEqual(['S1']);
  expect(faults.map((fault) => fault.row)).toEqual([3, 4, 5, 6]);
});

it.each([
  ['unknown leg', 'L-9,100,2025-01-15,S1', '没有这个支付编号'],
  ['more than is left', 'L-1,401,2025-01-15,S1', '超过应付金额'],
  ['the same serial again', 'L-1,1,2025-01-15,OLD', '流水号重复'],
  ['money out of a deduction', 'L-2,40,2025-01-15,S1', '金额的正负与应付不符'],
  ['before the release', 'L-1,1,2025-01-14,S1', '支付日期应在批准拨付之后、今天之前（含当天）'],
  ['after today', 'L-1,1,2025-01-17,S1', '支付日期应在批准拨付之后、今天之前（含当天）'],
])('refuses %s', (_, row, fault) => {
  const { rows } = readReceipt(`${HEADER}\n${row}\n`);
  expect(checkReceipt(rows, legs, new Set(['OLD']), civilDate('2025-01-16'))).toEqual([{ row: 2, fault }]);
});

it('adds up the rows of one file, and takes a leg to its last fen', () => {
  const { rows } = readReceipt(`${HEADER}\nL-1,300,2025-01-15,S1\nL-1,100,2025-01-15,S2\nL-2,-40,2025-01-15,S3\nL-1,1,2025-01-15,S4\n`);
  expect(checkReceipt(rows, legs, new Set(), day)).toEqual([{ row: 5, fault: '超过应付金额' }]);
});
