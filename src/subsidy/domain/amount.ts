import { NO_FEN, fen, minFen, share, sumFen, type Fen } from '../../kernel/index.js';
import type { CapApplied, Working } from './decision.js';
import type { AmountForm, FundingPlan, Rounding } from './pack.js';

/** The outcome of a working: the parts of the plan's funders in the plan's order, and what was capped. */
export interface Worked {
  readonly wholeFen: Fen;
  readonly parts: readonly Fen[];
  readonly caps: readonly CapApplied[];
}

function rounded(ofFen: Fen, basisPoints: number, rounding: Rounding): Fen {
  const exact = ofFen * basisPoints;
  const whole = Math.floor(exact / 10_000);
  const rest = exact - whole * 10_000;
  const up = rounding === 'up' ? rest > 0 : rounding === 'half-up' && rest >= 5_000;
  return fen(up ? whole + 1 : whole);
}

/** What a form pays before any cap. `ofFen` is the base of a percentage or the worth of a voucher. */
export function uncappedFen(amount: AmountForm, ofFen: Fen): Fen {
  if (amount.form === 'fixed') return amount.fen;
  return amount.form === 'voucher' ? ofFen : rounded(ofFen, amount.basisPoints, amount.rounding);
}

/** What a form pays, a percentage with its own cap. */
export function nominalFen(amount: AmountForm, ofFen: Fen): Fen {
  const whole = uncappedFen(amount, ofFen);
  return amount.form === 'percentage' && amount.capFen !== null ? minFen(whole, amount.capFen) : whole;
}

/**
 * Divides an amount over funders. By parts: the fixed parts are filled in the plan's order as far as the
 * amount reaches, the rest goes to the funder that takes the rest. By weights: see `share`.
 */
export function divide(plan: FundingPlan, amount: Fen): Fen[] {
  if (plan.parts.length === 1) return [amount];
  if (plan.by === 'weights') return share(amount, plan.parts.map((part) => part.weight ?? 0));
  let left: number = amount;
  const parts = plan.parts.map((part) => {
    const taken = Math.min(part.fen ?? 0, left);
    left -= taken;
    return taken;
  });
  return parts.map((taken, index) => fen(plan.parts[index]?.fen === null ? left : taken));
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
  const cap = (name: CapApplied['cap'], limitFen: Fen, beforeFen: Fen): Fen => {
    if (beforeFen > limitFen) caps.push({ cap: name, limitFen, beforeFen, afterFen: limitFen });
    return minFen(beforeFen, limitFen);
  };
  let whole = uncappedFen(amount, ofFen);
  if (amount.form === 'percentage' && amount.capFen !== null) whole = cap('percentage', amount.capFen, whole);
  if (allowanceFen !== null) whole = cap('allowance', allowanceFen, whole);
  let parts = divide(funding, whole);
  if (lost.length > 0) {
    parts = parts.map((part, index) => (lost.includes(funding.parts[index]?.funder ?? '') ? NO_FEN : part));
    whole = cap('funder-withdrawn', sumFen(parts), whole);
  }
  if (billFen !== null && whole > billFen) {
    parts = cutTo(funding, parts, billFen);
    whole = cap('bill', billFen, whole);
  }
  return { wholeFen: whole, parts, caps };
}
