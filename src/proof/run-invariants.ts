import type { Tx } from '../platform/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import { allowed } from './allowed.js';
import type { Verdict, Violation } from './invariant.js';
import { expectWholeTables, findViolation, INVARIANTS } from './invariants.store.js';

/**
 * Looks at every invariant of the database, one after the other, and changes nothing.
 * @param cityCode one city, or `all`
 * @param policies what rules in the cities: its limits count
 */
export async function runInvariants(tx: Tx, cityCode: string, policies: PolicyLibrary = new PolicyLibrary()): Promise<Verdict> {
  const given = allowed(await policies.ofAll(tx, cityCode === 'all' ? null : cityCode));
  const violations: Violation[] = [];
  await expectWholeTables(tx);
  for (const invariant of INVARIANTS) {
    const violation = await findViolation(tx, invariant, cityCode === 'all' ? null : cityCode, given);
    if (violation !== null) violations.push(violation);
  }
  return { checked: INVARIANTS.length, violations };
}
