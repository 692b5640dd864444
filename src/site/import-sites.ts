import { recordAudit } from '../access/index.js';
import { addDays, invariant, today, type CivilDate, type Clock } from '../kernel/index.js';
import type { FieldCipher, Tx } from '../platform/index.js';
import { checkHours, decideMove, isCreditCode } from './domain/index.js';
import { insertRows, type ImportedSite } from './import.store.js';
import type { OperatorRow } from './party.store.js';
import { accountDigits, sealAccount } from './register-payee.js';

export interface ImportedPayee {
  readonly payeeId: string;
  readonly name: string;
  readonly bankName: string;
  readonly account: string;
}

export interface SiteImport {
  readonly operators: readonly OperatorRow[];
  readonly payees: readonly ImportedPayee[];
  readonly sites: readonly ImportedSite[];
  /** Who brought it in, and who else looked over the payees; two names. */
  readonly by: string;
  readonly confirmedBy: string;
}

/**
 * Brings a register of sites in: some hundreds with their histories in a handful of statements.
 * @throws InvariantBroken when a code, an account, an order of events or hours is one that the rules would refuse
 */
export async function importSites(tx: Tx, clock: Clock, cipher: FieldCipher, cityCode: string, register: SiteImport): Promise<void> {
  const { operators, sites, by, confirmedBy } = register;
  const day = today(clock);
  for (const { creditCode } of operators) invariant(creditCode === null || isCreditCode(creditCode), 'a wrong credit code in a register');
  for (const site of sites) checkImported(site, day);
  const payees = register.payees.map(({ account, ...payee }) => {
    const digits = accountDigits(account);
    invariant(digits !== null, 'a wrong bank account in a register');
    const { sealed, index } = sealAccount(cipher, payee.payeeId, digits);
    return { ...payee, sealed: sealed.toString('hex'), index, tail: digits.slice(-4) };
  });
  await insertRows(tx, clock, cityCode, { operators, payees, sites, by, confirmedBy });
  await recordAudit(tx, clock, { cityCode, actor: by, action: 'site.import', objectKind: 'city', objectId: cityCode, after: { operators, payees, sites } });
}

function checkImported(site: ImportedSite, day: CivilDate): void {
  site.events.forEach((event, index) => {
    invariant(decideMove(site.events[index - 1], event, day, addDays(day, 90)).ok, `a life of a site in a register that cannot be: ${event.kind} on ${event.onDate}`);
  });
  invariant(site.events.length > 0 && checkHours(site.hours) === null, 'a site in a register without events or with wrong hours');
}
