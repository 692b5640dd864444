import { spokenYuan, type Instant } from '../kernel/index.js';
import type { Paper, PaperPart } from '../platform/index.js';
import { PERIOD_WORDS } from './domain/index.js';
import type { MealStory, MonthStory } from './read-meals.js';

/** Whose statement it is, by what is said at the counter, and where it is from. */
export interface StatementHead {
  /** 张女士 */
  readonly address: string;
  readonly cardTail: string | null;
  /** The only canteen whose meals stand on it; null for all. */
  readonly siteName: string | null;
  /** Canteens with the numbers to call, in the order of the meals. */
  readonly phones: readonly { readonly name: string; readonly phone: string }[];
}

const FOOT = '有疑问请打电话问食堂，或到社区。';

/** A month's statement for whoever reads paper: one sentence for the month, one for every meal. */
export function statementPaper(head: StatementHead, month: MonthStory, madeAt: Instant): Paper {
  const title = `${Number(month.month.slice(0, 4))}年${Number(month.month.slice(5))}月助餐账单`;
  const card = head.cardTail === null ? '' : `　助餐卡尾号 ${head.cardTail}`;
  const sites = new Set(month.lines.map((line) => line.siteName));
  const parts: PaperPart[] = [
    { kind: 'text', text: title, size: 'title', bold: true, withNext: true },
    { kind: 'text', text: `${head.address}${card}`, size: 'head', withNext: true },
    ...(head.siteName !== null || sites.size !== 1 ? [] : [{ kind: 'text', text: `用餐食堂：${[...sites].join('')}`, withNext: true } as const]),
    ...(head.siteName === null ? [] : [{ kind: 'text', text: `只含在${head.siteName}的用餐`, withNext: true } as const]),
    { kind: 'text', text: month.words, size: 'large', bold: true },
    ...month.lines.flatMap((line) => lineParts(line, sites.size > 1)),
    { kind: 'rule' },
    ...head.phones.map(({ name, phone }): PaperPart => ({ kind: 'row', left: { text: name }, right: { text: phone, bold: true } })),
  ];
  return { title, parts, foot: FOOT, madeAt };
}

function lineParts({ dayWords, mealPeriod, siteName, itemsWords, words, note, standing, selfPayFen }: MealStory, severalSites: boolean): PaperPart[] {
  const paid = standing === 'voided' ? '已撤销' : `您付${spokenYuan(selfPayFen)}元`;
  const said = [...(severalSites ? [siteName] : []), ...(standing === 'voided' ? [] : [words]), ...(note === null ? [] : [note])].join('\n');
  return [
    { kind: 'rule' },
    { kind: 'row', left: { text: `${dayWords} ${PERIOD_WORDS[mealPeriod]}　${itemsWords}`, bold: true }, right: { text: paid, bold: true }, withNext: said !== '' },
    ...(said === '' ? [] : [{ kind: 'text', text: said } as const]),
  ];
}
