import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a till signs, and the seals over what was booked. */
export class Seal1732001800000 implements MigrationInterface {
  readonly name = 'Seal1732001800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The till's signature over entry_hash, as it was sent; checked in bulk before the day's seal, so it may be wrong.
      ALTER TABLE tap_claim ADD COLUMN signature bytea;

      -- The last day of meals that is over in a month: who books for such a day, under the share lock that every
      -- booking holds on its month, marks the day for a new seal.
      ALTER TABLE ledger_month ADD COLUMN days_over_to date;
      GRANT UPDATE (days_over_to) ON ledger_month TO xingfu_app;

      -- Days of sites that changed after they were over. Rows and not flags: two tills never wait for each other here.
      CREATE TABLE seal_due (
        city_code char(6) NOT NULL,
        due_id bigint GENERATED ALWAYS AS IDENTITY,
        site_id uuid NOT NULL,
        booked_month char(7) NOT NULL,
        meal_date date NOT NULL,
        PRIMARY KEY (city_code, due_id)
      );
      GRANT SELECT, INSERT, DELETE ON seal_due TO xingfu_app;

      -- One site's meals of one date, voids and corrections of them, as booked in one month, under a Merkle root. What
      -- changed is sealed again under the next seq. statement is the leaf of the city's log at log_index, word for word;
      -- leaf_index holds for every leaf 49 bytes in order: its kind (0 meal, 1 void, 2 adjustment), its id, its hash.
      CREATE TABLE day_seal (
        city_code char(6) NOT NULL,
        log_index bigint NOT NULL CHECK (log_index >= 0),
        site_id uuid NOT NULL,
        booked_month char(7) NOT NULL,
        meal_date date NOT NULL,
        seq int NOT NULL CHECK (seq >= 1),
        leaves int NOT NULL CHECK (leaves >= 1),
        -- Accepted meals, less voids; those that were subsidised; everything but refused taps.
        meals bigint NOT NULL,
        subsidised_meals bigint NOT NULL,
        bookings bigint NOT NULL,
        root bytea NOT NULL CHECK (octet_length(root) = 32),
        leaf_index bytea NOT NULL CHECK (octet_length(leaf_index) = 49 * leaves),
        statement text NOT NULL,
        seal_hash bytea NOT NULL,
        sealed_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, log_index),
        CONSTRAINT day_seal_hash CHECK (seal_hash = sha256('\\x00'::bytea || convert_to(statement, 'UTF8'))),
        CONSTRAINT day_seal_seq UNIQUE (city_code, booked_month, site_id, meal_date, seq)
      );
      ALTER TABLE day_seal ALTER COLUMN leaf_index SET STORAGE EXTERNAL;

      -- No references here and in claim_seal: checking each row cost more than everything else of closing a month, and
      -- nothing is ever taken away. Invariants I31 and I32 compare the rows themselves.
      CREATE TABLE day_seal_line (
        city_code char(6) NOT NULL,
        log_index bigint NOT NULL,
        line_no int NOT NULL CHECK (line_no >= 1),
        operator_id uuid,
        payee_id uuid,
        funder_code text NOT NULL,
        meals bigint NOT NULL,
        fen bigint NOT NULL,
        PRIMARY KEY (city_code, log_index, line_no)
      );

      -- The log of a city's seals at some size. note is what was signed; edge the roots of the full sub-trees.
      CREATE TABLE seal_checkpoint (
        city_code char(6) NOT NULL,
        size bigint NOT NULL CHECK (size >= 1),
        root bytea NOT NULL CHECK (octet_length(root) = 32),
        edge bytea NOT NULL CHECK (octet_length(edge) % 32 = 0),
        note text NOT NULL,
        made_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, size)
      );

      -- What a seal found that a person should look into: it holds up no sale and no seal.
      CREATE TABLE seal_finding (
        city_code char(6) NOT NULL,
        kind text NOT NULL CHECK (kind IN ('signature-wrong', 'journal-gap', 'journal-fork')),
        terminal_id uuid NOT NULL,
        journal_number bigint NOT NULL,
        tap_id uuid NOT NULL,
        found_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, kind, terminal_id, journal_number)
      );

      -- The seals that a claim rests on.
      CREATE TABLE claim_seal (
        city_code char(6) NOT NULL,
        claim_id uuid NOT NULL,
        revision int NOT NULL CHECK (revision > 0),
        log_index bigint NOT NULL,
        PRIMARY KEY (city_code, claim_id, revision, log_index)
      );

      DO $$ DECLARE name text; BEGIN
        FOREACH name IN ARRAY ARRAY['day_seal', 'day_seal_line', 'seal_checkpoint', 'seal_finding', 'claim_seal'] LOOP
          EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION forbid_change()', name);
          EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION forbid_change()', name);
          EXECUTE format('GRANT SELECT, INSERT ON %I TO xingfu_app', name);
        END LOOP;
      END $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('seals have no way back: restore a backup instead');
  }
}
