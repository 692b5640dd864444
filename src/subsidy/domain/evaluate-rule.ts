import { NO_FEN, fen, minFen, type Fen } from '../../kernel/index.js';
import { nominalFen, payableFen, workOut, type Worked } from './amount.js';
import type { AmountForm } from './amount-form.js';
import { approvalOf, basisFen, checksOf, discountFen, failedBill, failedCondition, firstFailed, holdsOn, isSameDivision, type Check, type Scene } from './check-condition.js';
import { earlierCode, laterCode, type FactUsed, type RefusalCode, type Working } from './decision.js';
import { isWithin } from './division.js';
import type { Use, Voucher } from './facts.js';
import { roomLeft, used } from './limits.js';
import type { FundingPlan } from './funding-plan.js';
import type { Rule, RuleClass } from './pack.js';
import { periodKey } from './period-key.js';

/** What a rule would pay on a meal. */
export interface Paying {
  readonly rule: Rule;
  readonly chosen: RuleClass;
  readonly working: Working;
  readonly worked: Worked;
  readonly uses: readonly Use[];
  /** What the limits and the voucher looked at. */
  readonly counted: readonly FactUsed[];
}

/** A rule pays, or says why not. */
export type Evaluation = Paying | RefusalCode;

interface Choice {
  readonly chosen: RuleClass;
  readonly amount: AmountForm;
  readonly ofFen: Fen;
  readonly voucher: Voucher | null;
  /** On the first that applies: the others, as a rule none. Set on the choice itself, since this runs for every meal. */
  others: Choice[] | null;
}

/** The voucher of a kind that expires first and is not yet used. */
function nextVoucher(kind: string, rule: Rule, scene: Scene, uses: readonly Use[]): Voucher | null {
  let next: Voucher | null = null;
  for (const voucher of scene.elder.vouchers ?? []) {
    if (voucher.kind !== kind || !holdsOn(voucher, scene.meal.date)) continue;
    if (used(uses, rule.countsAs, `v:${voucher.id}`).count > 0) continue;
    if (next === null || voucher.to < next.to || (voucher.to === next.to && voucher.id < next.id)) next = voucher;
  }
  return next;
}

interface RuleChecks {
  readonly own: readonly Check[];
  /** By the rule's classes, in their order. */
  readonly classes: readonly (readonly Check[])[];
  /** Whichever class is chosen, the same takes away of its amount, so that amounts under the bill tell which pays most. */
  readonly alike: boolean;
  /** A part of the rule's own funding may be lost; where it is not, the above holds still. */
  readonly mayLose: boolean;
}

function losesNothing({ parts }: FundingPlan): boolean {
  return parts.every(({ lostWhenSiteOutside }) => lostWhenSiteOutside === null);
}

/** Whether nothing but the bill can make a class pay less than it promises, or all of them alike. */
function isAlike({ classes, limits, bill }: Rule): boolean {
  return bill?.aboveSubsidy !== true
    && classes.every((entry) => entry.limits === undefined && (entry.funding === undefined || losesNothing(entry.funding)))
    && limits.every(({ count, carryOver }) => count !== null && carryOver === undefined);
}

const checksByRule = new WeakMap<Rule, RuleChecks>();

function checksOfRule(rule: Rule): RuleChecks {
  const known = checksByRule.get(rule);
  if (known !== undefined) return known;
  const checks = { own: checksOf(rule.when), classes: rule.classes.map(({ when }) => checksOf(when)), alike: isAlike(rule), mayLose: ![rule.funding, ...rule.fundingWhen.map(({ plan }) => plan)].every(losesNothing) };
  checksByRule.set(rule, checks);
  return checks;
}

/** Meals of the day on which the rule has paid. */
function mealsPaidToday(rule: Rule, { meal }: Scene, uses: readonly Use[]): number {
  return used(uses, rule.countsAs, periodKey('day', meal.date, meal.period)).count;
}

function choiceOf(rule: Rule, candidate: RuleClass, checks: readonly Check[], scene: Scene, uses: readonly Use[], billFen: Fen | null): Choice | RefusalCode {
  const failed = firstFailed(checks, scene);
  if (failed !== null) return failed;
  const mealOfDay = candidate.when.mealOfDay ?? rule.when.mealOfDay;
  if (mealOfDay !== undefined && mealOfDay !== mealsPaidToday(rule, scene, uses) + 1) return 'not-meal-of-day';
  const amount = candidate.amounts[scene.meal.period];
  if (amount === null) return 'meal-period-not-covered';
  if (amount.form === 'voucher') {
    const voucher = nextVoucher(amount.kind, rule, scene, uses);
    return voucher === null ? 'no-voucher' : { chosen: candidate, amount, ofFen: voucher.fen, voucher, others: null };
  }
  return { chosen: candidate, amount, ofFen: baseOf(amount, scene, billFen), voucher: null, others: null };
}

function baseOf(amount: AmountForm, { meal }: Scene, billFen: Fen | null): Fen {
  const base = 'of' in amount ? amount.of : 'paid';
  if (base === 'list') return meal.listPriceFen ?? meal.priceFen;
  if (base === 'discount') return discountFen(meal);
  return base === 'left' ? (billFen ?? meal.priceFen) : meal.priceFen;
}

/** The first class that applies, with the others unless the first decides alone; or why none does. */
function choicesOf(rule: Rule, checks: RuleChecks['classes'], scene: Scene, uses: readonly Use[], billFen: Fen | null): Choice | RefusalCode {
  let first: Choice | null = null;
  let refusal: RefusalCode | null = null;
  for (let index = 0; index < rule.classes.length; index += 1) {
    const choice = choiceOf(rule, rule.classes[index] as RuleClass, checks[index] as readonly Check[], scene, uses, billFen);
    if (typeof choice === 'string') {
      refusal = refusal === null ? choice : laterCode(refusal, choice);
      continue;
    }
    if (first === null) first = choice;
    else (first.others ??= []).push(choice);
    if (rule.pick === 'first') break;
  }
  return first ?? refusal ?? 'not-in-category';
}

/** Who pays this meal: the class's own plan, or the first whose condition holds, or the rule's. */
function planOf(rule: Rule, chosen: RuleClass, scene: Scene): FundingPlan {
  return chosen.funding ?? sharedPlan(rule, scene);
}

/** Who pays a meal of any class that has no plan of its own. */
function sharedPlan(rule: Rule, scene: Scene): FundingPlan {
  for (const { when, plan } of rule.fundingWhen) if (failedCondition(when, scene) === null) return plan;
  return rule.funding;
}

const NOBODY_LOST: readonly string[] = [];

function lostFunders(plan: FundingPlan, scene: Scene): readonly string[] {
  let lost: string[] | null = null;
  for (const part of plan.parts) {
    const boundary = part.lostWhenSiteOutside;
    if (boundary === null) continue;
    const inside = 'divisions' in boundary
      ? isWithin(scene.site.division, boundary.divisions)
      : isSameDivision(scene, boundary.sameAs.of, boundary.sameAs.level);
    if (!inside) (lost ??= []).push(part.funder);
  }
  return lost ?? NOBODY_LOST;
}

/**
 * Why a bill does not meet the rule's conditions on it; `wholeFen` is the subsidy before the bill cuts it, to which
 * comes what earlier groups gave.
 */
function refusedBill(rule: Rule, scene: Scene, wholeFen: Fen, billFen: Fen | null): RefusalCode | null {
  if (rule.bill === null) return null;
  const failed = failedBill(rule.bill, scene.meal);
  if (failed !== null) return failed;
  const givenFen = billFen === null ? 0 : scene.meal.priceFen - billFen;
  return rule.bill.aboveSubsidy && basisFen(rule.bill, scene.meal) <= givenFen + wholeFen ? 'bill-too-low' : null;
}

/** What the elder pays of the bill in any case. */
function selfPayOf({ selfPay }: Rule, scene: Scene): Fen | null {
  if (selfPay === null) return null;
  const share = Math.ceil((scene.meal.priceFen * (selfPay.atLeastBasisPoints ?? 0)) / 10_000);
  return fen(Math.max(share, selfPay.atLeastFen ?? 0));
}

function usesOf(rule: Rule, scene: Scene, voucher: Voucher | null, wholeFen: Fen): Use[] {
  const uses: Use[] = [];
  for (const per of rule.countsPer) {
    uses.push({ ruleId: rule.countsAs, periodKey: periodKey(per, scene.meal.date, scene.meal.period), count: 1, fen: wholeFen });
  }
  if (voucher !== null) uses.push({ ruleId: rule.countsAs, periodKey: `v:${voucher.id}`, count: 1, fen: wholeFen });
  return uses;
}

/** Amounts that come to nothing where the bill is too small for them. */
function needsABill(amount: AmountForm): boolean {
  return amount.form === 'rest' || amount.form === 'steps' || amount.form === 'slices' || (amount.form === 'percentage' && amount.ofAboveFen !== undefined);
}

function whyNothing({ amount, billFen, lost, selfPayFen }: Working): RefusalCode {
  if (billFen === 0) return 'nothing-to-pay';
  if (lost.length > 0) return 'funders-withdrawn';
  return selfPayFen !== undefined || needsABill(amount) ? 'bill-too-low' : 'nothing-to-pay';
}

function countedBy(rule: Rule, chosen: RuleClass, counted: readonly FactUsed[], voucher: Voucher | null): readonly FactUsed[] {
  const mealOfDay = chosen.when.mealOfDay ?? rule.when.mealOfDay;
  if (voucher === null && mealOfDay === undefined) return counted;
  return [...counted, ...(mealOfDay === undefined ? [] : [{ fact: 'meal-of-day', value: mealOfDay }]), ...(voucher === null ? [] : [voucherFact(voucher)])];
}

function voucherFact({ id, from }: Voucher): FactUsed {
  return { fact: 'voucher', value: id, from };
}

function inCareHome({ elder, meal }: Scene): boolean {
  for (const stay of elder.careHomeStays) if (holdsOn(stay, meal.date)) return true;
  return false;
}

/** What the elder keeps paying of the bill: by this rule, and by those of earlier groups that have paid. */
function floorOf(rule: Rule, scene: Scene, billFen: Fen | null, keptFen: Fen | null): Fen | null {
  if (billFen === null) return null;
  const own = selfPayOf(rule, scene);
  if (own === null || keptFen === null) return own ?? keptFen;
  return fen(Math.max(own, keptFen));
}

/** What a class pays in the end, or why it does not. */
function settle(rule: Rule, { chosen, amount, ofFen, voucher }: Choice, scene: Scene, uses: readonly Use[], billFen: Fen | null, selfPayFen: Fen | null): Evaluation {
  const nominal = nominalFen(amount, ofFen);
  const payable = selfPayFen === null ? billFen : payableFen({ billFen, selfPayFen });
  const room = roomLeft(rule, chosen, scene, uses, payable === null ? nominal : minFen(nominal, payable));
  const funding = planOf(rule, chosen, scene);
  const plain = { amount, ofFen, allowanceFen: room.allowanceFen, funding, lost: lostFunders(funding, scene), billFen };
  const working: Working = selfPayFen === null ? plain : { ...plain, selfPayFen };
  const uncut = rule.bill?.aboveSubsidy === true ? workOut({ ...working, billFen: null }).wholeFen : NO_FEN;
  const refused = refusedBill(rule, scene, uncut, billFen) ?? room.refusal;
  if (refused !== null) return refused;
  const worked = workOut(working);
  if (worked.wholeFen === 0) return whyNothing(working);
  const counted = countedBy(rule, chosen, room.counted, voucher);
  return { rule, chosen, working, worked, uses: usesOf(rule, scene, voucher, worked.wholeFen), counted };
}

/** The class that promises most of what may be paid at all; of equal ones the first. */
function mostPromising(first: Choice, others: readonly Choice[], payable: Fen | null): Choice {
  let best = first;
  let bestFen = nominalFen(first.amount, first.ofFen);
  for (const choice of others) {
    if (payable !== null && bestFen >= payable) return best;
    const worth = nominalFen(choice.amount, choice.ofFen);
    if (worth <= bestFen) continue;
    best = choice;
    bestFen = worth;
  }
  return best;
}

/**
 * What a rule pays on a meal, or why it does not: by the class that pays most in the end (就高不就低), of equal ones
 * the first, or by the first class that applies.
 * @param billFen what is left of the bill, the cap of the elder's side; null for site and deliverer
 * @param keptFen what the elder pays of the bill in any case by rules of earlier groups; null without such
 */
export function evaluateRule(rule: Rule, scene: Scene, uses: readonly Use[], billFen: Fen | null, keptFen: Fen | null = null): Evaluation {
  if (rule.excludeCareHome && inCareHome(scene)) return 'in-care-home';
  const checks = checksOfRule(rule);
  const failed = firstFailed(checks.own, scene);
  const first = choicesOf(rule, checks.classes, scene, uses, billFen);
  if (typeof first === 'string') return failed === null ? first : earlierCode(failed, first);
  if (failed !== null) return failed;
  if (rule.needsApproval && approvalOf(rule, scene) === undefined) return 'not-approved';
  const selfPayFen = floorOf(rule, scene, billFen, keptFen);
  if (first.others === null) return settle(rule, first, scene, uses, billFen, selfPayFen);
  if (checks.alike && (!checks.mayLose || lostFunders(sharedPlan(rule, scene), scene).length === 0)) {
    const payable = selfPayFen === null ? billFen : payableFen({ billFen, selfPayFen });
    return settle(rule, mostPromising(first, first.others, payable), scene, uses, billFen, selfPayFen);
  }
  let best = settle(rule, first, scene, uses, billFen, selfPayFen);
  for (const choice of first.others) best = better(best, settle(rule, choice, scene, uses, billFen, selfPayFen));
  return best;
}

/** Of two outcomes the one that pays more, the earlier of equal ones; of two refusals the later check. */
function better(before: Evaluation, next: Evaluation): Evaluation {
  if (typeof next === 'string') return typeof before === 'string' ? laterCode(before, next) : before;
  return typeof before === 'string' || next.worked.wholeFen > before.worked.wholeFen ? next : before;
}
