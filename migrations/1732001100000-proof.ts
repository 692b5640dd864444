import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the nightly runs of the invariants found. */
export class Proof1732001100000 implements MigrationInterface {
  readonly name = 'Proof1732001100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE proof_run (
        city_code char(6) NOT NULL,
        ran_for date NOT NULL,
        ran_at timestamptz NOT NULL,
        checked int NOT NULL CHECK (checked > 0),
        violations jsonb NOT NULL,
        PRIMARY KEY (city_code, ran_for)
      );
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON proof_run EXECUTE FUNCTION forbid_change();
      GRANT SELECT, INSERT ON proof_run TO xingfu_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE proof_run');
  }
}
