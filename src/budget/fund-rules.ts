import { refuse, today, type Clock, type Outcome } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';
import { fundersOf } from '../region/index.js';
import type { PolicyLibrary } from '../subsidy/index.js';
import { ruleOfFund, type Fund, type FundRule, type RulingVersion } from './domain/index.js';

/** The versions that rule in a city today, with the division of each pack. */
async function rulingVersions(tx: Tx, policies: PolicyLibrary, clock: Clock, cityCode: string): Promise<RulingVersion[]> {
  const library = await policies.of(tx, cityCode);
  const date = today(clock);
  return library.all().flatMap((pack): RulingVersion[] => {
    const version = library.versionOn(pack.source.pack, date);
    return version === null ? [] : [{ division: pack.source.division, version }];
  });
}

/** What the published rules say about a fund past zero; null when they say nothing. */
export async function findFundRule(tx: Tx, policies: PolicyLibrary, clock: Clock, cityCode: string, fund: Fund): Promise<FundRule | null> {
  return ruleOfFund(await rulingVersions(tx, policies, clock, cityCode), fund);
}

/**
 * Why a paper may not follow the rule that it asks for: the way past zero is the published policy's, nobody's choice.
 * @returns null when it may; `funds-end-unruled`, `funds-end-otherwise`
 */
export async function fundRule(
  tx: Tx, policies: PolicyLibrary, clock: Clock, cityCode: string, funderCode: string, wanted: FundRule['way'],
): Promise<Outcome<never> | null> {
  const fund = (await fundersOf(tx, cityCode, [funderCode])).get(funderCode);
  const rule = fund === undefined ? null : await findFundRule(tx, policies, clock, cityCode, fund);
  if (rule === null) return refuse('funds-end-unruled');
  return rule.way === wanted ? null : refuse('funds-end-otherwise', { rule: rule.way === 'end' ? '公告停止' : '按文号继续', clause: rule.clause, documentNumber: rule.documentNumber });
}
