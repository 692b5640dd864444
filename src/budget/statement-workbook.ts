import { addSheet, paperBook, type SheetCell } from '../platform/index.js';
import type { ShownStatement } from './statement-view.js';

/**
 * A statement between counties as a spreadsheet: its number, how many lines and what sum on the first sheet, then each
 * county's position, the matrix line by line. Made from the stored lines with the stored time, so the same statement
 * gives the same properties.
 */
export function statementWorkbook({ statement, lines, positions, shownFen }: ShownStatement): Promise<Buffer> {
  const sum = (pick: (one: (typeof positions)[number]) => number): SheetCell => ({ fen: positions.reduce((total, one) => total + pick(one), 0) });
  return paperBook(`区县间结算单 ${statement.statementNumber}`, statement.madeAt, (book) => {
    addSheet(book, '汇总', [24, 24, 20, 68], ['编号', '月份', '本表行数', '本表合计（元）'], [
      [statement.statementNumber, statement.month, lines.length, { fen: shownFen }],
      ['全单行数', '全单合计（元）', '', '全单校验码（SHA-256）'],
      [statement.lineCount, { fen: statement.totalFen }, '', statement.linesHash],
    ]);
    addSheet(book, '净额', [12, 24, 18, 18, 18], ['区划代码', '县（市、区）', '应收他县（元）', '应付他县（元）', '净额（元）'], [
      ...positions.map((one): SheetCell[] => [one.countyCode, one.countyName, { fen: one.dueToFen }, { fen: one.dueByFen }, { fen: one.netFen }]),
      ['合计', '', sum((one) => one.dueToFen), sum((one) => one.dueByFen), sum((one) => one.netFen)],
    ]);
    addSheet(book, '明细', [6, 24, 24, 28, 10, 10, 16], ['行号', '食堂所在县', '承担县', '资金方', '就餐月份', '补贴人次', '金额（元）'], [
      ...lines.map((line): SheetCell[] => [line.lineNo, line.siteCountyName, line.bearingCountyName, line.funderName, line.mealMonth, line.meals, { fen: line.fen }]),
      ['合计', '', '', '', '', lines.reduce((total, line) => total + line.meals, 0), { fen: shownFen }],
    ]);
  });
}
