import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Answers of deeds are kept as the text that was sent: jsonb puts their fields into an order of its own. */
export class DeedAnswer1732002400000 implements MigrationInterface {
  readonly name = 'DeedAnswer1732002400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query("SET LOCAL lock_timeout = '30s'; ALTER TABLE deed ALTER COLUMN answer TYPE json USING answer::json");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE deed ALTER COLUMN answer TYPE jsonb USING answer::jsonb');
  }
}
