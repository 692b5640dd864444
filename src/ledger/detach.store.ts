import { addMonths, type CivilMonth } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';

/** What is partitioned by the month of booking. */
const PARENTS = ['meal', 'meal_share', 'ledger_transfer'] as const;

/** A month of the books as it lies in the database. */
export interface StoredMonth {
  readonly month: CivilMonth;
  /** `pending`: a detaching was cut off, and is ended by the next one. */
  readonly state: 'attached' | 'pending' | 'detached';
  readonly bytes: number;
  /** Cities in which the month is still open. */
  readonly openCities: number;
}

/** Every month that has tables, in order. Tables that were dropped after they were detached are left out. */
export async function storedMonths(tx: Tx): Promise<StoredMonth[]> {
  return tx.query<StoredMonth>(
    `SELECT w.month, CASE WHEN bool_or(w.pending) THEN 'pending' WHEN bool_and(w.attached) THEN 'attached' WHEN bool_or(w.attached) THEN 'pending' ELSE 'detached' END AS state,
       sum(pg_total_relation_size(w.oid))::bigint AS bytes,
       (SELECT count(*) FROM ledger_month m WHERE m.month = w.month AND m.state = 'open')::int AS "openCities"
     FROM (SELECT c.oid, replace(right(c.relname::text, 7), '_', '-') AS month, coalesce(i.inhdetachpending, false) AS pending, i.inhrelid IS NOT NULL AS attached
       FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname ~ ('^(' || $1 || ')_[0-9]{4}_[0-9]{2}$')) w
     GROUP BY w.month ORDER BY w.month`, [PARENTS.join('|')]);
}

function partOf(parent: string, month: CivilMonth): string {
  return `${parent}_${month.replace('-', '_')}`;
}

/** Parents of which a month's table still is, or half is, a partition. */
async function stillOf(tx: Tx, month: CivilMonth): Promise<{ parent: string; pending: boolean }[]> {
  return tx.query(
    `SELECT i.inhparent::regclass::text AS parent, i.inhdetachpending AS pending FROM pg_inherits i
     WHERE i.inhrelid = ANY (SELECT to_regclass(p) FROM unnest($1::text[]) AS p) ORDER BY 1`, [PARENTS.map((parent) => partOf(parent, month))]);
}

/**
 * Takes a month's tables out of the books, one after the other; each waits for the transactions that look at the books
 * now, and keeps no new one waiting. Cut off, it is ended by calling it again.
 * @throws the database's error 55P03 when a lock is not given in time
 */
export async function detachMonth(tx: Tx, month: CivilMonth): Promise<void> {
  for (const { parent, pending } of await stillOf(tx, month)) {
    await tx.query(`ALTER TABLE ${parent} DETACH PARTITION ${partOf(parent, month)} ${pending ? 'FINALIZE' : 'CONCURRENTLY'}`);
  }
}

/** Takes a month's tables into the books again. The check that each carries saves a look through its rows. */
export async function attachMonth(tx: Tx, month: CivilMonth): Promise<void> {
  const there = new Set((await stillOf(tx, month)).map(({ parent }) => parent));
  for (const parent of PARENTS.filter((name) => !there.has(name))) {
    await tx.query(`ALTER TABLE ${parent} ATTACH PARTITION ${partOf(parent, month)} FOR VALUES FROM ('${month}') TO ('${addMonths(month, 1)}')`);
  }
}
