import { spokenYuan, type Fen } from '../../kernel/index.js';

/** One purse's part of a meal, by the word that people know it by, such as 区. */
export interface NamedPart {
  readonly name: string;
  readonly fen: Fen;
}

/** A part as it is said: 市补5元. */
export function partWords({ name, fen }: NamedPart): string {
  return `${name}补${spokenYuan(fen)}元`;
}

/** What a bank holds for an elder. */
export function prepaidWords({ bankName, balanceFen }: { readonly bankName: string; readonly balanceFen: Fen }): string {
  return `预付余额${spokenYuan(balanceFen)}元，钱存在${bankName}，随时可以全部退给您，要退请打电话给社区。`;
}

/** What a sentence about one meal's money says. */
export interface SpokenSplit {
  readonly priceFen: Fen;
  readonly selfPayFen: Fen;
  readonly parts: readonly NamedPart[];
  /** Part of the price, and of what is paid: what others ate along. */
  readonly othersFen: Fen;
  /** What nobody bears yet: the canteen has laid it out, and somebody is to decide about it. */
  readonly openFen: Fen;
  /** Why there is no subsidy, for where there is none. */
  readonly why: string;
}

/** Who pays what, in one sentence that needs no table: 原价15元，市补5元，区补3元，您付7元. */
export function splitWords({ priceFen, selfPayFen, parts, othersFen, openFen, why }: SpokenSplit): string {
  const along = othersFen > 0 ? `（含陪餐${spokenYuan(othersFen)}元）` : '';
  const borne = parts.filter(({ fen }) => fen > 0).map(partWords);
  const open = openFen > 0 ? [`食堂先垫${spokenYuan(openFen)}元`] : [];
  const rest = borne.length > 0 ? borne : [why];
  return [`原价${spokenYuan(priceFen)}元${along}`, ...rest, ...open, `您付${spokenYuan(selfPayFen)}元`].join('，');
}

/** What became of a meal since it was sold. */
export interface MealSequel {
  readonly voided: boolean;
  readonly corrected: boolean;
  /** What funders bear above what was left of the price: the elder's. */
  readonly creditFen: Fen;
  /** What was paid when the meal was sold. */
  readonly paidFen: Fen;
}

/** What is to be said of a meal besides its split; null where it stands as it was sold. Never says which fact was put right. */
export function sequelWords({ voided, corrected, creditFen, paidFen }: MealSequel): string | null {
  if (voided) return paidFen > 0 ? `这一餐已经撤销，不计补贴。您当时付的${spokenYuan(paidFen)}元应当退给您，没有收到请问食堂。` : '这一餐已经撤销，不计补贴。';
  if (!corrected) return null;
  if (creditFen > 0) return `补贴在用餐后更正过，上面是更正后的数。更正后多出的${spokenYuan(creditFen)}元归您，请向食堂领取。`;
  return '补贴在用餐后更正过，上面是更正后的数。您付的钱不变，不向您补收。';
}

/** A month's sums. */
export interface MonthSums {
  /** 1 to 12. */
  readonly monthOfYear: number;
  readonly meals: number;
  readonly voided: number;
  readonly priceFen: Fen;
  readonly selfPayFen: Fen;
  readonly parts: readonly NamedPart[];
  readonly openFen: Fen;
  readonly creditFen: Fen;
}

/** A month in one or two sentences. */
export function monthWords({ monthOfYear, meals, voided, priceFen, selfPayFen, parts, openFen, creditFen }: MonthSums): string {
  const gone = voided > 0 ? `另有${voided}餐已经撤销，不算在内。` : '';
  if (meals === 0) return `${monthOfYear}月没有用餐记录。${gone}`;
  const split = splitWords({ priceFen, selfPayFen, parts, othersFen: 0 as Fen, openFen, why: '没有补贴' });
  const credit = creditFen > 0 ? `更正后多出的${spokenYuan(creditFen)}元归您，请向食堂领取。` : '';
  return `${monthOfYear}月用餐${meals}次，${split}。${credit}${gone}`;
}
