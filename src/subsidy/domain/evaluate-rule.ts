import { NO_FEN, fen, minFen, type Fen } from '../../kernel/index.js';
import { nominalFen, workOut, type Worked } from './amount.js';
import { approvalOf, failedCondition, holdsOn, isSameDivision, type Scene } from './check-condition.js';
import { earlierCode, laterCode, type RefusalCode, type Working } from './decision.js';
import { isWithin } from './division.js';
import type { Use, Voucher } from './facts.js';
import type { AmountForm, FundingPlan, Limit, Rule, RuleClass } from './pack.js';
import { periodKey } from './period-key.js';

/** What a rule would pay on a meal. */
export interface Paying {
  readonly rule: Rule;
  readonly chosen: RuleClass;
  readonly working: Working;
  readonly worked: Worked;
  readonly uses: readonly Use[];
}

/** A rule pays, or says why not. */
export type Evaluation = Paying | RefusalCode;

interface Choice {
  readonly chosen: RuleClass;
  readonly amount: AmountForm;
  readonly ofFen: Fen;
  readonly voucher: Voucher | null;
}

function used(uses: readonly Use[], ruleId: string, key: string): { count: number; fen: number } {
  let [count, money] = [0, 0];
  for (const use of uses) {
    if (use.ruleId !== ruleId || use.periodKey !== key) continue;
    count += use.count;
    money += use.fen;
  }
  return { count, fen: money };
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

function choiceOf(rule: Rule, candidate: RuleClass, scene: Scene, uses: readonly Use[]): Choice | RefusalCode {
  const failed = failedCondition(candidate.when, scene);
  if (failed !== null) return failed;
  const amount = candidate.amounts[scene.meal.period];
  if (amount === null) return 'meal-period-not-covered';
  if (amount.form === 'voucher') {
    const voucher = nextVoucher(amount.kind, rule, scene, uses);
    return voucher === null ? 'no-voucher' : { chosen: candidate, amount, ofFen: voucher.fen, voucher };
  }
  const list = amount.form === 'percentage' && amount.of === 'list';
  return { chosen: candidate, amount, ofFen: list ? (scene.meal.listPriceFen ?? scene.meal.priceFen) : scene.meal.priceFen, voucher: null };
}

/** The class that pays most (就高不就低), or the first that applies; of equal ones the first. */
function choose(rule: Rule, scene: Scene, uses: readonly Use[]): Choice | RefusalCode {
  let best: Choice | null = null;
  let bestFen = -1;
  let refusal: RefusalCode | null = null;
  for (const candidate of rule.classes) {
    const choice = choiceOf(rule, candidate, scene, uses);
    if (typeof choice === 'string') {
      refusal = refusal === null ? choice : laterCode(refusal, choice);
      continue;
    }
    if (rule.pick === 'first') return choice;
    const nominal = nominalFen(choice.amount, choice.ofFen);
    if (nominal > bestFen) [best, bestFen] = [choice, nominal];
  }
  return best ?? refusal ?? 'not-in-category';
}

function capCode(limit: Limit): RefusalCode {
  if (limit.fen !== null) return 'allowance-used-up';
  if (limit.per === 'period') return 'second-meal-this-period';
  if (limit.per === 'day') return limit.count === 1 ? 'second-meal-today' : 'day-cap-reached';
  return limit.per === 'week' ? 'week-cap-reached' : 'month-cap-reached';
}

interface Room {
  readonly allowanceFen: Fen | null;
  readonly refusal: RefusalCode | null;
}

/** What the limits still leave for an amount of `wantedFen`. */
function roomLeft(rule: Rule, scene: Scene, uses: readonly Use[], wantedFen: Fen): Room {
  let allowanceFen: Fen | null = null;
  for (const limit of rule.limits) {
    const before = used(uses, rule.countsAs, periodKey(limit.per, scene.meal.date, scene.meal.period));
    if (limit.count !== null) {
      if (before.count >= limit.count) return { allowanceFen, refusal: capCode(limit) };
      continue;
    }
    const left = fen(Math.max(0, (limit.fen ?? 0) - before.fen));
    if (left === 0 || (left < wantedFen && !limit.partly)) return { allowanceFen, refusal: capCode(limit) };
    allowanceFen = allowanceFen === null ? left : minFen(allowanceFen, left);
  }
  return { allowanceFen, refusal: null };
}

function lostFunders(plan: FundingPlan, scene: Scene): readonly string[] {
  const lost: string[] = [];
  for (const part of plan.parts) {
    const boundary = part.lostWhenSiteOutside;
    if (boundary === null) continue;
    const inside = 'divisions' in boundary
      ? isWithin(scene.site.division, boundary.divisions)
      : isSameDivision(scene, boundary.sameAs.of, boundary.sameAs.level);
    if (!inside) lost.push(part.funder);
  }
  return lost;
}

function billTooLow(rule: Rule, scene: Scene, wholeFen: Fen): boolean {
  if (rule.bill === null) return false;
  const basis = rule.bill.basis === 'list' ? (scene.meal.listPriceFen ?? scene.meal.priceFen) : scene.meal.priceFen;
  return (rule.bill.atLeastFen !== null && basis < rule.bill.atLeastFen) || (rule.bill.aboveSubsidy && basis <= wholeFen);
}

function usesOf(rule: Rule, scene: Scene, voucher: Voucher | null, wholeFen: Fen): Use[] {
  const uses: Use[] = [];
  rule.limits.forEach(({ per }, index) => {
    // A count and an allowance of one period share one counter; the limits are sorted by period.
    if (rule.limits[index - 1]?.per === per) return;
    uses.push({ ruleId: rule.countsAs, periodKey: periodKey(per, scene.meal.date, scene.meal.period), count: 1, fen: wholeFen });
  });
  if (voucher !== null) uses.push({ ruleId: rule.countsAs, periodKey: `v:${voucher.id}`, count: 1, fen: wholeFen });
  return uses;
}

function whyNothing(billFen: Fen | null, lost: readonly string[]): RefusalCode {
  return billFen !== 0 && lost.length > 0 ? 'funders-withdrawn' : 'nothing-to-pay';
}

/**
 * What a rule pays on a meal, or why it does not.
 * @param billFen what is left of the bill, the cap of the elder's side; null for site and deliverer
 */
export function evaluateRule(rule: Rule, scene: Scene, uses: readonly Use[], billFen: Fen | null): Evaluation {
  const inHome = rule.excludeCareHome && scene.elder.careHomeStays.some((stay) => holdsOn(stay, scene.meal.date));
  if (inHome) return 'in-care-home';
  const failed = failedCondition(rule.when, scene);
  const choice = choose(rule, scene, uses);
  if (typeof choice === 'string') return failed === null ? choice : earlierCode(failed, choice);
  if (failed !== null) return failed;
  if (rule.needsApproval && approvalOf(rule, scene) === undefined) return 'not-approved';
  const { chosen, amount, ofFen, voucher } = choice;
  const nominal = nominalFen(amount, ofFen);
  const room = roomLeft(rule, scene, uses, billFen === null ? nominal : minFen(nominal, billFen));
  const working: Working = {
    amount, ofFen, allowanceFen: room.allowanceFen, funding: rule.funding, lost: lostFunders(rule.funding, scene), billFen,
  };
  const uncut = rule.bill?.aboveSubsidy === true ? workOut({ ...working, billFen: null }).wholeFen : NO_FEN;
  if (billTooLow(rule, scene, uncut)) return 'bill-too-low';
  if (room.refusal !== null) return room.refusal;
  const worked = workOut(working);
  if (worked.wholeFen === 0) return whyNothing(billFen, working.lost);
  return { rule, chosen, working, worked, uses: usesOf(rule, scene, voucher, worked.wholeFen) };
}
