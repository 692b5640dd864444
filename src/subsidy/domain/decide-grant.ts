import { NO_FEN, fen, type CivilDate, type Fen } from '../../kernel/index.js';
import { nominalFen, workOut } from './amount.js';
import type { AmountForm } from './amount-form.js';
import { wholeMonths } from './check-condition.js';
import type { FactUsed, FundingPart, Reason, Working } from './decision.js';
import { codeAt, isWithin } from './division.js';
import type { CompiledVersion, Funder } from './pack.js';
import type { GrantClass, GrantCondition, GrantFacts, SiteGrant } from './site-grant.js';

/** Why a site does not get a grant, in the order of the checks. */
export const GRANT_REFUSALS = [
  'no-grant', 'not-in-force', 'not-begun', 'ended', 'already-granted', 'site-not-covered', 'area-not-covered', 'seats-not-covered', 'not-open',
  'open-too-short', 'open-too-long', 'not-evaluated', 'too-few-meals', 'too-many-meals', 'too-few-diners', 'too-many-diners', 'amount-not-published', 'nothing-to-pay',
] as const;

export type GrantRefusal = (typeof GRANT_REFUSALS)[number];

/** What came of one grant of the version. */
export interface GrantOutcome {
  readonly grant: string;
  readonly kind: SiteGrant['kind'];
  readonly name: string;
  readonly classId: string | null;
  readonly fen: Fen;
  readonly refusal: GrantRefusal | null;
}

/** What a site gets of the money that no meal decides, and why. */
export interface GrantDecision {
  readonly pack: string | null;
  readonly version: string | null;
  /** The sum of all grants. */
  readonly siteFen: Fen;
  /** Every funder of the pack in the pack's order, zero rows included; adds up to `siteFen`. */
  readonly siteFunding: readonly FundingPart[];
  readonly grants: readonly GrantOutcome[];
  readonly reasons: readonly Reason[];
  /** Set when no grant pays: that of the grant that came furthest. */
  readonly refusal: GrantRefusal | null;
}

function between(value: number | null, from: number | undefined, to: number | undefined): 'below' | 'within' | 'above' {
  if (from === undefined && to === undefined) return 'within';
  if (value === null || (from !== undefined && value < from)) return 'below';
  return to !== undefined && value > to ? 'above' : 'within';
}

function failedPlace(when: GrantCondition, { site, squareMetres, seats }: GrantFacts): GrantRefusal | null {
  if (when.siteIn !== undefined && !isWithin(site.division, when.siteIn)) return 'site-not-covered';
  if (when.siteKinds !== undefined && !when.siteKinds.includes(site.kind)) return 'site-not-covered';
  if (when.supplyModes !== undefined && !when.supplyModes.includes(site.supplyMode ?? '')) return 'site-not-covered';
  if (when.siteGrades !== undefined && !when.siteGrades.includes(site.grade ?? '')) return 'site-not-covered';
  if (between(squareMetres, when.areaFrom, when.areaTo) !== 'within') return 'area-not-covered';
  return between(seats, when.seatsFrom, when.seatsTo) === 'within' ? null : 'seats-not-covered';
}

function failedOpening(when: GrantCondition, { on, openedOn }: GrantFacts): GrantRefusal | null {
  const asks = when.openedFrom !== undefined || when.openedTo !== undefined || when.monthsOpenFrom !== undefined || when.monthsOpenTo !== undefined;
  if (!asks) return null;
  if (openedOn === null || openedOn > on) return 'not-open';
  if (when.openedFrom !== undefined && openedOn < when.openedFrom) return 'open-too-long';
  if (when.openedTo !== undefined && openedOn > when.openedTo) return 'open-too-short';
  const open = between(wholeMonths(openedOn, on), when.monthsOpenFrom, when.monthsOpenTo);
  return open === 'within' ? null : open === 'below' ? 'open-too-short' : 'open-too-long';
}

function failedWork(when: GrantCondition, { meals, diners, evaluation }: GrantFacts): GrantRefusal | null {
  if (when.evaluations !== undefined && (evaluation === null || !when.evaluations.includes(evaluation))) return 'not-evaluated';
  const served = between(meals, when.mealsFrom, when.mealsTo);
  if (served !== 'within') return served === 'below' ? 'too-few-meals' : 'too-many-meals';
  const eaters = between(diners, when.dinersFrom, when.dinersTo);
  return eaters === 'within' ? null : eaters === 'below' ? 'too-few-diners' : 'too-many-diners';
}

function later(a: GrantRefusal | null, b: GrantRefusal): GrantRefusal {
  return a !== null && GRANT_REFUSALS.indexOf(a) > GRANT_REFUSALS.indexOf(b) ? a : b;
}

function failedGrant(when: GrantCondition, facts: GrantFacts): GrantRefusal | null {
  const failed = failedPlace(when, facts) ?? failedOpening(when, facts) ?? failedWork(when, facts);
  if (failed !== null || when.any === undefined) return failed;
  let furthest: GrantRefusal | null = null;
  for (const alternative of when.any) {
    const code = failedGrant(alternative, facts);
    if (code === null) return null;
    furthest = later(furthest, code);
  }
  return furthest;
}

/** A site outside the pack's scope gets nothing, whatever a grant forgets to ask. */
function failedScope({ scope }: CompiledVersion, { site }: GrantFacts): GrantRefusal | null {
  return scope === null || isWithin(site.division, scope.site) ? null : 'site-not-covered';
}

function samePeriod(per: SiteGrant['per'], a: CivilDate, b: CivilDate): boolean {
  if (per === 'once') return true;
  return per === 'year' ? a.slice(0, 4) === b.slice(0, 4) : a.slice(0, 7) === b.slice(0, 7);
}

function failedOccasion(grant: SiteGrant, facts: GrantFacts): GrantRefusal | null {
  if (grant.from !== null && facts.on < grant.from) return 'not-begun';
  if (grant.until !== null && facts.on > grant.until) return 'ended';
  const had = facts.earlier.some(({ grant: id, on }) => (id === grant.id || `${grant.id.split('/')[0] ?? ''}/${id}` === grant.id) && samePeriod(grant.per, on, facts.on));
  return had ? 'already-granted' : null;
}

function quantityOf(amount: AmountForm, facts: GrantFacts): number | null {
  return amount.form === 'per-unit' ? facts[amount.of] : 0;
}

interface Chosen {
  readonly chosen: GrantClass;
  readonly working: Working;
}

function workingOf(grant: SiteGrant, amount: AmountForm, facts: GrantFacts): Working | null {
  const quantity = quantityOf(amount, facts);
  const base = amount.form === 'fixed' || amount.form === 'per-unit' ? NO_FEN : facts.costFen;
  if (quantity === null || base === null || grant.funding === null) return null;
  return {
    amount, ofFen: base, allowanceFen: null, funding: grant.funding, lost: [], billFen: null,
    ...(amount.form === 'per-unit' ? { quantity } : {}),
  };
}

function choose(grant: SiteGrant, facts: GrantFacts): Chosen | GrantRefusal {
  let best: Chosen | null = null;
  let bestFen = 0;
  let refusal: GrantRefusal = 'nothing-to-pay';
  let failedAt: GrantRefusal | null = null;
  for (const candidate of grant.classes) {
    const failed = failedGrant(candidate.when, facts);
    const working = failed === null && candidate.amount !== null ? workingOf(grant, candidate.amount, facts) : null;
    if (working === null) {
      failedAt = later(failedAt, failed ?? (candidate.amount === null ? 'amount-not-published' : 'nothing-to-pay'));
      refusal = failedAt;
      continue;
    }
    const whole = nominalFen(working.amount, working.ofFen, working.quantity);
    if (whole > bestFen) [best, bestFen] = [{ chosen: candidate, working }, whole];
    if (grant.pick === 'first') break;
  }
  return best ?? refusal;
}

function factsUsed(facts: GrantFacts): FactUsed[] {
  const { site } = facts;
  const used: FactUsed[] = [{ fact: 'application-date', value: facts.on }, { fact: 'site-kind', value: site.kind }, { fact: 'site-division', value: site.division.at(-1) ?? '' }];
  const add = (fact: string, value: string | number | null | undefined): void => {
    if (value != null) used.push({ fact, value });
  };
  add('supply-mode', site.supplyMode);
  add('site-grade', site.grade);
  add('opened-on', facts.openedOn);
  add('square-metres', facts.squareMetres);
  add('seats', facts.seats);
  add('cost-fen', facts.costFen);
  add('meals', facts.meals);
  add('diners', facts.diners);
  add('evaluation', facts.evaluation);
  return used;
}

function purseOf(funder: Funder, facts: GrantFacts): string | null {
  return funder.of === 'pack' ? funder.division : codeAt(facts.site.division, funder.level);
}

function reasonsOf(version: CompiledVersion, grant: SiteGrant, { chosen, working }: Chosen, facts: GrantFacts): Reason[] {
  const worked = workOut(working);
  const notes = [...grant.notes, ...chosen.notes];
  return working.funding.parts.map((part, index): Reason => {
    const funder = version.funders.find(({ code }) => code === part.funder);
    return {
      pays: 'site', funder: part.funder, funderName: funder?.name ?? '', funderShort: funder?.short ?? '',
      division: funder === undefined ? null : purseOf(funder, facts), fen: worked.parts[index] ?? NO_FEN,
      ruleId: grant.id, ruleName: grant.name, classId: chosen.id, version: version.version, versionSha256: version.sha256,
      clause: chosen.clause ?? grant.clause, document: grant.document, assumed: notes.length > 0, notes,
      facts: factsUsed(facts), caps: worked.caps, working,
    };
  });
}

/**
 * Decides the money for a site that no meal decides: construction, equipment, operation by month or year, awards.
 * @param version the version in force on the day of the application; null when none is
 * @returns every grant of the version with its amount or the reason why not; funding adds up to the sum
 */
export function decideGrant(version: CompiledVersion | null, facts: GrantFacts): GrantDecision {
  const inForce = version !== null && facts.on >= version.from && (version.to === null || facts.on <= version.to);
  if (!inForce) return { pack: version?.pack ?? null, version: null, siteFen: NO_FEN, siteFunding: version === null ? [] : fundingOf(version, []), grants: [], reasons: [], refusal: 'not-in-force' };
  const reasons: Reason[] = [];
  let refusal: GrantRefusal = 'no-grant';
  const grants = version.siteGrants.map((grant): GrantOutcome => {
    const failed = failedOccasion(grant, facts) ?? failedScope(version, facts) ?? failedGrant(grant.when, facts);
    const choice = failed ?? choose(grant, facts);
    const { id, kind, name } = grant;
    if (typeof choice === 'string') {
      refusal = later(refusal, choice);
      return { grant: id, kind, name, classId: null, fen: NO_FEN, refusal: choice };
    }
    const own = reasonsOf(version, grant, choice, facts);
    reasons.push(...own);
    return { grant: id, kind, name, classId: choice.chosen.id, fen: total(own), refusal: null };
  });
  const siteFen = total(grants);
  return { pack: version.pack, version: version.version, siteFen, siteFunding: fundingOf(version, reasons), grants, reasons, refusal: siteFen > 0 ? null : refusal };
}

function total(rows: readonly { readonly fen: Fen }[]): Fen {
  return fen(rows.reduce((sum, row) => sum + row.fen, 0));
}

function fundingOf(version: CompiledVersion, reasons: readonly Reason[]): FundingPart[] {
  return version.funders.map(({ code }) => {
    const own = reasons.filter(({ funder }) => funder === code);
    return { funder: code, fen: total(own), division: own[0]?.division ?? null };
  });
}
