import { fen, type Instant } from '../kernel/index.js';
import { addSheet, paperBook, type SheetCell } from '../platform/index.js';
import { capitalAmount } from './domain/index.js';
import type { Papers } from './read-papers.js';

function total<T>(rows: readonly T[], pick: (row: T) => number): number {
  return rows.reduce((sum, row) => sum + pick(row), 0);
}

/**
 * Claims as a spreadsheet: a summary, the lines, and the days. Every sheet ends in totals; claimed, cut and approved
 * agree between summary and lines, and the days add up to what was claimed.
 * @param madeAt written into the file, so that the same claims give the same properties
 */
export function claimWorkbook(papers: Papers, madeAt: Instant): Promise<Buffer> {
  const { claims, lines, days } = papers;
  const four = (rows: readonly { claimedFen: number; cutFen: number; approvedFen: number }[]): SheetCell[] =>
    [{ fen: total(rows, (r) => r.claimedFen) }, { fen: total(rows, (r) => r.cutFen) }, { fen: total(rows, (r) => r.approvedFen) }];
  const approved = total(claims, (c) => c.approvedFen);
  return paperBook(papers.title, madeAt, (book) => {
    addSheet(book, '汇总', [22, 28, 12, 14, 14, 14, 14, 68], ['结算单号', '场所', '补贴人次', '申报（元）', '核减（元）', '核定（元）', '实拨（元）', '明细校验码（SHA-256）'], [
      ...claims.map((c): SheetCell[] => [c.claimNumber, c.siteName, c.meals, ...four([c]), { fen: c.paidFen }, c.linesHash]),
      ['合计', `${papers.month} 共 ${claims.length} 份`, total(claims, (c) => c.meals), ...four(claims), { fen: total(claims, (c) => c.paidFen) }, ''],
      [approved < 0 ? '应扣减大写' : '核定大写', capitalAmount(fen(Math.abs(approved)))],
    ]);
    addSheet(book, '明细', [22, 28, 6, 28, 28, 22, 10, 10, 14, 14, 14], ['结算单号', '场所', '行号', '运营方', '收款单位', '资金方', '就餐月份', '人次', '申报（元）', '核减（元）', '核定（元）'], [
      ...lines.map((l): SheetCell[] => [l.claimNumber, l.siteName, l.lineNo, l.operatorName, l.payeeName, l.funderName, l.mealMonth, l.meals, ...four([l])]),
      ['合计', '', '', '', '', '', '', '', ...four(lines)],
    ]);
    addSheet(book, '按日', [28, 12, 10, 10, 14, 14, 14, 14], ['场所', '日期', '就餐人次', '补贴人次', '餐费（元）', '个人支付（元）', '补贴（元）', '场所承担（元）'], [
      ...days.map((d): SheetCell[] => [d.siteName, d.date, d.meals, d.subsidisedMeals, { fen: d.priceFen }, { fen: d.selfPayFen }, { fen: d.subsidyFen }, { fen: d.siteBorneFen }]),
      ['合计', '', total(days, (d) => d.meals), total(days, (d) => d.subsidisedMeals), { fen: total(days, (d) => d.priceFen) }, { fen: total(days, (d) => d.selfPayFen) },
        { fen: total(days, (d) => d.subsidyFen) }, { fen: total(days, (d) => d.siteBorneFen) }],
    ]);
  });
}
