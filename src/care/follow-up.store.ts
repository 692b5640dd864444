import { addDays, monthOf, type CivilDate, type Instant } from '../kernel/index.js';
import type { NoShow } from '../booking/index.js';
import { at, type FieldCipher, type Tx } from '../platform/index.js';
import type { FollowUpOutcome, FollowUpStanding, FollowUpState } from './domain/index.js';

/** Somebody who did not come for a booked meal, and how asking after them stands. */
export interface FollowUpRow extends FollowUpStanding {
  readonly followUpId: string;
  readonly elderId: string;
  readonly siteId: string;
  readonly mealDate: CivilDate;
  readonly mealPeriod: 'breakfast' | 'lunch' | 'dinner';
  readonly steps: number;
  readonly madeAt: Instant;
}

const ROW = `f.follow_up_id AS "followUpId", f.elder_id AS "elderId", f.site_id AS "siteId", f.meal_date AS "mealDate", f.meal_period AS "mealPeriod", f.state, f.unanswered, f.steps, f.made_at AS "madeAt"`;

/** Binds a ciphertext to its column and row. */
function place(cityCode: string, followUpId: string, step: number): string {
  return `follow_up_step.note:${cityCode}:${followUpId}:${step}`;
}

/** Opens a follow-up; one for an elder and a day, however many meals were missed. @returns whether it is new */
export async function insertFollowUp(tx: Tx, followUpId: string, { cityCode, elderId, bookingId, siteId, mealDate, mealPeriod }: NoShow, by: string, now: Instant): Promise<boolean> {
  const rows = await tx.query(
    `WITH made AS (
       INSERT INTO follow_up (city_code, follow_up_id, elder_id, booking_id, site_id, meal_date, meal_period, state, steps, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', 1, $8)
       ON CONFLICT DO NOTHING RETURNING city_code, follow_up_id, made_at)
     INSERT INTO follow_up_step (city_code, follow_up_id, step_no, kind, recorded_at, recorded_by) SELECT city_code, follow_up_id, 1, 'made', made_at, $9 FROM made RETURNING step_no`,
    [cityCode, followUpId, elderId, bookingId, siteId, mealDate, mealPeriod, at(now), by]);
  return rows.length > 0;
}

export async function lockFollowUp(tx: Tx, cityCode: string, followUpId: string): Promise<FollowUpRow | undefined> {
  const [row] = await tx.query<FollowUpRow>(`SELECT ${ROW} FROM follow_up f WHERE f.city_code = $1 AND f.follow_up_id = $2 FOR NO KEY UPDATE`, [cityCode, followUpId]);
  return row;
}

/** Puts a follow-up where a step brings it. It is locked by the caller. */
export async function saveFollowUp(
  tx: Tx, cipher: FieldCipher, cityCode: string, { followUpId, steps }: FollowUpRow, to: FollowUpStanding, step: { readonly kind: FollowUpOutcome | 'ate'; readonly note: string | null; readonly by: string; readonly now: Instant },
): Promise<void> {
  await tx.query('UPDATE follow_up SET state = $3, unanswered = $4, steps = steps + 1 WHERE city_code = $1 AND follow_up_id = $2', [cityCode, followUpId, to.state, to.unanswered]);
  await tx.query(
    'INSERT INTO follow_up_step (city_code, follow_up_id, step_no, kind, note_sealed, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [cityCode, followUpId, steps + 1, step.kind, step.note === null ? null : cipher.seal(step.note, place(cityCode, followUpId, steps + 1)), at(step.now), step.by]);
}

/** A follow-up on a worker's list. */
export interface ListedFollowUp extends FollowUpRow {
  readonly siteName: string;
  readonly nameSealed: Buffer;
  readonly sex: 'male' | 'female';
  readonly born: CivilDate;
  readonly communityName: string | null;
  readonly lastKind: string;
  readonly lastNote: string | null;
  readonly lastAt: Instant;
}

export interface FollowUpFilter {
  readonly cityCode: string;
  readonly divisionCode: string;
  readonly states: readonly FollowUpState[];
  readonly after: { readonly mealDate: CivilDate; readonly followUpId: string } | null;
  readonly limit: number;
}

/** Follow-ups of elders who live in a division, or are registered there and live elsewhere; newest day first, `limit` + 1 of them. */
export async function listFollowUps(tx: Tx, cipher: FieldCipher, { cityCode, divisionCode, states, after, limit }: FollowUpFilter): Promise<ListedFollowUp[]> {
  const rows = await tx.query<Omit<ListedFollowUp, 'lastNote'> & { readonly noteSealed: Buffer | null }>(
    `SELECT ${ROW}, s.name AS "siteName", e.name_sealed AS "nameSealed", e.sex, e.born, d.name AS "communityName", p.kind AS "lastKind", p.note_sealed AS "noteSealed", p.recorded_at AS "lastAt"
     FROM follow_up f JOIN site s ON s.city_code = f.city_code AND s.site_id = f.site_id JOIN elder e ON e.city_code = f.city_code AND e.elder_id = f.elder_id
     JOIN follow_up_step p ON p.city_code = f.city_code AND p.follow_up_id = f.follow_up_id AND p.step_no = f.steps
     LEFT JOIN region_division d ON d.city_code = f.city_code AND d.division_code = coalesce(e.residence_code, e.hukou_code)
     WHERE f.city_code = $1 AND f.state = ANY ($3::text[]) AND ($4::date IS NULL OR (f.meal_date, f.follow_up_id) < ($4, $5::uuid))
       AND EXISTS (SELECT FROM region_closure r WHERE r.city_code = f.city_code AND r.ancestor_code = $2 AND r.descendant_code = coalesce(e.residence_code, e.hukou_code))
     ORDER BY f.meal_date DESC, f.follow_up_id DESC LIMIT $6`, [cityCode, divisionCode, states, after?.mealDate ?? null, after?.followUpId ?? null, limit + 1]);
  return rows.map(({ noteSealed, ...row }) => ({ ...row, lastNote: noteSealed === null ? null : cipher.open(noteSealed, place(cityCode, row.followUpId, row.steps)) }));
}

/** Follow-ups that are open still while their elder has eaten since. */
export async function followUpsEatenSince(tx: Tx, today: CivilDate): Promise<{ cityCode: string; followUpId: string; steps: number }[]> {
  return tx.query(
    `SELECT f.city_code AS "cityCode", f.follow_up_id AS "followUpId", f.steps FROM follow_up f
     WHERE f.state <> 'closed' AND f.city_code IN (SELECT c.city_code FROM region_city c)
       AND EXISTS (SELECT FROM meal m WHERE m.city_code = f.city_code AND m.elder_id = f.elder_id AND m.meal_date >= f.meal_date AND m.booked_month >= $1 AND m.outcome = 'accepted'
         AND (m.meal_date > f.meal_date OR m.meal_period = f.meal_period OR m.device_time > f.made_at) AND NOT EXISTS (SELECT FROM meal_void v WHERE v.city_code = m.city_code AND v.tap_id = m.tap_id))
     LIMIT 500`, [monthOf(addDays(today, -31))]);
}
