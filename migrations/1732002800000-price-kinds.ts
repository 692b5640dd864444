import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an item costs a guest, a relative who eats along, and in half; prices that are there hold for everybody and in whole. */
export class PriceKinds1732002800000 implements MigrationInterface {
  readonly name = 'PriceKinds1732002800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE menu_price
        -- NULL: the same price as everybody's.
        ADD COLUMN guest_fen bigint CHECK (guest_fen >= 0),
        ADD COLUMN relative_fen bigint CHECK (relative_fen >= 0),
        -- NULL: not sold in halves.
        ADD COLUMN half_fen bigint CHECK (half_fen > 0 AND half_fen <= fen);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE menu_price DROP COLUMN guest_fen, DROP COLUMN relative_fen, DROP COLUMN half_fen');
  }
}
