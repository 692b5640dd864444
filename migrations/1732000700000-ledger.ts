import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Double entry in whole fen: transfers that are only ever added to, balances per account and month, months that close. */
export class Ledger1732000700000 implements MigrationInterface {
  readonly name = 'Ledger1732000700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE ledger_month (
        city_code char(6) NOT NULL,
        month char(7) NOT NULL CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
        state text NOT NULL CHECK (state IN ('open', 'closed')),
        opened_at timestamptz NOT NULL,
        closed_at timestamptz,
        closed_by text,
        root_hash char(64),
        PRIMARY KEY (city_code, month),
        CHECK ((state = 'closed') = (closed_at IS NOT NULL AND closed_by IS NOT NULL AND root_hash IS NOT NULL))
      );
      CREATE FUNCTION ledger_month_stays_closed() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' OR OLD.state = 'closed' OR NEW.month <> OLD.month OR NEW.city_code <> OLD.city_code THEN
          RAISE EXCEPTION 'month % of % cannot be changed: book a correction in an open month', OLD.month, OLD.city_code USING ERRCODE = '42501';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER stays_closed BEFORE UPDATE OR DELETE ON ledger_month FOR EACH ROW EXECUTE FUNCTION ledger_month_stays_closed();
      GRANT SELECT, INSERT, UPDATE (state, closed_at, closed_by, root_hash) ON ledger_month TO xingfu_app;

      -- What an account's name stands for. Money never hangs on this table, so it has no place on the hot path's locks.
      CREATE TABLE ledger_account (
        city_code char(6) NOT NULL,
        account text NOT NULL,
        kind text NOT NULL,
        site_id uuid,
        funder_code text,
        PRIMARY KEY (city_code, account)
      );
      GRANT SELECT, INSERT ON ledger_account TO xingfu_app;
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_account FOR EACH ROW EXECUTE FUNCTION forbid_change();

      -- Sites and elders are not foreign keys here: each check would lock a row that every till of the city shares.
      CREATE TABLE ledger_transfer (
        city_code char(6) NOT NULL,
        booked_month char(7) NOT NULL,
        transfer_id uuid NOT NULL,
        leg smallint NOT NULL CHECK (leg >= 1),
        debit_account text NOT NULL,
        credit_account text NOT NULL,
        fen bigint NOT NULL CHECK (fen > 0),
        kind text NOT NULL,
        site_id uuid,
        meal_date date,
        cause_id uuid NOT NULL,
        booked_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, booked_month, transfer_id, leg),
        CHECK (debit_account <> credit_account)
      ) PARTITION BY RANGE (booked_month);
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_transfer FOR EACH ROW EXECUTE FUNCTION forbid_change();
      GRANT SELECT, INSERT ON ledger_transfer TO xingfu_app;

      -- Makes the yearly partitions of a table that is partitioned by the month of booking, and guards them against emptying.
      CREATE FUNCTION partition_by_year(parent text) RETURNS void LANGUAGE plpgsql AS $$
      DECLARE part text;
      BEGIN
        FOR y IN 2020..2036 LOOP
          part := parent || '_' || y;
          EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', part, parent, y || '-01', (y + 1) || '-01');
          EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION forbid_change()', part);
        END LOOP;
        EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', parent || '_other', parent);
        EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION forbid_change()', parent || '_other');
        EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION forbid_change()', parent);
      END $$;
      SELECT partition_by_year('ledger_transfer');

      -- Sums of the transfers, kept by the statement that books them. Free room in each page keeps updates in place.
      CREATE TABLE ledger_balance (
        city_code char(6) NOT NULL,
        month char(7) NOT NULL,
        account text NOT NULL,
        debit_fen bigint NOT NULL CHECK (debit_fen >= 0),
        credit_fen bigint NOT NULL CHECK (credit_fen >= 0),
        entries bigint NOT NULL CHECK (entries > 0),
        PRIMARY KEY (city_code, month, account)
      ) WITH (fillfactor = 50);
      GRANT SELECT, INSERT, UPDATE (debit_fen, credit_fen, entries) ON ledger_balance TO xingfu_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('the ledger has no way back: restore a backup instead');
  }
}
