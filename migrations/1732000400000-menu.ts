import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Dishes and sets, prices by version, the caps on elders' sets, and what is on the table in a week. */
export class Menu1732000400000 implements MigrationInterface {
  readonly name = 'Menu1732000400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE menu_dish (
        city_code char(6) NOT NULL,
        site_id uuid NOT NULL,
        item_code varchar(32) NOT NULL,
        name text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('dish', 'set')),
        -- What a set is made of; a dish has none.
        components text[] NOT NULL,
        marks text[] NOT NULL,
        allergens text[] NOT NULL,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, site_id, item_code),
        FOREIGN KEY (city_code, site_id) REFERENCES site
      );

      -- The most that an elders' set may cost in a division from a day on.
      CREATE TABLE menu_price_cap (
        city_code char(6) NOT NULL,
        division_code varchar(12) NOT NULL,
        meal_period text NOT NULL CHECK (meal_period IN ('breakfast', 'lunch', 'dinner')),
        from_date date NOT NULL,
        cap_fen bigint NOT NULL CHECK (cap_fen > 0),
        document text NOT NULL,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, division_code, meal_period, from_date),
        FOREIGN KEY (city_code, division_code) REFERENCES region_division
      );

      -- A version holds from its day until the day before the next version's.
      CREATE TABLE menu_price_list (
        city_code char(6) NOT NULL,
        site_id uuid NOT NULL,
        version int NOT NULL CHECK (version > 0),
        effective_from date NOT NULL,
        filing_number text,
        filed_on date CHECK (filed_on <= effective_from),
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, site_id, version),
        UNIQUE (city_code, site_id, effective_from),
        FOREIGN KEY (city_code, site_id) REFERENCES site,
        CHECK ((filing_number IS NULL) = (filed_on IS NULL))
      );

      CREATE TABLE menu_price (
        city_code char(6) NOT NULL,
        site_id uuid NOT NULL,
        version int NOT NULL,
        item_code varchar(32) NOT NULL,
        meal_period text NOT NULL CHECK (meal_period IN ('breakfast', 'lunch', 'dinner')),
        fen bigint NOT NULL CHECK (fen > 0),
        elder_set boolean NOT NULL,
        -- The name on the list as it was published; the dish may be renamed later.
        name text NOT NULL,
        PRIMARY KEY (city_code, site_id, version, item_code, meal_period),
        FOREIGN KEY (city_code, site_id, version) REFERENCES menu_price_list,
        FOREIGN KEY (city_code, site_id, item_code) REFERENCES menu_dish
      );

      -- A week may be published again; the latest revision is what is on the table.
      CREATE TABLE menu_week (
        city_code char(6) NOT NULL,
        site_id uuid NOT NULL,
        monday date NOT NULL CHECK (EXTRACT(isodow FROM monday) = 1),
        revision int NOT NULL CHECK (revision > 0),
        published_at timestamptz NOT NULL,
        published_by text NOT NULL,
        PRIMARY KEY (city_code, site_id, monday, revision),
        FOREIGN KEY (city_code, site_id) REFERENCES site
      );

      CREATE TABLE menu_entry (
        city_code char(6) NOT NULL,
        site_id uuid NOT NULL,
        monday date NOT NULL,
        revision int NOT NULL,
        meal_date date NOT NULL CHECK (meal_date BETWEEN monday AND monday + 6),
        meal_period text NOT NULL CHECK (meal_period IN ('breakfast', 'lunch', 'dinner')),
        item_code varchar(32) NOT NULL,
        portions int NOT NULL CHECK (portions >= 0),
        PRIMARY KEY (city_code, site_id, monday, revision, meal_date, meal_period, item_code),
        FOREIGN KEY (city_code, site_id, monday, revision) REFERENCES menu_week,
        FOREIGN KEY (city_code, site_id, item_code) REFERENCES menu_dish
      );

      CREATE TRIGGER menu_price_list_append_only BEFORE UPDATE OR DELETE ON menu_price_list FOR EACH ROW EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER menu_price_append_only BEFORE UPDATE OR DELETE ON menu_price FOR EACH ROW EXECUTE FUNCTION forbid_change();

      GRANT SELECT, INSERT ON menu_dish, menu_price_cap, menu_price_list, menu_price, menu_week, menu_entry TO xingfu_app;
      GRANT UPDATE (name, components, marks, allergens, recorded_at, recorded_by) ON menu_dish TO xingfu_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE menu_entry, menu_week, menu_price, menu_price_list, menu_price_cap, menu_dish');
  }
}
