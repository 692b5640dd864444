import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Budgets of funds by year, alarms with their adjustments, announced ends of a fund's subsidy, and statements between counties. */
export class Budget1732001500000 implements MigrationInterface {
  readonly name = 'Budget1732001500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What a paper gives a fund for a year: the budget, what is added or taken later, or the order to go on past zero.
      CREATE TABLE budget_entry (
        city_code char(6) NOT NULL,
        entry_id uuid NOT NULL,
        funder_code varchar(40) NOT NULL,
        budget_year int NOT NULL CHECK (budget_year BETWEEN 2000 AND 2100),
        kind text NOT NULL,
        fen bigint NOT NULL,
        document_number text NOT NULL CHECK (document_number <> ''),
        document_title text NOT NULL CHECK (document_title <> ''),
        document_date date NOT NULL,
        recorded_by uuid NOT NULL,
        recorded_division varchar(12) NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, entry_id),
        FOREIGN KEY (city_code, funder_code) REFERENCES region_funder,
        FOREIGN KEY (city_code, recorded_by) REFERENCES access_staff,
        CONSTRAINT budget_entry_amount CHECK (
          (kind IN ('budget', 'increase') AND fen > 0) OR (kind = 'decrease' AND fen < 0) OR (kind = 'order' AND fen = 0))
      );
      CREATE INDEX budget_entry_of_fund ON budget_entry (city_code, budget_year, funder_code, recorded_at);

      CREATE TABLE budget_decision (
        city_code char(6) NOT NULL,
        entry_id uuid NOT NULL,
        outcome text NOT NULL CHECK (outcome IN ('confirmed', 'rejected')),
        decided_by uuid NOT NULL,
        reason text CHECK (outcome = 'confirmed' OR reason <> ''),
        decided_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, entry_id),
        FOREIGN KEY (city_code, entry_id) REFERENCES budget_entry,
        FOREIGN KEY (city_code, decided_by) REFERENCES access_staff
      );

      -- Whether a person works in a role now: administrators and outsiders never do.
      CREATE FUNCTION works_as(city char(6), person uuid, wanted text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT EXISTS (SELECT FROM access_staff_role r JOIN access_staff p ON p.city_code = r.city_code AND p.staff_id = r.staff_id
          WHERE r.city_code = city AND r.staff_id = person AND r.role = ANY (wanted) AND r.duty = 'work' AND p.disabled_at IS NULL)
      $$;

      CREATE FUNCTION budget_decision_holds() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.decided_by = (SELECT e.recorded_by FROM budget_entry e WHERE e.city_code = NEW.city_code AND e.entry_id = NEW.entry_id) THEN
          RAISE EXCEPTION 'who recorded a budget does not decide on it' USING ERRCODE = '23514', CONSTRAINT = 'budget_decision_two_people';
        END IF;
        IF NOT works_as(NEW.city_code, NEW.decided_by, ARRAY['financeApprover']) THEN
          RAISE EXCEPTION 'a budget is confirmed by who approves in finance' USING ERRCODE = '23514', CONSTRAINT = 'budget_decision_role';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER holds BEFORE INSERT ON budget_decision FOR EACH ROW EXECUTE FUNCTION budget_decision_holds();

      -- Raised once for a fund, year and threshold. Each is an adjustment with its own number, level and last day.
      CREATE TABLE budget_alarm (
        city_code char(6) NOT NULL,
        alarm_id uuid NOT NULL,
        funder_code varchar(40) NOT NULL,
        budget_year int NOT NULL,
        threshold int NOT NULL CHECK (threshold IN (80, 95)),
        budget_fen bigint NOT NULL,
        used_fen bigint NOT NULL,
        adjustment_number text NOT NULL,
        adjustment_name text NOT NULL,
        division_code varchar(12) NOT NULL,
        due_on date NOT NULL,
        raised_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, alarm_id),
        CONSTRAINT budget_alarm_once UNIQUE (city_code, funder_code, budget_year, threshold),
        FOREIGN KEY (city_code, funder_code) REFERENCES region_funder,
        FOREIGN KEY (city_code, division_code) REFERENCES region_division
      );

      -- The pace of a fund's meals as of a day, summed up at night: a forecast rests on it without looking at meals again.
      CREATE TABLE budget_basis (
        city_code char(6) NOT NULL,
        as_of date NOT NULL,
        funder_code varchar(40) NOT NULL,
        from_date date NOT NULL,
        to_date date NOT NULL CHECK (to_date >= from_date AND to_date < as_of),
        weekdays int NOT NULL CHECK (weekdays >= 0),
        weekday_fen bigint NOT NULL,
        weekend_days int NOT NULL CHECK (weekend_days >= 0),
        weekend_fen bigint NOT NULL,
        PRIMARY KEY (city_code, as_of, funder_code)
      );

      -- A fund's subsidy ends on a day, or begins again: drafted by civil affairs, in force once finance has countersigned.
      CREATE TABLE budget_end (
        city_code char(6) NOT NULL,
        end_id uuid NOT NULL,
        funder_code varchar(40) NOT NULL,
        budget_year int NOT NULL CHECK (budget_year BETWEEN 2000 AND 2100),
        action text NOT NULL CHECK (action IN ('end', 'resume')),
        -- The first day without the subsidy, or the first with it again.
        from_date date NOT NULL,
        document_number text NOT NULL CHECK (document_number <> ''),
        document_title text NOT NULL CHECK (document_title <> ''),
        pack text NOT NULL,
        pack_version text NOT NULL,
        notice_days int NOT NULL CHECK (notice_days >= 0),
        drafter_id uuid NOT NULL,
        drafted_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, end_id),
        CHECK (from_date BETWEEN make_date(budget_year, 1, 1) AND make_date(budget_year, 12, 31)),
        FOREIGN KEY (city_code, funder_code) REFERENCES region_funder,
        FOREIGN KEY (city_code, drafter_id) REFERENCES access_staff
      );

      -- What of it rules: read together with the published versions, so every meal is decided by it from its day on.
      CREATE TABLE policy_fund_end (
        city_code char(6) NOT NULL,
        seq int NOT NULL CHECK (seq > 0),
        end_id uuid NOT NULL,
        funder_code varchar(40) NOT NULL,
        action text NOT NULL,
        from_date date NOT NULL,
        -- Last day of the budget year: the next year's budget is another one.
        to_date date NOT NULL CHECK (to_date >= from_date),
        document_number text NOT NULL,
        notice_days int NOT NULL,
        drafter_id uuid NOT NULL,
        countersigner_id uuid NOT NULL,
        published_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, seq),
        CONSTRAINT policy_fund_end_once UNIQUE (city_code, end_id),
        FOREIGN KEY (city_code, end_id) REFERENCES budget_end,
        CONSTRAINT policy_fund_end_two_people CHECK (drafter_id <> countersigner_id),
        CONSTRAINT policy_fund_end_notice CHECK (CASE action
          WHEN 'end' THEN from_date > (published_at AT TIME ZONE 'Asia/Shanghai')::date + notice_days
          ELSE from_date >= (published_at AT TIME ZONE 'Asia/Shanghai')::date END)
      );

      CREATE FUNCTION policy_fund_end_holds() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.seq <> coalesce((SELECT max(p.seq) FROM policy_fund_end p WHERE p.city_code = NEW.city_code), 0) + 1 THEN
          RAISE EXCEPTION 'ends are numbered without a gap' USING ERRCODE = '23514', CONSTRAINT = 'policy_fund_end_number';
        END IF;
        IF NOT EXISTS (SELECT FROM budget_end e WHERE e.city_code = NEW.city_code AND e.end_id = NEW.end_id AND e.drafter_id = NEW.drafter_id
             AND (e.funder_code, e.action, e.from_date, e.document_number, e.notice_days) = (NEW.funder_code, NEW.action, NEW.from_date, NEW.document_number, NEW.notice_days)
             AND NEW.to_date = make_date(e.budget_year, 12, 31)) THEN
          RAISE EXCEPTION 'an end is published as it was drafted' USING ERRCODE = '23514', CONSTRAINT = 'policy_fund_end_draft';
        END IF;
        IF NOT (works_as(NEW.city_code, NEW.drafter_id, ARRAY['cityOfficer', 'countyOfficer']) AND works_as(NEW.city_code, NEW.countersigner_id, ARRAY['financeApprover'])) THEN
          RAISE EXCEPTION 'an end is drafted by civil affairs and countersigned by finance' USING ERRCODE = '23514', CONSTRAINT = 'policy_fund_end_roles';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER holds BEFORE INSERT ON policy_fund_end FOR EACH ROW EXECUTE FUNCTION policy_fund_end_holds();

      -- An adjustment is closed by a person with a paper: a confirmed entry or a published end.
      CREATE TABLE budget_alarm_closure (
        city_code char(6) NOT NULL,
        alarm_id uuid NOT NULL,
        resolution text NOT NULL,
        entry_id uuid,
        end_id uuid,
        document_number text NOT NULL,
        note text,
        closed_by uuid NOT NULL,
        closed_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, alarm_id),
        FOREIGN KEY (city_code, alarm_id) REFERENCES budget_alarm,
        FOREIGN KEY (city_code, entry_id) REFERENCES budget_decision,
        FOREIGN KEY (city_code, end_id) REFERENCES policy_fund_end (city_code, end_id),
        FOREIGN KEY (city_code, closed_by) REFERENCES access_staff,
        CONSTRAINT budget_alarm_closure_paper CHECK (
          (resolution IN ('addBudget', 'continueByOrder') AND entry_id IS NOT NULL AND end_id IS NULL)
          OR (resolution = 'endSubsidy' AND end_id IS NOT NULL AND entry_id IS NULL))
      );

      -- What counties bear of meals at each other's sites, by the month the meals are booked in; never changed once made.
      CREATE TABLE county_statement (
        city_code char(6) NOT NULL,
        statement_id uuid NOT NULL,
        month char(7) NOT NULL,
        run_id uuid NOT NULL,
        statement_number text NOT NULL,
        line_count int NOT NULL CHECK (line_count >= 0),
        total_fen bigint NOT NULL,
        lines_hash char(64) NOT NULL,
        made_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, statement_id),
        UNIQUE (city_code, month),
        UNIQUE (city_code, statement_number),
        FOREIGN KEY (city_code, run_id) REFERENCES settlement_run
      );

      CREATE TABLE county_statement_line (
        city_code char(6) NOT NULL,
        statement_id uuid NOT NULL,
        line_no int NOT NULL CHECK (line_no > 0),
        site_county varchar(12) NOT NULL,
        bearing_county varchar(12) NOT NULL CHECK (bearing_county <> site_county),
        funder_code varchar(40) NOT NULL,
        meal_month char(7) NOT NULL,
        meals bigint NOT NULL,
        fen bigint NOT NULL,
        PRIMARY KEY (city_code, statement_id, line_no),
        FOREIGN KEY (city_code, statement_id) REFERENCES county_statement
      );

      -- The few transfers whose meal lies in another year than the month they are booked in: budgets count by the meal's
      -- year, balances by the month of booking.
      CREATE INDEX ledger_transfer_other_year ON ledger_transfer (city_code, booked_month)
        WHERE extract(year FROM meal_date) <> substr(booked_month, 1, 4)::int;
      CREATE INDEX payment_leg_of_budget ON payment_leg (city_code, budget_year, funder_code);

      DO $$ DECLARE name text; BEGIN
        FOREACH name IN ARRAY ARRAY['budget_entry', 'budget_decision', 'budget_alarm', 'budget_basis', 'budget_alarm_closure', 'budget_end', 'policy_fund_end', 'county_statement', 'county_statement_line'] LOOP
          EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I EXECUTE FUNCTION forbid_change()', name);
          EXECUTE format('GRANT SELECT, INSERT ON %I TO xingfu_app', name);
        END LOOP;
      END $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX ledger_transfer_other_year, payment_leg_of_budget;
      DROP TABLE county_statement_line, county_statement, budget_alarm_closure, policy_fund_end, budget_end, budget_basis, budget_alarm, budget_decision, budget_entry;
      DROP FUNCTION policy_fund_end_holds(), budget_decision_holds(), works_as(char, uuid, text[]);
    `);
  }
}
