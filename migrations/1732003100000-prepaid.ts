import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Prepaid balances that a bank holds and the city mirrors: whether they are offered, what moved, and what is left. */
export class Prepaid1732003100000 implements MigrationInterface {
  readonly name = 'Prepaid1732003100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Off as long as a city has nothing here. For a day the confirmed one with the latest first day that has come rules.
      CREATE TABLE prepaid_setting (
        city_code char(6) NOT NULL REFERENCES region_city,
        setting_id uuid NOT NULL,
        bank_name text NOT NULL,
        document_number text NOT NULL,
        document_title text NOT NULL,
        first_day date NOT NULL,
        last_day date CHECK (last_day >= first_day),
        recorded_at timestamptz NOT NULL,
        recorded_by uuid NOT NULL,
        PRIMARY KEY (city_code, setting_id)
      );

      CREATE TABLE prepaid_setting_decision (
        city_code char(6) NOT NULL,
        setting_id uuid NOT NULL,
        outcome text NOT NULL CHECK (outcome IN ('confirmed', 'rejected')),
        decided_at timestamptz NOT NULL,
        decided_by uuid NOT NULL,
        seq bigint GENERATED ALWAYS AS IDENTITY,
        PRIMARY KEY (city_code, setting_id),
        FOREIGN KEY (city_code, setting_id) REFERENCES prepaid_setting (city_code, setting_id)
      );

      -- What moved. An entry's id is made from its cause, so the same cause is booked once: a line of the bank's statement,
      -- the meal that was paid, the void that gave it back, the deed that refunded.
      CREATE TABLE prepaid_entry (
        city_code char(6) NOT NULL,
        entry_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        kind text NOT NULL CHECK (kind IN ('topUp', 'spent', 'returned', 'refunded')),
        fen bigint NOT NULL CHECK (fen <> 0 AND (fen > 0) = (kind IN ('topUp', 'returned'))),
        cause text NOT NULL,
        tap_id uuid CHECK ((tap_id IS NOT NULL) = (kind IN ('spent', 'returned'))),
        site_id uuid,
        booked_at timestamptz NOT NULL,
        booked_by text NOT NULL,
        seq bigint GENERATED ALWAYS AS IDENTITY,
        PRIMARY KEY (city_code, entry_id),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id)
      );
      CREATE INDEX prepaid_entry_of ON prepaid_entry (city_code, elder_id, seq);
      CREATE INDEX prepaid_entry_tap ON prepaid_entry (city_code, tap_id) WHERE tap_id IS NOT NULL;

      -- The sum of an elder's entries. Changed under the elder's lock, and never below zero.
      CREATE TABLE prepaid_balance (
        city_code char(6) NOT NULL,
        elder_id uuid NOT NULL,
        fen bigint NOT NULL CHECK (fen >= 0),
        PRIMARY KEY (city_code, elder_id),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id)
      );

      GRANT SELECT, INSERT ON prepaid_setting, prepaid_setting_decision, prepaid_entry, prepaid_balance TO xingfu_app;
      GRANT UPDATE (fen) ON prepaid_balance TO xingfu_app;
    `);
    for (const table of ['prepaid_setting', 'prepaid_setting_decision', 'prepaid_entry']) {
      await runner.query(`
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION forbid_change();
        CREATE TRIGGER no_truncate BEFORE TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE prepaid_balance, prepaid_entry, prepaid_setting_decision, prepaid_setting');
  }
}
