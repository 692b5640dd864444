import type { Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

/** What a till may grant by itself while it is offline; checked there, and again on upload by a person's eye. Whole fen and times. */
export interface TillLimits {
  /** Subsidy of one tap. */
  readonly tapFen: number;
  /** Subsidy of one elder in a day. */
  readonly elderDayFen: number;
  /** Subsidies of one device in a day. */
  readonly deviceDayFen: number;
  readonly deviceDayTaps: number;
  /** Elders whom one device may look up without a card in a day. */
  readonly enteredDayDevice: number;
}

/** Far above a canteen's busiest day, and far below what would be worth stealing a till for. */
export const USUAL_LIMITS: TillLimits = { tapFen: 3_000, elderDayFen: 6_000, deviceDayFen: 600_000, deviceDayTaps: 800, enteredDayDevice: 20 };

/** A city's limits; the usual ones where it set none. */
export async function readLimits(tx: Tx, cityCode: string): Promise<TillLimits> {
  const [row] = await tx.query<TillLimits>(
    `SELECT tap_fen AS "tapFen", elder_day_fen AS "elderDayFen", device_day_fen AS "deviceDayFen", device_day_taps AS "deviceDayTaps", entered_day_device AS "enteredDayDevice"
     FROM till_limit WHERE city_code = $1`, [cityCode]);
  return row ?? USUAL_LIMITS;
}

/** Sets a city's limits. */
export async function writeLimits(tx: Tx, cityCode: string, limits: TillLimits, by: string, now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO till_limit (city_code, tap_fen, elder_day_fen, device_day_fen, device_day_taps, entered_day_device, set_at, set_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (city_code) DO UPDATE SET tap_fen = excluded.tap_fen, elder_day_fen = excluded.elder_day_fen, device_day_fen = excluded.device_day_fen,
       device_day_taps = excluded.device_day_taps, entered_day_device = excluded.entered_day_device, set_at = excluded.set_at, set_by = excluded.set_by`,
    [cityCode, limits.tapFen, limits.elderDayFen, limits.deviceDayFen, limits.deviceDayTaps, limits.enteredDayDevice, at(now), by]);
}
