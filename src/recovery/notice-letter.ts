import { chinaDate, fen, yuanText, type Fen, type Instant } from '../kernel/index.js';
import { capitalAmount } from '../settlement/domain/index.js';
import type { Ground, NoticeKind } from './domain/index.js';
import type { LineRow } from './line.store.js';
import type { NoticeRow } from './notice.store.js';

const STYLE = `
@page { size: A4; margin: 37mm 26mm 35mm 28mm; }
body { font-family: FangSong, "Noto Serif SC", serif; font-size: 16pt; line-height: 29pt; max-width: 156mm; margin: 10mm auto; color: #000; }
h1 { font-size: 22pt; text-align: center; font-weight: normal; } .right { text-align: right; } p { text-indent: 2em; margin: 0; } p.flat { text-indent: 0; }
table { width: 100%; border-collapse: collapse; font-size: 10.5pt; line-height: 16pt; margin: 4mm 0; } th, td { border: 1px solid #000; padding: 1mm 2mm; }
td.n { text-align: right; font-variant-numeric: tabular-nums; } tr { break-inside: avoid; } thead { display: table-header-group; } .sign td { height: 24mm; vertical-align: top; }`;

const TITLES: Readonly<Record<NoticeKind, string>> = { netting: '老年助餐补贴抵扣通知书', recovery: '老年助餐补贴追缴通知书', fraud: '老年助餐补贴问题线索移送及追缴通知书' };
const WAYS: Readonly<Record<NoticeKind, (year: number) => string>> = {
  netting: (year) => `该款属 ${year} 预算年度，经签署后从贵单位下一期结算中抵扣，已结算的月份不变。`,
  recovery: (year) => `该款属已结束的 ${year} 预算年度，不从结算中抵扣，请按财政部门指定的账户缴回。`,
  fraud: (year) => `该款属 ${year} 预算年度，涉嫌虚报冒领，另案处理，不得从结算中抵扣，请按财政部门指定的账户缴回。`,
};
const GROUNDS: Readonly<Record<Ground, string>> = { 'list-reached': '停发名单已送达', 'check-skipped': '未按规定核验', 'not-reached': '名单未送达' };

function html(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

function money(amount: Fen): string {
  return yuanText(amount).replace(/\B(?=(\d{3})+(?=\.))/g, ',');
}

function chineseDate(instant: Instant): string {
  const [year, month, day] = chinaDate(instant).split('-').map(Number);
  return `${year}年${month}月${day}日`;
}

/** What a letter prints beside the notice itself. */
export interface LetterFacts {
  readonly notice: NoticeRow;
  readonly lines: readonly LineRow[];
  readonly countyName: string;
  /** Names of funders by their codes. */
  readonly funders: ReadonlyMap<string, string>;
  readonly shares: readonly { readonly funderCode: string; readonly fen: Fen }[];
}

/**
 * The letter by which a site is asked for money: HTML to print on A4. It names meals by day and number, and nobody who
 * ate; the debtor is the site alone.
 */
export function noticeLetter({ notice, lines, countyName, funders, shares }: LetterFacts): string {
  const title = `${TITLES[notice.kind]}${notice.state === 'drafted' ? '（草稿，未签署）' : notice.state === 'withdrawn' ? '（已撤回）' : ''}`;
  const rows = lines.map((line, index) => `<tr><td class="n">${index + 1}</td><td>${line.mealDate}</td><td>${line.tapId.slice(0, 8)}</td><td>${GROUNDS[line.ground]}</td><td class="n">${money(line.fen)}</td></tr>`);
  const purses = shares.map((share) => `<tr><td>${html(funders.get(share.funderCode) ?? share.funderCode)}</td><td class="n">${money(share.fen)}</td></tr>`);
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>${html(title)}</title><style>${STYLE}</style></head><body>
<p class="flat right">编号：${html(notice.noticeNumber)}</p>
<h1>${html(title)}</h1>
<p class="flat">${html(notice.siteName)}：</p>
<p>经与有关部门的名单比对并由工作人员核定，贵单位有 ${lines.length} 人次的助餐补贴不应享受，应退还 ¥${money(notice.fen)}（大写：${capitalAmount(fen(notice.fen))}）。${WAYS[notice.kind](notice.budgetYear)}</p>
<p>本款由贵单位承担，不得向老人或其家人追索。</p>
<table><thead><tr><th>资金方</th><th>金额（元）</th></tr></thead><tbody>
${purses.join('\n')}
</tbody></table>
<table><thead><tr><th>序号</th><th>用餐日期</th><th>流水</th><th>依据</th><th>金额（元）</th></tr></thead><tbody>
${rows.join('\n')}
<tr><td colspan="4">合计</td><td class="n">${money(notice.fen)}</td></tr>
</tbody></table>
<p class="right">${html(countyName)}民政局（盖章）</p>
<p class="right">${chineseDate(notice.signedAt ?? notice.madeAt)}</p>
<table class="sign"><tbody><tr><td>民政部门意见：</td><td>财政部门意见：</td><td>收件人签字：</td></tr></tbody></table>
</body></html>
`;
}
