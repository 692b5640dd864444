import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Taps: whose id and journal number is taken, the meals with their shares, what was taken back, and elders' counters. */
export class Tap1732000800000 implements MigrationInterface {
  readonly name = 'Tap1732000800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Not partitioned: a unique index of a partitioned table must hold the partitioning column, and an id is taken for ever.
      CREATE TABLE tap_claim (
        city_code char(6) NOT NULL,
        tap_id uuid NOT NULL,
        kind text NOT NULL DEFAULT 'tap' CHECK (kind IN ('tap', 'void')),
        body_hash char(64) NOT NULL,
        terminal_id uuid NOT NULL,
        journal_number bigint NOT NULL CHECK (journal_number >= 1),
        prev_hash char(64) NOT NULL,
        entry_hash char(64) NOT NULL,
        booked_month char(7) NOT NULL,
        PRIMARY KEY (city_code, tap_id),
        CONSTRAINT tap_claim_journal UNIQUE (city_code, terminal_id, journal_number)
      );

      -- Every well-formed tap, the refused ones too. Sites and elders are no foreign keys: see the ledger's transfers.
      CREATE TABLE meal (
        city_code char(6) NOT NULL,
        booked_month char(7) NOT NULL,
        tap_id uuid NOT NULL,
        site_id uuid NOT NULL,
        terminal_id uuid NOT NULL,
        operator_id uuid,
        payee_id uuid,
        elder_id uuid,
        card_id uuid,
        meal_date date NOT NULL,
        meal_period text NOT NULL CHECK (meal_period IN ('breakfast', 'lunch', 'dinner')),
        price_fen bigint NOT NULL CHECK (price_fen >= 0),
        self_pay_fen bigint NOT NULL CHECK (self_pay_fen >= 0),
        subsidy_fen bigint NOT NULL CHECK (subsidy_fen >= 0),
        site_borne_fen bigint NOT NULL CHECK (site_borne_fen >= 0),
        outcome text NOT NULL CHECK (outcome IN ('accepted', 'refused')),
        code text,
        pack text,
        pack_version text,
        price_list_version int NOT NULL,
        tender text NOT NULL CHECK (tender IN ('cash', 'code', 'balance', 'none')),
        device_time timestamptz NOT NULL,
        received_at timestamptz NOT NULL,
        offline boolean NOT NULL,
        flags text[] NOT NULL,
        items jsonb NOT NULL,
        explanation jsonb NOT NULL,
        answer jsonb NOT NULL,
        PRIMARY KEY (city_code, booked_month, tap_id),
        CONSTRAINT meal_adds_up CHECK (self_pay_fen + subsidy_fen + site_borne_fen = price_fen),
        CONSTRAINT meal_refused_moves_nothing CHECK (outcome = 'accepted' OR (price_fen = 0 AND code IS NOT NULL)),
        CONSTRAINT meal_subsidy_has_elder CHECK (subsidy_fen = 0 OR (elder_id IS NOT NULL AND pack_version IS NOT NULL))
      ) PARTITION BY RANGE (booked_month);
      CREATE INDEX meal_of_site ON meal (city_code, site_id, booked_month, meal_date);
      CREATE INDEX meal_of_elder ON meal (city_code, elder_id, meal_date) WHERE elder_id IS NOT NULL;

      CREATE TABLE meal_share (
        city_code char(6) NOT NULL,
        booked_month char(7) NOT NULL,
        tap_id uuid NOT NULL,
        funder_code text NOT NULL,
        fen bigint NOT NULL CHECK (fen > 0),
        PRIMARY KEY (city_code, booked_month, tap_id, funder_code)
      ) PARTITION BY RANGE (booked_month);

      -- A meal is taken back once: booked_month is where the reversal is booked, original_month where the meal lies.
      CREATE TABLE meal_void (
        city_code char(6) NOT NULL,
        booked_month char(7) NOT NULL,
        void_id uuid NOT NULL,
        tap_id uuid NOT NULL,
        original_month char(7) NOT NULL,
        site_id uuid NOT NULL,
        meal_date date NOT NULL,
        reason text NOT NULL,
        voided_by text NOT NULL,
        voided_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, tap_id),
        UNIQUE (city_code, void_id),
        FOREIGN KEY (city_code, original_month, tap_id) REFERENCES meal (city_code, booked_month, tap_id)
      );
      CREATE INDEX meal_void_of_month ON meal_void (city_code, booked_month, site_id);
      CREATE INDEX meal_void_of_day ON meal_void (city_code, meal_date);

      -- A late fact corrects who bears a meal's subsidy; fen is added to the funder's share (negative: taken off it).
      CREATE TABLE meal_adjustment (
        city_code char(6) NOT NULL,
        booked_month char(7) NOT NULL,
        adjustment_id uuid NOT NULL,
        tap_id uuid NOT NULL,
        original_month char(7) NOT NULL,
        site_id uuid NOT NULL,
        meal_date date NOT NULL,
        funder_code text NOT NULL,
        fen bigint NOT NULL CHECK (fen <> 0),
        cause text NOT NULL,
        reason text NOT NULL,
        adjusted_by text NOT NULL,
        adjusted_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, adjustment_id, funder_code),
        FOREIGN KEY (city_code, original_month, tap_id) REFERENCES meal (city_code, booked_month, tap_id)
      );
      CREATE INDEX meal_adjustment_of_tap ON meal_adjustment (city_code, tap_id);
      CREATE INDEX meal_adjustment_of_month ON meal_adjustment (city_code, booked_month, site_id);
      CREATE INDEX meal_adjustment_of_day ON meal_adjustment (city_code, meal_date);

      -- How often, and for how much, an elder used a rule in a period. A void takes its use back.
      CREATE TABLE subsidy_use (
        city_code char(6) NOT NULL,
        elder_id uuid NOT NULL,
        rule_id text NOT NULL,
        period_key text NOT NULL,
        count int NOT NULL CHECK (count >= 0),
        fen bigint NOT NULL CHECK (fen >= 0),
        PRIMARY KEY (city_code, elder_id, rule_id, period_key)
      ) WITH (fillfactor = 80);

      SELECT partition_by_year('meal'), partition_by_year('meal_share');
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON tap_claim FOR EACH ROW EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON meal FOR EACH ROW EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON meal_share FOR EACH ROW EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON meal_void FOR EACH ROW EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON meal_adjustment FOR EACH ROW EXECUTE FUNCTION forbid_change();
      GRANT SELECT, INSERT ON tap_claim, meal, meal_share, meal_void, meal_adjustment TO xingfu_app;
      GRANT SELECT, INSERT, UPDATE (count, fen) ON subsidy_use TO xingfu_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('taps have no way back: restore a backup instead');
  }
}
