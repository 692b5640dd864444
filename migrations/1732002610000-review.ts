import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which meals a person looks at, drawn from sealed days, and what was found. */
export class Review1732002610000 implements MigrationInterface {
  readonly name = 'Review1732002610000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- How many meals are drawn by lot. For days to come only: nobody changes the rule of a day that is being eaten.
      CREATE TABLE review_rule (
        city_code char(6) NOT NULL REFERENCES region_city,
        rule_id uuid NOT NULL,
        from_date date NOT NULL,
        rate_basis_points int NOT NULL CHECK (rate_basis_points BETWEEN 0 AND 10000),
        least int NOT NULL CHECK (least BETWEEN 0 AND 1000),
        set_at timestamptz NOT NULL,
        set_by text NOT NULL,
        PRIMARY KEY (city_code, rule_id)
      );

      -- One draw for one seal: of the meals that it covers and no earlier seal of its day did.
      CREATE TABLE review_draw (
        city_code char(6) NOT NULL,
        log_index bigint NOT NULL,
        site_id uuid NOT NULL,
        meal_date date NOT NULL,
        rule text NOT NULL,
        rate_basis_points int NOT NULL,
        least int NOT NULL,
        meals int NOT NULL CHECK (meals >= 0),
        marked int NOT NULL CHECK (marked >= 0),
        by_lot int NOT NULL CHECK (by_lot >= 0 AND marked + by_lot <= meals),
        drawn_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, log_index),
        FOREIGN KEY (city_code, log_index) REFERENCES day_seal (city_code, log_index)
      );
      CREATE INDEX review_draw_day ON review_draw (city_code, meal_date, log_index);

      CREATE TABLE review_meal (
        city_code char(6) NOT NULL,
        tap_id uuid NOT NULL,
        log_index bigint NOT NULL,
        site_id uuid NOT NULL,
        meal_date date NOT NULL,
        booked_month text COLLATE "C" NOT NULL,
        reasons text[] NOT NULL CHECK (cardinality(reasons) > 0),
        PRIMARY KEY (city_code, tap_id),
        FOREIGN KEY (city_code, log_index) REFERENCES review_draw (city_code, log_index)
      );
      CREATE INDEX review_meal_day ON review_meal (city_code, meal_date, tap_id);
      CREATE INDEX review_meal_of ON review_meal (city_code, log_index);

      -- What a person found. A later finding about the same meal stands in place of the earlier one, which stays.
      CREATE TABLE review_finding (
        city_code char(6) NOT NULL,
        finding_id uuid NOT NULL,
        tap_id uuid NOT NULL,
        verdict text NOT NULL CHECK (verdict IN ('ok', 'unconfirmed', 'wrong')),
        note text NOT NULL,
        found_at timestamptz NOT NULL,
        found_by text NOT NULL,
        PRIMARY KEY (city_code, finding_id),
        FOREIGN KEY (city_code, tap_id) REFERENCES review_meal (city_code, tap_id)
      );
      CREATE INDEX review_finding_of ON review_finding (city_code, tap_id, found_at);

      GRANT SELECT, INSERT ON review_rule, review_draw, review_meal, review_finding TO xingfu_app;
    `);
    for (const table of ['review_rule', 'review_draw', 'review_meal', 'review_finding']) {
      await runner.query(`
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION forbid_change();
        CREATE TRIGGER no_truncate BEFORE TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE review_finding, review_meal, review_draw, review_rule');
  }
}
