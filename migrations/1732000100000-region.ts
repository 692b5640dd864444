import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Cities, their divisions with days of validity and successors, the closure for scopes, and who funds at which level. */
export class Region1732000100000 implements MigrationInterface {
  readonly name = 'Region1732000100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE region_city (
        city_code char(6) PRIMARY KEY CHECK (city_code ~ '^[0-9]{4}00$'),
        name text NOT NULL,
        province_name text NOT NULL,
        -- The steps a claim takes from the site to the release of money; data of the city.
        chain jsonb NOT NULL,
        loaded_at timestamptz NOT NULL
      );

      CREATE TABLE region_division (
        city_code char(6) NOT NULL REFERENCES region_city,
        division_code varchar(12) NOT NULL CHECK (division_code ~ '^[0-9]{6}([0-9]{3}){0,2}$'),
        name text NOT NULL,
        level text NOT NULL CHECK (level IN ('country', 'province', 'city', 'county', 'township', 'community')),
        parent_code varchar(12),
        -- First and last day, both included; null is open.
        valid_from date,
        valid_to date CHECK (valid_to >= valid_from),
        successor_code varchar(12) CHECK (successor_code <> division_code),
        PRIMARY KEY (city_code, division_code),
        FOREIGN KEY (city_code, parent_code) REFERENCES region_division,
        FOREIGN KEY (city_code, successor_code) REFERENCES region_division
      );
      CREATE INDEX region_division_children ON region_division (city_code, parent_code, division_code);

      -- Derived from region_division by one statement; foreign keys here would double the time that loading a city takes.
      CREATE TABLE region_closure (
        city_code char(6) NOT NULL,
        ancestor_code varchar(12) NOT NULL,
        descendant_code varchar(12) NOT NULL,
        depth smallint NOT NULL CHECK (depth >= 0),
        PRIMARY KEY (city_code, descendant_code, ancestor_code)
      );
      CREATE INDEX region_closure_down ON region_closure (city_code, ancestor_code, descendant_code);

      CREATE TABLE region_funder (
        city_code char(6) NOT NULL,
        funder_code varchar(40) NOT NULL,
        name text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('city', 'county', 'township', 'village', 'lotteryWelfareFund', 'charity')),
        division_code varchar(12),
        valid_from date,
        valid_to date CHECK (valid_to >= valid_from),
        PRIMARY KEY (city_code, funder_code),
        FOREIGN KEY (city_code, division_code) REFERENCES region_division
      );
      CREATE INDEX region_funder_division ON region_funder (city_code, division_code, kind);

      GRANT SELECT, INSERT, UPDATE (chain) ON region_city TO xingfu_app;
      GRANT SELECT, INSERT, UPDATE (valid_from, valid_to, successor_code) ON region_division TO xingfu_app;
      GRANT SELECT, INSERT ON region_closure TO xingfu_app;
      GRANT SELECT, INSERT ON region_funder TO xingfu_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE region_funder, region_closure, region_division, region_city');
  }
}
