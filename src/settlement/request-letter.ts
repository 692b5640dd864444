import { chinaDate, fen, yuanText, type Fen, type Instant } from '../kernel/index.js';
import { capitalAmount } from './domain/index.js';
import type { LetterFacts } from './read-papers.js';

const STYLE = `
@page { size: A4; margin: 37mm 26mm 35mm 28mm; }
body { font-family: FangSong, "Noto Serif SC", serif; font-size: 16pt; line-height: 29pt; max-width: 156mm; margin: 10mm auto; color: #000; }
h1 { font-size: 22pt; text-align: center; font-weight: normal; } .right { text-align: right; } p { text-indent: 2em; margin: 0; } p.flat { text-indent: 0; }
table { width: 100%; border-collapse: collapse; font-size: 10.5pt; line-height: 16pt; margin: 4mm 0; } th, td { border: 1px solid #000; padding: 1mm 2mm; }
td.n { text-align: right; font-variant-numeric: tabular-nums; } tr { break-inside: avoid; } thead { display: table-header-group; } .sign td { height: 24mm; vertical-align: top; }
.foot { font-size: 9pt; line-height: 13pt; word-break: break-all; }`;

/** Makes a text safe inside HTML. */
export function html(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** Yuan with thousands parted, `1,234.50`. */
function money(amount: Fen): string {
  return yuanText(amount).replace(/\B(?=(\d{3})+(?=\.))/g, ',');
}

/** An amount as a letter says it: figures and capitals; what is below zero is to be deducted. */
function spoken(amount: Fen): string {
  const size = fen(Math.abs(amount));
  return `${amount < 0 ? '应扣减 ' : ''}¥${money(size)}（大写：${capitalAmount(size)}）`;
}

function chineseDate(instant: Instant): string {
  const [year, month, day] = chinaDate(instant).split('-').map(Number);
  return `${year}年${month}月${day}日`;
}

const row = (cells: readonly string[]): string => `<tr>${cells.join('')}</tr>`;
const text = (value: string): string => `<td>${html(value)}</td>`;
const figure = (value: string): string => `<td class="n">${value}</td>`;

/**
 * The letter by which a county's civil affairs bureau asks its finance bureau for the money of a batch: HTML to print
 * on A4, set after GB/T 9704-2012. It shows what holds at this moment; cuts by finance appear in the next print.
 */
export function requestLetter({ batch, countyName, papers, funders, totalFen }: LetterFacts): string {
  const [year, month] = batch.month.split('-').map(Number);
  const title = `${countyName}民政局关于申请拨付${year}年${month}月老年助餐补贴资金的函`;
  const { claims } = papers;
  const sum = (pick: (claim: (typeof claims)[number]) => number): number => claims.reduce((total, claim) => total + pick(claim), 0);
  const sites = claims.map((claim, index) => row([
    figure(String(index + 1)), text(claim.claimNumber), text(claim.siteName), figure(String(claim.meals)), figure(money(claim.claimedFen)), figure(money(claim.cutFen)), figure(money(claim.approvedFen)),
  ]));
  const total = row([
    '<td colspan="3">合计</td>', figure(String(sum((c) => c.meals))), figure(money(fen(sum((c) => c.claimedFen)))), figure(money(fen(sum((c) => c.cutFen)))), figure(money(fen(sum((c) => c.approvedFen)))),
  ]);
  const purses = funders.map(({ name, fen: amount, budget }) => row([
    text(name), text(budget === undefined ? '' : `${budget.budgetYear}年度`), text(budget?.budgetDocument ?? ''), figure(money(amount)), text(spoken(amount)),
  ]));
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>${html(title)}</title><style>${STYLE}</style></head><body>
<p class="flat right">编号：${html(batch.batchNumber)}</p>
<h1>${html(title)}</h1>
<p class="flat">${html(countyName)}财政局：</p>
<p>经助餐场所申报、镇（街道）审核、我局审批，${year}年${month}月共有 ${claims.length} 家助餐场所的老年助餐补贴应予结算，合计 ${spoken(totalFen)}，现申请拨付。</p>
<p class="flat">一、资金来源</p>
<table><thead><tr><th>资金方</th><th>预算年度</th><th>指标文号</th><th>金额（元）</th><th>金额大写</th></tr></thead><tbody>
${purses.join('\n')}
</tbody></table>
<p class="flat">二、各场所明细 <span style="float:right">单位：元</span></p>
<table><thead><tr><th>序号</th><th>结算单号</th><th>场所</th><th>补贴人次</th><th>申报</th><th>核减</th><th>核定</th></tr></thead><tbody>
${sites.join('\n')}
${total}
</tbody></table>
<p class="right">${html(countyName)}民政局（盖章）</p>
<p class="right">${chineseDate(batch.madeAt)}</p>
<table class="sign"><tbody><tr><td>民政部门意见：</td><td>财政审核意见：</td><td>财政审批意见：</td></tr></tbody></table>
<p class="flat foot">每份结算单另有带校验码的明细表；本函所列金额以结算单为准，资金以国库或银行回单为实拨依据。</p>
</body></html>
`;
}
