import pg from 'pg';
import { APP_ROLE } from '../../src/platform/index.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

/** Tables of the whole installation, which belong to no city. */
const NO_CITY = ['installation', 'schema_migration'];

/** What was booked, recorded or heard is never changed: the service may add to these tables and read them. */
const APPEND_ONLY = [
  'audit', 'site_event', 'site_inspection', 'menu_price_list', 'menu_price',
  'elder_category', 'elder_care_home', 'elder_death', 'elder_card_event', 'elder_disclosure',
  'elder_home', 'elder_assessment', 'elder_contact', 'elder_consent', 'elder_photo', 'elder_dispute_step', 'elder_revision', 'elder_revision_decision',
  'eligibility_step', 'eligibility_decision', 'eligibility_sweep',
  'ledger_account', 'ledger_transfer', 'tap_claim', 'meal', 'meal_share', 'meal_void', 'meal_adjustment', 'meal_use_change', 'meal_reason',
  'day_seal', 'day_seal_line', 'seal_checkpoint', 'seal_finding', 'claim_seal', 'review_rule', 'review_draw', 'review_meal', 'review_finding',
  'claim_step', 'claim_cut', 'batch_step', 'payment_receipt', 'payment_receipt_line', 'proof_run', 'comparison', 'recovery_share',
  'restatement_look', 'restatement_cause', 'restatement_line',
  'policy_scan', 'policy_draft', 'policy_signature', 'policy_publication',
  'budget_entry', 'budget_decision', 'budget_alarm', 'budget_basis', 'budget_alarm_closure', 'budget_end', 'policy_fund_end', 'county_statement', 'county_statement_line',
  'access_terminal_past_key', 'till_version', 'till_opening', 'till_search', 'till_shift', 'till_shift_close', 'till_journal_import',
  'slip_site', 'slip_site_step', 'slip_handle', 'slip_sheet', 'slip_photo', 'slip_batch', 'slip_entry', 'slip_day_step',
  'booking_event', 'booking_money', 'no_show_rule', 'no_show_rule_decision', 'standing_day',
  'prepaid_setting', 'prepaid_setting_decision', 'prepaid_entry', 'prepaid_closing',
  'operator_merchant', 'operator_merchant_decision', 'wechat_order_event', 'wechat_notice', 'trade_bill', 'trade_bill_line', 'trade_bill_difference',
  'meal_rating', 'complaint_step', 'follow_up_step',
];

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await freshDatabase();
  client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
}, 120_000);

afterAll(async () => {
  await client.end();
  await database.drop();
});

async function names(sql: string, parameters: unknown[] = []): Promise<string[]> {
  return (await client.query<{ name: string }>(sql, parameters)).rows.map((row) => row.name);
}

/** Tables without a city. */
const cityless = (): Promise<string[]> => names(
  `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relname = ANY($1)
   AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'city_code' AND a.attnotnull AND format_type(a.atttypid, a.atttypmod) = 'character(6)')
   ORDER BY 1`, [NO_CITY]);

/** Primary keys and unique indexes that do not begin with the city. */
const keysWithoutCity = (): Promise<string[]> => names(
  `SELECT x.indexrelid::regclass::text AS name FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid
   JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[0]
   WHERE c.relnamespace = 'public'::regnamespace AND x.indisunique AND a.attname <> 'city_code' AND NOT c.relname = ANY($1) ORDER BY 1`, [NO_CITY]);

/** Foreign keys that do not begin with the city on both sides. */
const referencesWithoutCity = (): Promise<string[]> => names(
  `SELECT k.conname AS name FROM pg_constraint k
   JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1] JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[1]
   WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace AND (a.attname <> 'city_code' OR b.attname <> 'city_code') ORDER BY 1`);

/** Columns of money that are no bigint, and columns with decimals that are no position. */
const brokenMoney = (): Promise<string[]> => names(
  `SELECT table_name || '.' || column_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND (
     ((column_name LIKE '%\\_fen' OR column_name = 'fen') AND data_type <> 'bigint')
     OR (data_type IN ('real', 'double precision', 'numeric', 'money') AND column_name NOT IN ('longitude', 'latitude'))) ORDER BY 1`);

/** Moments and days of the wrong kind: a moment has its zone, nothing else has a time. */
const brokenTimes = (): Promise<string[]> => names(
  `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
   WHERE table_schema = 'public' AND table_name <> 'schema_migration' AND data_type IN ('timestamp without time zone', 'time with time zone') ORDER BY 1`);

/** Rights of the service to change what is only ever added to, and such tables without the trigger that refuses. */
const changeable = (): Promise<string[]> => names(
  `SELECT r.right || ' on ' || c.relname AS name FROM pg_class c CROSS JOIN unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS r("right")
   WHERE c.relnamespace = 'public'::regnamespace AND has_table_privilege($2, c.oid, r.right)
     AND (c.relname = ANY($1) OR EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid AND i.inhparent::regclass::text = ANY($1)))
   UNION ALL SELECT 'no trigger on ' || c.relname FROM pg_class c
   WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY($1)
     AND NOT EXISTS (SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgrelid = c.oid AND p.proname = 'forbid_change' AND t.tgenabled <> 'D')
   ORDER BY 1`, [APPEND_ONLY, APP_ROLE]);

/** Tables that the service owns or may alter the shape of. */
const owned = (): Promise<string[]> => names(
  `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND pg_get_userbyid(relowner) = $1`, [APP_ROLE]);

describe('the schema', () => {
  it('is all there', async () => {
    expect((await names(`SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')`)).length).toBeGreaterThan(20);
    expect(await names('SELECT t AS name FROM unnest($1::text[]) AS t WHERE to_regclass(t) IS NULL', [APPEND_ONLY])).toEqual([]);
  });

  it.each([
    ['names the city in every table', cityless],
    ['puts the city first in every key', keysWithoutCity],
    ['puts the city first in every reference', referencesWithoutCity],
    ['counts money in whole fen', brokenMoney],
    ['keeps moments with their zone', brokenTimes],
    ['lets nobody change what was booked', changeable],
    ['leaves the service nothing to own', owned],
  ])('%s', async (_, rule) => {
    expect(await rule()).toEqual([]);
  });
});

describe('each rule sees what it is for', () => {
  it.each([
    ['a table without a city', cityless, 'CREATE TABLE planted (id int)', 'planted'],
    ['a city that may be missing', cityless, 'CREATE TABLE planted (city_code char(6))', 'planted'],
    ['a key without the city', keysWithoutCity, 'CREATE TABLE planted (city_code char(6) NOT NULL, id int PRIMARY KEY)', 'planted_pkey'],
    ['a unique index with the city last', keysWithoutCity, 'CREATE TABLE planted (city_code char(6) NOT NULL, id int); CREATE UNIQUE INDEX planted_id ON planted (id, city_code)', 'planted_id'],
    ['a reference without the city', referencesWithoutCity, 'CREATE TABLE planted (a int UNIQUE); CREATE TABLE planted_b (b int CONSTRAINT planted_a REFERENCES planted (a))', 'planted_a'],
    ['money in a number too small', brokenMoney, 'CREATE TABLE planted (price_fen int)', 'planted.price_fen'],
    ['a rate with decimals', brokenMoney, 'CREATE TABLE planted (rate numeric(5, 2))', 'planted.rate'],
    ['a moment without a zone', brokenTimes, 'CREATE TABLE planted (done_at timestamp)', 'planted.done_at'],
    ['a right to change the audit', changeable, `GRANT UPDATE ON audit TO ${APP_ROLE}`, 'UPDATE on audit'],
    ['a right to change a partition', changeable, `CREATE TABLE planted PARTITION OF meal FOR VALUES FROM ('1999-01') TO ('1999-02'); GRANT DELETE ON planted TO ${APP_ROLE}`, 'DELETE on planted'],
    ['a missing trigger', changeable, 'ALTER TABLE audit DISABLE TRIGGER USER', 'no trigger on audit'],
    ['a table of the service', owned, `CREATE TABLE planted (id int); GRANT CREATE ON SCHEMA public TO ${APP_ROLE}; ALTER TABLE planted OWNER TO ${APP_ROLE}`, 'planted'],
  ])('%s', async (_, rule, sql, found) => {
    await client.query('BEGIN');
    try {
      await client.query(sql);
      expect(await rule()).toContain(found);
    } finally {
      await client.query('ROLLBACK');
    }
  });
});
