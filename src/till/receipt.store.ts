import type { CivilDate } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';
import type { ReceiptCode } from './domain/index.js';

/** What anybody may know of a receipt: nothing about who ate. */
export interface ReceiptFacts {
  readonly date: CivilDate;
  readonly siteName: string;
  readonly selfPayFen: number;
  readonly state: 'stands' | 'voided' | 'refused';
}

/** Meals behind a check code: as a rule one. Found by the terminal's id and its journal, and told by the hash. */
export async function readReceipts(tx: Tx, code: ReceiptCode): Promise<ReceiptFacts[]> {
  const id = (fill: string): string => `${code.terminalHead}${fill.repeat(4)}-${[4, 4, 4, 12].map((length) => fill.repeat(length)).join('-')}`;
  return tx.query<ReceiptFacts>(
    `SELECT m.meal_date AS date, s.name AS "siteName", m.self_pay_fen AS "selfPayFen",
       CASE WHEN m.outcome = 'refused' THEN 'refused'
         WHEN EXISTS (SELECT FROM meal_void v WHERE v.city_code = m.city_code AND v.tap_id = m.tap_id) THEN 'voided' ELSE 'stands' END AS state
     FROM access_terminal t
     JOIN tap_claim c ON c.city_code = t.city_code AND c.terminal_id = t.terminal_id AND c.journal_number = $3 AND c.kind = 'tap'
     JOIN meal m ON m.city_code = c.city_code AND m.booked_month = c.booked_month AND m.tap_id = c.tap_id
     JOIN site s ON s.city_code = m.city_code AND s.site_id = m.site_id
     WHERE t.terminal_id BETWEEN $1::uuid AND $2::uuid AND left(c.entry_hash, 8) = $4 ORDER BY m.meal_date LIMIT 3`,
    [id('0'), id('f'), code.journalNumber, code.hashHead]);
}
