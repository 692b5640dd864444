import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The order of offline meals: what a changed rank takes off, or gives to, a meal's counters, and the own time of a void. */
export class Rank1732002000000 implements MigrationInterface {
  readonly name = 'Rank1732002000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- When a meal was taken back, by the clock of the till that did it; null: when the void arrived.
      ALTER TABLE meal_void ADD COLUMN made_at timestamptz;
      CREATE INDEX meal_void_of_time ON meal_void (city_code, voided_at);

      -- What a changed rank adds to a meal's uses (negative: takes off them), beside the correction of its money, whose id it
      -- has. Counters follow while the meal stands; of a meal that was taken back, it says what it counts for until then.
      CREATE TABLE meal_use_change (
        city_code char(6) NOT NULL,
        change_id uuid NOT NULL,
        tap_id uuid NOT NULL,
        rule_id text NOT NULL,
        period_key text NOT NULL,
        count int NOT NULL,
        fen bigint NOT NULL,
        cause_id uuid NOT NULL,
        changed_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, change_id, rule_id, period_key),
        CHECK (count <> 0 OR fen <> 0)
      );
      CREATE INDEX meal_use_change_of_tap ON meal_use_change (city_code, tap_id);
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON meal_use_change EXECUTE FUNCTION forbid_change();
      GRANT SELECT, INSERT ON meal_use_change TO xingfu_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE meal_use_change; DROP INDEX meal_void_of_time; ALTER TABLE meal_void DROP COLUMN made_at');
  }
}
