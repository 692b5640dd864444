import type { CivilDate, Clock, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { InspectionResult, MealHours, PaperKind, Premises, SiteEventKind, SiteKind, SupplyMode } from './domain/index.js';

/** A site as it is registered. */
export interface SiteRow {
  readonly siteId: string;
  readonly name: string;
  readonly kind: SiteKind;
  readonly supplyMode: SupplyMode;
  readonly divisionCode: string;
  readonly address: string;
  readonly seats: number;
  readonly longitude: number | null;
  readonly latitude: number | null;
  readonly premisesStatus: Premises;
}

/** One event of a site's life as it was recorded. */
export interface SiteEventRow {
  readonly eventNo: number;
  readonly kind: SiteEventKind;
  readonly onDate: CivilDate;
  readonly reason: string | null;
  readonly document: string | null;
  readonly recordedAt: Instant;
  readonly recordedBy: string;
}

const SITE = `s.site_id AS "siteId", s.name, s.kind, s.supply_mode AS "supplyMode", s.division_code AS "divisionCode", s.address, s.seats,
  s.longitude, s.latitude, s.premises_status AS "premisesStatus"`;

const EVENT = `e.event_no AS "eventNo", e.kind, e.on_date AS "onDate", e.reason, e.document, e.recorded_at AS "recordedAt", e.recorded_by AS "recordedBy"`;

export async function readSite(tx: Tx, cityCode: string, siteId: string): Promise<SiteRow | undefined> {
  const [site] = await tx.query<SiteRow>(`SELECT ${SITE} FROM site s WHERE s.city_code = $1 AND s.site_id = $2`, [cityCode, siteId]);
  return site;
}

/** Reads a site and keeps others from changing its history until the end of the transaction. */
export async function lockSite(tx: Tx, cityCode: string, siteId: string): Promise<SiteRow | undefined> {
  const [site] = await tx.query<SiteRow>(`SELECT ${SITE} FROM site s WHERE s.city_code = $1 AND s.site_id = $2 FOR NO KEY UPDATE`, [cityCode, siteId]);
  return site;
}

export async function insertSite(tx: Tx, clock: Clock, cityCode: string, site: SiteRow, by: string): Promise<void> {
  await tx.query(
    `INSERT INTO site (city_code, site_id, name, kind, supply_mode, division_code, address, seats, longitude, latitude, premises_status, recorded_at, recorded_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [cityCode, site.siteId, site.name, site.kind, site.supplyMode, site.divisionCode, site.address, site.seats, site.longitude, site.latitude, site.premisesStatus, at(clock.now()), by]);
}

export async function eventsOf(tx: Tx, cityCode: string, siteId: string): Promise<SiteEventRow[]> {
  return tx.query<SiteEventRow>(`SELECT ${EVENT} FROM site_event e WHERE e.city_code = $1 AND e.site_id = $2 ORDER BY e.event_no`, [cityCode, siteId]);
}

export async function insertEvent(tx: Tx, clock: Clock, cityCode: string, siteId: string, event: Omit<SiteEventRow, 'recordedAt' | 'recordedBy'>, by: string): Promise<void> {
  await tx.query(
    `INSERT INTO site_event (city_code, site_id, event_no, kind, on_date, reason, document, recorded_at, recorded_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [cityCode, siteId, event.eventNo, event.kind, event.onDate, event.reason, event.document, at(clock.now()), by]);
}

/** A licence, fire approval or contract with its first and last day; null is without end. */
export interface PaperRow {
  readonly paperId: string;
  readonly kind: PaperKind;
  readonly number: string;
  readonly validFrom: CivilDate;
  readonly validTo: CivilDate | null;
}

export async function papersOf(tx: Tx, cityCode: string, siteId: string): Promise<PaperRow[]> {
  return tx.query<PaperRow>(
    `SELECT p.paper_id AS "paperId", p.kind, p.number, p.valid_from AS "validFrom", p.valid_to AS "validTo"
     FROM site_paper p WHERE p.city_code = $1 AND p.site_id = $2 ORDER BY p.kind, p.valid_from, p.paper_id`, [cityCode, siteId]);
}

/** Kinds of paper that a site holds valid on a day. */
export async function validPapersOn(tx: Tx, cityCode: string, siteId: string, date: CivilDate): Promise<Set<PaperKind>> {
  const rows = await tx.query<{ kind: PaperKind }>(
    `SELECT DISTINCT kind FROM site_paper
     WHERE city_code = $1 AND site_id = $2 AND valid_from <= $3 AND (valid_to IS NULL OR valid_to >= $3)`, [cityCode, siteId, date]);
  return new Set(rows.map((row) => row.kind));
}

export async function insertPaper(tx: Tx, clock: Clock, cityCode: string, siteId: string, paper: PaperRow, by: string): Promise<void> {
  await tx.query(
    `INSERT INTO site_paper (city_code, paper_id, site_id, kind, number, valid_from, valid_to, recorded_at, recorded_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [cityCode, paper.paperId, siteId, paper.kind, paper.number, paper.validFrom, paper.validTo, at(clock.now()), by]);
}

/** What the market regulator found at a site. */
export interface InspectionRow {
  readonly inspectionId: string;
  readonly onDate: CivilDate;
  readonly result: InspectionResult;
  readonly findings: string | null;
  readonly correctBy: CivilDate | null;
  readonly suspended: boolean;
}

/** The latest inspections of a site, newest first. */
export async function inspectionsOf(tx: Tx, cityCode: string, siteId: string, most: number): Promise<InspectionRow[]> {
  return tx.query<InspectionRow>(
    `SELECT i.inspection_id AS "inspectionId", i.on_date AS "onDate", i.result, i.findings, i.correct_by AS "correctBy", i.suspended
     FROM site_inspection i WHERE i.city_code = $1 AND i.site_id = $2 ORDER BY i.on_date DESC, i.inspection_id LIMIT $3`, [cityCode, siteId, most]);
}

export async function insertInspection(tx: Tx, clock: Clock, cityCode: string, siteId: string, row: InspectionRow, by: string): Promise<void> {
  await tx.query(
    `INSERT INTO site_inspection (city_code, inspection_id, site_id, on_date, result, findings, correct_by, suspended, recorded_at, recorded_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [cityCode, row.inspectionId, siteId, row.onDate, row.result, row.findings, row.correctBy, row.suspended, at(clock.now()), by]);
}

/** Opening hours in force on a day, for many sites in one statement; a site that set none is left out. */
export async function hoursOfSites(tx: Tx, cityCode: string, siteIds: readonly string[], date: CivilDate): Promise<Map<string, MealHours[]>> {
  const rows = await tx.query<{ siteId: string; hours: MealHours[] }>(
    `SELECT h.site_id AS "siteId",
       jsonb_agg(jsonb_build_object('mealPeriod', h.meal_period, 'fromMinute', h.from_minute, 'toMinute', h.to_minute) ORDER BY h.from_minute) AS hours
     FROM site_hours h
     WHERE h.city_code = $1 AND h.site_id = ANY ($2::uuid[])
       AND h.from_date = (SELECT max(l.from_date) FROM site_hours l WHERE l.city_code = h.city_code AND l.site_id = h.site_id AND l.from_date <= $3)
     GROUP BY h.site_id`, [cityCode, [...new Set(siteIds)], date]);
  return new Map(rows.map((row) => [row.siteId, row.hours]));
}

/** Writes a site's hours from a day on. @returns false when that day has hours already */
export async function insertHours(tx: Tx, clock: Clock, cityCode: string, siteId: string, fromDate: CivilDate, hours: readonly MealHours[], by: string): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO site_hours (city_code, site_id, from_date, meal_period, from_minute, to_minute, recorded_at, recorded_by)
     SELECT $1, $2, $3, h.period, h.from_minute, h.to_minute, $4, $5
     FROM unnest($6::text[], $7::smallint[], $8::smallint[]) AS h (period, from_minute, to_minute)
     WHERE NOT EXISTS (SELECT FROM site_hours WHERE city_code = $1 AND site_id = $2 AND from_date = $3)
     RETURNING meal_period`,
    [cityCode, siteId, fromDate, at(clock.now()), by, hours.map((row) => row.mealPeriod), hours.map((row) => row.fromMinute), hours.map((row) => row.toMinute)]);
  return rows.length > 0;
}

/** The numbers that sites are called by; a site that set none is left out. */
export async function phonesOf(tx: Tx, cityCode: string, siteIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.query<{ siteId: string; phone: string }>(
    'SELECT site_id AS "siteId", phone FROM site_phone WHERE city_code = $1 AND site_id = ANY ($2::uuid[])', [cityCode, [...new Set(siteIds)]]);
  return new Map(rows.map((row) => [row.siteId, row.phone]));
}

/** Puts a number in the place of the one before. */
export async function writePhone(tx: Tx, clock: Clock, cityCode: string, siteId: string, phone: string, by: string): Promise<void> {
  await tx.query(
    `INSERT INTO site_phone (city_code, site_id, phone, set_at, set_by) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (city_code, site_id) DO UPDATE SET phone = excluded.phone, set_at = excluded.set_at, set_by = excluded.set_by`,
    [cityCode, siteId, phone, at(clock.now()), by]);
}
