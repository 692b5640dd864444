import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Closed months and their claims, approvals, cuts, batches to finance, payment legs and imported receipts. */
export class Settlement1732000900000 implements MigrationInterface {
  readonly name = 'Settlement1732000900000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE settlement_run (
        city_code char(6) NOT NULL,
        run_id uuid NOT NULL,
        month char(7) NOT NULL,
        closed_by text NOT NULL,
        closed_at timestamptz NOT NULL,
        root_hash char(64) NOT NULL,
        PRIMARY KEY (city_code, run_id),
        UNIQUE (city_code, month),
        FOREIGN KEY (city_code, month) REFERENCES ledger_month
      );

      -- The last number given out, by county and year: taken in the transaction that uses it, so no number is missing.
      CREATE TABLE settlement_sequence (
        city_code char(6) NOT NULL,
        series text NOT NULL CHECK (series IN ('claim', 'batch')),
        county_code varchar(12) NOT NULL,
        year int NOT NULL,
        last_number int NOT NULL CHECK (last_number > 0),
        PRIMARY KEY (city_code, series, county_code, year)
      );

      CREATE TABLE batch (
        city_code char(6) NOT NULL,
        batch_id uuid NOT NULL,
        month char(7) NOT NULL,
        county_code varchar(12) NOT NULL,
        year int NOT NULL,
        number int NOT NULL CHECK (number > 0),
        batch_number text NOT NULL,
        state text NOT NULL CHECK (state IN ('batched', 'financeReviewed', 'released', 'partPaid', 'paid', 'returned')),
        made_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, batch_id),
        UNIQUE (city_code, county_code, year, number),
        UNIQUE (city_code, batch_number)
      );

      CREATE TABLE batch_budget (
        city_code char(6) NOT NULL,
        batch_id uuid NOT NULL,
        funder_kind text NOT NULL,
        budget_year int NOT NULL,
        budget_document text NOT NULL,
        PRIMARY KEY (city_code, batch_id, funder_kind),
        FOREIGN KEY (city_code, batch_id) REFERENCES batch
      );

      CREATE TABLE batch_step (
        city_code char(6) NOT NULL,
        batch_id uuid NOT NULL,
        step_no int NOT NULL CHECK (step_no > 0),
        step text NOT NULL,
        from_state text,
        to_state text NOT NULL,
        actor text NOT NULL,
        staff_id uuid,
        at timestamptz NOT NULL,
        reason text,
        PRIMARY KEY (city_code, batch_id, step_no),
        FOREIGN KEY (city_code, batch_id) REFERENCES batch
      );

      CREATE TABLE claim (
        city_code char(6) NOT NULL,
        claim_id uuid NOT NULL,
        run_id uuid NOT NULL,
        site_id uuid NOT NULL,
        month char(7) NOT NULL,
        kind text NOT NULL CHECK (kind = 'mealSubsidy'),
        division_code varchar(12) NOT NULL,
        county_code varchar(12) NOT NULL,
        year int NOT NULL,
        number int NOT NULL CHECK (number > 0),
        claim_number text NOT NULL,
        state text NOT NULL CHECK (state IN ('building', 'draft', 'submitted', 'townshipReviewed', 'countyApproved', 'batched', 'financeReviewed', 'released', 'partPaid', 'paid', 'returned')),
        revision int NOT NULL DEFAULT 0 CHECK (revision >= 0),
        meals bigint NOT NULL DEFAULT 0,
        claimed_fen bigint NOT NULL DEFAULT 0,
        cut_fen bigint NOT NULL DEFAULT 0 CHECK (cut_fen >= 0),
        -- 0 until the county has approved; then always what was claimed less what was cut.
        approved_fen bigint NOT NULL DEFAULT 0,
        paid_fen bigint NOT NULL DEFAULT 0,
        has_deduction boolean NOT NULL DEFAULT false,
        difference_fen bigint NOT NULL DEFAULT 0 CHECK (difference_fen >= 0),
        differences jsonb NOT NULL DEFAULT '[]',
        lines_hash char(64),
        batch_id uuid,
        PRIMARY KEY (city_code, claim_id),
        UNIQUE (city_code, site_id, month, kind),
        UNIQUE (city_code, county_code, year, number),
        UNIQUE (city_code, claim_number),
        FOREIGN KEY (city_code, run_id) REFERENCES settlement_run,
        FOREIGN KEY (city_code, site_id) REFERENCES site,
        FOREIGN KEY (city_code, batch_id) REFERENCES batch,
        CHECK ((state = 'building') = (revision = 0)),
        CHECK ((revision = 0) = (lines_hash IS NULL)),
        CHECK ((batch_id IS NOT NULL) = (state IN ('batched', 'financeReviewed', 'released', 'partPaid', 'paid'))),
        CHECK (approved_fen = CASE WHEN state IN ('countyApproved', 'batched', 'financeReviewed', 'released', 'partPaid', 'paid') THEN claimed_fen - cut_fen ELSE 0 END),
        CHECK (paid_fen = 0 OR state IN ('partPaid', 'paid'))
      );
      CREATE INDEX claim_of_month ON claim (city_code, month, county_code, number);
      CREATE INDEX claim_building ON claim (city_code, claim_id) WHERE state = 'building';
      CREATE INDEX claim_of_batch ON claim (city_code, batch_id) WHERE batch_id IS NOT NULL;
      CREATE INDEX claim_of_run ON claim (city_code, run_id);

      CREATE TABLE claim_line (
        city_code char(6) NOT NULL,
        claim_id uuid NOT NULL,
        revision int NOT NULL CHECK (revision > 0),
        line_no int NOT NULL CHECK (line_no > 0),
        operator_id uuid,
        payee_id uuid,
        funder_code varchar(40) NOT NULL,
        meal_month char(7) NOT NULL,
        meals bigint NOT NULL,
        claimed_fen bigint NOT NULL,
        PRIMARY KEY (city_code, claim_id, revision, line_no),
        FOREIGN KEY (city_code, claim_id) REFERENCES claim
      );

      CREATE TABLE claim_cut (
        city_code char(6) NOT NULL,
        claim_id uuid NOT NULL,
        cut_id uuid NOT NULL,
        revision int NOT NULL,
        line_no int NOT NULL,
        fen bigint NOT NULL CHECK (fen > 0),
        reason text NOT NULL,
        at_step text NOT NULL,
        actor text NOT NULL,
        staff_id uuid NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (city_code, claim_id, cut_id),
        FOREIGN KEY (city_code, claim_id, revision, line_no) REFERENCES claim_line
      );

      -- Every move of a claim. at_step is the step of the chain during which it happened: who had a say in one has none in another.
      CREATE TABLE claim_step (
        city_code char(6) NOT NULL,
        claim_id uuid NOT NULL,
        step_no int NOT NULL CHECK (step_no > 0),
        revision int NOT NULL,
        step text NOT NULL,
        at_step text,
        from_state text NOT NULL,
        to_state text NOT NULL,
        actor text NOT NULL,
        staff_id uuid,
        at timestamptz NOT NULL,
        reason text,
        PRIMARY KEY (city_code, claim_id, step_no),
        FOREIGN KEY (city_code, claim_id) REFERENCES claim
      );

      -- What one funder pays to one payee for a claim; made when the batch is released. Below zero: to be deducted.
      CREATE TABLE payment_leg (
        city_code char(6) NOT NULL,
        leg_number text NOT NULL,
        batch_id uuid NOT NULL,
        claim_id uuid NOT NULL,
        funder_code varchar(40) NOT NULL,
        payee_id uuid NOT NULL,
        fen bigint NOT NULL CHECK (fen <> 0),
        budget_year int NOT NULL,
        budget_document text NOT NULL,
        released_on date NOT NULL,
        paid_fen bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (city_code, leg_number),
        UNIQUE (city_code, claim_id, funder_code, payee_id),
        FOREIGN KEY (city_code, batch_id) REFERENCES batch,
        FOREIGN KEY (city_code, claim_id) REFERENCES claim,
        FOREIGN KEY (city_code, payee_id) REFERENCES site_payee,
        CHECK (CASE WHEN fen > 0 THEN paid_fen BETWEEN 0 AND fen ELSE paid_fen BETWEEN fen AND 0 END)
      );
      CREATE INDEX payment_leg_of_batch ON payment_leg (city_code, batch_id, leg_number);

      -- What a release took out of the receivables of a site, by the month it was booked in: claims of that month are
      -- compared with the money that meals alone booked.
      CREATE TABLE claim_booking (
        city_code char(6) NOT NULL,
        claim_id uuid NOT NULL,
        funder_code varchar(40) NOT NULL,
        site_id uuid NOT NULL,
        booked_month char(7) NOT NULL,
        fen bigint NOT NULL CHECK (fen <> 0),
        PRIMARY KEY (city_code, claim_id, funder_code),
        FOREIGN KEY (city_code, claim_id) REFERENCES claim
      );
      CREATE INDEX claim_booking_of_month ON claim_booking (city_code, booked_month, site_id);

      CREATE TABLE payment_receipt (
        city_code char(6) NOT NULL,
        receipt_id uuid NOT NULL,
        file_hash char(64) NOT NULL,
        lines int NOT NULL CHECK (lines > 0),
        total_fen bigint NOT NULL,
        imported_by text NOT NULL,
        imported_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, receipt_id),
        UNIQUE (city_code, file_hash)
      );

      CREATE TABLE payment_receipt_line (
        city_code char(6) NOT NULL,
        serial text NOT NULL,
        receipt_id uuid NOT NULL,
        leg_number text NOT NULL,
        fen bigint NOT NULL CHECK (fen <> 0),
        paid_on date NOT NULL,
        PRIMARY KEY (city_code, serial),
        FOREIGN KEY (city_code, receipt_id) REFERENCES payment_receipt,
        FOREIGN KEY (city_code, leg_number) REFERENCES payment_leg
      );
      CREATE INDEX payment_receipt_line_of_leg ON payment_receipt_line (city_code, leg_number);

      DO $$ DECLARE name text; BEGIN
        FOREACH name IN ARRAY ARRAY['settlement_run', 'batch_budget', 'batch_step', 'claim_line', 'claim_cut', 'claim_step', 'claim_booking', 'payment_receipt', 'payment_receipt_line'] LOOP
          EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION forbid_change()', name);
          EXECUTE format('GRANT SELECT, INSERT ON %I TO xingfu_app', name);
        END LOOP;
      END $$;
      GRANT SELECT, INSERT, UPDATE (last_number) ON settlement_sequence TO xingfu_app;
      GRANT SELECT, INSERT, UPDATE (state) ON batch TO xingfu_app;
      GRANT SELECT, INSERT, UPDATE (state, revision, meals, claimed_fen, cut_fen, approved_fen, paid_fen, has_deduction, difference_fen, differences, lines_hash, batch_id) ON claim TO xingfu_app;
      GRANT SELECT, INSERT, UPDATE (paid_fen) ON payment_leg TO xingfu_app;

      -- What is paid stays paid, and a claim that was released keeps its figures and its lines for ever.
      CREATE FUNCTION released_claim_stays() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF OLD.state IN ('released', 'partPaid', 'paid') AND (NEW.state NOT IN ('partPaid', 'paid') OR NEW.claimed_fen <> OLD.claimed_fen
          OR NEW.cut_fen <> OLD.cut_fen OR NEW.lines_hash <> OLD.lines_hash OR NEW.revision <> OLD.revision OR NEW.batch_id <> OLD.batch_id) THEN
          RAISE EXCEPTION 'claim % was released: correct it by an adjustment in the open month', OLD.claim_number USING ERRCODE = '42501';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER released_stays BEFORE UPDATE ON claim FOR EACH ROW EXECUTE FUNCTION released_claim_stays();
    `);
  }

  async down(): Promise<void> {
    throw new Error('settled money has no way back: restore a backup instead');
  }
}
