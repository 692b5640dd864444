import type { Clock, Instant } from '../kernel/index.js';
import { actorName, at, hashOf, type AnyActor, type Tx } from '../platform/index.js';

/** Something that was done to money, eligibility or rights. */
export interface AuditEntry {
  readonly cityCode: string;
  /** Who did it: an actor, or a name such as `system` or `cli`. */
  readonly actor: AnyActor | string;
  /** What was done, e.g. `site.open`. */
  readonly action: string;
  readonly objectKind: string;
  readonly objectId: string;
  /** Why, where a reason is asked for; never personal data. */
  readonly reason?: string;
  /** The values before and after. Only their hashes are kept, so they may hold personal data. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** A row of the chain as it is kept. */
export interface AuditRow {
  readonly seq: number;
  readonly at: Instant;
  readonly actor: string;
  readonly action: string;
  readonly objectKind: string;
  readonly objectId: string;
  readonly reason: string | null;
  readonly beforeHash: string | null;
  readonly afterHash: string | null;
  readonly prevHash: string;
  readonly hash: string;
}

/** What the first row of a chain follows. */
export const CHAIN_START = '0'.repeat(64);

/** The hash of a row over everything else in it, the hash of the row before included. */
export function auditHash(cityCode: string, row: Omit<AuditRow, 'hash'>): string {
  const { seq, actor, action, objectKind, objectId, reason, beforeHash, afterHash, prevHash } = row;
  return hashOf({ cityCode, seq, at: row.at, actor, action, objectKind, objectId, reason, beforeHash, afterHash, prevHash });
}

/** Adds one row to its city's audit chain; see `recordAudits`. */
export async function recordAudit(tx: Tx, clock: Clock, entry: AuditEntry): Promise<void> {
  await recordAudits(tx, clock, entry.cityCode, [entry]);
}

/**
 * Adds rows to a city's audit chain in the transaction of the change, so that one is never without the other.
 * Writers of a city wait for each other from here to their commit: call it last.
 */
export async function recordAudits(tx: Tx, clock: Clock, cityCode: string, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('audit'), $1::int)`, [cityCode]);
  const [head] = await tx.query<{ seq: number; hash: string }>('SELECT seq, hash FROM audit WHERE city_code = $1 ORDER BY seq DESC LIMIT 1', [cityCode]);
  const rows: AuditRow[] = [];
  let { seq, hash: prevHash } = head ?? { seq: 0, hash: CHAIN_START };
  for (const entry of entries) {
    seq += 1;
    const row = {
      seq, at: clock.now(), prevHash,
      actor: typeof entry.actor === 'string' ? entry.actor : actorName(entry.actor),
      action: entry.action, objectKind: entry.objectKind, objectId: entry.objectId, reason: entry.reason ?? null,
      beforeHash: entry.before === undefined ? null : hashOf(entry.before),
      afterHash: entry.after === undefined ? null : hashOf(entry.after),
    };
    prevHash = auditHash(cityCode, row);
    rows.push({ ...row, hash: prevHash });
  }
  await insertRows(tx, cityCode, rows);
}

async function insertRows(tx: Tx, cityCode: string, rows: readonly AuditRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO audit (city_code, seq, at, actor, action, object_kind, object_id, reason, before_hash, after_hash, prev_hash, hash)
     SELECT $1, r.* FROM unnest($2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[]) AS r`,
    [
      cityCode, rows.map((row) => row.seq), rows.map((row) => at(row.at)), rows.map((row) => row.actor), rows.map((row) => row.action),
      rows.map((row) => row.objectKind), rows.map((row) => row.objectId), rows.map((row) => row.reason),
      rows.map((row) => row.beforeHash), rows.map((row) => row.afterHash), rows.map((row) => row.prevHash), rows.map((row) => row.hash),
    ],
  );
}

/** What of a chain is asked for. */
export interface AuditQuery {
  readonly cityCode: string;
  readonly objectKind: string | null;
  readonly objectId: string | null;
  /** Rows after this number only. */
  readonly after: number;
  readonly limit: number;
}

/** Rows of a city's chain in its order. */
export async function readAudit(tx: Tx, query: AuditQuery): Promise<AuditRow[]> {
  return tx.query<AuditRow>(
    `SELECT seq, at, actor, action, object_kind AS "objectKind", object_id AS "objectId", reason,
       before_hash AS "beforeHash", after_hash AS "afterHash", prev_hash AS "prevHash", hash
     FROM audit WHERE city_code = $1 AND seq > $2 AND ($3::text IS NULL OR object_kind = $3) AND ($4::text IS NULL OR object_id = $4)
     ORDER BY seq LIMIT $5`,
    [query.cityCode, query.after, query.objectKind, query.objectId, query.limit],
  );
}

/** What a check of a chain found. */
export interface ChainCheck {
  readonly checked: number;
  /** The first row that is missing, altered or moved; null for a whole chain. */
  readonly brokenAt: number | null;
  /** The last hash: kept elsewhere, it shows later whether the end of the chain was cut off. */
  readonly head: string;
}

const STEP = 1000;

/** Walks a city's whole chain and recomputes every hash. */
export async function verifyAuditChain(tx: Tx, cityCode: string): Promise<ChainCheck> {
  let [seq, head] = [0, CHAIN_START];
  for (;;) {
    const rows = await readAudit(tx, { cityCode, objectKind: null, objectId: null, after: seq, limit: STEP });
    for (const row of rows) {
      const follows = row.seq === seq + 1 && row.prevHash === head && row.hash === auditHash(cityCode, row);
      if (!follows) return { checked: seq, brokenAt: seq + 1, head };
      [seq, head] = [row.seq, row.hash];
    }
    if (rows.length < STEP) return { checked: seq, brokenAt: null, head };
  }
}
