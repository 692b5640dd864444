import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a till signs, and the seals over what was booked. */
export class Seal1732001800000 implements MigrationInterface {
  readonly name = 'Seal1732001800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The till's signature over entry_hash, as it was sent; checked in bulk before the day's seal, so it may be wrong.
      ALTER TABLE tap_claim ADD COLUMN signature bytea;

      -- The last day of meals that is over in a month: who books for such a day, under the share lock that every
      -- booking holds on its month, marks the day for a new seal.
      ALTER TABLE ledger_month ADD COLUMN days_over_to date;
      GRANT UPDATE (days_over_to) ON ledger_month TO xingfu_app;

      -- Days of sites that changed after they were over. Rows and not flags: two tills never wait for each other here.
      CREATE TABLE seal_due (
        city_code char(6) NOT NULL,
        due_id bigint GENERATED ALWAYS AS IDENTITY,
        site_id uuid NOT NULL,
        booked_month char(7) NOT NULL,
        meal_date date NOT NULL,
        PRIMARY KEY (city_code, due_id)
      );
      GRANT SELECT, INSERT, DELETE ON seal_due TO xingfu_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('seals have no way back: restore a backup instead');
  }
}
