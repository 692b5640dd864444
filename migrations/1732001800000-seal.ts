import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a till signs, and the seals over what was booked. */
export class Seal1732001800000 implements MigrationInterface {
  readonly name = 'Seal1732001800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The till's signature over entry_hash, as it was sent; checked in bulk before the day's seal, so it may be wrong.
      ALTER TABLE tap_claim ADD COLUMN signature bytea;
    `);
  }

  async down(): Promise<void> {
    throw new Error('seals have no way back: restore a backup instead');
  }
}
