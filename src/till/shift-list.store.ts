import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { Gap, Pieces } from './domain/index.js';
import type { ShiftCheck, ShiftTenders } from './shift.store.js';

/** `left`: the terminal began another shift and this one was never counted. */
export type ShiftState = 'open' | 'closed' | 'left';

/** A shift as lists show it; what only a closing knows is null until then. Amounts in fen. */
export interface ListedShift {
  readonly shiftId: string;
  readonly siteId: string;
  readonly siteName: string;
  readonly terminalId: string;
  readonly label: string;
  readonly cashierId: string | null;
  readonly cashierName: string | null;
  readonly date: CivilDate;
  readonly state: ShiftState;
  readonly openedAt: Instant;
  readonly closedAt: Instant | null;
  readonly firstNumber: number;
  readonly lastNumber: number | null;
  readonly checks: ShiftCheck[];
  readonly meals: number | null;
  readonly voids: number | null;
  readonly priceFen: number | null;
  readonly selfPayFen: number | null;
  readonly tenders: ShiftTenders | null;
  readonly earlierBackFen: number | null;
  readonly owedCashFen: number | null;
  readonly countedFen: number | null;
  readonly expectedFen: number | null;
  readonly differenceFen: number | null;
  readonly pieces: Pieces[] | null;
  readonly gaps: Gap[] | null;
  readonly brokenAt: number[] | null;
}

/** Whose shifts are looked at. */
export interface ShiftScope {
  readonly cityCode: string;
  readonly divisionCode: string;
  readonly siteId: string | null;
}

/** Which of them. */
export interface ShiftQuery extends ShiftScope {
  readonly from: CivilDate;
  readonly to: CivilDate;
  readonly terminalId: string | null;
  readonly cashierId: string | null;
  readonly after: { readonly openedAt: Instant; readonly shiftId: string } | null;
  readonly limit: number;
}

const JOINS = `FROM till_shift s
  JOIN access_terminal t ON t.city_code = s.city_code AND t.terminal_id = s.terminal_id
  JOIN site p ON p.city_code = s.city_code AND p.site_id = s.site_id
  LEFT JOIN till_shift_close c ON c.city_code = s.city_code AND c.shift_id = s.shift_id
  LEFT JOIN till_cashier k ON k.city_code = s.city_code AND k.cashier_id = s.cashier_id`;

const IN_SCOPE = `s.city_code = $1 AND ($3::uuid IS NULL OR s.site_id = $3)
  AND EXISTS (SELECT FROM region_closure r WHERE r.city_code = p.city_code AND r.ancestor_code = $2 AND r.descendant_code = p.division_code)`;

/** Shifts of a scope by the time they were opened, the latest first, `limit` + 1 of them. */
export async function listShifts(tx: Tx, query: ShiftQuery): Promise<ListedShift[]> {
  const { cityCode, divisionCode, siteId, from, to, terminalId, cashierId, after, limit } = query;
  return tx.query<ListedShift>(
    `SELECT s.shift_id AS "shiftId", s.site_id AS "siteId", p.name AS "siteName", s.terminal_id AS "terminalId", t.label, s.cashier_id AS "cashierId", k.name AS "cashierName",
       s.opened_on AS date, s.opened_at AS "openedAt", c.closed_at AS "closedAt", s.first_number AS "firstNumber", c.last_number AS "lastNumber", s.checks,
       c.meals, c.voids, c.price_fen AS "priceFen", c.self_pay_fen AS "selfPayFen", c.tenders, c.earlier_back_fen AS "earlierBackFen", c.owed_cash_fen AS "owedCashFen",
       c.counted_fen AS "countedFen", c.expected_fen AS "expectedFen", c.counted_fen - c.expected_fen AS "differenceFen", c.pieces, c.gaps, c.broken_at AS "brokenAt",
       CASE WHEN c.shift_id IS NOT NULL THEN 'closed' WHEN EXISTS (SELECT FROM till_shift n WHERE n.city_code = s.city_code AND n.terminal_id = s.terminal_id
         AND n.opened_at > s.opened_at) THEN 'left' ELSE 'open' END AS state
     ${JOINS} WHERE ${IN_SCOPE} AND s.opened_on BETWEEN $4 AND $5 AND ($6::uuid IS NULL OR s.terminal_id = $6) AND ($7::uuid IS NULL OR s.cashier_id = $7)
       AND ($8::timestamptz IS NULL OR (s.opened_at, s.shift_id) < ($8, $9::uuid))
     ORDER BY s.opened_at DESC, s.shift_id DESC LIMIT $10`,
    [cityCode, divisionCode, siteId, from, to, terminalId, cashierId, after === null ? null : at(after.openedAt), after?.shiftId ?? null, limit + 1]);
}

/** What a day's closed shifts of one cashier, or of one terminal, come to. Amounts in fen. */
export interface ShiftTotal {
  readonly siteId: string;
  readonly siteName: string;
  /** Id of the cashier or the terminal; empty for shifts that nobody had logged in to. */
  readonly ofId: string;
  /** The cashier's name or the terminal's label. */
  readonly of: string | null;
  readonly shifts: number;
  readonly uncounted: number;
  readonly meals: number;
  readonly voids: number;
  readonly priceFen: number;
  readonly selfPayFen: number;
  readonly cashFen: number;
  readonly codeFen: number;
  readonly balanceFen: number;
  /** Paid when the meals were booked. */
  readonly bookedFen: number;
  /** Own shares of which nobody wrote down how they were paid. */
  readonly noneFen: number;
  readonly countedFen: number;
  readonly expectedFen: number;
  readonly differenceFen: number;
}

/** How a day is added up. */
export interface TotalQuery extends ShiftScope {
  readonly by: 'cashier' | 'terminal';
  readonly date: CivilDate;
  readonly after: { readonly siteId: string; readonly ofId: string } | null;
  readonly limit: number;
}

const OF = { cashier: { id: "coalesce(s.cashier_id::text, '')", name: 'k.name' }, terminal: { id: 's.terminal_id::text', name: 't.label' } } as const;

/** A day's shifts added up by cashier or by terminal, by site, `limit` + 1 of them. */
export async function totalShifts(tx: Tx, { cityCode, divisionCode, siteId, by, date, after, limit }: TotalQuery): Promise<ShiftTotal[]> {
  const { id, name } = OF[by];
  const sum = (of: string): string => `coalesce(sum(${of}), 0)::bigint`;
  return tx.query<ShiftTotal>(
    `SELECT s.site_id AS "siteId", p.name AS "siteName", ${id} AS "ofId", max(${name}) AS of, count(*)::int AS shifts, count(*) FILTER (WHERE c.shift_id IS NULL)::int AS uncounted,
       ${sum('c.meals')} AS meals, ${sum('c.voids')} AS voids, ${sum('c.price_fen')} AS "priceFen", ${sum('c.self_pay_fen')} AS "selfPayFen",
       ${sum("(c.tenders ->> 'cash')::bigint")} AS "cashFen", ${sum("(c.tenders ->> 'code')::bigint")} AS "codeFen", ${sum("(c.tenders ->> 'balance')::bigint")} AS "balanceFen",
       ${sum("(c.tenders ->> 'booked')::bigint")} AS "bookedFen", ${sum("(c.tenders ->> 'none')::bigint")} AS "noneFen",
       ${sum('c.counted_fen')} AS "countedFen", ${sum('c.expected_fen')} AS "expectedFen", ${sum('c.counted_fen - c.expected_fen')} AS "differenceFen"
     ${JOINS} WHERE ${IN_SCOPE} AND s.opened_on = $4 AND ($5::uuid IS NULL OR (s.site_id, ${id}) > ($5, $6::text))
     GROUP BY s.site_id, p.name, ${id} ORDER BY s.site_id, ${id} LIMIT $7`,
    [cityCode, divisionCode, siteId, date, after?.siteId ?? null, after?.ofId ?? '', limit + 1]);
}
