import type { CivilDate, Clock } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { MealHours, SiteEvent } from './domain/index.js';
import type { OperatorRow } from './party.store.js';
import type { PaperRow, SiteRow } from './site.store.js';

/** A site with its whole history, as an older register has it. */
export interface ImportedSite extends SiteRow {
  readonly events: readonly SiteEvent[];
  readonly operations: readonly { readonly fromDate: CivilDate; readonly operatorId: string }[];
  readonly routes: readonly { readonly routeId: string; readonly fromDate: CivilDate; readonly payeeId: string }[];
  readonly papers: readonly PaperRow[];
  readonly hoursFrom: CivilDate;
  readonly hours: readonly MealHours[];
  /** The number that people call the site by, where it has one. */
  readonly phone?: string;
}

/** A register whose accounts are sealed already, in hexadecimal. */
export interface SealedRegister {
  readonly operators: readonly OperatorRow[];
  readonly payees: readonly { readonly payeeId: string; readonly name: string; readonly bankName: string; readonly sealed: string; readonly index: string; readonly tail: string }[];
  readonly sites: readonly ImportedSite[];
  readonly by: string;
  readonly confirmedBy: string;
}

/** The rows of a register, one statement a table; each list goes in as one JSON text. */
export async function insertRows(tx: Tx, clock: Clock, cityCode: string, register: SealedRegister): Promise<void> {
  const { sites, by, confirmedBy } = register;
  const now = at(clock.now());
  const put = (sql: string, rows: readonly object[], ...more: string[]): Promise<unknown> => tx.query(sql, [cityCode, JSON.stringify(rows), now, by, ...more]);
  const under = <Row extends object>(of: (site: ImportedSite) => readonly Row[]): object[] => sites.flatMap((site) => of(site).map((row) => ({ siteId: site.siteId, ...row })));
  await put(
    `INSERT INTO site_operator_org (city_code, operator_id, name, credit_code, recorded_at, recorded_by)
     SELECT $1, r."operatorId", r.name, r."creditCode", $3, $4
     FROM jsonb_to_recordset($2::jsonb) AS r ("operatorId" uuid, name text, "creditCode" text)`, register.operators);
  await put(
    `INSERT INTO site_payee (city_code, payee_id, name, bank_name, account_sealed, account_index, account_tail, recorded_at, recorded_by)
     SELECT $1, r."payeeId", r.name, r."bankName", decode(r.sealed, 'hex'), r.index, r.tail, $3, $4
     FROM jsonb_to_recordset($2::jsonb) AS r ("payeeId" uuid, name text, "bankName" text, sealed text, index text, tail text)`, register.payees);
  await put(
    `INSERT INTO site (city_code, site_id, name, kind, supply_mode, division_code, address, seats, longitude, latitude, premises_status, recorded_at, recorded_by)
     SELECT $1, r."siteId", r.name, r.kind, r."supplyMode", r."divisionCode", r.address, r.seats, r.longitude, r.latitude, r."premisesStatus", $3, $4
     FROM jsonb_to_recordset($2::jsonb) AS r ("siteId" uuid, name text, kind text, "supplyMode" text, "divisionCode" text, address text, seats int,
       longitude float8, latitude float8, "premisesStatus" text)`,
    sites);
  await put(
    `INSERT INTO site_event (city_code, site_id, event_no, kind, on_date, recorded_at, recorded_by)
     SELECT $1, r."siteId", r."eventNo", r.kind, r."onDate", $3, $4
     FROM jsonb_to_recordset($2::jsonb) AS r ("siteId" uuid, "eventNo" int, kind text, "onDate" date)`,
    under((site) => site.events.map((event, index) => ({ ...event, eventNo: index + 1 }))));
  await put(
    `INSERT INTO site_operation (city_code, site_id, from_date, operator_id, recorded_at, recorded_by)
     SELECT $1, r."siteId", r."fromDate", r."operatorId", $3, $4
     FROM jsonb_to_recordset($2::jsonb) AS r ("siteId" uuid, "fromDate" date, "operatorId" uuid)`, under((site) => site.operations));
  await put(
    `INSERT INTO site_payment_route (city_code, route_id, site_id, from_date, payee_id, proposed_at, proposed_by, confirmed_at, confirmed_by)
     SELECT $1, r."routeId", r."siteId", r."fromDate", r."payeeId", $3, $4, $3, $5
     FROM jsonb_to_recordset($2::jsonb) AS r ("siteId" uuid, "routeId" uuid, "fromDate" date, "payeeId" uuid)`, under((site) => site.routes), confirmedBy);
  await put(
    `INSERT INTO site_paper (city_code, paper_id, site_id, kind, number, valid_from, valid_to, recorded_at, recorded_by)
     SELECT $1, r."paperId", r."siteId", r.kind, r.number, r."validFrom", r."validTo", $3, $4
     FROM jsonb_to_recordset($2::jsonb) AS r ("siteId" uuid, "paperId" uuid, kind text, number text, "validFrom" date, "validTo" date)`, under((site) => site.papers));
  await put(
    `INSERT INTO site_hours (city_code, site_id, from_date, meal_period, from_minute, to_minute, recorded_at, recorded_by)
     SELECT $1, r."siteId", r."fromDate", r."mealPeriod", r."fromMinute", r."toMinute", $3, $4
     FROM jsonb_to_recordset($2::jsonb) AS r ("siteId" uuid, "fromDate" date, "mealPeriod" text, "fromMinute" smallint, "toMinute" smallint)`,
    under((site) => site.hours.map((hours) => ({ ...hours, fromDate: site.hoursFrom }))));
  await put(
    `INSERT INTO site_phone (city_code, site_id, phone, set_at, set_by)
     SELECT $1, r."siteId", r.phone, $3, $4 FROM jsonb_to_recordset($2::jsonb) AS r ("siteId" uuid, phone text)`, under((site) => (site.phone === undefined ? [] : [{ phone: site.phone }])));
}
