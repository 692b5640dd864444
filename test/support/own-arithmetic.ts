import type { AmountForm, FundingPlan, Reason, Rounding, Working } from '../../src/subsidy/domain/index.js';

/**
 * Arithmetic of its own for a reason's fen, from the explanation's data alone: big integers, floors, sorting and
 * loops instead of the engine's words. Tests compare it with what the engine decided.
 */
export function ownArithmetic({ working, funder }: Reason): number {
  if (lastWorking !== working) [lastWorking, lastParts] = [working, ownParts(working)];
  return lastParts[working.funding.parts.findIndex((part) => part.funder === funder)] as number;
}

// The reasons of one rule share one working.
let lastWorking: Working | null = null;
let lastParts: readonly number[] = [];

function ownParts(working: Working): number[] {
  const { amount, funding, lost: withdrawn } = working;
  let whole = capped(amount, uncapped(amount, working.ofFen, working.quantity ?? 0));
  if (working.allowanceFen !== null) whole = Math.min(whole, working.allowanceFen);
  let parts = funding.by === 'weights' ? byWeight(whole, funding.parts.map((part) => part.weight ?? 0)) : byParts(whole, funding);
  parts = parts.map((part, index) => (withdrawn.includes(funding.parts[index]?.funder ?? '') ? 0 : part));
  const bill = working.billFen === null ? Infinity : Math.max(0, working.billFen - (working.selfPayFen ?? 0));
  const sum = (): number => parts.reduce((a, b) => a + b, 0);
  if (sum() > bill && funding.cut === 'proportional') parts = byWeight(bill, parts);
  else if (sum() > bill) parts = cutInTurn(parts, funding, sum() - bill);
  return parts;
}

function capped(amount: AmountForm, whole: number): number {
  const cap = 'capFen' in amount ? amount.capFen : null;
  return cap === null ? whole : Math.min(whole, cap);
}

/** `exact` parts of a fen, `denominator` of them one fen, to whole units. */
function round(exact: bigint, denominator: number, rounding: Rounding, unit: number): number {
  const of = BigInt(denominator) * BigInt(unit);
  const add = { down: 0n, 'half-up': of / 2n, up: of - 1n }[rounding];
  return Number((exact + add) / of) * unit;
}

function uncapped(amount: AmountForm, base: number, quantity: number): number {
  switch (amount.form) {
    case 'fixed':
      return amount.fen;
    case 'voucher':
      return base;
    case 'rest':
      return base > amount.elderPaysFen ? base - amount.elderPaysFen : 0;
    case 'per-unit':
      return Math.floor(quantity * amount.fen);
    case 'percentage': {
      const low = amount.ofAboveFen ?? 0;
      const high = Math.min(base, amount.ofUpToFen ?? base);
      const part = round(BigInt(high > low ? high - low : 0) * BigInt(amount.basisPoints), amount.denominator ?? 10_000, amount.rounding, amount.unitFen ?? 1);
      return Math.max(part, amount.floorFen ?? 0);
    }
    case 'steps': {
      const step = [...amount.steps].reverse().find(({ fromFen }) => fromFen <= base)?.amount;
      return step === undefined ? 0 : capped(step, uncapped(step, base, 0));
    }
    case 'slices': {
      let exact = 0n;
      for (let fen = 0, at = 0; at < amount.slices.length; at += 1) {
        const slice = amount.slices[at];
        const end = Math.min(base, slice?.upToFen ?? base);
        exact += BigInt(Math.max(0, end - fen)) * BigInt(slice?.basisPoints ?? 0);
        fen = Math.max(fen, end);
      }
      return round(exact, 10_000, amount.rounding, amount.unitFen ?? 1);
    }
  }
}

function cutInTurn(parts: readonly number[], funding: FundingPlan, over: number): number[] {
  const left = [...parts];
  let more = over;
  for (const name of funding.cut) {
    const index = funding.parts.findIndex((part) => part.funder === name);
    const gives = Math.min(more, left[index] ?? 0);
    left[index] = (left[index] ?? 0) - gives;
    more -= gives;
  }
  return left;
}

function byParts(whole: number, funding: FundingPlan): number[] {
  let rest = whole;
  const parts = funding.parts.map((part) => {
    const percentage = part.basisPoints === undefined ? null : Math.min(Number((BigInt(whole) * BigInt(part.basisPoints)) / 10_000n), part.capFen ?? Infinity);
    const wanted = percentage ?? part.fen ?? 0;
    const taken = wanted > rest ? rest : wanted;
    rest -= taken;
    return taken;
  });
  const last = funding.parts.findIndex((part) => part.fen === null && part.basisPoints === undefined);
  parts[last] = rest;
  return parts;
}

function byWeight(whole: number, weights: readonly number[]): number[] {
  const all = weights.reduce((a, b) => a + b, 0);
  if (all === 0) return weights.map((_, index) => (index === 0 ? whole : 0));
  const parts = weights.map((weight) => Math.floor((whole * weight) / all));
  const order = weights.map((weight, index) => ({ index, rest: (whole * weight) % all })).sort((a, b) => b.rest - a.rest || a.index - b.index);
  for (let left = whole - parts.reduce((a, b) => a + b, 0), at = 0; left > 0; left -= 1, at += 1) parts[order[at]?.index as number]! += 1;
  return parts;
}
