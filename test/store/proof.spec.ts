import pg from 'pg';
import { openDataSource, Transactor, type SqlValue, type Tx } from '../../src/platform/index.js';
import { allowed } from '../../src/proof/allowed.js';
import type { Invariant } from '../../src/proof/invariant.js';
import { findViolation, INVARIANTS } from '../../src/proof/invariants.store.js';
import { runInvariants } from '../../src/proof/index.js';
import { PackLibrary } from '../../src/subsidy/index.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { CARD, CITY, CLAIM, ELDER, playBooks, RULE, SITE, TAPS, TERMINAL, VOID } from '../support/played-books.js';

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
    expect(INVARIANTS.map(({ id }) => id)).toEqual(['I01', 'I02', 'I04', 'I05', 'I06', 'I07', 'I08', 'I10', 'I11', 'I12', 'I13', 'I14', 'I15', 'I16', 'I17', 'I18', 'I19']);
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

/** For each invariant what breaks it, and what it then says. */
const PLANTS: readonly [id: string, name: string, says: RegExp, plant: string][] = [
  ['I01', 'a transfer of nothing', /^transfer /, `ALTER TABLE ledger_transfer DROP CONSTRAINT ledger_transfer_fen_check; UPDATE ledger_transfer SET fen = 0 WHERE cause_id = '${TAPS.guest}'`],
  ['I01', 'a month whose sides differ', /^month 371500 2024-12$/, `UPDATE ledger_balance SET debit_fen = debit_fen + 1 WHERE month = '2024-12' AND account = 'cash/${SITE}'`],
  ['I02', 'a balance that no transfer explains', /^account cash\//, `UPDATE ledger_balance SET debit_fen = debit_fen + 1 WHERE month = '2024-12' AND account = 'cash/${SITE}'`],
  ['I02', 'a balance that is gone', /^account sales\//, `DELETE FROM ledger_balance WHERE month = '2024-12' AND account = 'sales/${SITE}'`],
  ['I04', 'a tap that was written twice', /^tap twice /, `SELECT make_month_partitions('2025-01'); INSERT INTO meal SELECT (m).* FROM (SELECT jsonb_populate_record(m, '{"booked_month": "2025-01"}') AS m FROM meal m WHERE ${TAP}) x`],
  ['I04', 'a tap that was charged twice', /^charged twice /, `INSERT INTO ledger_transfer SELECT (t).* FROM (SELECT jsonb_populate_record(t, '{"leg": 9}') AS t FROM ledger_transfer t WHERE cause_id = '${TAPS.guest}') x`],
  ['I04', 'a tap that another deed charged', /^charged by another deed /, `UPDATE ledger_transfer SET transfer_id = '${ELDER}' WHERE cause_id = '${TAPS.guest}'`],
  ['I04', 'a meal that was taken back twice', /^taken back twice /, `ALTER TABLE meal_void DROP CONSTRAINT meal_void_pkey; INSERT INTO meal_void SELECT (v).* FROM (SELECT jsonb_populate_record(v, '{"void_id": "0192f0c0-0000-7000-8000-000000000099"}') AS v FROM meal_void v) x`],
  ['I05', 'an acknowledged tap that is lost', /^claim without its meal /, `DELETE FROM meal WHERE ${TAP}`],
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
    ['a late meal under review', `UPDATE meal SET offline = true, device_time = received_at - interval '25 hours', flags = '{review}' WHERE ${TAP}`],
  ])('%s', async (_name, plant) => {
    expect((await planted(plant, (tx) => runInvariants(tx, CITY))).violations).toEqual([]);
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
