import { chinaDate, fen, minFen, minusFen, NO_FEN, share, sumFen, type CivilDate, type Fen, type Instant } from '../../kernel/index.js';
import { billOf } from '../../menu/domain/index.js';
import { addUses, codeAt, decideMeal, fullPrice, type CompiledVersion, type DivisionPath, type FundingPart, type MealDecision, type MealQuestion, type Use } from '../../subsidy/domain/index.js';
import { codeProblem } from './code-use.js';
import type { Flag, HolderFact, ShownSplit, SiteFact, Tap, TapFacts } from './tap.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** How far a till's clock may run ahead, and how old an online tap may be before it is flagged. */
const SKEW_MS = 5 * MINUTE;
/** Subsidies are guaranteed for so long offline; later sales are looked at by a person. */
const REVIEW_AFTER_MS = 24 * HOUR;
/** After so long offline a till sells at the full price only. */
const FULL_PRICE_AFTER_MS = 72 * HOUR;

/** One funder's part of a meal, by the funder's code in the city (`county@371502`). */
export interface Share {
  readonly funderCode: string;
  /** One word for the receipt, such as 区. */
  readonly name: string;
  readonly fen: Fen;
}

/** A sale that stands. `selfPayFen`, `subsidyFen` and `siteBorneFen` add up to the price, the shares to the subsidy. */
export interface AcceptedTap {
  readonly kind: 'accepted';
  /** Why there is no subsidy, null where there is one. */
  readonly code: string | null;
  readonly mealDate: CivilDate;
  readonly priceFen: Fen;
  readonly selfPayFen: Fen;
  readonly subsidyFen: Fen;
  readonly siteBorneFen: Fen;
  /** Part of the price, and of the own share: what relatives and guests ate along, which no rule looks at. */
  readonly othersFen: Fen;
  readonly shares: readonly Share[];
  readonly elderId: string | null;
  readonly cardId: string | null;
  readonly flags: readonly Flag[];
  readonly uses: readonly Use[];
  readonly decision: MealDecision;
  /** Of a sale that is paid from its booking: the part of the own share that is due in cash; see `handOut`. */
  readonly dueFen?: Fen;
}

/** A tap that the rules refuse: kept with its code, and no money moves. */
export interface RefusedTap {
  readonly kind: 'refused';
  readonly code: string;
  readonly mealDate: CivilDate;
}

/** The till showed another split than the rules give, and the eater still stands there: nothing is written. */
export interface SplitChanged {
  readonly kind: 'split-changed';
  readonly priceFen: Fen;
  readonly selfPayFen: Fen;
  readonly subsidyFen: Fen;
}

export type TapPlan = AcceptedTap | RefusedTap | SplitChanged;

/** Compares taps of one elder: by meal time, then terminal, then journal number, whatever their order of arrival. */
export function byMealTime(a: Pick<Tap, 'deviceTime' | 'terminalId' | 'journalNumber'>, b: Pick<Tap, 'deviceTime' | 'terminalId' | 'journalNumber'>): number {
  return a.deviceTime - b.deviceTime || (a.terminalId < b.terminalId ? -1 : a.terminalId > b.terminalId ? 1 : a.journalNumber - b.journalNumber);
}

/**
 * Decides a batch. Taps of one elder are decided in the order of `byMealTime`, each seeing the uses of those before.
 * @param used counters that earlier meals left behind, by elder
 * @returns plans in the order of `taps`
 */
export function decideTaps(taps: readonly { tap: Tap; facts: TapFacts }[], used: ReadonlyMap<string, readonly Use[]>): TapPlan[] {
  const counters = new Map(used);
  const spent = new Map<string, Fen>();
  const codes = new Set<string>();
  const plans = Array.from<TapPlan>({ length: taps.length });
  const order = taps.map((one, index) => ({ ...one, index })).sort((a, b) => byMealTime(a.tap, b.tap) || a.index - b.index);
  for (const { tap, facts, index } of order) {
    const elderId = facts.holder?.elderId;
    const plan = decideTap(tap, lessSpent(withCodes(facts, codes), spent), (elderId === undefined ? undefined : counters.get(elderId)) ?? []);
    plans[index] = plan;
    if (plan.kind === 'accepted' && plan.elderId !== null && tap.tender === 'balance') spent.set(plan.elderId, sumFen([plan.selfPayFen, spent.get(plan.elderId) ?? NO_FEN]));
    if (plan.kind === 'accepted' && plan.elderId !== null && tap.code !== undefined) codes.add(tap.code);
    if (plan.kind === 'accepted' && plan.elderId !== null && plan.uses.length > 0) {
      counters.set(plan.elderId, addUses(counters.get(plan.elderId) ?? [], plan.uses));
    }
  }
  return plans;
}

/** What a balance holds after earlier taps of the same batch. */
function lessSpent(facts: TapFacts, spent: ReadonlyMap<string, Fen>): TapFacts {
  const before = facts.holder === null ? undefined : spent.get(facts.holder.elderId);
  return before === undefined || facts.balanceFen === undefined ? facts : { ...facts, balanceFen: minusFen(facts.balanceFen, before) };
}

/** Codes that earlier taps of the same batch have used up count like those of earlier batches. */
function withCodes(facts: TapFacts, codes: ReadonlySet<string>): TapFacts {
  return facts.codesUsed === undefined || codes.size === 0 ? facts : { ...facts, codesUsed: new Set([...facts.codesUsed, ...codes]) };
}

/** Decides one tap. Total: any well-formed tap gets a plan. */
export function decideTap(tap: Tap, facts: TapFacts, uses: readonly Use[]): TapPlan {
  const mealDate = chinaDate(tap.deviceTime);
  const refused = (code: string): RefusedTap => ({ kind: 'refused', code, mealDate });
  if (tap.deviceTime > tap.receivedAt + SKEW_MS) return refused('time-in-future');
  const { site, prices } = facts;
  if (site === null || site.state !== 'open') return refused('site-not-open');
  if (!site.licenceValid) return refused('licence-expired');
  const inForce = prices !== null && prices.effectiveFrom <= mealDate && (prices.effectiveTo === null || mealDate <= prices.effectiveTo);
  // Offline the eater has paid by the list that the till had: the sale stands, and the difference is shown.
  if (prices === null || (!inForce && !tap.offline)) return refused('price-list-not-in-force');
  const bill = billOf(tap.items, tap.mealPeriod, tap.handle !== null, prices.prices);
  if (typeof bill === 'string') return refused(bill);
  const { ownFen, othersFen } = bill;
  const priceFen = sumFen([ownFen, othersFen]);
  if (tap.tender === 'balance' && facts.balanceFen === undefined) return refused('balance-not-offered');

  if (!tap.offline && tap.code !== undefined && facts.codesEnded?.has(tap.code) === true) return refused('code-withdrawn');
  const usedUp = tap.code === undefined ? null : codeProblem(tap.code, facts.codesUsed ?? new Set());
  // Whoever stands there shows another code or the card. One who has eaten long since did so as a guest.
  if (usedUp !== null && !tap.offline) return refused(usedUp);
  const decided = decideSubsidy(tap, facts, site, mealDate, ownFen, uses, usedUp);
  const { decision, holder } = decided;
  const due = { selfPayFen: sumFen([decision.selfPayFen, othersFen]), subsidyFen: decision.subsidyFen };
  if (!tap.offline && tap.shown !== null && differs(tap.shown, due)) {
    return { kind: 'split-changed', priceFen, ...due };
  }
  const settled = tap.offline && tap.shown !== null && differs(tap.shown, due)
    ? keepPaid(tap.shown.selfPayFen, decision, othersFen)
    : { ...due, siteBorneFen: NO_FEN, uses: decision.uses, flags: [] };
  if (tap.tender === 'none' && settled.selfPayFen > 0 && !tap.offline) return refused('tender-missing');
  // Held back or not: what is not there cannot be taken, and nobody is billed for it later.
  // Nor without the card itself: whoever is known by name alone has not put it down.
  if (tap.tender === 'balance' && (holder === null || tap.entered === true || tap.byCode === true || tap.code !== undefined)) return refused('balance-without-elder');
  if (tap.tender === 'balance' && settled.selfPayFen > (facts.balanceFen ?? NO_FEN)) return refused('balance-too-low');
  return {
    kind: 'accepted', code: decided.code, mealDate, priceFen,
    selfPayFen: settled.selfPayFen, subsidyFen: settled.subsidyFen, siteBorneFen: settled.siteBorneFen, othersFen,
    shares: sharesOf(decision, facts.version, site.path, settled.subsidyFen),
    elderId: holder?.elderId ?? null, cardId: facts.holder?.cardId ?? null,
    flags: [
      ...timeFlags(tap), ...settled.flags,
      ...(tap.tender === 'none' && settled.selfPayFen > 0 ? ['tender-missing' as const] : []),
      ...(inForce ? [] : ['price-list-old' as const]), ...(facts.chainHolds ? [] : ['chain-broken' as const]), ...(tap.entered === true ? ['entered-for' as const] : []),
      ...(tap.slip === undefined ? [] : ['slip' as const]), ...(tap.byFile === true ? ['by-file' as const] : []),
      // The elder eats in any case; that nobody made sure of it is looked at afterwards.
      ...(decision.needsProof && settled.subsidyFen === ownFen && tap.presence === undefined ? ['proof-missing' as const] : []),
    ],
    uses: settled.uses, decision,
  };
}

/** Why a card counts for nothing at a moment, or null when it does. A card is judged as it was when the meal was sold. */
function cardProblem(holder: HolderFact, at: Instant): string | null {
  if (holder.lostAt !== null && at >= holder.lostAt) return 'card-lost';
  return holder.cardState !== 'active' && holder.cardState !== 'lost' && at >= holder.stateSince ? `card-${holder.cardState}` : null;
}

interface Decided {
  readonly decision: MealDecision;
  readonly code: string | null;
  /** The elder whose meal this is; null when it is a guest's. */
  readonly holder: HolderFact | null;
}

function decideSubsidy(tap: Tap, facts: TapFacts, site: SiteFact, mealDate: CivilDate, ownFen: Fen, uses: readonly Use[], usedUp: string | null): Decided {
  const question: MealQuestion = {
    version: facts.version, elder: facts.holder?.elder ?? null,
    site: { kind: site.kind, supplyMode: site.supplyMode, division: site.path },
    meal: { date: mealDate, period: tap.mealPeriod, priceFen: ownFen, workday: facts.workday, ...(facts.dayKind === undefined ? {} : { dayKind: facts.dayKind }), ...(facts.dayGuessed === undefined ? {} : { dayGuessed: facts.dayGuessed }) }, uses,
  };
  const asGuest = (code: string): Decided => ({ decision: fullPrice({ ...question, version: null, elder: null }, 'guest'), code, holder: null });
  if (tap.handle === null) return asGuest('guest');
  // The card lies there for somebody else's meal: its turn is not used up.
  if (tap.items.every((item) => item.for !== undefined)) return asGuest('no-own-item');
  if (usedUp !== null) return asGuest(usedUp);
  if (facts.holder === null) return asGuest('card-unknown');
  // Online the server's clock judges the card: the report of its loss counts from the second it is made.
  const problem = cardProblem(facts.holder, tap.offline ? tap.deviceTime : tap.receivedAt);
  // Whoever lost the card and is known by name, or by a code of their own, eats as they would with it; a person looks at the former afterwards.
  const isKnownByName = tap.entered === true || tap.slip !== undefined || tap.code !== undefined;
  if (problem !== null && !(isKnownByName && problem === 'card-lost')) return asGuest(problem);
  if (isTooLate(tap)) {
    return { decision: fullPrice(question, 'no-pack'), code: 'sent-too-late', holder: facts.holder };
  }
  const decision = decideMeal(question);
  // Whoever holds a dead person's card eats as a guest.
  if (decision.refusal === 'deceased') return asGuest('deceased');
  return { decision, code: decision.refusal, holder: facts.holder };
}

function differs(shown: ShownSplit, due: ShownSplit): boolean {
  return shown.selfPayFen !== due.selfPayFen || shown.subsidyFen !== due.subsidyFen;
}

/**
 * The eater has paid and gone, so the own share stays as it was paid. Funders give what the rules give, but never more
 * than what is left of the price; what is then still open the site bears, shown apart, until somebody decides about it.
 * @param othersFen what was eaten along, above the price that was decided on
 */
export function keepPaid(paidFen: Fen, decision: MealDecision, othersFen: Fen): Pick<AcceptedTap, 'selfPayFen' | 'subsidyFen' | 'siteBorneFen' | 'uses' | 'flags'> {
  const priceFen = sumFen([decision.priceFen, othersFen]);
  const selfPayFen = minFen(paidFen, priceFen);
  const left = minusFen(priceFen, selfPayFen);
  const subsidyFen = minFen(decision.subsidyFen, left);
  return {
    selfPayFen, subsidyFen, siteBorneFen: minusFen(left, subsidyFen),
    // A turn is used as the rules gave it, or not at all: a counter in between would let later meals change this one's parts.
    uses: subsidyFen === 0 && decision.subsidyFen > 0 ? [] : decision.uses,
    flags: ['fund-changed', ...(paidFen > priceFen ? ['overpaid' as const] : [])],
  };
}

/** Paper has a time of its own; see `Tap.slip`. */
function isTooLate({ slip, deviceTime, receivedAt }: Tap): boolean {
  return slip === undefined ? receivedAt - deviceTime > FULL_PRICE_AFTER_MS : receivedAt > slip.until;
}

function timeFlags(tap: Tap): Flag[] {
  const age = tap.receivedAt - tap.deviceTime;
  return [
    ...(age > SKEW_MS && !tap.offline ? ['clock-skew' as const] : []),
    ...(age > REVIEW_AFTER_MS ? ['review' as const] : []),
    ...(isTooLate(tap) ? ['sent-too-late' as const] : []),
  ];
}

const KINDS = ['city', 'county', 'township', 'village', 'lotteryWelfareFund', 'charity'];

/**
 * The purse that bears a part, by its code in the city: what a pack names by a level (市、区) is that level's finance.
 * A part whose purse the facts do not tell falls to the division of the site at the funder's level.
 */
function purseOf(part: FundingPart, version: CompiledVersion | null, sitePath: DivisionPath): { funderCode: string; name: string } {
  const funder = version?.funders.find(({ code }) => code === part.funder);
  const level = funder?.level ?? 'city';
  const kind = KINDS.includes(part.funder) ? part.funder : level;
  return { funderCode: `${kind}@${part.division ?? codeAt(sitePath, level) ?? ''}`, name: funder?.short ?? part.funder };
}

/**
 * What each purse bears of a meal's subsidy.
 * @param subsidyFen what is given; less than decided where the eater had paid more, then divided as decided
 */
export function sharesOf(decision: MealDecision, version: CompiledVersion | null, sitePath: DivisionPath, subsidyFen: Fen): Share[] {
  if (subsidyFen === 0) return [];
  const amounts = decision.funding.map((part) => part.fen);
  const parts = subsidyFen === decision.subsidyFen ? amounts : share(subsidyFen, amounts);
  const byFunder = new Map<string, Share>();
  decision.funding.forEach((part, index) => {
    const amount = parts[index] ?? NO_FEN;
    if (amount === 0) return;
    const { funderCode, name } = purseOf(part, version, sitePath);
    const before = byFunder.get(funderCode);
    byFunder.set(funderCode, { funderCode, name, fen: fen(amount + (before?.fen ?? 0)) });
  });
  return [...byFunder.values()];
}
