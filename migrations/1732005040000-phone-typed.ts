import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A telephone number that its holder typed: nobody vouches for it. */
export class PhoneTyped1732005040000 implements MigrationInterface {
  readonly name = 'PhoneTyped1732005040000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE mini_account DROP CONSTRAINT mini_account_phone_how_check,
        ADD CONSTRAINT mini_account_phone_how_check CHECK (phone_how IN ('wechat', 'staff', 'typed'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE mini_account SET phone_sealed = NULL, phone_how = NULL WHERE phone_how = 'typed';
      ALTER TABLE mini_account DROP CONSTRAINT mini_account_phone_how_check,
        ADD CONSTRAINT mini_account_phone_how_check CHECK (phone_how IN ('wechat', 'staff'));
    `);
  }
}
