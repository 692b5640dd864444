import { narrowness, pathOf, type CompiledVersion, type Funder, type WhenFundsEnd } from '../../subsidy/domain/index.js';

/** A purse of the city: its kind and whose it is. */
export interface Fund {
  readonly kind: string;
  readonly divisionCode: string;
}

/** A version in force, with the division whose pack it is of. */
export interface RulingVersion {
  readonly division: string;
  readonly version: CompiledVersion;
}

/** What the rules say about a fund that runs dry, and which version says it. */
export interface FundRule {
  readonly pack: string;
  readonly version: string;
  /** `end`: on an announced day; `continue`: by a numbered order. */
  readonly way: WhenFundsEnd['then'];
  readonly noticeDays: number;
  readonly clause: string;
  readonly documentNumber: string;
}

/** Kinds of purses that a pack names by their kind; everything else is the finance of its level. */
const NAMED = ['lotteryWelfareFund', 'charity', 'village'];

function drawsOn(funder: Funder, packDivision: string, fund: Fund): boolean {
  if ((NAMED.includes(funder.code) ? funder.code : funder.level) !== fund.kind) return false;
  if (funder.of === 'pack') return funder.division === fund.divisionCode;
  return pathOf(fund.divisionCode).includes(packDivision) || pathOf(packDivision).includes(fund.divisionCode);
}

/** The rule for a fund past zero: of the versions that draw on it and say what then, that of the narrowest pack. */
export function ruleOfFund(versions: readonly RulingVersion[], fund: Fund): FundRule | null {
  let best: RulingVersion | null = null;
  for (const one of versions) {
    if (one.version.whenFundsEnd === null || !one.version.funders.some((funder) => drawsOn(funder, one.division, fund))) continue;
    if (best === null || narrowness(one.division) > narrowness(best.division)) best = one;
  }
  const rule = best?.version.whenFundsEnd;
  if (best === null || !rule) return null;
  const { pack, version } = best.version;
  return { pack, version, way: rule.then, noticeDays: rule.noticeDays, clause: rule.clause, documentNumber: rule.document.number };
}
