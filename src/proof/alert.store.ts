import type { Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';

/** Something that was found wrong, from its first sight until it is gone. */
export interface AlertRow {
  readonly alertId: string;
  readonly kind: 'invariant' | 'job' | 'seal' | 'payment';
  readonly subject: string;
  readonly count: number;
  readonly openedAt: Instant;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: Instant | null;
  readonly resolvedAt: Instant | null;
}

const COLUMNS = `alert_id AS "alertId", kind, subject, count, opened_at AS "openedAt", acknowledged_by AS "acknowledgedBy", acknowledged_at AS "acknowledgedAt", resolved_at AS "resolvedAt"`;

/** A city's alerts, the newest first, `limit` + 1 of them after a place. @param open only those that are not resolved */
export function listAlerts(tx: Tx, cityCode: string, open: boolean, after: readonly (string | number)[] | null, limit: number): Promise<AlertRow[]> {
  return tx.query<AlertRow>(
    `SELECT ${COLUMNS} FROM alert WHERE city_code = $1 AND (NOT $2::boolean OR resolved_at IS NULL)
       AND ($3::bigint IS NULL OR (opened_at, alert_id) < (to_timestamp($3::bigint / 1000.0), $4::uuid))
     ORDER BY opened_at DESC, alert_id DESC LIMIT $5`,
    [cityCode, open, after?.[0] ?? null, after?.[1] ?? null, limit + 1]);
}

/** An alert, locked until the commit. */
export async function lockAlert(tx: Tx, cityCode: string, alertId: string): Promise<AlertRow | undefined> {
  const [row] = await tx.query<AlertRow>(`SELECT ${COLUMNS} FROM alert WHERE city_code = $1 AND alert_id = $2 FOR UPDATE`, [cityCode, alertId]);
  return row;
}

/** Writes down who has seen an alert. Journals that did not fit stay as they are, so looking into them ends theirs. */
export async function acknowledge(tx: Tx, cityCode: string, alertId: string, staffId: string, now: Instant): Promise<AlertRow | undefined> {
  const [row] = await tx.query<AlertRow>(
    `UPDATE alert SET acknowledged_by = $3, acknowledged_at = $4, resolved_at = CASE WHEN kind = 'seal' THEN $4::timestamptz END WHERE city_code = $1 AND alert_id = $2 RETURNING ${COLUMNS}`, [cityCode, alertId, staffId, at(now)]);
  return row;
}

/** Jobs that were put aside after too many tries, by kind, with the codes of why. */
export interface DeadKind {
  readonly job: string;
  readonly jobs: number;
  readonly failures: readonly string[];
}

export function deadKinds(tx: Tx, cityCode: string): Promise<DeadKind[]> {
  return tx.query<DeadKind>(
    `SELECT job, count(*)::int AS jobs, array_agg(DISTINCT coalesce(failure, 'unknown')) AS failures FROM outbox
     WHERE city_code = $1 AND handled_at IS NULL AND dead_at IS NOT NULL GROUP BY job ORDER BY job`, [cityCode]);
}
