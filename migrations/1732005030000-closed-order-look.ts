import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Drops the check of an order's next look, whatever the database named it, and puts another in its place. */
const looking = (check: string): string => `
  DO $$
  DECLARE
    old text;
  BEGIN
    SELECT conname INTO STRICT old FROM pg_constraint WHERE conrelid = 'wechat_order'::regclass AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%look_at%';
    EXECUTE format('ALTER TABLE wechat_order DROP CONSTRAINT %I', old);
  END $$;
  ALTER TABLE wechat_order ADD CONSTRAINT wechat_order_look CHECK (${check});`;

/** A closed order of which WeChat speaks once more is looked at again, until WeChat has answered. */
export class ClosedOrderLook1732005030000 implements MigrationInterface {
  readonly name = 'ClosedOrderLook1732005030000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(looking(`CASE state WHEN 'paid' THEN look_at IS NULL WHEN 'closed' THEN true ELSE look_at IS NOT NULL END`));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE wechat_order SET look_at = NULL WHERE state = 'closed'`);
    await runner.query(looking(`(state IN ('paid', 'closed')) = (look_at IS NULL)`));
  }
}
