import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Meals that are booked ahead, and what became of them. */
export class Booking1732003000000 implements MigrationInterface {
  readonly name = 'Booking1732003000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE booking_hours (
        city_code char(6) NOT NULL,
        site_id uuid NOT NULL,
        meal_period text NOT NULL CHECK (meal_period IN ('breakfast', 'lunch', 'dinner')),
        begins_minute int NOT NULL CHECK (begins_minute BETWEEN 0 AND 1439),
        ends_minute int NOT NULL CHECK (ends_minute > begins_minute AND ends_minute <= 1440),
        cut_off text NOT NULL CHECK (cut_off IN ('beforeMeal', 'dayBefore')),
        cut_off_minutes int NOT NULL CHECK (cut_off_minutes BETWEEN 0 AND 1439),
        day_portions int CHECK (day_portions BETWEEN 0 AND 9999),
        set_at timestamptz NOT NULL,
        set_by text NOT NULL,
        PRIMARY KEY (city_code, site_id, meal_period),
        FOREIGN KEY (city_code, site_id) REFERENCES site (city_code, site_id)
      );
      GRANT SELECT, INSERT, UPDATE (begins_minute, ends_minute, cut_off, cut_off_minutes, day_portions, set_at, set_by) ON booking_hours TO xingfu_app;

      -- Another number of portions for one day, such as a feast or a holiday.
      CREATE TABLE booking_quota (
        city_code char(6) NOT NULL,
        site_id uuid NOT NULL,
        meal_date date NOT NULL,
        meal_period text NOT NULL CHECK (meal_period IN ('breakfast', 'lunch', 'dinner')),
        portions int NOT NULL CHECK (portions BETWEEN 0 AND 9999),
        set_at timestamptz NOT NULL,
        set_by text NOT NULL,
        PRIMARY KEY (city_code, site_id, meal_date, meal_period),
        FOREIGN KEY (city_code, site_id) REFERENCES site (city_code, site_id)
      );
      GRANT SELECT, INSERT, UPDATE (portions, set_at, set_by) ON booking_quota TO xingfu_app;

      -- A booking as it stands; how it came to that is in its events.
      CREATE TABLE booking (
        city_code char(6) NOT NULL,
        booking_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        site_id uuid NOT NULL,
        meal_date date NOT NULL,
        meal_period text NOT NULL CHECK (meal_period IN ('breakfast', 'lunch', 'dinner')),
        -- Of the site's day; with the day the head of its pick-up code.
        number int NOT NULL CHECK (number BETWEEN 1 AND 9999),
        state text NOT NULL CHECK (state IN ('open', 'collected', 'cancelled', 'noShow')),
        way text NOT NULL CHECK (way IN ('dineIn', 'collect', 'deliver')),
        items jsonb NOT NULL,
        portions int NOT NULL CHECK (portions >= 1),
        price_list_version int NOT NULL,
        price_fen bigint NOT NULL CHECK (price_fen >= 0),
        note text,
        -- The sale that handed it out.
        tap_id uuid,
        events int NOT NULL CHECK (events >= 1),
        made_at timestamptz NOT NULL,
        made_by text NOT NULL,
        PRIMARY KEY (city_code, booking_id),
        UNIQUE (city_code, site_id, meal_date, number),
        UNIQUE (city_code, tap_id),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id),
        FOREIGN KEY (city_code, site_id) REFERENCES site (city_code, site_id),
        CHECK ((state = 'collected') = (tap_id IS NOT NULL))
      );
      CREATE UNIQUE INDEX booking_one_open ON booking (city_code, elder_id, site_id, meal_date, meal_period) WHERE state = 'open';
      CREATE INDEX booking_open ON booking (city_code, meal_date, site_id) WHERE state = 'open';
      GRANT SELECT, INSERT, UPDATE (state, way, items, portions, price_list_version, price_fen, note, tap_id, events) ON booking TO xingfu_app;

      CREATE TABLE booking_event (
        city_code char(6) NOT NULL,
        booking_id uuid NOT NULL,
        event_no int NOT NULL CHECK (event_no >= 1),
        kind text NOT NULL CHECK (kind IN ('made', 'changed', 'cancelled', 'collected', 'reopened', 'noShow')),
        -- What is booked from then on, where that is new.
        way text CHECK (way IN ('dineIn', 'collect', 'deliver')),
        items jsonb,
        tap_id uuid,
        reason text,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, booking_id, event_no),
        FOREIGN KEY (city_code, booking_id) REFERENCES booking (city_code, booking_id),
        CHECK ((kind IN ('made', 'changed')) = (items IS NOT NULL)),
        CHECK ((kind IN ('collected', 'reopened')) = (tap_id IS NOT NULL))
      );
      CREATE UNIQUE INDEX booking_event_collected ON booking_event (city_code, tap_id) WHERE kind = 'collected';
      GRANT SELECT, INSERT ON booking_event TO xingfu_app;
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON booking_event FOR EACH ROW EXECUTE FUNCTION forbid_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE booking_event, booking, booking_quota, booking_hours');
  }
}
