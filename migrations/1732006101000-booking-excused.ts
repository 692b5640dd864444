import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whoever ate after all gets back what a no-show had cost. */
export class BookingExcused1732006101000 implements MigrationInterface {
  readonly name = 'BookingExcused1732006101000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- excused: what was kept for a no-show is the booking's again, as its meal was eaten. Every row fits the shorter list of before.
      ALTER TABLE booking_money DROP CONSTRAINT booking_money_kind_check;
      ALTER TABLE booking_money ADD CONSTRAINT booking_money_kind_check CHECK (kind IN ('paid', 'used', 'returned', 'refund', 'kept', 'excused')) NOT VALID;
      -- Looked through every night for those who ate.
      CREATE INDEX booking_no_show ON booking (city_code, meal_date) WHERE state = 'noShow';
    `);
  }

  async down(): Promise<void> {
    throw new Error('what was given back has no way back: restore a backup instead');
  }
}
