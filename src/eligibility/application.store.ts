import type { CivilDate, Instant } from '../kernel/index.js';
import type { Writing } from '../elder/index.js';
import { at, type Tx } from '../platform/index.js';
import type { ApplicationMove, ApplicationState, StepClock } from './domain/index.js';

export type Applicant = 'elder' | 'relative' | 'communityWorker';

/** An application as it stands. */
export interface ApplicationRow {
  readonly applicationId: string;
  readonly elderId: string;
  readonly pack: string;
  /** The level that decides. */
  readonly level: 'township' | 'county';
  readonly appliedBy: Applicant;
  readonly relation: string | null;
  readonly appliedOn: CivilDate;
  /** Names of the papers that were handed in. */
  readonly materials: readonly string[];
  readonly state: ApplicationState;
  readonly clockFrom: CivilDate | null;
  readonly daysLeft: number | null;
  readonly dueOn: CivilDate | null;
  readonly appealUntil: CivilDate | null;
  /** The entry of `mealApproval` that it led to. */
  readonly categoryEntry: string | null;
  readonly approvedFrom: CivilDate | null;
  /** The last day of an approval that was stopped. */
  readonly lastDay: CivilDate | null;
  readonly recordedBy: string;
  readonly recordedAt: Instant;
}

const APPLICATION = `a.application_id AS "applicationId", a.elder_id AS "elderId", a.pack, a.level, a.applied_by AS "appliedBy", a.relation, a.applied_on AS "appliedOn", a.materials, a.state,
  a.clock_from AS "clockFrom", a.days_left AS "daysLeft", a.due_on AS "dueOn", a.appeal_until AS "appealUntil", a.category_entry AS "categoryEntry",
  a.approved_from AS "approvedFrom", a.last_day AS "lastDay", a.recorded_by AS "recordedBy", a.recorded_at AS "recordedAt"`;

/** An application by its id. Its elder is locked first, then it is read again. */
export async function readApplication(tx: Tx, cityCode: string, applicationId: string): Promise<ApplicationRow | undefined> {
  const [row] = await tx.query<ApplicationRow>(`SELECT ${APPLICATION} FROM eligibility_application a WHERE a.city_code = $1 AND a.application_id = $2`, [cityCode, applicationId]);
  return row;
}

/** What a list of applications is narrowed to; null narrows nothing. */
export interface ApplicationFilter {
  readonly cityCode: string;
  /** The elder's residence or hukou lies in it. */
  readonly scopeCode: string;
  readonly elderId: string | null;
  readonly state: ApplicationState | null;
  /** Only those whose step was due before this day. */
  readonly dueBefore: CivilDate | null;
  readonly after: string | null;
  readonly limit: number;
}

/** Applications by id, `limit` + 1 of them after an id. */
export async function listApplications(tx: Tx, filter: ApplicationFilter): Promise<ApplicationRow[]> {
  return tx.query<ApplicationRow>(
    `SELECT ${APPLICATION} FROM eligibility_application a JOIN elder e ON e.city_code = a.city_code AND e.elder_id = a.elder_id
     WHERE a.city_code = $1 AND ($3::uuid IS NULL OR a.elder_id = $3) AND ($4::text IS NULL OR a.state = $4) AND ($5::date IS NULL OR a.due_on < $5)
       AND ($6::uuid IS NULL OR a.application_id > $6)
       AND EXISTS (SELECT FROM region_closure r WHERE r.city_code = $1 AND r.ancestor_code = $2 AND r.descendant_code IN (e.residence_code, e.hukou_code))
     ORDER BY a.application_id LIMIT $7`,
    [filter.cityCode, filter.scopeCode, filter.elderId, filter.state, filter.dueBefore, filter.after, filter.limit + 1]);
}

/** Locks the applications that are approved in a city, in the order of their elders. */
export async function approvedApplications(tx: Tx, cityCode: string): Promise<ApplicationRow[]> {
  return tx.query<ApplicationRow>(`SELECT ${APPLICATION} FROM eligibility_application a WHERE a.city_code = $1 AND a.state = 'approved' ORDER BY a.elder_id, a.application_id FOR UPDATE`, [cityCode]);
}

export type NewApplication = Pick<ApplicationRow, 'applicationId' | 'elderId' | 'pack' | 'level' | 'appliedBy' | 'relation' | 'appliedOn' | 'materials'>;

/** Adds an application; false when one of the same elder under the same pack is running. */
export async function insertApplication(tx: Tx, { cityCode, by, now }: Writing, row: NewApplication, clock: StepClock): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO eligibility_application (city_code, application_id, elder_id, pack, level, applied_by, relation, applied_on, materials, state, clock_from, days_left, due_on, recorded_at, recorded_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'submitted', $10, $11, $12, $13, $14)
     ON CONFLICT (city_code, elder_id, pack) WHERE state NOT IN ('refused', 'refusalUpheld', 'stopped', 'withdrawn') DO NOTHING RETURNING application_id`,
    [cityCode, row.applicationId, row.elderId, row.pack, row.level, row.appliedBy, row.relation, row.appliedOn, row.materials, clock.from, clock.daysLeft, clock.dueOn, at(now), by]);
  return rows.length === 1;
}

/** Whether another application of the same elder under the same pack is running. */
export async function hasOtherRunning(tx: Tx, cityCode: string, row: ApplicationRow): Promise<boolean> {
  const rows = await tx.query(
    `SELECT FROM eligibility_application WHERE city_code = $1 AND elder_id = $2 AND pack = $3 AND application_id <> $4
       AND state NOT IN ('refused', 'refusalUpheld', 'stopped', 'withdrawn')`, [cityCode, row.elderId, row.pack, row.applicationId]);
  return rows.length > 0;
}

/** One step of an application. */
export interface StepRow {
  readonly stepId: string;
  readonly applicationId: string;
  readonly move: ApplicationMove | 'submit';
  readonly from: ApplicationState | null;
  readonly to: ApplicationState;
  readonly onDate: CivilDate;
  readonly opinion: 'approve' | 'refuse' | null;
  readonly reasonCode: string | null;
  readonly reason: string;
  readonly materials: readonly string[];
  /** Working days after the period had ended. */
  readonly lateDays: number;
}

export type KeptStep = StepRow & { readonly recordedBy: string; readonly recordedAt: Instant };

/** The steps of an application, in their order. */
export async function stepsOf(tx: Tx, cityCode: string, applicationId: string): Promise<KeptStep[]> {
  return tx.query<KeptStep>(
    `SELECT step_id AS "stepId", application_id AS "applicationId", move, from_state AS "from", to_state AS "to", on_date AS "onDate", opinion, reason_code AS "reasonCode",
       reason, materials, late_days AS "lateDays", recorded_by AS "recordedBy", recorded_at AS "recordedAt"
     FROM eligibility_step WHERE city_code = $1 AND application_id = $2 ORDER BY seq`, [cityCode, applicationId]);
}

/** Adds steps of different applications, all at once. */
export async function insertSteps(tx: Tx, { cityCode, by, now }: Writing, steps: readonly StepRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO eligibility_step (city_code, step_id, application_id, move, from_state, to_state, on_date, opinion, reason_code, reason, materials, late_days, recorded_at, recorded_by)
     SELECT $1, r.step, r.application, r.move, r.was, r.becomes, r.day, r.opinion, r.code, r.reason, ARRAY(SELECT jsonb_array_elements_text(r.materials)), r.late, $2, $3
     FROM unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::date[], $10::text[], $11::text[], $12::text[], $13::jsonb[], $14::int[])
       AS r (step, application, move, was, becomes, day, opinion, code, reason, materials, late)`,
    [cityCode, at(now), by, steps.map((step) => step.stepId), steps.map((step) => step.applicationId), steps.map((step) => step.move), steps.map((step) => step.from),
      steps.map((step) => step.to), steps.map((step) => step.onDate), steps.map((step) => step.opinion), steps.map((step) => step.reasonCode), steps.map((step) => step.reason),
      steps.map((step) => JSON.stringify(step.materials)), steps.map((step) => step.lateDays)]);
}

/** What a step changes of an application; what is left out stays. */
export interface Standing {
  readonly state: ApplicationState;
  /** The period of the next step; null where none runs. */
  readonly clock: StepClock | null;
  readonly appealUntil?: CivilDate | null;
  readonly categoryEntry?: string | null;
  readonly approvedFrom?: CivilDate | null;
  readonly lastDay?: CivilDate | null;
}

/** Sets where an application stands. */
export async function writeStanding(tx: Tx, cityCode: string, row: ApplicationRow, after: Standing): Promise<void> {
  const kept = <T>(value: T | undefined, before: T): T => (value === undefined ? before : value);
  await tx.query(
    `UPDATE eligibility_application SET state = $3, clock_from = $4, days_left = $5, due_on = $6, appeal_until = $7, category_entry = $8, approved_from = $9, last_day = $10
     WHERE city_code = $1 AND application_id = $2`,
    [cityCode, row.applicationId, after.state, after.clock?.from ?? null, after.clock?.daysLeft ?? null, after.clock?.dueOn ?? null, kept(after.appealUntil, row.appealUntil),
      kept(after.categoryEntry, row.categoryEntry), kept(after.approvedFrom, row.approvedFrom), kept(after.lastDay, row.lastDay)]);
}

/** Marks approved applications as proposed for a stop. */
export async function markStopProposed(tx: Tx, cityCode: string, applicationIds: readonly string[]): Promise<void> {
  await tx.query(
    `UPDATE eligibility_application SET state = 'stopProposed' WHERE city_code = $1 AND application_id = ANY ($2::uuid[]) AND state = 'approved'`, [cityCode, applicationIds]);
}
