import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people say about their meals, what they are told, and whom somebody looks after. */
export class Care1732004400000 implements MigrationInterface {
  readonly name = 'Care1732004400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What a city lets be said and told; a city without a row goes by the usual.
      CREATE TABLE care_setting (
        city_code char(6) NOT NULL REFERENCES region_city,
        answer_days int NOT NULL CHECK (answer_days BETWEEN 1 AND 60),
        reply_days int NOT NULL CHECK (reply_days BETWEEN 1 AND 60),
        notice_days int NOT NULL CHECK (notice_days BETWEEN 7 AND 730),
        rating_least int NOT NULL CHECK (rating_least BETWEEN 3 AND 999),
        set_at timestamptz NOT NULL,
        set_by text NOT NULL,
        PRIMARY KEY (city_code)
      );
      GRANT SELECT, INSERT, UPDATE (answer_days, reply_days, notice_days, rating_least, set_at, set_by) ON care_setting TO xingfu_app;

      -- Which of WeChat's templates carries which notice, and which of its fields says what.
      CREATE TABLE care_template (
        city_code char(6) NOT NULL REFERENCES region_city,
        kind text NOT NULL,
        template_id text NOT NULL,
        page text,
        fields jsonb NOT NULL,
        set_at timestamptz NOT NULL,
        set_by text NOT NULL,
        PRIMARY KEY (city_code, kind)
      );
      GRANT SELECT, INSERT, UPDATE (template_id, page, fields, set_at, set_by) ON care_template TO xingfu_app;

      -- What was said of a meal; the one with the highest number holds.
      CREATE TABLE meal_rating (
        city_code char(6) NOT NULL,
        tap_id uuid NOT NULL,
        rating_no int NOT NULL CHECK (rating_no >= 1),
        site_id uuid NOT NULL,
        meal_date date NOT NULL,
        stars smallint NOT NULL CHECK (stars BETWEEN 1 AND 5),
        words text[] NOT NULL,
        dishes text[] NOT NULL,
        rated_at timestamptz NOT NULL,
        rated_by text NOT NULL,
        PRIMARY KEY (city_code, tap_id, rating_no),
        FOREIGN KEY (city_code, site_id) REFERENCES site (city_code, site_id)
      );
      CREATE INDEX meal_rating_of_site ON meal_rating (city_code, site_id, meal_date);
      GRANT SELECT, INSERT ON meal_rating TO xingfu_app;

      -- A complaint as it stands; how it came to that is in its steps.
      CREATE TABLE complaint (
        city_code char(6) NOT NULL,
        complaint_id uuid NOT NULL,
        -- Spoken and written down by who calls; counted in the city.
        number int NOT NULL CHECK (number >= 1),
        site_id uuid NOT NULL,
        -- Null for a caller whom the register does not know.
        elder_id uuid,
        tap_id uuid,
        category text NOT NULL,
        channel text NOT NULL CHECK (channel IN ('mini', 'telephone', 'counter')),
        -- A child who wrote for a parent, or the elder's own account.
        account_id uuid,
        phone_sealed bytea,
        began_at text NOT NULL CHECK (began_at IN ('site', 'township')),
        level text NOT NULL CHECK (level IN ('site', 'township', 'county')),
        state text NOT NULL CHECK (state IN ('open', 'answered', 'settled')),
        objected boolean NOT NULL DEFAULT false,
        told boolean NOT NULL DEFAULT false,
        late boolean NOT NULL DEFAULT false,
        due_at timestamptz NOT NULL,
        answered_at timestamptz,
        steps int NOT NULL CHECK (steps >= 1),
        made_at timestamptz NOT NULL,
        made_by text NOT NULL,
        PRIMARY KEY (city_code, complaint_id),
        UNIQUE (city_code, number),
        FOREIGN KEY (city_code, site_id) REFERENCES site (city_code, site_id),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id),
        CHECK (state = 'open' OR answered_at IS NOT NULL)
      );
      CREATE INDEX complaint_of_site ON complaint (city_code, site_id, state);
      CREATE INDEX complaint_of_elder ON complaint (city_code, elder_id) WHERE elder_id IS NOT NULL;
      CREATE INDEX complaint_due ON complaint (city_code, due_at) WHERE state = 'open';
      GRANT SELECT, INSERT, UPDATE (level, state, objected, told, late, due_at, answered_at, steps) ON complaint TO xingfu_app;

      CREATE TABLE complaint_step (
        city_code char(6) NOT NULL,
        complaint_id uuid NOT NULL,
        step_no int NOT NULL CHECK (step_no >= 1),
        kind text NOT NULL CHECK (kind IN ('made', 'answered', 'told', 'objected', 'settled', 'late')),
        level text NOT NULL CHECK (level IN ('site', 'township', 'county')),
        -- What was said, sealed by the application: people name themselves and others.
        text_sealed bytea,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, complaint_id, step_no),
        FOREIGN KEY (city_code, complaint_id) REFERENCES complaint (city_code, complaint_id),
        CHECK (kind NOT IN ('made', 'answered', 'objected') OR text_sealed IS NOT NULL)
      );
      GRANT SELECT, INSERT ON complaint_step TO xingfu_app;

      -- What an account is told. Sealed by the application, and gone after the city's number of days.
      CREATE TABLE notice (
        city_code char(6) NOT NULL,
        notice_id uuid NOT NULL,
        account_id uuid NOT NULL,
        elder_id uuid,
        kind text NOT NULL,
        said_sealed bytea NOT NULL,
        made_at timestamptz NOT NULL,
        read_at timestamptz,
        seq bigint GENERATED ALWAYS AS IDENTITY,
        PRIMARY KEY (city_code, notice_id)
      );
      CREATE INDEX notice_of_account ON notice (city_code, account_id, seq);
      CREATE INDEX notice_old ON notice (city_code, made_at);
      GRANT SELECT, INSERT, UPDATE (read_at), DELETE ON notice TO xingfu_app;

      -- One consent of WeChat's for one message.
      CREATE TABLE notice_permit (
        city_code char(6) NOT NULL,
        permit_id uuid NOT NULL,
        account_id uuid NOT NULL,
        kind text NOT NULL,
        given_at timestamptz NOT NULL,
        spent_at timestamptz,
        -- 'sent', or what WeChat said instead.
        spent_by text CHECK ((spent_by IS NULL) = (spent_at IS NULL)),
        PRIMARY KEY (city_code, permit_id)
      );
      CREATE INDEX notice_permit_left ON notice_permit (city_code, account_id, kind, given_at) WHERE spent_at IS NULL;
      GRANT SELECT, INSERT, UPDATE (spent_at, spent_by), DELETE ON notice_permit TO xingfu_app;

      -- Up to when the sweeper has looked at new events of other rooms.
      CREATE TABLE care_mark (
        city_code char(6) NOT NULL REFERENCES region_city,
        what text NOT NULL,
        seen_to timestamptz NOT NULL,
        PRIMARY KEY (city_code, what)
      );
      GRANT SELECT, INSERT, UPDATE (seen_to) ON care_mark TO xingfu_app;

      -- Costs a row next to nothing where rows come in the order of time, and finds the last minutes without a walk.
      CREATE INDEX meal_received ON meal USING brin (received_at) WITH (pages_per_range = 64, autosummarize = on);
      CREATE INDEX meal_void_recorded ON meal_void USING brin (voided_at) WITH (pages_per_range = 16);
      CREATE INDEX booking_event_recorded ON booking_event USING brin (recorded_at) WITH (pages_per_range = 16);
      CREATE INDEX booking_money_recorded ON booking_money USING brin (recorded_at) WITH (pages_per_range = 16);

      -- Somebody who booked and did not come: the community's worker asks after them.
      CREATE TABLE follow_up (
        city_code char(6) NOT NULL,
        follow_up_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        booking_id uuid NOT NULL,
        site_id uuid NOT NULL,
        meal_date date NOT NULL,
        meal_period text NOT NULL CHECK (meal_period IN ('breakfast', 'lunch', 'dinner')),
        state text NOT NULL CHECK (state IN ('open', 'visit', 'closed')),
        unanswered int NOT NULL DEFAULT 0,
        steps int NOT NULL CHECK (steps >= 1),
        made_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, follow_up_id),
        UNIQUE (city_code, elder_id, meal_date),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id),
        FOREIGN KEY (city_code, booking_id) REFERENCES booking (city_code, booking_id)
      );
      CREATE INDEX follow_up_open ON follow_up (city_code, made_at) WHERE state <> 'closed';
      GRANT SELECT, INSERT, UPDATE (state, unanswered, steps) ON follow_up TO xingfu_app;

      CREATE TABLE follow_up_step (
        city_code char(6) NOT NULL,
        follow_up_id uuid NOT NULL,
        step_no int NOT NULL CHECK (step_no >= 1),
        kind text NOT NULL CHECK (kind IN ('made', 'reached', 'noAnswer', 'visitNeeded', 'visited', 'ate')),
        -- Sealed by the application: a note says how somebody's health is.
        note_sealed bytea,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, follow_up_id, step_no),
        FOREIGN KEY (city_code, follow_up_id) REFERENCES follow_up (city_code, follow_up_id)
      );
      GRANT SELECT, INSERT ON follow_up_step TO xingfu_app;
    `);
    for (const table of ['meal_rating', 'complaint_step', 'follow_up_step']) {
      await runner.query(`
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION forbid_change();
        CREATE TRIGGER no_truncate BEFORE TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE follow_up_step, follow_up, care_mark, notice_permit, notice, complaint_step, complaint, meal_rating, care_template, care_setting;
      DROP INDEX meal_received, meal_void_recorded, booking_event_recorded, booking_money_recorded`);
  }
}
