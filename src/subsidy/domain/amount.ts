import { NO_FEN, fen, minFen, share, sumFen, type Fen } from '../../kernel/index.js';
import type { AmountForm, Percentage, Rounding, Slice } from './amount-form.js';
import type { CapApplied, Working } from './decision.js';
import type { FundingPlan, FundingPlanPart } from './funding-plan.js';

/** The outcome of a working: the parts of the plan's funders in the plan's order, and what was capped. */
export interface Worked {
  readonly wholeFen: Fen;
  readonly parts: readonly Fen[];
  readonly caps: readonly CapApplied[];
}

/** `exact` is in parts of a fen, ten thousand of them unless said otherwise. */
function rounded(exact: number, rounding: Rounding, unitFen: number, denominator = 10_000): Fen {
  const unit = denominator * unitFen;
  const whole = Math.floor(exact / unit);
  const rest = exact - whole * unit;
  const up = rounding === 'up' ? rest > 0 : rounding === 'half-up' && rest * 2 >= unit;
  return fen((up ? whole + 1 : whole) * unitFen);
}

function percentageOf(amount: Percentage, ofFen: Fen): Fen {
  const top = amount.ofUpToFen === undefined ? ofFen : minFen(ofFen, amount.ofUpToFen);
  const base = Math.max(0, top - (amount.ofAboveFen ?? 0));
  const part = rounded(base * amount.basisPoints, amount.rounding, amount.unitFen ?? 1, amount.denominator);
  return amount.floorFen !== undefined && part < amount.floorFen ? amount.floorFen : part;
}

function slicedExact(slices: readonly Slice[], ofFen: Fen): number {
  let [exact, start] = [0, 0];
  for (const { upToFen, basisPoints } of slices) {
    const end = upToFen === null ? ofFen : Math.min(ofFen, upToFen);
    if (end > start) exact += (end - start) * basisPoints;
    start = Math.max(start, end);
  }
  return exact;
}

/** What a form pays before any cap. `ofFen` is the base of a share or the worth of a voucher. */
export function uncappedFen(amount: AmountForm, ofFen: Fen, quantity = 0): Fen {
  switch (amount.form) {
    case 'fixed':
      return amount.fen;
    case 'percentage':
      return percentageOf(amount, ofFen);
    case 'voucher':
      return ofFen;
    case 'rest':
      return fen(Math.max(0, ofFen - amount.elderPaysFen));
    case 'steps': {
      let reached: AmountForm | null = null;
      for (const step of amount.steps) if (ofFen >= step.fromFen) reached = step.amount;
      return reached === null ? NO_FEN : nominalFen(reached, ofFen);
    }
    case 'slices':
      return rounded(slicedExact(amount.slices, ofFen), amount.rounding, amount.unitFen ?? 1);
    case 'per-unit':
      return fen(Math.floor(amount.fen * quantity));
  }
}

/** The cap that an amount itself carries. */
function ownCap(amount: AmountForm): Fen | null {
  return 'capFen' in amount ? amount.capFen : null;
}

/** What a form pays, with its own cap. */
export function nominalFen(amount: AmountForm, ofFen: Fen, quantity = 0): Fen {
  const whole = uncappedFen(amount, ofFen, quantity);
  const cap = ownCap(amount);
  return cap === null ? whole : minFen(whole, cap);
}

/** What a part asks for of the whole, before what is left of it. */
function asked(part: FundingPlanPart, amount: Fen): number {
  if (part.basisPoints === undefined) return part.fen ?? 0;
  const percentage = Math.floor((amount * part.basisPoints) / 10_000);
  return part.capFen === undefined ? percentage : Math.min(percentage, part.capFen);
}

/** Whether a part takes what the others leave. */
function takesRest(part: FundingPlanPart): boolean {
  return part.fen === null && part.basisPoints === undefined;
}

/**
 * Divides an amount over funders. By parts: fixed sums and percentages are filled in the plan's order as far as the
 * amount reaches, the rest goes to the funder that takes the rest. By weights: see `share`.
 */
export function divide(plan: FundingPlan, amount: Fen): Fen[] {
  if (plan.parts.length === 1) return [amount];
  if (plan.by === 'weights') return share(amount, plan.parts.map((part) => part.weight ?? 0));
  const parts: number[] = [];
  let left: number = amount;
  let rest = -1;
  for (const part of plan.parts) {
    const taken = Math.min(asked(part, amount), left);
    left -= taken;
    if (takesRest(part)) rest = parts.length;
    parts.push(taken);
  }
  if (rest >= 0) parts[rest] = left;
  return parts.map(fen);
}

function cutTo(plan: FundingPlan, parts: readonly Fen[], limit: Fen): Fen[] {
  if (plan.cut === 'proportional') return share(limit, parts);
  const cut = [...parts];
  let over = sumFen(parts) - limit;
  for (const funder of plan.cut) {
    const index = plan.parts.findIndex((part) => part.funder === funder);
    const taken = Math.min(over, cut[index] ?? 0);
    if (taken > 0) cut[index] = fen((cut[index] as Fen) - taken);
    over -= taken;
  }
  return cut;
}

/**
 * Works an amount out: form, allowance, division over funders, withdrawn parts, bill. This is the whole
 * arithmetic of a subsidy; an explanation holds exactly its input.
 */
export function workOut(working: Working): Worked {
  const { amount, ofFen, allowanceFen, funding, lost, billFen } = working;
  const caps: CapApplied[] = [];
  let whole = uncappedFen(amount, ofFen, working.quantity);
  const own = ownCap(amount);
  if (own !== null) whole = capped('percentage', own, whole, caps);
  if (allowanceFen !== null) whole = capped('allowance', allowanceFen, whole, caps);
  let parts = divide(funding, whole);
  if (lost.length > 0) {
    parts = parts.map((part, index) => (lost.includes(funding.parts[index]?.funder ?? '') ? NO_FEN : part));
    whole = capped('funder-withdrawn', sumFen(parts), whole, caps);
  }
  const mayFen = payableFen(working);
  if (mayFen !== null && billFen !== null && whole > mayFen) {
    parts = cutTo(funding, parts, mayFen);
    whole = capped(mayFen < billFen ? 'self-pay' : 'bill', mayFen, whole, caps);
  }
  return { wholeFen: whole, parts, caps };
}

/** An amount under a cap, which is noted where it takes something away. */
function capped(cap: CapApplied['cap'], limitFen: Fen, beforeFen: Fen, caps: CapApplied[]): Fen {
  if (beforeFen <= limitFen) return beforeFen;
  caps.push({ cap, limitFen, beforeFen, afterFen: limitFen });
  return limitFen;
}

/** How much of the bill may be subsidised: what is left of it, less what the elder pays in any case. */
export function payableFen({ billFen, selfPayFen }: Pick<Working, 'billFen' | 'selfPayFen'>): Fen | null {
  if (billFen === null || selfPayFen === undefined) return billFen;
  return fen(Math.max(0, billFen - selfPayFen));
}
