import type { CivilDate } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';
import { LICENCE_FREE_KINDS, tenuresBetween, type Since, type SiteEventKind, type SiteKind, type SiteState, type SupplyMode, type Tenure } from './domain/index.js';

/** What a site is on a day: what a tap, a claim or a target needs to know of it. */
export interface SiteOn {
  readonly siteId: string;
  readonly name: string;
  readonly kind: SiteKind;
  readonly supplyMode: SupplyMode;
  readonly divisionCode: string;
  /** From the province down to the site's own division. */
  readonly path: string[];
  readonly state: SiteState;
  /** Whether a food-business licence is valid on the day, or the kind needs none. */
  readonly licenceValid: boolean;
  readonly operatorId: string | null;
  /** Only what two people have agreed on counts. */
  readonly payeeId: string | null;
}

/** The columns of a site on day $2; $3 are the kinds that need no licence. Every part is one look into an index. */
const SITE_ON = `s.site_id AS "siteId", s.name, s.kind, s.supply_mode AS "supplyMode", s.division_code AS "divisionCode",
  ARRAY(SELECT c.ancestor_code::text FROM region_closure c
        WHERE c.city_code = s.city_code AND c.descendant_code = s.division_code ORDER BY c.depth DESC) AS path,
  COALESCE((SELECT CASE e.kind WHEN 'resumed' THEN 'open' ELSE e.kind END FROM site_event e
            WHERE e.city_code = s.city_code AND e.site_id = s.site_id AND e.on_date <= $2::date
            ORDER BY e.event_no DESC LIMIT 1), 'planned') AS state,
  (s.kind = ANY ($3::text[]) OR EXISTS (
     SELECT FROM site_paper p WHERE p.city_code = s.city_code AND p.site_id = s.site_id AND p.kind = 'foodLicence'
       AND p.valid_from <= $2::date AND (p.valid_to IS NULL OR p.valid_to >= $2::date))) AS "licenceValid",
  (SELECT o.operator_id FROM site_operation o WHERE o.city_code = s.city_code AND o.site_id = s.site_id AND o.from_date <= $2::date
   ORDER BY o.from_date DESC LIMIT 1) AS "operatorId",
  (SELECT r.payee_id FROM site_payment_route r WHERE r.city_code = s.city_code AND r.site_id = s.site_id AND r.from_date <= $2::date
     AND r.confirmed_at IS NOT NULL ORDER BY r.from_date DESC LIMIT 1) AS "payeeId"`;

/** Sites on a day by their ids, in one statement; unknown ids are left out. */
export async function readSitesOn(tx: Tx, cityCode: string, siteIds: readonly string[], date: CivilDate): Promise<Map<string, SiteOn>> {
  const rows = await tx.query<SiteOn>(
    `SELECT ${SITE_ON} FROM site s WHERE s.city_code = $1 AND s.site_id = ANY ($4::uuid[])`,
    [cityCode, date, LICENCE_FREE_KINDS, [...new Set(siteIds)]], 'site-read-on');
  return new Map(rows.map((row) => [row.siteId, row]));
}

/** A site of a list, with where and how large it is. */
export interface ListedSite extends SiteOn {
  readonly address: string;
  readonly seats: number;
  readonly longitude: number | null;
  readonly latitude: number | null;
}

export interface SiteFilter {
  readonly cityCode: string;
  /** Only sites inside this division. */
  readonly scopeCode: string;
  /** Only this site, for staff of one. */
  readonly siteId?: string | null;
  readonly states?: readonly SiteState[] | null;
  readonly kind?: SiteKind | null;
  /** The day on which state, licence, operator and payee are looked at. */
  readonly date: CivilDate;
}

/** Sites inside a scope by id, `limit` + 1 of them after an id. */
export async function listSites(tx: Tx, filter: SiteFilter, after: string | null, limit: number): Promise<ListedSite[]> {
  return tx.query<ListedSite>(
    `SELECT l.* FROM (
       SELECT ${SITE_ON}, s.address, s.seats, s.longitude, s.latitude
       FROM site s JOIN region_closure scope ON scope.city_code = s.city_code AND scope.descendant_code = s.division_code AND scope.ancestor_code = $4
       WHERE s.city_code = $1 AND ($5::uuid IS NULL OR s.site_id = $5) AND ($6::text IS NULL OR s.kind = $6) AND ($7::uuid IS NULL OR s.site_id > $7)
     ) l
     WHERE $8::text[] IS NULL OR l.state = ANY ($8)
     ORDER BY l."siteId" LIMIT $9`,
    [filter.cityCode, filter.date, LICENCE_FREE_KINDS, filter.scopeCode, filter.siteId ?? null, filter.kind ?? null, after, filter.states ?? null, limit + 1]);
}

/** How many sites of a scope are in each state on a day; a state without sites is left out. */
export async function countSites(tx: Tx, cityCode: string, scopeCode: string, date: CivilDate): Promise<Map<SiteState, number>> {
  const rows = await tx.query<{ state: SiteState; sites: number }>(
    `SELECT l.state, count(*) AS sites FROM (
       SELECT COALESCE((SELECT CASE e.kind WHEN 'resumed' THEN 'open' ELSE e.kind END FROM site_event e
                        WHERE e.city_code = s.city_code AND e.site_id = s.site_id AND e.on_date <= $2 ORDER BY e.event_no DESC LIMIT 1), 'planned') AS state
       FROM site s JOIN region_closure c ON c.city_code = s.city_code AND c.descendant_code = s.division_code AND c.ancestor_code = $3
       WHERE s.city_code = $1
     ) l GROUP BY l.state`, [cityCode, date, scopeCode]);
  return new Map(rows.map((row) => [row.state, row.sites]));
}

/** A site with its whole life, for counts over time. */
export interface SiteHistory {
  readonly siteId: string;
  readonly kind: SiteKind;
  readonly supplyMode: SupplyMode;
  readonly divisionCode: string;
  readonly path: string[];
  readonly events: readonly { readonly kind: SiteEventKind; readonly onDate: CivilDate }[];
}

/** The lives of all sites inside a scope, events in the order in which they hold. One statement. */
export async function siteHistories(tx: Tx, cityCode: string, scopeCode: string): Promise<SiteHistory[]> {
  return tx.query<SiteHistory>(
    `SELECT s.site_id AS "siteId", s.kind, s.supply_mode AS "supplyMode", s.division_code AS "divisionCode",
       ARRAY(SELECT c.ancestor_code::text FROM region_closure c
             WHERE c.city_code = s.city_code AND c.descendant_code = s.division_code ORDER BY c.depth DESC) AS path,
       COALESCE((SELECT jsonb_agg(jsonb_build_object('kind', e.kind, 'onDate', e.on_date) ORDER BY e.event_no)
                 FROM site_event e WHERE e.city_code = s.city_code AND e.site_id = s.site_id), '[]') AS events
     FROM site s JOIN region_closure scope ON scope.city_code = s.city_code AND scope.descendant_code = s.division_code AND scope.ancestor_code = $2
     WHERE s.city_code = $1 ORDER BY s.site_id`, [cityCode, scopeCode]);
}

type SiteSince = Since & { readonly siteId: string };

function bySite(rows: readonly SiteSince[]): Map<string, SiteSince[]> {
  const map = new Map<string, SiteSince[]>();
  for (const row of rows) map.set(row.siteId, [...(map.get(row.siteId) ?? []), row]);
  return map;
}

/** Who ran each site and who was paid for it between two days, cut where either changes. Two statements for any number of sites. */
export async function siteTenures(tx: Tx, cityCode: string, siteIds: readonly string[], from: CivilDate, to: CivilDate): Promise<Map<string, Tenure[]>> {
  const ids = [...new Set(siteIds)];
  const operators = await tx.query<SiteSince>(
    `SELECT site_id AS "siteId", from_date AS "from", operator_id AS id FROM site_operation
     WHERE city_code = $1 AND site_id = ANY ($2::uuid[]) AND from_date <= $3 ORDER BY from_date`, [cityCode, ids, to]);
  const payees = await tx.query<SiteSince>(
    `SELECT site_id AS "siteId", from_date AS "from", payee_id AS id FROM site_payment_route
     WHERE city_code = $1 AND site_id = ANY ($2::uuid[]) AND from_date <= $3 AND confirmed_at IS NOT NULL ORDER BY from_date`, [cityCode, ids, to]);
  const [operatorsBySite, payeesBySite] = [bySite(operators), bySite(payees)];
  return new Map(ids.map((siteId) => [siteId, tenuresBetween(operatorsBySite.get(siteId) ?? [], payeesBySite.get(siteId) ?? [], from, to)]));
}

/** The division a site lies in, or null where the city has no such site. */
export async function siteDivision(tx: Tx, cityCode: string, siteId: string): Promise<string | null> {
  const [row] = await tx.query<{ divisionCode: string }>('SELECT division_code AS "divisionCode" FROM site WHERE city_code = $1 AND site_id = $2', [cityCode, siteId]);
  return row?.divisionCode ?? null;
}

/** Names of sites by their ids. */
export async function siteNames(tx: Tx, cityCode: string, siteIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.query<{ siteId: string; name: string }>(
    'SELECT site_id AS "siteId", name FROM site WHERE city_code = $1 AND site_id = ANY ($2::uuid[])', [cityCode, [...new Set(siteIds)]]);
  return new Map(rows.map((row) => [row.siteId, row.name]));
}
