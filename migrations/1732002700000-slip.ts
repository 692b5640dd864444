import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Canteens without a device: sheets and numbered slips that are printed at night, and what the town enters from them. */
export class Slip1732002700000 implements MigrationInterface {
  readonly name = 'Slip1732002700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A register on paper stands in a terminal's place: it has no key, so it can never open a session.
      ALTER TABLE access_terminal ADD COLUMN kind text NOT NULL DEFAULT 'device' CHECK (kind IN ('device', 'paper')),
        ADD CONSTRAINT access_terminal_paper_has_no_key CHECK (kind = 'device' OR public_key IS NULL);
      CREATE UNIQUE INDEX access_terminal_paper ON access_terminal (city_code, site_id) WHERE kind = 'paper';

      CREATE TABLE slip_limit (
        city_code char(6) NOT NULL REFERENCES region_city,
        entry_days int NOT NULL CHECK (entry_days BETWEEN 0 AND 31),
        site_day_meals int NOT NULL CHECK (site_day_meals BETWEEN 1 AND 999),
        sheet_people int NOT NULL CHECK (sheet_people BETWEEN 1 AND 999),
        set_at timestamptz NOT NULL,
        set_by text NOT NULL,
        PRIMARY KEY (city_code)
      );
      GRANT SELECT, INSERT, UPDATE (entry_days, site_day_meals, sheet_people, set_at, set_by) ON slip_limit TO xingfu_app;

      -- The short number that slips name a site by; given once.
      CREATE TABLE slip_site (
        city_code char(6) NOT NULL,
        site_id uuid NOT NULL,
        site_no int NOT NULL CHECK (site_no BETWEEN 1 AND 9999),
        terminal_id uuid NOT NULL,
        PRIMARY KEY (city_code, site_id),
        UNIQUE (city_code, site_no),
        FOREIGN KEY (city_code, site_id) REFERENCES site (city_code, site_id),
        FOREIGN KEY (city_code, terminal_id) REFERENCES access_terminal (city_code, terminal_id)
      );
      GRANT SELECT, INSERT ON slip_site TO xingfu_app;

      -- From when a site is run on paper, and from when no more.
      CREATE TABLE slip_site_step (
        city_code char(6) NOT NULL,
        site_id uuid NOT NULL,
        step_no int NOT NULL CHECK (step_no >= 1),
        kind text NOT NULL CHECK (kind IN ('begun', 'ended')),
        on_date date NOT NULL,
        reason text NOT NULL,
        recorded_by text NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, site_id, step_no),
        UNIQUE (city_code, site_id, on_date),
        FOREIGN KEY (city_code, site_id) REFERENCES slip_site (city_code, site_id)
      );
      GRANT SELECT, INSERT ON slip_site_step TO xingfu_app;

      -- The number by which a canteen knows an elder: the same on every sheet, never another's.
      CREATE TABLE slip_handle (
        city_code char(6) NOT NULL,
        site_id uuid NOT NULL,
        handle_no int NOT NULL CHECK (handle_no >= 1),
        elder_id uuid NOT NULL,
        given_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, site_id, handle_no),
        UNIQUE (city_code, site_id, elder_id),
        FOREIGN KEY (city_code, site_id) REFERENCES slip_site (city_code, site_id)
      );
      GRANT SELECT, INSERT ON slip_handle TO xingfu_app;

      -- One printing: whose own shares it told, without their names, and the numbers of its slips.
      CREATE TABLE slip_sheet (
        city_code char(6) NOT NULL,
        sheet_id uuid NOT NULL,
        site_id uuid NOT NULL,
        meal_date date NOT NULL,
        version int NOT NULL CHECK (version >= 1),
        first_no int NOT NULL CHECK (first_no >= 1),
        last_no int NOT NULL CHECK (last_no BETWEEN first_no AND 999),
        reprint boolean NOT NULL,
        price_list_version int NOT NULL,
        items jsonb NOT NULL,
        lines jsonb NOT NULL,
        printed_at timestamptz NOT NULL,
        printed_by text NOT NULL,
        PRIMARY KEY (city_code, sheet_id),
        UNIQUE (city_code, site_id, meal_date, version),
        FOREIGN KEY (city_code, site_id) REFERENCES slip_site (city_code, site_id)
      );
      GRANT SELECT, INSERT ON slip_sheet TO xingfu_app;

      -- A photo of filled-in paper, sealed by the application.
      CREATE TABLE slip_photo (
        city_code char(6) NOT NULL,
        photo_id uuid NOT NULL,
        site_id uuid NOT NULL,
        meal_date date NOT NULL,
        kind text NOT NULL CHECK (kind IN ('image/jpeg', 'image/png', 'image/webp')),
        bytes int NOT NULL CHECK (bytes > 0),
        sha256 char(64) NOT NULL,
        sealed bytea NOT NULL,
        kept_at timestamptz NOT NULL,
        kept_by text NOT NULL,
        PRIMARY KEY (city_code, photo_id),
        FOREIGN KEY (city_code, site_id) REFERENCES slip_site (city_code, site_id)
      );
      CREATE INDEX slip_photo_of_day ON slip_photo (city_code, site_id, meal_date);
      GRANT SELECT, INSERT ON slip_photo TO xingfu_app;

      -- What one person entered at one time.
      CREATE TABLE slip_batch (
        city_code char(6) NOT NULL,
        batch_id uuid NOT NULL,
        site_id uuid NOT NULL,
        meal_date date NOT NULL,
        batch_no int NOT NULL CHECK (batch_no >= 1),
        photo_ids uuid[] NOT NULL CHECK (cardinality(photo_ids) >= 1),
        refused int NOT NULL CHECK (refused >= 0),
        entered_at timestamptz NOT NULL,
        entered_by text NOT NULL,
        PRIMARY KEY (city_code, batch_id),
        UNIQUE (city_code, site_id, meal_date, batch_no),
        FOREIGN KEY (city_code, site_id) REFERENCES slip_site (city_code, site_id)
      );
      GRANT SELECT, INSERT ON slip_batch TO xingfu_app;

      -- What became of a slip. A further attempt stands where the rules refused the meal, or it was taken back.
      CREATE TABLE slip_entry (
        city_code char(6) NOT NULL,
        site_id uuid NOT NULL,
        meal_date date NOT NULL,
        slip_no int NOT NULL CHECK (slip_no >= 1),
        attempt int NOT NULL CHECK (attempt >= 1),
        batch_id uuid NOT NULL,
        kind text NOT NULL CHECK (kind IN ('meal', 'spoilt', 'refused')),
        tap_id uuid,
        taken_fen bigint NOT NULL CHECK (taken_fen >= 0),
        PRIMARY KEY (city_code, site_id, meal_date, slip_no, attempt),
        UNIQUE (city_code, tap_id),
        FOREIGN KEY (city_code, batch_id) REFERENCES slip_batch (city_code, batch_id),
        CHECK ((kind = 'spoilt') = (tap_id IS NULL)),
        CHECK (kind <> 'spoilt' OR taken_fen = 0)
      );
      GRANT SELECT, INSERT ON slip_entry TO xingfu_app;

      -- A day's sheet is closed with the numbers that never came back, and may be opened again with a reason.
      CREATE TABLE slip_day_step (
        city_code char(6) NOT NULL,
        site_id uuid NOT NULL,
        meal_date date NOT NULL,
        step_no int NOT NULL CHECK (step_no >= 1),
        kind text NOT NULL CHECK (kind IN ('closed', 'reopened')),
        missing int[] NOT NULL,
        reason text NOT NULL,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, site_id, meal_date, step_no),
        FOREIGN KEY (city_code, site_id) REFERENCES slip_site (city_code, site_id)
      );
      GRANT SELECT, INSERT ON slip_day_step TO xingfu_app;
    `);
    for (const table of APPEND_ONLY) {
      await runner.query(`CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION forbid_change()`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE slip_day_step, slip_entry, slip_batch, slip_photo, slip_sheet, slip_handle, slip_site_step, slip_site, slip_limit;
      DROP INDEX access_terminal_paper;
      ALTER TABLE access_terminal DROP CONSTRAINT access_terminal_paper_has_no_key, DROP COLUMN kind;
    `);
  }
}

const APPEND_ONLY = ['slip_site', 'slip_site_step', 'slip_handle', 'slip_sheet', 'slip_photo', 'slip_batch', 'slip_entry', 'slip_day_step'];
