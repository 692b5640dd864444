import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

/** A site that is or was run on paper. */
export interface PaperSite {
  readonly siteId: string;
  /** What slips name it by. */
  readonly siteNo: number;
  /** The register that stands in a terminal's place. */
  readonly terminalId: string;
}

/** Whoever writes into a site's register waits here for those who do so already, until their commit. */
export async function lockRegister(tx: Tx, cityCode: string, siteId: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('slip ' || $1), hashtext($2))`, [cityCode, siteId]);
}

/** The site as its slips know it; undefined where it was never on paper. */
export async function readPaperSite(tx: Tx, cityCode: string, siteId: string): Promise<PaperSite | undefined> {
  const [row] = await tx.query<PaperSite>(
    'SELECT site_id AS "siteId", site_no AS "siteNo", terminal_id AS "terminalId" FROM slip_site WHERE city_code = $1 AND site_id = $2', [cityCode, siteId]);
  return row;
}

/**
 * Gives a site its short number and its register: a terminal without a key, so that nobody can open a session for it.
 * Numbers are given one after the other: those who begin at once wait for each other.
 */
export async function insertPaperSite(tx: Tx, cityCode: string, site: { siteId: string; terminalId: string; divisionCode: string; by: string; now: Instant }): Promise<PaperSite> {
  const { siteId, terminalId, divisionCode, by, now } = site;
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('slip.site-no'), hashtext($1))`, [cityCode]);
  await tx.query(
    `INSERT INTO access_terminal (city_code, terminal_id, site_id, division_code, label, kind, created_by, created_at) VALUES ($1, $2, $3, $4, '纸质登记', 'paper', $5, $6)`,
    [cityCode, terminalId, siteId, divisionCode, by, at(now)]);
  const [row] = await tx.query<{ siteNo: number }>(
    `INSERT INTO slip_site (city_code, site_id, site_no, terminal_id)
     SELECT $1, $2, coalesce(max(s.site_no), 0) + 1, $3 FROM slip_site s WHERE s.city_code = $1 RETURNING site_no AS "siteNo"`, [cityCode, siteId, terminalId]);
  return { siteId, terminalId, siteNo: row?.siteNo ?? 1 };
}

/** From when a site is on paper, or no more. */
export interface SiteStep {
  readonly kind: 'begun' | 'ended';
  readonly onDate: CivilDate;
  readonly reason: string;
  readonly by: string;
  readonly recordedAt: Instant;
}

/** A site's steps, the first one first. */
export async function stepsOf(tx: Tx, cityCode: string, siteId: string): Promise<SiteStep[]> {
  return tx.query<SiteStep>(
    `SELECT kind, on_date AS "onDate", reason, recorded_by AS "by", recorded_at AS "recordedAt" FROM slip_site_step
     WHERE city_code = $1 AND site_id = $2 ORDER BY step_no`, [cityCode, siteId]);
}

export async function insertStep(tx: Tx, cityCode: string, siteId: string, stepNo: number, step: SiteStep): Promise<void> {
  await tx.query(
    'INSERT INTO slip_site_step (city_code, site_id, step_no, kind, on_date, reason, recorded_by, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
    [cityCode, siteId, stepNo, step.kind, step.onDate, step.reason, step.by, at(step.recordedAt)]);
}

/** The last step that holds on the day of a parameter. */
const standing = (day: string): string =>
  `(SELECT x.kind FROM slip_site_step x WHERE x.city_code = s.city_code AND x.site_id = s.site_id AND x.on_date <= ${day}::date ORDER BY x.step_no DESC LIMIT 1)`;

/** Sites of all cities that are on paper on a day and have no sheet for it; those without prices have nothing to print. */
export async function sitesToPrint(tx: Tx, date: CivilDate): Promise<{ cityCode: string; siteId: string }[]> {
  return tx.query(
    `SELECT s.city_code AS "cityCode", s.site_id AS "siteId" FROM slip_site s
     WHERE ${standing('$1')} = 'begun'
       AND EXISTS (SELECT FROM menu_price_list l WHERE l.city_code = s.city_code AND l.site_id = s.site_id AND l.effective_from <= $1)
       AND NOT EXISTS (SELECT FROM slip_sheet h WHERE h.city_code = s.city_code AND h.site_id = s.site_id AND h.meal_date = $1)
     ORDER BY s.city_code, s.site_id`, [date]);
}

/** A site on a list of those on paper. */
export interface ListedPaperSite extends PaperSite {
  readonly siteName: string;
  readonly divisionCode: string;
  /** On the day that was asked for; null before its first one. */
  readonly state: 'begun' | 'ended' | null;
}

/** Sites on paper inside a division, by id; `limit` + 1 of them. */
export async function listPaperSites(tx: Tx, query: { cityCode: string; divisionCode: string; date: CivilDate; after: string | null; limit: number }): Promise<ListedPaperSite[]> {
  return tx.query<ListedPaperSite>(
    `SELECT s.site_id AS "siteId", s.site_no AS "siteNo", s.terminal_id AS "terminalId", p.name AS "siteName", p.division_code AS "divisionCode", ${standing('$2')} AS state
     FROM slip_site s JOIN site p ON p.city_code = s.city_code AND p.site_id = s.site_id
     WHERE s.city_code = $1 AND ($4::uuid IS NULL OR s.site_id > $4)
       AND EXISTS (SELECT FROM region_closure c WHERE c.city_code = s.city_code AND c.ancestor_code = $3 AND c.descendant_code = p.division_code)
     ORDER BY s.site_id LIMIT $5`,
    [query.cityCode, query.date, query.divisionCode, query.after, query.limit + 1]);
}
