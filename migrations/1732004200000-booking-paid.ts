import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Bookings that elders and their children make: paid ahead or at the meal, standing orders, and what a no-show costs. */
export class BookingPaid1732004200000 implements MigrationInterface {
  readonly name = 'BookingPaid1732004200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Meals of a booking that was paid ahead; months that were taken out of the books have to fit back in.
      -- Every row fits the shorter list of before, so no month is read while the meals wait.
      DO $$
      DECLARE
        place text;
      BEGIN
        FOR place IN SELECT 'meal' UNION ALL SELECT 'meal_' || replace(month, '-', '_') FROM detached_month LOOP
          EXECUTE format('ALTER TABLE %I DROP CONSTRAINT meal_tender_check', place);
          EXECUTE format('ALTER TABLE %I ADD CONSTRAINT meal_tender_check CHECK (tender IN (''cash'', ''code'', ''balance'', ''none'', ''booked'')) NOT VALID', place);
        END LOOP;
      END $$;

      ALTER TABLE booking
        -- How it was made; what stands there so far was typed by staff for those who call.
        ADD COLUMN channel text NOT NULL DEFAULT 'telephone' CHECK (channel IN ('telephone', 'counter', 'mini', 'standing', 'group')),
        ADD COLUMN account_id uuid,
        ADD COLUMN pay text NOT NULL DEFAULT 'atMeal' CHECK (pay IN ('atMeal', 'now')),
        -- To be paid ahead: as much as the elder's own share is going to be, as far as it is known.
        ADD COLUMN expected_fen bigint NOT NULL DEFAULT 0 CHECK (expected_fen >= 0),
        ADD COLUMN pay_by timestamptz,
        -- What it holds of what was paid, and by which order.
        ADD COLUMN held_fen bigint NOT NULL DEFAULT 0 CHECK (held_fen >= 0),
        ADD COLUMN order_id uuid,
        ADD CHECK ((pay = 'now') = (pay_by IS NOT NULL)),
        ADD CHECK (held_fen = 0 OR (state = 'open' AND order_id IS NOT NULL));
      CREATE INDEX booking_unpaid ON booking (pay_by) WHERE state = 'open' AND pay = 'now' AND order_id IS NULL;
      CREATE INDEX booking_of_elder ON booking (city_code, elder_id, meal_date);
      GRANT UPDATE (held_fen, order_id) ON booking TO xingfu_app;

      -- What became of what was paid ahead. An entry's id is made from its cause, so a cause moves money once.
      CREATE TABLE booking_money (
        city_code char(6) NOT NULL,
        entry_id uuid NOT NULL,
        booking_id uuid NOT NULL,
        order_id uuid NOT NULL,
        -- paid; used for an own share; given back to the booking by a void; given back to the payer; kept for a no-show.
        kind text NOT NULL CHECK (kind IN ('paid', 'used', 'returned', 'refund', 'kept')),
        fen bigint NOT NULL CHECK (fen > 0),
        tap_id uuid CHECK ((tap_id IS NOT NULL) = (kind IN ('used', 'returned'))),
        reason text NOT NULL,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        seq bigint GENERATED ALWAYS AS IDENTITY,
        PRIMARY KEY (city_code, entry_id),
        FOREIGN KEY (city_code, booking_id) REFERENCES booking (city_code, booking_id)
      );
      CREATE INDEX booking_money_of ON booking_money (city_code, booking_id);
      CREATE INDEX booking_money_tap ON booking_money (city_code, tap_id) WHERE tap_id IS NOT NULL;

      -- Nothing here: a no-show costs nothing. For a day the confirmed one with the latest first day that has come rules.
      CREATE TABLE no_show_rule (
        city_code char(6) NOT NULL REFERENCES region_city,
        rule_id uuid NOT NULL,
        -- Of what was paid ahead; the rest is given back.
        kept_percent int NOT NULL CHECK (kept_percent BETWEEN 0 AND 100),
        most_fen bigint CHECK (most_fen >= 0),
        document_number text NOT NULL,
        document_title text NOT NULL,
        first_day date NOT NULL,
        recorded_at timestamptz NOT NULL,
        recorded_by uuid NOT NULL,
        PRIMARY KEY (city_code, rule_id)
      );
      CREATE TABLE no_show_rule_decision (
        city_code char(6) NOT NULL,
        rule_id uuid NOT NULL,
        outcome text NOT NULL CHECK (outcome IN ('confirmed', 'rejected')),
        decided_at timestamptz NOT NULL,
        decided_by uuid NOT NULL,
        seq bigint GENERATED ALWAYS AS IDENTITY,
        PRIMARY KEY (city_code, rule_id),
        FOREIGN KEY (city_code, rule_id) REFERENCES no_show_rule (city_code, rule_id)
      );

      -- "Every workday lunch".
      CREATE TABLE standing_order (
        city_code char(6) NOT NULL,
        standing_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        site_id uuid NOT NULL,
        meal_period text NOT NULL CHECK (meal_period IN ('breakfast', 'lunch', 'dinner')),
        -- 1 Monday to 7 Sunday; empty: the days that the city's calendar says are worked.
        weekdays int[] NOT NULL CHECK (weekdays <@ ARRAY[1, 2, 3, 4, 5, 6, 7]),
        items jsonb NOT NULL,
        way text NOT NULL CHECK (way IN ('dineIn', 'collect', 'deliver')),
        note text,
        from_date date NOT NULL,
        until_date date NOT NULL CHECK (until_date >= from_date),
        account_id uuid,
        -- Whether that was the elder's own account then.
        is_self boolean NOT NULL,
        made_at timestamptz NOT NULL,
        made_by text NOT NULL,
        ended_at timestamptz,
        ended_by text,
        PRIMARY KEY (city_code, standing_id),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id),
        FOREIGN KEY (city_code, site_id) REFERENCES site (city_code, site_id),
        CHECK ((ended_at IS NULL) = (ended_by IS NULL))
      );
      CREATE INDEX standing_order_of ON standing_order (city_code, elder_id);
      CREATE INDEX standing_order_live ON standing_order (until_date) WHERE ended_at IS NULL;
      -- What became of each of its days.
      CREATE TABLE standing_day (
        city_code char(6) NOT NULL,
        standing_id uuid NOT NULL,
        meal_date date NOT NULL,
        outcome text NOT NULL CHECK (outcome IN ('booked', 'dayOff', 'failed')),
        booking_id uuid CHECK ((booking_id IS NOT NULL) = (outcome = 'booked')),
        code text CHECK ((code IS NOT NULL) = (outcome = 'failed')),
        detail jsonb,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, standing_id, meal_date),
        FOREIGN KEY (city_code, standing_id) REFERENCES standing_order (city_code, standing_id)
      );

      GRANT SELECT, INSERT ON booking_money, no_show_rule, no_show_rule_decision, standing_order, standing_day TO xingfu_app;
      GRANT UPDATE (ended_at, ended_by) ON standing_order TO xingfu_app;
    `);
    for (const table of ['booking_money', 'no_show_rule', 'no_show_rule_decision', 'standing_day']) {
      await runner.query(`
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION forbid_change();
        CREATE TRIGGER no_truncate BEFORE TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();`);
    }
  }

  async down(): Promise<void> {
    throw new Error('what was paid ahead has no way back: restore a backup instead');
  }
}
