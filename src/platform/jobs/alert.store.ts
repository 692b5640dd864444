import type { Instant } from '../../kernel/index.js';
import { at, type Tx } from '../db/tx.js';

/** Something that a person has to see: an invariant that is broken, a kind of job that died, a seal that does not hold, payments that hang. */
export interface Finding {
  readonly cityCode: string;
  readonly kind: 'invariant' | 'job' | 'seal' | 'payment';
  /** The invariant's number, the job's kind, or what hangs; never an id of a person. */
  readonly subject: string;
  /** How many of them at first sight. */
  readonly count: number;
}

/** Writes each finding down once until it is resolved. @returns those that are new */
export async function raiseAlerts(tx: Tx, now: Instant, findings: readonly Finding[]): Promise<Pick<Finding, 'cityCode' | 'kind' | 'subject'>[]> {
  if (findings.length === 0) return [];
  return tx.query(
    `INSERT INTO alert (city_code, kind, subject, count, opened_at)
     SELECT f.city_code, f.kind, f.subject, f.count, $5 FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS f (city_code, kind, subject, count)
     ON CONFLICT (city_code, kind, subject) WHERE resolved_at IS NULL DO NOTHING
     RETURNING city_code AS "cityCode", kind, subject`,
    [findings.map((one) => one.cityCode), findings.map((one) => one.kind), findings.map((one) => one.subject), findings.map((one) => one.count), at(now)]);
}

/** Ends the open alerts of a kind in a city that are not found any more. @param still subjects that are */
export async function resolveAlerts(tx: Tx, now: Instant, cityCode: string, kind: Finding['kind'], still: readonly string[]): Promise<void> {
  await tx.query(
    'UPDATE alert SET resolved_at = greatest(opened_at, $4) WHERE city_code = $1 AND kind = $2 AND resolved_at IS NULL AND NOT subject = ANY($3::text[])',
    [cityCode, kind, still, at(now)]);
}
