import { civilDate, type CivilDate } from '../../kernel/index.js';
import { Random } from '../../demo/domain/index.js';

/** An elder of every simulated month. */
export interface CastElder {
  readonly elderId: string;
  readonly born: CivilDate;
  readonly card: string;
}

/** A canteen of every simulated month, by its county and street. */
export interface CastSite {
  readonly siteId: string;
  readonly countyCode: string;
  readonly townshipCode: string;
}

export const CITY_CODE = '371500';
/** Two streets of one county, and one of another. */
const STREETS = ['371502001', '371502002', '371521001'] as const;

/** Years of birth for every rate of the sample, and days on which an elder grows into the next one during the story. */
const BORN = [
  '1935-05-01', '1931-02-28', '1944-12-31', '1943-07-09', '1942-03-03', '1941-11-11', '1940-06-01', '1944-02-29', '1946-08-20', '1947-01-15',
  '1948-10-10', '1949-12-30', '1950-01-01', '1951-04-04', '1952-09-09', '1953-12-12', '1954-12-30', '1955-01-01', '1956-06-06', '1962-01-20',
].map((born) => civilDate(born));

const random = new Random(371_500);

export const SITES: readonly CastSite[] = STREETS.map((townshipCode) => ({ siteId: random.id(), countyCode: townshipCode.slice(0, 6), townshipCode }));
export const OPERATOR = random.id();
export const PAYEE = random.id();
export const ELDERS: readonly CastElder[] = BORN.map((born, index) => ({ elderId: random.id(), born, card: `SM${String(10_000_000 + index)}` }));
/** The site of each till: two tills in the first canteen. */
export const TILL_SITES = [0, 0, 1, 2] as const;

/** Who works where, and as what; the account's name begins with what they are. */
export const STAFF: readonly { readonly account: string; readonly roles: readonly string[]; readonly divisionCode: string; readonly site: number | null }[] = [
  { account: 'city', roles: ['cityOfficer'], divisionCode: CITY_CODE, site: null },
  ...SITES.map(({ townshipCode }, site) => ({ account: `manager.${site}`, roles: ['canteenManager'], divisionCode: townshipCode, site })),
  ...STREETS.map((code) => ({ account: `street.${code}`, roles: ['townshipOfficer'], divisionCode: code, site: null })),
  ...[...new Set(SITES.map((site) => site.countyCode))].flatMap((code) => [
    { account: `county.${code}`, roles: ['countyOfficer'], divisionCode: code, site: null },
    { account: `review.${code}`, roles: ['financeReviewer'], divisionCode: code, site: null },
    { account: `approve.${code}`, roles: ['financeApprover'], divisionCode: code, site: null },
  ]),
];

/** What the canteens sell at first, fen. */
export const MENU = { 'set-lunch': 1_200, 'set-dinner': 1_000, soup: 301 } as const;
export type Item = keyof typeof MENU;
