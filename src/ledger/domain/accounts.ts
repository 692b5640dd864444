import { invariant } from '../../kernel/index.js';

/** What an account's name begins with, and so what it stands for. */
const ACCOUNT_KINDS = ['cash', 'due', 'borne', 'sales', 'approved', 'cut', 'paid', 'recovery', 'owed', 'repaid'] as const;
export type AccountKind = (typeof ACCOUNT_KINDS)[number];

/** An account's name taken apart. */
export interface AccountParts {
  readonly kind: AccountKind;
  readonly siteId: string | null;
  readonly funderCode: string | null;
}

/**
 * Names of accounts. Funds are split by site, so that noon in one canteen never waits for another's row:
 * `cash` what the site took from eaters, `due` what a funder owes the site (the site advanced it), `borne` what the
 * site bears itself, `sales` the price of its meals, `approved` and `cut` what became of a claim, `paid` what a funder paid;
 * `recovery` what the site has to give back outside its claims, `owed` to which funder, `repaid` what a funder got back.
 */
export const account = {
  cash: (siteId: string) => `cash/${siteId}`,
  due: (siteId: string, funderCode: string) => `due/${siteId}/${funderCode}`,
  borne: (siteId: string) => `borne/${siteId}`,
  sales: (siteId: string) => `sales/${siteId}`,
  approved: (siteId: string, funderCode: string) => `approved/${siteId}/${funderCode}`,
  cut: (siteId: string, funderCode: string) => `cut/${siteId}/${funderCode}`,
  paid: (funderCode: string) => `paid/${funderCode}`,
  recovery: (siteId: string) => `recovery/${siteId}`,
  owed: (siteId: string, funderCode: string) => `owed/${siteId}/${funderCode}`,
  repaid: (funderCode: string) => `repaid/${funderCode}`,
} as const;

/**
 * Takes an account's name apart.
 * @throws InvariantBroken for a name that `account` never makes
 */
export function accountParts(name: string): AccountParts {
  const [kind, first, second, ...rest] = name.split('/');
  invariant(ACCOUNT_KINDS.includes(kind as AccountKind) && first && rest.length === 0, `not an account: ${name}`);
  if (kind === 'paid' || kind === 'repaid') {
    invariant(second === undefined, `not an account: ${name}`);
    return { kind, siteId: null, funderCode: first };
  }
  const perFunder = kind === 'due' || kind === 'approved' || kind === 'cut' || kind === 'owed';
  invariant(perFunder === (second !== undefined), `not an account: ${name}`);
  return { kind: kind as AccountKind, siteId: first, funderCode: second ?? null };
}
