import { at, type Tx } from '../platform/index.js';
import type { CivilDate, Instant } from '../kernel/index.js';

/** A made-up elder with a card. */
export interface BenchElder {
  readonly elderId: string;
  readonly cardId: string;
  /** Of the card's number, as `cardHandle` makes it. */
  readonly handle: string;
  readonly born: CivilDate;
  readonly residenceCode: string;
}

const MARK = 'bench';

/** Adds elders with a card each. Nobody opens their sealed fields, so these hold nothing. */
export async function insertBenchElders(tx: Tx, cityCode: string, elders: readonly BenchElder[], now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO elder (city_code, elder_id, identity_sealed, identity_index, name_sealed, name_index, born, sex, residence_code, recorded_at, recorded_by)
     SELECT $1, e.elder_id, '\\x00', e.elder_id::text, '\\x00', '${MARK}', e.born, 'female', e.residence_code, $5, '${MARK}'
     FROM unnest($2::uuid[], $3::date[], $4::text[]) AS e (elder_id, born, residence_code)`,
    [cityCode, elders.map((elder) => elder.elderId), elders.map((elder) => elder.born), elders.map((elder) => elder.residenceCode), at(now)]);
  await tx.query(
    `INSERT INTO elder_card (city_code, card_id, elder_id, handle, tail, state, state_since)
     SELECT $1, c.card_id, c.elder_id, c.handle, right(c.handle, 4), 'active', $5 FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS c (card_id, elder_id, handle)`,
    [cityCode, elders.map((elder) => elder.cardId), elders.map((elder) => elder.elderId), elders.map((elder) => elder.handle), at(now)]);
}

/** A till that has its key already. */
export interface BenchTerminal {
  readonly terminalId: string;
  readonly siteId: string;
  readonly divisionCode: string;
  readonly publicKey: Buffer;
}

/** Adds enrolled tills; they open their sessions over HTTP like any other. */
export async function insertBenchTerminals(tx: Tx, cityCode: string, terminals: readonly BenchTerminal[], now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO access_terminal (city_code, terminal_id, site_id, division_code, label, public_key, created_at, created_by, enrolled_at)
     SELECT $1, t.terminal_id, t.site_id, t.division_code, '${MARK}', decode(t.public_key, 'hex'), $6, '${MARK}', $6
     FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[]) AS t (terminal_id, site_id, division_code, public_key)`,
    [
      cityCode, terminals.map((one) => one.terminalId), terminals.map((one) => one.siteId), terminals.map((one) => one.divisionCode),
      terminals.map((one) => one.publicKey.toString('hex')), at(now),
    ]);
}

/** What became of taps that were answered. */
export interface Recount {
  /** Answered, and not in the books. */
  readonly lost: number;
  /** In the books twice, with money that is not the meal's price, or with uses that are not the meals'. */
  readonly doubled: number;
}

/** Counts in the books what became of taps that were answered, and whether counters are what the meals of the city used. */
export async function recountTaps(tx: Tx, cityCode: string, answered: readonly string[]): Promise<Recount> {
  const [taps] = await tx.query<Recount>(
    `WITH meals AS (
       SELECT m.tap_id, count(*) AS rows, sum(m.price_fen) AS price FROM meal m WHERE m.city_code = $1 GROUP BY m.tap_id
     ), money AS (
       SELECT t.transfer_id, sum(t.fen) AS fen FROM ledger_transfer t WHERE t.city_code = $1 AND t.kind = 'meal' GROUP BY t.transfer_id
     )
     SELECT count(*) FILTER (WHERE c.tap_id IS NULL OR m.tap_id IS NULL) AS lost,
       count(*) FILTER (WHERE m.rows > 1 OR m.price <> coalesce(f.fen, 0)) AS doubled
     FROM (SELECT DISTINCT unnest($2::uuid[]) AS tap_id) a
     LEFT JOIN tap_claim c ON c.city_code = $1 AND c.tap_id = a.tap_id
     LEFT JOIN meals m ON m.tap_id = a.tap_id LEFT JOIN money f ON f.transfer_id = a.tap_id`,
    [cityCode, answered]);
  const [uses] = await tx.query<{ wrong: number }>(
    `SELECT count(*) AS wrong FROM (
       SELECT elder_id, rule_id, period_key, sum(count) AS count FROM (
         SELECT u.elder_id, u.rule_id, u.period_key, u.count FROM subsidy_use u WHERE u.city_code = $1
         UNION ALL
         SELECT m.elder_id, w.use ->> 'ruleId', w.use ->> 'periodKey', -(w.use ->> 'count')::int
         FROM meal m CROSS JOIN LATERAL jsonb_array_elements((m.explanation -> 'uses')::jsonb) AS w (use) WHERE m.city_code = $1 AND m.elder_id IS NOT NULL
       ) both_sides GROUP BY elder_id, rule_id, period_key HAVING sum(count) <> 0
     ) differing`,
    [cityCode]);
  return { lost: taps?.lost ?? answered.length, doubled: (taps?.doubled ?? 0) + (uses?.wrong ?? 0) };
}

/** What of the server's settings makes a deed durable, and whether every accepted meal of the city has its explanation. */
export async function whatIsOn(tx: Tx, cityCode: string): Promise<{ settings: Readonly<Record<string, string>>; unexplained: number; conflictsAudited: number }> {
  const settings = await tx.query<{ name: string; setting: string }>(
    `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes')`);
  const [row] = await tx.query<{ unexplained: number; conflictsAudited: number }>(
    `SELECT (SELECT count(*) FROM meal m WHERE m.city_code = $1 AND m.subsidy_fen > 0 AND coalesce(jsonb_array_length(m.explanation -> 'reasons'), 0) = 0) AS unexplained,
       (SELECT count(*) FROM audit a WHERE a.city_code = $1 AND a.action = 'tap.id-conflict') AS "conflictsAudited"`, [cityCode]);
  return { settings: Object.fromEntries(settings.map(({ name, setting }) => [name, setting])), unexplained: row?.unexplained ?? 0, conflictsAudited: row?.conflictsAudited ?? 0 };
}

/** The server's process behind a connection. */
export async function ownProcess(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return row?.pid ?? 0;
}
