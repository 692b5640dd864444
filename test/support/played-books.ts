import { createHash } from 'node:crypto';
import type { Tx } from '../../src/platform/index.js';
import { recordAudits } from '../../src/access/index.js';
import { at, FieldCipher } from '../../src/platform/index.js';
import { civilDate, civilMonth, fen, SettableClock } from '../../src/kernel/index.js';
import { bookingMonth, closeMonth, endDays, postTransfers } from '../../src/ledger/index.js';
import { mealPostings, reversed, toTransfers, type TransferKind } from '../../src/ledger/domain/index.js';
import { SealDays } from '../../src/seal/index.js';
import { hashedText } from '../../src/settlement/domain/index.js';

export const CITY = '371500';
const id = (number: number): string => `0192f0c0-0000-7000-8000-${String(number).padStart(12, '0')}`;
export const SITE = id(1);
export const TERMINAL = id(2);
export const ELDER = id(3);
export const CARD = id(4);
export const CLAIM = id(5);
export const RULE = 'liaocheng/meal';
const OPERATOR = id(6);
const PAYEE = id(7);
export const TAPS = { november: id(11), guest: id(12), refused: id(13), voided: id(14), december: id(15) } as const;
export const VOID = id(16);

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

interface MealToPlay {
  readonly tapId: string;
  readonly date: string;
  readonly outcome?: 'refused';
  readonly subsidyFen?: number;
}

/** Plays one till's taps into the tables as the rooms would, without their HTTP: few rows, and every book agrees. */
class Till {
  private number = 0;
  private last = '0'.repeat(64);

  constructor(private readonly tx: Tx, private readonly clock: SettableClock) {}

  async claim(tapId: string, kind: 'tap' | 'void', month: string): Promise<void> {
    this.number += 1;
    const entry = sha(`${this.last} ${tapId}`);
    await this.tx.query(
      'INSERT INTO tap_claim (city_code, tap_id, kind, body_hash, terminal_id, journal_number, prev_hash, entry_hash, booked_month) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
      [CITY, tapId, kind, sha(tapId), TERMINAL, this.number, this.last, entry, month]);
    this.last = entry;
  }

  async sell({ tapId, date, outcome, subsidyFen = 0 }: MealToPlay): Promise<void> {
    this.clock.setTo(civilDate(date), 11 * 60 + 30);
    const now = at(this.clock.now());
    const month = await bookingMonth(this.tx, this.clock, CITY, civilDate(date));
    const priceFen = outcome === 'refused' ? 0 : 1500;
    const selfPayFen = priceFen - subsidyFen;
    const code = outcome === 'refused' ? 'site-not-open' : subsidyFen === 0 ? 'guest' : null;
    const uses = [{ ruleId: RULE, periodKey: `d:${date}`, count: 1, fen: subsidyFen }];
    const reasons = [{ ruleId: RULE, facts: [{ fact: 'age', value: 84 }, { fact: 'category', value: 'minLivingRecipient', source: 's', from: '2024-01-01' }] }];
    await this.claim(tapId, 'tap', month);
    await this.tx.query(
      `INSERT INTO meal (city_code, booked_month, tap_id, site_id, terminal_id, operator_id, payee_id, elder_id, card_id, meal_date, meal_period, price_fen, self_pay_fen,
         subsidy_fen, site_borne_fen, outcome, code, pack, pack_version, price_list_version, tender, device_time, received_at, offline, flags, items, explanation, answer)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'lunch', $11, $12, $13, 0, $14, $15, 'liaocheng', 'sample-2023', 1, 'cash', $16, $16, false, '{}', '[]', $17, $18)`,
      [CITY, month, tapId, SITE, TERMINAL, OPERATOR, PAYEE, subsidyFen > 0 ? ELDER : null, subsidyFen > 0 ? CARD : null, date, priceFen, selfPayFen, subsidyFen,
        outcome ?? 'accepted', code, now, JSON.stringify(subsidyFen > 0 ? { uses, reasons } : {}),
        JSON.stringify({ outcome: outcome ?? 'accepted', tapId, code, sentence: '', priceFen, selfPayFen, subsidyFen, siteBorneFen: 0, funding: [], flags: [], mealDate: date, bookedMonth: month })]);
    if (outcome !== 'refused') await this.book(tapId, tapId, 'meal', date, subsidyFen);
    if (subsidyFen === 0) return;
    await this.tx.query('INSERT INTO meal_share (city_code, booked_month, tap_id, funder_code, fen) VALUES ($1, $2, $3, $4, $5)', [CITY, month, tapId, 'county@371502', subsidyFen]);
    await this.tx.query('INSERT INTO subsidy_use (city_code, elder_id, rule_id, period_key, count, fen) VALUES ($1, $2, $3, $4, 1, $5)', [CITY, ELDER, RULE, `d:${date}`, subsidyFen]);
  }

  async takeBack(voidId: string, tapId: string, date: string, subsidyFen: number): Promise<void> {
    const month = date.slice(0, 7);
    await this.claim(voidId, 'void', month);
    await this.tx.query(
      `INSERT INTO meal_void (city_code, booked_month, void_id, tap_id, original_month, site_id, meal_date, reason, voided_by, voided_at) VALUES ($1, $2, $3, $4, $2, $5, $6, '多刷', 'test', $7)`,
      [CITY, month, voidId, tapId, SITE, date, at(this.clock.now())]);
    await this.book(voidId, tapId, 'void', date, subsidyFen);
    await this.tx.query('UPDATE subsidy_use SET count = 0, fen = 0 WHERE city_code = $1 AND period_key = $2', [CITY, `d:${date}`]);
    await note(this.tx, this.clock, 'meal.void', 'tap', tapId);
  }

  private async book(transferId: string, causeId: string, kind: TransferKind, date: string, subsidyFen: number): Promise<void> {
    const split = { selfPayFen: fen(1500 - subsidyFen), siteBorneFen: fen(0), shares: [{ funderCode: 'county@371502', fen: fen(subsidyFen) }] };
    const postings = mealPostings(SITE, split);
    const head = { cityCode: CITY, bookedMonth: civilMonth(date.slice(0, 7)), transferId, kind, siteId: SITE, mealDate: civilDate(date), causeId };
    await postTransfers(this.tx, this.clock, toTransfers(head, kind === 'void' ? reversed(postings) : postings));
  }
}

/** The audit row of a change of money. */
async function note(tx: Tx, clock: SettableClock, action: string, objectKind: string, objectId: string): Promise<void> {
  await recordAudits(tx, clock, CITY, [{ cityCode: CITY, actor: 'test', action, objectKind, objectId, reason: '核对"引号"\\与换行\n', after: { action } }]);
}

async function holders(tx: Tx): Promise<void> {
  await tx.query(
    `INSERT INTO elder (city_code, elder_id, identity_sealed, identity_index, name_sealed, name_index, born, sex, residence_code, recorded_at, recorded_by)
     VALUES ($1, $2, '\\x01', 'i', '\\x01', 'n', '1940-06-01', 'male', '371502', '2024-01-01', 'test')`, [CITY, ELDER]);
  await tx.query(`INSERT INTO elder_card (city_code, card_id, elder_id, handle, tail, state, state_since) VALUES ($1, $2, $3, 'h', '0001', 'active', '2024-01-01')`, [CITY, CARD, ELDER]);
  await tx.query(
    `INSERT INTO elder_category (city_code, entry_id, elder_id, code, from_date, source, evidence, recorded_at, recorded_by)
     VALUES ($1, $2, $2, 'minLivingRecipient', '2024-01-01', 's', 'e', '2024-01-01', 'test')`, [CITY, ELDER]);
}

const CHAIN = [
  ['build', null, 'building', 'draft', null], ['submit', 'submit', 'draft', 'submitted', 21], ['township', 'township', 'submitted', 'townshipReviewed', 22],
  ['county', 'county', 'townshipReviewed', 'countyApproved', 23], ['batch', null, 'countyApproved', 'batched', 23],
  ['financeReview', 'financeReview', 'batched', 'financeReviewed', 24], ['release', 'release', 'financeReviewed', 'released', 25], ['pay', null, 'released', 'paid', null],
] as const;

/** Settles November: one claim of one line, approved, released and paid. */
async function settle(tx: Tx, clock: SettableClock): Promise<void> {
  clock.setTo(civilDate('2024-12-01'), 60);
  const closed = await closeMonth(tx, clock, CITY, civilMonth('2024-11'), 'test');
  if (!closed.ok) throw new Error(closed.code);
  await note(tx, clock, 'settlement.close', 'month', '2024-11');
  await note(tx, clock, 'batch.make', 'batch', id(9));
  const line = { lineNo: 1, operatorId: OPERATOR, payeeId: PAYEE, funderCode: 'county@371502', mealMonth: civilMonth('2024-11'), meals: 1, claimedFen: fen(300) };
  const now = at(clock.now());
  await tx.query('INSERT INTO settlement_run (city_code, run_id, month, closed_by, closed_at, root_hash) VALUES ($1, $2, $3, $4, $5, $6)', [CITY, id(8), '2024-11', 'test', now, closed.value.rootHash]);
  await tx.query(`INSERT INTO batch (city_code, batch_id, month, county_code, year, number, batch_number, state, made_at) VALUES ($1, $2, '2024-11', '371502', 2024, 1, 'B1', 'paid', $3)`, [CITY, id(9), now]);
  await tx.query(
    `INSERT INTO claim (city_code, claim_id, run_id, site_id, month, kind, division_code, county_code, year, number, claim_number, state, revision, meals, claimed_fen, approved_fen, paid_fen, lines_hash, batch_id)
     VALUES ($1, $2, $3, $4, '2024-11', 'mealSubsidy', '371502001', '371502', 2024, 1, 'C1', 'paid', 1, 1, 300, 300, 300, $5, $6)`, [CITY, CLAIM, id(8), SITE, sha(hashedText([line])), id(9)]);
  await tx.query(
    `INSERT INTO claim_line (city_code, claim_id, revision, line_no, operator_id, payee_id, funder_code, meal_month, meals, claimed_fen) VALUES ($1, $2, 1, 1, $3, $4, 'county@371502', '2024-11', 1, 300)`,
    [CITY, CLAIM, OPERATOR, PAYEE]);
  for (const [index, [step, atStep, from, to, staff]] of CHAIN.entries()) {
    await tx.query(
      'INSERT INTO claim_step (city_code, claim_id, step_no, revision, step, at_step, from_state, to_state, actor, staff_id, at) VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10)',
      [CITY, CLAIM, index + 1, step, atStep, from, to, 'test', staff === null ? null : id(staff), now]);
    if (step !== 'batch') await note(tx, clock, `claim.${step}`, 'claim', CLAIM);
  }
  await tx.query(
    `INSERT INTO payment_leg (city_code, leg_number, batch_id, claim_id, funder_code, payee_id, fen, budget_year, budget_document, released_on, paid_fen)
     VALUES ($1, 'L1', $2, $3, 'county@371502', $4, 300, 2024, 'd', '2024-12-05', 300)`, [CITY, id(9), CLAIM, PAYEE]);
  await tx.query(`INSERT INTO payment_receipt_line (city_code, serial, receipt_id, leg_number, fen, paid_on) VALUES ($1, 'S1', $2, 'L1', 300, '2024-12-06')`, [CITY, id(10)]);
}

/**
 * Fills an empty migrated database with books that agree: November closed, claimed and paid, December open, with a
 * subsidised meal, a guest's, a refused tap and a meal taken back.
 * @param tx of a connection on which foreign keys are off: the rows stand without sites and staff
 */
export async function playBooks(tx: Tx): Promise<void> {
  const clock = SettableClock.at(civilDate('2024-11-20'));
  const till = new Till(tx, clock);
  await holders(tx);
  await till.sell({ tapId: TAPS.november, date: '2024-11-20', subsidyFen: 300 });
  await settle(tx, clock);
  await till.sell({ tapId: TAPS.guest, date: '2024-12-03' });
  await till.sell({ tapId: TAPS.refused, date: '2024-12-03', outcome: 'refused' });
  await till.sell({ tapId: TAPS.voided, date: '2024-12-04', subsidyFen: 300 });
  await till.takeBack(VOID, TAPS.voided, '2024-12-04', 300);
  await till.sell({ tapId: TAPS.december, date: '2024-12-05', subsidyFen: 300 });
}

/** Seals the played days, and rests the claim on its own. */
export async function sealBooks(tx: Tx): Promise<void> {
  await endDays(tx, CITY, civilDate('2024-12-05'));
  await new SealDays(new FieldCipher(Buffer.alloc(32, 7)), SettableClock.at(civilDate('2024-12-06'), 3 * 60)).allOver(tx, CITY);
  await tx.query(`INSERT INTO claim_seal (city_code, claim_id, revision, log_index)
    SELECT c.city_code, c.claim_id, c.revision, s.log_index FROM claim c JOIN day_seal s ON s.city_code = c.city_code AND s.site_id = c.site_id AND s.booked_month = c.month`);
}
