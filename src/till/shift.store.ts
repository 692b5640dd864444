import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { Edge, Gap, Pieces } from './domain/index.js';

/** How an opening check stood when the shift began. */
export interface ShiftCheck {
  readonly what: string;
  readonly is: 'good' | 'open' | 'bad';
}

/** A shift as its terminal opened it. */
export interface Shift {
  readonly shiftId: string;
  readonly terminalId: string;
  readonly siteId: string;
  readonly cashierId: string | null;
  /** By the till's clock. */
  readonly openedAt: Instant;
  readonly openedOn: CivilDate;
  readonly firstNumber: number;
}

/** Own shares by how they were paid, in fen; what was due beside a booking's money is cash. */
export interface ShiftTenders {
  readonly cash: number;
  readonly code: number;
  readonly balance: number;
  readonly none: number;
  /** Paid when the meals were booked. */
  readonly booked: number;
}

/** What the numbers of a shift came to, in fen; meals that were taken back are left out. */
export interface ShiftFigures {
  readonly meals: number;
  readonly voids: number;
  readonly priceFen: number;
  readonly selfPayFen: number;
  readonly tenders: ShiftTenders;
  /** Own shares in cash of sales from before this shift that this shift gave back. */
  readonly earlierBackFen: number;
}

/** Takes the terminal until the commit: its openings and closings come one after the other. */
export async function lockTill(tx: Tx, cityCode: string, terminalId: string): Promise<string> {
  const [row] = await tx.query<{ label: string }>('SELECT label FROM access_terminal WHERE city_code = $1 AND terminal_id = $2 FOR NO KEY UPDATE', [cityCode, terminalId]);
  return row?.label ?? '';
}

/** Whether somebody is or was a cashier of a terminal. */
export async function isCashierOf(tx: Tx, cityCode: string, terminalId: string, cashierId: string): Promise<boolean> {
  return (await tx.query('SELECT 1 FROM till_cashier WHERE city_code = $1 AND cashier_id = $2 AND terminal_id = $3', [cityCode, cashierId, terminalId])).length > 0;
}

/** The end of an earlier shift of the terminal that has this number or a later one; null where there is none. */
export async function numberTaken(tx: Tx, cityCode: string, terminalId: string, firstNumber: number): Promise<number | null> {
  const [row] = await tx.query<{ taken: number | null }>(
    `SELECT max(greatest(c.last_number, s.first_number)) AS taken FROM till_shift s
     LEFT JOIN till_shift_close c ON c.city_code = s.city_code AND c.shift_id = s.shift_id
     WHERE s.city_code = $1 AND s.terminal_id = $2 AND (c.last_number >= $3 OR (c.shift_id IS NULL AND s.first_number > $3))`,
    [cityCode, terminalId, firstNumber]);
  return row?.taken ?? null;
}

/** Writes an opened shift down. */
export async function insertShift(tx: Tx, cityCode: string, shift: Shift, checks: readonly ShiftCheck[], now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO till_shift (city_code, shift_id, terminal_id, site_id, cashier_id, opened_at, opened_on, received_at, first_number, checks)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [cityCode, shift.shiftId, shift.terminalId, shift.siteId, shift.cashierId, at(shift.openedAt), shift.openedOn, at(now), shift.firstNumber, JSON.stringify(checks)]);
}

/** A shift that may be closed, with its cashier's name. */
export interface OpenShift extends Shift {
  readonly cashierName: string | null;
  readonly isClosed: boolean;
  /** First number of the terminal's next shift, null where there is none yet. */
  readonly nextFirst: number | null;
}

/** A terminal's shift by id. */
export async function readShift(tx: Tx, cityCode: string, terminalId: string, shiftId: string): Promise<OpenShift | undefined> {
  const [row] = await tx.query<OpenShift>(
    `SELECT s.shift_id AS "shiftId", s.terminal_id AS "terminalId", s.site_id AS "siteId", s.cashier_id AS "cashierId", s.opened_at AS "openedAt", s.opened_on AS "openedOn",
       s.first_number AS "firstNumber", p.name AS "cashierName",
       EXISTS (SELECT FROM till_shift_close c WHERE c.city_code = s.city_code AND c.shift_id = s.shift_id) AS "isClosed",
       (SELECT min(n.first_number) FROM till_shift n WHERE n.city_code = s.city_code AND n.terminal_id = s.terminal_id AND n.opened_at > s.opened_at) AS "nextFirst"
     FROM till_shift s LEFT JOIN till_cashier p ON p.city_code = s.city_code AND p.cashier_id = s.cashier_id
     WHERE s.city_code = $1 AND s.shift_id = $2 AND s.terminal_id = $3`, [cityCode, shiftId, terminalId]);
  return row;
}

/** A range of a terminal's journal. */
export interface JournalRange {
  readonly terminalId: string;
  readonly first: number;
  readonly last: number;
}

/** What of a meal `m` lay in the drawer: by cash the own share, beside a booking's money what was still due. */
const CASH = `CASE m.tender WHEN 'cash' THEN m.self_pay_fen WHEN 'booked' THEN coalesce((m.answer ->> 'dueFen')::bigint, 0) ELSE 0 END`;

/**
 * Figures of a range, and the cash that should be in its drawer. A sale that another till took back left this drawer
 * untouched; a sale from before that this range took back did not.
 */
export async function figuresOf(tx: Tx, cityCode: string, { terminalId, first, last }: JournalRange): Promise<ShiftFigures & { expectedFen: number }> {
  const [row] = await tx.query<Omit<ShiftFigures, 'tenders'> & ShiftTenders & { heldFen: number }>(
    `WITH entry AS MATERIALIZED (
       SELECT c.kind, c.tap_id, c.booked_month FROM tap_claim c WHERE c.city_code = $1 AND c.terminal_id = $2 AND c.journal_number BETWEEN $3 AND $4
     ), sale AS (
       SELECT m.price_fen, m.self_pay_fen, m.tender, ${CASH} AS cash_fen, v.tap_id IS NULL AS stands,
         coalesce(o.terminal_id <> $2 OR o.journal_number NOT BETWEEN $3 AND $4, v.tap_id IS NULL) AS held
       FROM entry e JOIN meal m ON m.city_code = $1 AND m.booked_month = e.booked_month AND m.tap_id = e.tap_id
       LEFT JOIN meal_void v ON v.city_code = m.city_code AND v.tap_id = m.tap_id
       LEFT JOIN tap_claim o ON o.city_code = v.city_code AND o.tap_id = v.void_id
       WHERE e.kind = 'tap' AND m.outcome = 'accepted'
     ), back AS (
       SELECT coalesce(sum(${CASH}), 0)::bigint AS fen FROM entry e
       JOIN meal_void v ON v.city_code = $1 AND v.void_id = e.tap_id
       JOIN meal m ON m.city_code = v.city_code AND m.booked_month = v.original_month AND m.tap_id = v.tap_id
       WHERE e.kind = 'void' AND m.tender IN ('cash', 'booked') AND NOT EXISTS (SELECT FROM entry s WHERE s.tap_id = v.tap_id)
     )
     SELECT count(*) FILTER (WHERE stands)::int AS meals, (SELECT count(*)::int FROM entry WHERE kind = 'void') AS voids,
       coalesce(sum(price_fen) FILTER (WHERE stands), 0)::bigint AS "priceFen", coalesce(sum(self_pay_fen) FILTER (WHERE stands), 0)::bigint AS "selfPayFen",
       coalesce(sum(cash_fen) FILTER (WHERE stands), 0)::bigint AS cash, coalesce(sum(self_pay_fen) FILTER (WHERE stands AND tender = 'code'), 0)::bigint AS code,
       coalesce(sum(self_pay_fen) FILTER (WHERE stands AND tender = 'balance'), 0)::bigint AS balance, coalesce(sum(self_pay_fen) FILTER (WHERE stands AND tender = 'none'), 0)::bigint AS none,
       coalesce(sum(self_pay_fen - cash_fen) FILTER (WHERE stands AND tender = 'booked'), 0)::bigint AS booked,
       coalesce(sum(cash_fen) FILTER (WHERE held), 0)::bigint AS "heldFen", (SELECT fen FROM back) AS "earlierBackFen"
     FROM sale`, [cityCode, terminalId, first, last]);
  const { meals = 0, voids = 0, priceFen = 0, selfPayFen = 0, cash = 0, code = 0, balance = 0, none = 0, booked = 0, heldFen = 0, earlierBackFen = 0 } = row ?? {};
  return { meals, voids, priceFen, selfPayFen, tenders: { cash, code, balance, none, booked }, earlierBackFen, expectedFen: heldFen - earlierBackFen };
}

/** Most places at which a journal is looked into: more than these are one sentence to a person anyway. */
const MOST_EDGES = 50;

/** Where entries of a range do not follow each other, and the highest number that is there. */
export async function edgesOf(tx: Tx, cityCode: string, { terminalId, first, last }: JournalRange): Promise<{ edges: Edge[]; newest: number | null }> {
  const range = [cityCode, terminalId, first, last];
  const [edges, [end]] = await Promise.all([
    tx.query<Edge>(
      `SELECT number, CASE WHEN before >= $3 THEN before END AS before, coalesce(before_hash = prev_hash OR before <> number - 1, true) AS chained FROM (
         SELECT c.journal_number AS number, c.prev_hash, lag(c.journal_number) OVER w AS before, lag(c.entry_hash) OVER w AS before_hash
         FROM tap_claim c WHERE c.city_code = $1 AND c.terminal_id = $2 AND c.journal_number BETWEEN $3::bigint - 1 AND $4 WINDOW w AS (ORDER BY c.journal_number)) AS e
       WHERE number >= $3 AND (coalesce(before, $3::bigint - 1) <> number - 1 OR before_hash <> prev_hash) ORDER BY number LIMIT ${MOST_EDGES}`, range),
    tx.query<{ newest: number | null }>('SELECT max(journal_number) AS newest FROM tap_claim WHERE city_code = $1 AND terminal_id = $2 AND journal_number BETWEEN $3 AND $4', range),
  ]);
  return { edges, newest: end?.newest ?? null };
}

/** A closing as it is written down. */
export interface ShiftClose extends ShiftFigures {
  readonly shiftId: string;
  readonly closeId: string;
  readonly closedAt: Instant;
  readonly lastNumber: number;
  readonly owedCashFen: number;
  readonly countedFen: number;
  readonly pieces: readonly Pieces[];
  readonly expectedFen: number;
  readonly gaps: readonly Gap[];
  readonly brokenAt: readonly number[];
}

/** Writes a closing down. */
export async function insertClose(tx: Tx, cityCode: string, close: ShiftClose, now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO till_shift_close (city_code, shift_id, close_id, closed_at, received_at, last_number, meals, voids, price_fen, self_pay_fen, tenders, earlier_back_fen,
       owed_cash_fen, counted_fen, pieces, expected_fen, gaps, broken_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
    [cityCode, close.shiftId, close.closeId, at(close.closedAt), at(now), close.lastNumber, close.meals, close.voids, close.priceFen, close.selfPayFen, JSON.stringify(close.tenders),
      close.earlierBackFen, close.owedCashFen, close.countedFen, JSON.stringify(close.pieces), close.expectedFen, JSON.stringify(close.gaps), JSON.stringify(close.brokenAt)]);
}
