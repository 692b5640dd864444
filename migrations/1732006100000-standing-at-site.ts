import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Staff look at the standing orders of a canteen. */
export class StandingAtSite1732006100000 implements MigrationInterface {
  readonly name = 'StandingAtSite1732006100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX standing_order_at ON standing_order (city_code, site_id) WHERE ended_at IS NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX standing_order_at');
  }
}
