import pg from 'pg';
import { openDataSource, Transactor, type SqlValue, type Tx } from '../../src/platform/index.js';
import { allowed } from '../../src/proof/allowed.js';
import type { Invariant } from '../../src/proof/invariant.js';
import { findViolation, INVARIANTS } from '../../src/proof/invariants.store.js';
import { runInvariants } from '../../src/proof/index.js';
import { PackLibrary } from '../../src/subsidy/index.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { CARD, CITY, CLAIM, ELDER, playBooks, RULE, sealBooks, SITE, TAPS, TERMINAL, VOID } from '../support/played-books.js';

const shipped = PackLibrary.load();
const packs = new Map([[CITY, shipped]]);
let database: TestDatabase;
let transactor: Transactor;
/** The server's superuser with triggers and foreign keys off: the only one who can plant what these tests look for. */
let planter: pg.Client;

const asTx = (client: pg.Client): Tx => ({
  query: async <Row>(sql: string, values: readonly SqlValue[] = []) => (await client.query(sql, values as unknown[])).rows as Row[],
});

beforeAll(async () => {
  database = await freshDatabase();
  transactor = new Transactor(await openDataSource(database.ownerUrl, 2));
  planter = new pg.Client({ connectionString: database.adminUrl });
  await planter.connect();
  await planter.query("SET session_replication_role = replica; SET timezone = 'Asia/Shanghai'");
  await playBooks(asTx(planter));
  await sealBooks(asTx(planter));
});

afterAll(async () => {
  await planter?.end();
  await transactor?.dataSource.destroy();
  await database?.drop();
});

/** Looks at the books with something planted in them; afterwards they are as before. */
async function planted<T>(plant: string, look: (tx: Tx) => Promise<T>): Promise<T> {
  await planter.query('BEGIN');
  try {
    await planter.query(plant);
    return await look(asTx(planter));
  } finally {
    await planter.query('ROLLBACK');
  }
}

const TAP = `tap_id = '${TAPS.december}'`;

describe('books that agree', () => {
  it('break nothing, seen under the role that all work runs under', async () => {
    expect(await transactor.run((tx) => runInvariants(tx, CITY))).toEqual({ checked: INVARIANTS.length, violations: [] });
    expect(await transactor.run((tx) => runInvariants(tx, 'all'))).toEqual({ checked: INVARIANTS.length, violations: [] });
  });

  it('hold all that is asked for', () => {
    expect(INVARIANTS.map(({ id }) => id)).toEqual(['I01', 'I02', 'I03', 'I04', 'I05', 'I06', 'I07', 'I08', 'I10', 'I11', 'I12', 'I13', 'I14', 'I15', 'I16', 'I17', 'I18', 'I19', 'I20', 'I21', 'I22', 'I23', 'I24', 'I25', 'I28', 'I30', 'I31', 'I32', 'I33', 'I34', 'I35', 'I36', 'I37', 'I39']);
  });

  it('of an empty database break nothing either', async () => {
    const empty = await freshDatabase();
    const other = new Transactor(await openDataSource(empty.ownerUrl, 1));
    try {
      expect((await other.run((tx) => runInvariants(tx, 'all'))).violations).toEqual([]);
    } finally {
      await other.dataSource.destroy();
      await empty.drop();
    }
  });
});

/** A claim of a closed month as it stands before its job. */
const UNBUILT = `ALTER TABLE claim DISABLE TRIGGER ALL; UPDATE claim SET state = 'building', revision = 0, lines_hash = null, approved_fen = 0, paid_fen = 0, batch_id = null`;
/** The elder booked a meal, and the December meal may have taken it. */
function booking(state: 'open' | 'collected', day: string, kinds: readonly string[], events = kinds.length): string {
  const rows = kinds.map((kind, index) => `('${CITY}', '${CLAIM}', ${index + 1}, '${kind}', ${kind === 'made' ? "'dineIn', '[]', null" : `null, null, '${index > 1 ? VOID : TAPS.december}'`}, null, now(), 'x')`);
  return `INSERT INTO booking VALUES ('${CITY}', '${CLAIM}', '${ELDER}', '${SITE}', '${day}', 'lunch', 1, '${state}', 'dineIn', '[]', 1, 1, 1500, null, ${state === 'open' ? 'null' : `'${TAPS.december}'`}, ${events}, now(), 'x');
    INSERT INTO booking_event VALUES ${rows.join(', ')}`;
}

/** What was paid for a booking, and so much of it used by the December meal that took it. */
const ahead = (usedFen: number): string => `${booking('collected', '2024-12-05', ['made', 'collected'])};
  INSERT INTO booking_money (city_code, entry_id, booking_id, order_id, kind, fen, tap_id, reason, recorded_at, recorded_by)
    VALUES ('${CITY}', '${CLAIM}', '${CLAIM}', '${CLAIM}', 'paid', 1200, NULL, 'order', now(), 'x'), ('${CITY}', '${VOID}', '${CLAIM}', '${CLAIM}', 'used', ${usedFen}, '${TAPS.december}', 'meal', now(), 'x')`;

/** The site gets a register on paper and a sheet of two slips. */
const paper = (more: string): string => `INSERT INTO access_terminal (city_code, terminal_id, site_id, division_code, label, kind, created_at, created_by)
    VALUES ('${CITY}', '${CLAIM}', '${SITE}', '371502001', 'x', 'paper', now(), 'test');
  INSERT INTO slip_site VALUES ('${CITY}', '${SITE}', 1, '${CLAIM}');
  INSERT INTO slip_sheet VALUES ('${CITY}', '${CLAIM}', '${SITE}', '2024-12-05', 1, 1, 2, false, 1, '[]', '[]', now(), 'test');
  INSERT INTO slip_batch VALUES ('${CITY}', '${CLAIM}', '${SITE}', '2024-12-05', 1, ARRAY['${CLAIM}']::uuid[], 0, now(), 'test'); ${more}`;
/** Every seal is drawn from, by the usual rule: one of a small day. */
const drawn = (more: string): string => `INSERT INTO review_draw
    SELECT s.city_code, s.log_index, s.site_id, s.meal_date, 'sample-1', 200, 1, n.meals, 0, LEAST(n.meals, 1), now() FROM day_seal s CROSS JOIN LATERAL (
      SELECT count(*)::int AS meals FROM meal m WHERE m.city_code = s.city_code AND m.booked_month = s.booked_month AND m.site_id = s.site_id AND m.meal_date = s.meal_date AND m.outcome = 'accepted') n;
  INSERT INTO review_meal
    SELECT DISTINCT ON (s.log_index) m.city_code, m.tap_id, s.log_index, m.site_id, m.meal_date, m.booked_month, ARRAY['random'] FROM day_seal s
    JOIN meal m ON m.city_code = s.city_code AND m.booked_month = s.booked_month AND m.site_id = s.site_id AND m.meal_date = s.meal_date AND m.outcome = 'accepted'; ${more}`;
/** The meal of December was paid from a balance that had just so much. */
const prepaid = (more: string): string => `UPDATE meal SET tender = 'balance' WHERE ${TAP};
  INSERT INTO prepaid_entry (city_code, entry_id, elder_id, kind, fen, cause, tap_id, booked_at, booked_by)
    SELECT city_code, tap_id, elder_id, 'spent', -self_pay_fen, tap_id::text, tap_id, now(), 'test' FROM meal WHERE ${TAP}
    UNION ALL SELECT city_code, '${CLAIM}', elder_id, 'topUp', self_pay_fen, 'R1', NULL, now(), 'test' FROM meal WHERE ${TAP};
  INSERT INTO prepaid_balance SELECT city_code, elder_id, 0 FROM meal WHERE ${TAP}; ${more}`;
const back = (tapId: string): string => `INSERT INTO prepaid_entry (city_code, entry_id, elder_id, kind, fen, cause, tap_id, booked_at, booked_by)
  VALUES ('${CITY}', '${SITE}', '${ELDER}', 'returned', 1, '${VOID}', '${tapId}', now(), 'test')`;
const slip = (number: number, attempt: number, tapId: string): string =>
  `INSERT INTO slip_entry VALUES ('${CITY}', '${SITE}', '2024-12-05', ${number}, ${attempt}, '${CLAIM}', 'meal', '${tapId}', 1200)`;
/** A payment by WeChat of which a part went back, and the bill of its day. */
const billed = (more: string): string => `INSERT INTO wechat_order (city_code, order_id, purpose, reference_id, way, operator_id, site_id, sub_mchid, description, fen, state, transaction_id, paid_at, refunded_fen, opened_at, expires_at, settled_at)
    VALUES ('${CITY}', '${CLAIM}', 'booking', '${CARD}', 'sheet', '${SITE}', '${SITE}', '1900000123', 'x', 700, 'paid', 't1', '2024-12-05 12:00+08', 300, '2024-12-05 11:55+08', '2024-12-05 12:10+08', '2024-12-05 12:00+08');
  INSERT INTO wechat_refund (city_code, refund_id, order_id, fen, reason, state, wechat_id, asked_at, asked_by, settled_at)
    VALUES ('${CITY}', '${VOID}', '${CLAIM}', 300, 'x', 'done', 'r1', '2024-12-05 13:00+08', 'test', '2024-12-05 13:01+08');
  INSERT INTO trade_bill VALUES ('${CITY}', '2024-12-05', '1900000123', NULL, 2, 700, 0, 300, 700, 300, now());
  INSERT INTO trade_bill_line VALUES ('${CITY}', '2024-12-05', '1900000123', 1, 'paid', '${CLAIM}', NULL, 'N1', 't1', 700, '2024-12-05 12:00+08'),
    ('${CITY}', '2024-12-05', '1900000123', 2, 'refund', '${CLAIM}', '${VOID}', 'N2', 't1', 300, '2024-12-05 13:00+08'); ${more}`;
/** A recovery of one meal's subsidy, signed. */
const RECOVERY = `INSERT INTO recovery_notice (city_code, notice_id, kind, site_id, county_code, year, number, notice_number, budget_year, fen, state, made_staff, made_at, signed_staff, signed_at)
    VALUES ('${CITY}', '${CLAIM}', 'netting', '${SITE}', '371502', 2024, 1, 'N1', 2024, 300, 'signed', '${SITE}', now(), '${CARD}', now());
  INSERT INTO recovery_line (city_code, line_id, comparison_id, proposal_id, tap_id, site_id, meal_date, budget_year, fen, bearer, ground, state, decided_staff, decided_at, notice_id)
    VALUES ('${CITY}', '${CLAIM}', '${CLAIM}', '${CLAIM}', '${TAPS.december}', '${SITE}', '2024-12-05', 2024, 300, 'site', 'list-reached', 'accepted', '${SITE}', now(), '${CLAIM}');
  INSERT INTO recovery_share VALUES ('${CITY}', '${CLAIM}', 'county@371502', 300)`;

/** For each invariant what breaks it, and what it then says. */
const PLANTS: readonly [id: string, name: string, says: RegExp, plant: string][] = [
  ['I01', 'a transfer of nothing', /^transfer /, `ALTER TABLE ledger_transfer DROP CONSTRAINT ledger_transfer_fen_check; UPDATE ledger_transfer SET fen = 0 WHERE cause_id = '${TAPS.guest}'`],
  ['I01', 'a month whose sides differ', /^month 371500 2024-12$/, `UPDATE ledger_balance SET debit_fen = debit_fen + 1 WHERE month = '2024-12' AND account = 'cash/${SITE}'`],
  ['I02', 'a balance that no transfer explains', /^account cash\//, `UPDATE ledger_balance SET debit_fen = debit_fen + 1 WHERE month = '2024-12' AND account = 'cash/${SITE}'`],
  ['I02', 'a balance that is gone', /^account sales\//, `DELETE FROM ledger_balance WHERE month = '2024-12' AND account = 'sales/${SITE}'`],
  ['I03', 'more cash given back than taken', /^below zero cash\/.* 2024-12$/, `UPDATE ledger_balance SET credit_fen = 100000 WHERE month = '2024-12' AND account = 'cash/${SITE}'`],
  ['I04', 'a tap that was written twice', /^tap twice /, `SELECT make_month_partitions('2025-01'); INSERT INTO meal SELECT (m).* FROM (SELECT jsonb_populate_record(m, '{"booked_month": "2025-01"}') AS m FROM meal m WHERE ${TAP}) x`],
  ['I04', 'a tap that was charged twice', /^charged twice /, `INSERT INTO ledger_transfer SELECT (t).* FROM (SELECT jsonb_populate_record(t, '{"leg": 9}') AS t FROM ledger_transfer t WHERE cause_id = '${TAPS.guest}') x`],
  ['I04', 'a tap that another deed charged', /^charged by another deed /, `UPDATE ledger_transfer SET transfer_id = '${ELDER}' WHERE cause_id = '${TAPS.guest}'`],
  ['I04', 'a meal that was taken back twice', /^taken back twice /, `ALTER TABLE meal_void DROP CONSTRAINT meal_void_pkey; INSERT INTO meal_void SELECT (v).* FROM (SELECT jsonb_populate_record(v, '{"void_id": "0192f0c0-0000-7000-8000-000000000099"}') AS v FROM meal_void v) x`],
  ['I05', 'an acknowledged tap that is lost', /^claim without its meal /, `DELETE FROM meal WHERE ${TAP}`],
  ['I05', 'a month that lost its tables', /^claim without its meal /, 'ALTER TABLE meal DETACH PARTITION meal_2024_12'],
  ['I05', 'a void that is lost', /^claim without its void /, `DELETE FROM meal_void WHERE void_id = '${VOID}'`],
  ['I05', 'a meal that nobody claimed', /^meal without its claim /, `DELETE FROM tap_claim WHERE ${TAP}`],
  ['I05', 'a refused tap with a posting', /^meal and books differ /, `UPDATE ledger_transfer SET cause_id = '${TAPS.refused}' WHERE cause_id = '${TAPS.guest}'`],
  ['I05', 'a void that was not booked', /^void and books differ /, `DELETE FROM ledger_transfer WHERE kind = 'void'`],
  ['I05', 'a refused tap with a share', /^refused but shared /, `INSERT INTO meal_share VALUES ('${CITY}', '2024-12', '${TAPS.refused}', 'city@371500', 1)`],
  ['I06', 'an answer that says something else', /^answer differs /, `UPDATE meal SET answer = answer || '{"selfPayFen": 1}' WHERE ${TAP}`],
  ['I06', 'a claim without a hash of its body', /^body hash /, `UPDATE tap_claim SET body_hash = '' WHERE ${TAP}`],
  ['I07', 'a counter that no meal explains', /^counter differs /, `UPDATE subsidy_use SET count = 2 WHERE period_key = 'd:2024-12-05'`],
  ['I07', 'a second subsidised meal on a day', /^above the limit .* d:2024-12-05$/, `UPDATE meal SET explanation = jsonb_set(explanation, '{uses,0,periodKey}', '"d:2024-12-05"') WHERE tap_id = '${TAPS.november}'`],
  ['I08', 'parts that do not add up to the price', /^price and parts differ /, `ALTER TABLE meal DROP CONSTRAINT meal_adds_up; UPDATE meal SET price_fen = price_fen + 1 WHERE ${TAP}`],
  ['I08', 'shares that do not add up to the subsidy', /^subsidy and shares differ /, `DELETE FROM meal_share WHERE ${TAP}`],
  ['I08', 'an own share that was booked otherwise', /^own share and books differ /, `UPDATE ledger_transfer SET debit_account = 'borne/${SITE}' WHERE cause_id = '${TAPS.guest}'`],
  ['I08', 'a share that was booked on another funder', /^share and books differ /, `UPDATE meal_share SET funder_code = 'city@371500' WHERE ${TAP}`],
  ['I10', 'a meal in a month that is not there', /^no month for /, `DELETE FROM ledger_month WHERE month = '2024-12'`],
  ['I10', 'a meal before its own month', /^no month for /, `UPDATE meal SET meal_date = '2025-01-01' WHERE ${TAP}`],
  ['I10', 'a closed month without its claim', /^closed without a claim /, 'DELETE FROM claim'],
  ['I10', 'a claim of an open month', /^claim of an open month /, `UPDATE claim SET month = '2024-12'`],
  ['I11', 'a claim that is not its lines', /^claim and lines differ /, `UPDATE claim_line SET claimed_fen = 301`],
  ['I11', 'a claim that is not its meals', /^claim and meals differ /, `UPDATE claim SET claimed_fen = 301, approved_fen = 301; UPDATE claim_line SET claimed_fen = 301`],
  ['I11', 'a cut that nobody made', /^claim and cuts differ /, `UPDATE claim SET cut_fen = 1, approved_fen = 299`],
  ['I12', 'money in a closed month', /^month 371500 2024-11$/, `UPDATE ledger_balance SET credit_fen = credit_fen + 1, debit_fen = debit_fen + 1 WHERE month = '2024-11'`],
  ['I12', 'a line that was changed', /^claim /, `UPDATE claim_line SET payee_id = '${SITE}'`],
  ['I12', 'a run with another hash', /^run /, `UPDATE settlement_run SET root_hash = repeat('0', 64)`],
  ['I13', 'a number that is missing', /^numbers of claim 371502 2024$/, `UPDATE claim SET number = 2`],
  ['I13', 'a batch number that is missing', /^numbers of batch 371502 2024$/, `UPDATE batch SET number = 3`],
  ['I13', 'two claims of one month', /^claims of /, `ALTER TABLE claim DROP CONSTRAINT claim_city_code_site_id_month_kind_key; INSERT INTO claim SELECT (c).* FROM (SELECT jsonb_populate_record(c, '{"claim_id": "0192f0c0-0000-7000-8000-000000000098", "number": 2, "claim_number": "C2"}') AS c FROM claim c) x`],
  ['I14', 'a step that leaps', /^step 3 of /, `UPDATE claim_step SET to_state = 'released' WHERE step_no = 3; UPDATE claim_step SET from_state = 'released' WHERE step_no = 4`],
  ['I14', 'a step that is gone', /^step 4 of /, `DELETE FROM claim_step WHERE step_no = 3`],
  ['I14', 'a state that no step explains', /^state of /, `DELETE FROM claim_step WHERE step_no = 8`],
  ['I14', 'a return without a reason', /^step 9 of /, `INSERT INTO claim_step SELECT (s).* FROM (SELECT jsonb_populate_record(s, '{"step_no": 9, "step": "return", "from_state": "submitted", "to_state": "returned"}') AS s FROM claim_step s WHERE step_no = 2) x`],
  ['I14', 'a checker who was the maker', /^maker and checker of /, `UPDATE claim_step SET staff_id = (SELECT staff_id FROM claim_step WHERE step_no = 2) WHERE step_no = 7`],
  ['I15', 'a leg that pays less than was approved', /^legs of /, `UPDATE payment_leg SET fen = 299, paid_fen = 299`],
  ['I15', 'a payment without a receipt', /^receipts of L1$/, 'DELETE FROM payment_receipt_line'],
  ['I16', 'a journal number that is missing', /^numbers of /, `UPDATE tap_claim SET journal_number = 9 WHERE ${TAP}`],
  ['I16', 'an entry that follows another', /^chain at .* 4$/, `UPDATE tap_claim SET prev_hash = repeat('a', 64) WHERE tap_id = '${TAPS.voided}'`],
  ['I16', 'a first entry that follows something', /^chain at .* 1$/, `UPDATE tap_claim SET prev_hash = repeat('a', 64) WHERE terminal_id = '${TERMINAL}' AND journal_number = 1`],
  ['I17', 'a meal of the future', /^time of /, `UPDATE meal SET device_time = received_at + interval '6 minutes' WHERE ${TAP}`],
  ['I17', 'a late meal that nobody is to review', /^time of /, `UPDATE meal SET offline = true, device_time = received_at - interval '25 hours' WHERE ${TAP}`],
  ['I17', 'a subsidy after 72 hours', /^time of /, `UPDATE meal SET offline = true, device_time = received_at - interval '73 hours', flags = '{review,sent-too-late}' WHERE ${TAP}`],
  ['I18', 'a lost card that was charged', /^lost card at /, `INSERT INTO elder_card_event VALUES ('${CITY}', '${CLAIM}', '${CARD}', 'lost', '2024-12-05 11:00+08', 'test', '遗失')`],
  ['I19', 'a subsidy for a dead person', /^after death /, `UPDATE elder SET died_on = '2024-12-04', died_recorded_at = '2024-12-05 08:00+08' WHERE elder_id = '${ELDER}'`],
  ['I19', 'a subsidy for a category that had ended', /^category minLivingRecipient of /, `UPDATE elder_category SET to_date = '2024-12-04'`],
  ['I19', 'a subsidy for nobody', /^nobody of /, 'DELETE FROM elder'],
  ['I20', 'an audit row that is gone', /^chain of 371500 at 4$/, 'DELETE FROM audit WHERE seq = 3'],
  ['I20', 'F47: a flipped character of the audit, by the row’s number', /^chain of 371500 at 3$/, `UPDATE audit SET reason = '别的理由' WHERE seq = 3`],
  ['I20', 'an audit row that was rewritten with its own hash', /^chain of 371500 at 3$/, `UPDATE audit SET prev_hash = repeat('a', 64) WHERE seq = 3`],
  ['I20', 'a void that nobody wrote down', /^audit of meal\.void /, `UPDATE audit SET action = 'meal.other' WHERE action = 'meal.void'`],
  ['I20', 'a step that was written down twice', /^audit of claim\.release /, `INSERT INTO audit SELECT (a).* FROM (SELECT jsonb_populate_record(a, jsonb_build_object('seq', 99)) AS a FROM audit a WHERE action = 'claim.release') x`],
  ['I21', 'a job that waits for an hour', /^waiting proof\.nightly /, `INSERT INTO outbox (city_code, job, job_key, payload, staged_at, entered_at) VALUES ('${CITY}', 'proof.nightly', '2024-12-07', '{}', now(), now() - interval '1 hour')`],
  ['I21', 'a handled job without its effect', /^without effect proof\.nightly /, `INSERT INTO outbox (city_code, job, job_key, payload, staged_at, handled_at) VALUES ('${CITY}', 'proof.nightly', '2024-12-07', '{}', now(), now())`],
  ['I21', 'a claim that was not built', /^without effect settlement\.build-claim /, `${UNBUILT}; INSERT INTO outbox (city_code, job, job_key, payload, staged_at, handled_at) VALUES ('${CITY}', 'settlement.build-claim', '${CLAIM}', '{}', now(), now())`],
  ['I22', 'a payment of another amount', /^payment in the bill N1$/, billed('UPDATE wechat_order SET fen = 701')],
  ['I22', 'a payment of another transaction', /^payment in the bill N1$/, billed(`UPDATE wechat_order SET transaction_id = 't2'`)],
  ['I22', 'a payment that we never heard of', /^payment in the bill N1$/, billed('DELETE FROM wechat_order')],
  ['I22', 'a payment that we closed', /^payment in the bill N1$/, billed(`UPDATE wechat_order SET state = 'closed', closed_by = 'expired', transaction_id = NULL, paid_at = NULL, refunded_fen = 0`)],
  ['I22', 'a reversal that took nothing back', /^payment in the bill N1$/, billed(`UPDATE wechat_order SET state = 'closed', closed_by = 'reversed', transaction_id = NULL, paid_at = NULL, refunded_fen = 0`)],
  ['I22', 'a reversal of what we count as paid', /^reversal in the bill N2$/, billed(`UPDATE trade_bill_line SET kind = 'reversed', fen = 700 WHERE line = 2`)],
  ['I22', 'a refund of another amount', /^refund in the bill N2$/, billed('UPDATE wechat_refund SET fen = 301')],
  ['I22', 'a refund that failed here', /^refund in the bill N2$/, billed(`UPDATE wechat_refund SET state = 'failed'`)],
  ['I22', 'a payment twice in the bills', /^line twice N1$/, billed(`UPDATE trade_bill_line SET number = 'N1', kind = 'paid' WHERE line = 2`)],
  ['I22', 'a payment in no bill', /^paid and in no bill /, billed('DELETE FROM trade_bill_line WHERE line = 1')],
  ['I22', 'a refund in no bill', /^given back and in no bill /, billed('DELETE FROM trade_bill_line WHERE line = 2')],
  ['I22', 'a bill that is not its lines', /^bill and its lines 2024-12-05 /, billed('UPDATE trade_bill SET paid_fen = 701')],
  ['I22', 'an order open for days', /^open for days /, billed(`UPDATE wechat_order SET state = 'unknown', transaction_id = NULL, paid_at = NULL, refunded_fen = 0, settled_at = NULL, look_at = now(), expires_at = '2024-12-04 12:00+08'`)],
  ['I23', 'a recovery for a refused tap', /^recovery without its meal /, `${RECOVERY}; UPDATE recovery_line SET tap_id = '${TAPS.refused}'`],
  ['I23', 'a recovery for a meal that is not there', /^recovery without its meal /, `${RECOVERY}; UPDATE recovery_line SET tap_id = '${SITE}'`],
  ['I23', 'a recovery that is not its shares', /^recovery and shares differ /, `${RECOVERY}; UPDATE recovery_share SET fen = 299`],
  ['I23', 'a notice that is not its lines', /^notice and lines differ N1$/, `${RECOVERY}; UPDATE recovery_notice SET fen = 301`],
  ['I23', 'a refund above what was paid', /^refund above payment /, `INSERT INTO restatement (city_code, restatement_id, elder_id, county_code, causes, meals, before_fen, after_fen, refund_fen, made_at, state, decision, reason, reviewed_by, decided_by)
     VALUES ('${CITY}', '${CLAIM}', '${ELDER}', '371502', '[1]', 1, 300, 300, 0, now(), 'accepted', 'accept', 'x', '${SITE}', '${CARD}');
     INSERT INTO audit SELECT (a).* FROM (SELECT jsonb_populate_record(a, '{"seq": 98, "action": "restatement.confirm"}') AS a FROM audit a WHERE seq = 1) x;
     INSERT INTO restatement_line VALUES ('${CITY}', '${CLAIM}', '${TAPS.december}', '${SITE}', '2024-12-05', null, null, null, '[]', '[1]', 300, 300, 1201)`],
  ['I24', 'a meal at a site of another city', /^site of another city /, `INSERT INTO site SELECT (s).* FROM (SELECT jsonb_populate_record(null::site, '{"city_code": "120000", "site_id": "${SITE}", "name": "x", "kind": "canteen", "supply_mode": "hungPlate", "division_code": "120101", "address": "x", "seats": 1, "premises_status": "leased", "recorded_at": "2024-01-01", "recorded_by": "x"}') AS s) x`],
  ['I24', 'an elder of another city', /^elder of another city /, `UPDATE elder SET city_code = '120000'`],
  ['I24', 'a funder of another city', /^funder of another city /, `INSERT INTO region_funder (city_code, funder_code, name, kind) VALUES ('120000', 'county@371502', 'x', 'county')`],
  ['I25', 'an identity number in a job', /^job test\.job /, `INSERT INTO outbox (city_code, job, job_key, payload, staged_at) VALUES ('${CITY}', 'test.job', 'k', '{"who": "371502194006010013"}', now())`],
  ['I25', 'a telephone number in the audit', /^audit 371500 2$/, `UPDATE audit SET object_id = 'elder 13987654321' WHERE seq = 2`],
  ['I28', 'a dead job', /^dead test\.job /, `INSERT INTO outbox (city_code, job, job_key, payload, staged_at, dead_at) VALUES ('${CITY}', 'test.job', 'k', '{}', now(), now())`],
  ['I28', 'a claim that nobody builds', /^nobody builds /, UNBUILT],
  ['I30', 'a meal in a sealed day that no mark tells of', /^not sealed /, `INSERT INTO meal SELECT (m).* FROM (SELECT jsonb_populate_record(m, '{"tap_id": "0192f0c0-0000-7000-8000-000000000097"}') AS m FROM meal m WHERE ${TAP}) x`],
  ['I30', 'a sealed meal that is gone', /^sealed and gone /, `DELETE FROM meal WHERE ${TAP}`],
  ['I30', 'a closed month with a day unsealed', /^closed without a seal .* 2024-11-30$/, `UPDATE meal SET meal_date = '2024-11-30' WHERE tap_id = '${TAPS.november}'`],
  ['I31', 'a seal that is not its meals', /^seal and meals differ /, `UPDATE day_seal_line SET fen = fen + 1`],
  ['I32', 'a claim that is not its seals', /^claim and seals differ /, `UPDATE claim_line SET claimed_fen = 301`],
  ['I32', 'a claim with more meals than its seals', /^meals of /, 'UPDATE claim SET meals = meals + 1'],
  ['I32', 'a claim that rests on another month', /^claim rests on another day /, `UPDATE claim_seal SET log_index = (SELECT max(log_index) FROM day_seal)`],
  ['I32', 'a claim that leaves a day out', /^claim leaves a day out /, `UPDATE claim_seal SET log_index = (SELECT max(log_index) FROM day_seal)`],
  ['I33', 'a seal that is gone', /^log of 371500$/, 'DELETE FROM day_seal WHERE log_index = 0'],
  ['I33', 'a statement that was changed', /^hash of seal 0$/, `ALTER TABLE day_seal DROP CONSTRAINT day_seal_hash; UPDATE day_seal SET statement = statement || ' ' WHERE log_index = 0`],
  ['I33', 'a seal that follows another', /^seal after 0$/, `UPDATE day_seal SET seq = 2 WHERE log_index = 0`],
  ['I34', 'a meal on paper without a slip', /^meal without its slip /, paper(`UPDATE meal SET terminal_id = '${CLAIM}' WHERE ${TAP}`)],
  ['I34', 'a slip without its meal', /^slip without its meal 1 of 2024-12-05 /, paper(slip(1, 1, SITE))],
  ['I34', 'a slip that is not flagged', /^meal without its flag /, paper(slip(1, 1, TAPS.december))],
  ['I34', 'a slip with two meals', /^slip twice 1 of /, paper(`${slip(1, 1, TAPS.december)}; ${slip(1, 2, SITE)}`)],
  ['I34', 'a slip that was never printed', /^slip never printed 3 of /, paper(slip(3, 1, TAPS.december))],
  ['I34', 'a register that signed', /^paper that signed /, `${paper(slip(1, 1, TAPS.december))}; UPDATE tap_claim SET terminal_id = '${CLAIM}', signature = '\\x00' WHERE ${TAP}`],
  ['I35', 'a marked meal that nobody is to look at', /^marked and not in the sample /, drawn(`DELETE FROM review_meal; UPDATE meal SET flags = '{slip}' WHERE ${TAP}`)],
  ['I35', 'a meal that no draw considered', /^drawn from other meals /, drawn('UPDATE review_draw SET meals = meals - 1, by_lot = 0')],
  ['I35', 'a draw of fewer than the rule says', /^drawn by another rule /, drawn('UPDATE review_draw SET by_lot = 0; DELETE FROM review_meal')],
  ['I35', 'a sampled meal that is gone', /^sample of draw /, drawn('DELETE FROM review_meal')],
  ['I36', 'a balance that is not its entries', /^balance of /, prepaid('UPDATE prepaid_balance SET fen = 1')],
  ['I36', 'a meal that took nothing', /^meal and its entry /, prepaid(`DELETE FROM prepaid_entry WHERE ${TAP}`)],
  ['I36', 'a meal that took from another elder', /^meal and its entry /, prepaid(`UPDATE prepaid_entry SET elder_id = '${CLAIM}' WHERE ${TAP}`)],
  ['I36', 'an entry whose meal was paid in cash', /^entry without its meal /, prepaid(`UPDATE meal SET tender = 'cash' WHERE ${TAP}`)],
  ['I36', 'an entry of a meal that nobody ate', /^entry without any tap /, prepaid(`UPDATE prepaid_entry SET tap_id = '${CLAIM}' WHERE ${TAP}`)],
  ['I36', 'a return without its void', /^void and its return /, prepaid(back(TAPS.december))],
  ['I36', 'a return of what was never spent', /^return without what was spent /, prepaid(back(TAPS.guest))],
  ['I37', 'a booking that a meal of another day took', /^booking without the meal that took it /, booking('collected', '2024-12-06', ['made', 'collected'])],
  ['I37', 'a booking that a meal of another kind took unnamed', /^booking taken by a meal that is not its own /, `${booking('collected', '2024-12-05', ['made', 'collected'])}; UPDATE booking SET meal_period = 'dinner'; ALTER TABLE booking_event DISABLE TRIGGER ALL; UPDATE booking_event SET reason = 'unnamed' WHERE kind = 'collected'`],
  ['I37', 'a booking taken twice', /^booking taken more often than opened again /, booking('collected', '2024-12-05', ['made', 'collected', 'collected'])],
  ['I37', 'a booking taken and open', /^booking taken more often than opened again /, booking('open', '2024-12-05', ['made', 'collected'])],
  ['I37', 'a booking with an event that is gone', /^booking without all its events /, booking('open', '2024-12-05', ['made'], 2)],
  ['I39', 'a booking that holds what nobody paid', /^money of /, `${booking('open', '2024-12-05', ['made'])}; UPDATE booking SET held_fen = 1, order_id = '${CLAIM}'`],
  ['I39', 'a fen that went nowhere', /^money of /, ahead(1199)],
  ['I39', 'more given back than was kept', /^excused without a meal or beyond what was kept /, `${ahead(1200)}; ALTER TABLE booking_money DISABLE TRIGGER ALL; UPDATE booking_money SET kind = 'excused', tap_id = null WHERE kind = 'used'`],
  ['I39', 'a meal that was paid in cash as well', /^used and its meal /, ahead(1200)],
  ['I39', 'an own share that is not what was used and taken', /^used and its meal /, `${ahead(1200)}; UPDATE meal SET tender = 'booked', answer = answer || '{"dueFen": 1}' WHERE ${TAP}`],
  ['I39', 'money of a meal that nobody ate', /^used for no tap /, `${ahead(1200)}; UPDATE booking_money SET tap_id = '${CARD}' WHERE kind = 'used'`],
  ['I39', 'a return without its void', /^void and its return to a booking /, `${ahead(1200)}; UPDATE booking_money SET kind = 'returned' WHERE kind = 'used'`],
  ['I39', 'a payment without its order', /^paid without its order /, ahead(1200)],
];

describe('a violation', () => {
  it.each(PLANTS)('of %s: %s', async (id, _name, says, plant) => {
    const invariant = INVARIANTS.find((entry) => entry.id === id) as Invariant;
    const violation = await planted(plant, (tx) => findViolation(tx, invariant, CITY, allowed(packs)));
    expect(violation?.sample).toEqual(expect.arrayContaining([expect.stringMatching(says)]));
    expect(violation?.count).toBeGreaterThan(0);
  });

  it('is planted for each invariant', () => {
    expect([...new Set(PLANTS.map(([id]) => id))]).toEqual(INVARIANTS.map(({ id }) => id));
  });
});

describe('what is no violation', () => {
  it.each([
    ['a card lost after the meal', `INSERT INTO elder_card_event VALUES ('${CITY}', '${CLAIM}', '${CARD}', 'lost', '2024-12-05 12:00+08', 'test', '遗失')`],
    ['a card lost and found before the meal', `INSERT INTO elder_card_event VALUES ('${CITY}', '${CLAIM}', '${CARD}', 'lost', '2024-12-05 09:00+08', 'test', ''), ('${CITY}', '${SITE}', '${CARD}', 'found', '2024-12-05 10:00+08', 'test', '')`],
    ['a death that was not known at the meal', `UPDATE elder SET died_on = '2024-12-04', died_recorded_at = '2024-12-06 08:00+08'`],
    ['the day of the death itself', `UPDATE elder SET died_on = '2024-12-05', died_recorded_at = '2024-12-05 08:00+08'`],
    ['a broken chain that is flagged', `UPDATE tap_claim SET prev_hash = repeat('a', 64) WHERE ${TAP}; UPDATE meal SET flags = '{chain-broken}' WHERE ${TAP}`],
    ['a sample that was drawn by the rule', drawn('')],
    ['a meal that was paid from a balance', prepaid('')],
    ['a payment that is in its bill', billed('')],
    ['a charge that was taken back, by the bill as well', billed(`DELETE FROM wechat_refund; UPDATE wechat_order SET state = 'closed', closed_by = 'reversed', transaction_id = NULL, paid_at = NULL, refunded_fen = 0; UPDATE trade_bill_line SET kind = 'reversed', refund_id = NULL, fen = 700 WHERE line = 2; UPDATE trade_bill SET reversed_fen = 700, refund_fen = 0`)],
    ['a late meal under review', `UPDATE meal SET offline = true, device_time = received_at - interval '25 hours', flags = '{review}' WHERE ${TAP}`],
  ])('%s', async (_name, plant) => {
    expect((await planted(plant, (tx) => runInvariants(tx, CITY))).violations).toEqual([]);
  });

  it('is not a claim without lines, whose hash is that of no text', async () => {
    const invariant = INVARIANTS.find((entry) => entry.id === 'I12') as Invariant;
    const plant = `DELETE FROM claim_line; UPDATE claim SET lines_hash = encode(sha256(''), 'hex')`;
    expect(await planted(plant, (tx) => findViolation(tx, invariant, CITY, allowed(packs)))).toBeNull();
  });

  it('is not a day that two months of booking drew alike from', async () => {
    const later = `INSERT INTO day_seal SELECT (s).* FROM (SELECT jsonb_populate_record(s, '{"booked_month": "2024-12", "log_index": 9}') AS s FROM day_seal s WHERE booked_month = '2024-11') x;
      INSERT INTO meal SELECT (m).* FROM (SELECT jsonb_populate_record(m, jsonb_build_object('booked_month', '2024-12', 'tap_id', gen_random_uuid())) AS m FROM meal m WHERE booked_month = '2024-11') x`;
    const invariant = INVARIANTS.find((entry) => entry.id === 'I35') as Invariant;
    await planted(`${later}; ${drawn('')}`, async (tx) => {
      expect(await tx.query('SELECT DISTINCT meals, marked FROM review_draw WHERE meal_date = (SELECT meal_date FROM day_seal WHERE log_index = 9)')).toHaveLength(1);
      expect(await findViolation(tx, invariant, CITY, allowed(packs))).toBeNull();
    });
  });

  it('in another city is not this one’s', async () => {
    await planted(`INSERT INTO ledger_balance VALUES ('120000', '2024-12', 'cash/x', 5, 0, 1)`, async (tx) => {
      expect((await runInvariants(tx, CITY)).violations).toEqual([]);
      expect((await runInvariants(tx, 'all')).violations.map(({ id }) => id)).toEqual(['I01', 'I02']);
    });
  });

  it('knows the rule that the books were played with', () => {
    expect(shipped.all().flatMap((pack) => pack.versions).flatMap((version) => version.rules).find((rule) => rule.countsAs === RULE)?.limits).toMatchObject([{ per: 'day', count: 1 }]);
  });
});
