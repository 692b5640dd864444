import type { MigrationInterface, QueryRunner } from 'typeorm';

/** WeChat Pay's bills day by day, line by line, and where they differ from our books. */
export class Reconciliation1732004500000 implements MigrationInterface {
  readonly name = 'Reconciliation1732004500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The bill of a sub-merchant's day, as it was fetched, once. A day without trade has one without lines.
      CREATE TABLE trade_bill (
        city_code char(6) NOT NULL REFERENCES region_city,
        bill_date date NOT NULL,
        sub_mchid text NOT NULL,
        -- Of the text as it came; null of a day without trade.
        sha256 text,
        lines int NOT NULL CHECK (lines >= 0),
        paid_fen bigint NOT NULL,
        -- Paid by code and taken back: part of what was paid, and none of it ours.
        reversed_fen bigint NOT NULL,
        refund_fen bigint NOT NULL,
        own_paid_fen bigint NOT NULL,
        own_refund_fen bigint NOT NULL,
        fetched_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, bill_date, sub_mchid)
      );

      -- Its lines that are of this city, or whose number is nobody's.
      CREATE TABLE trade_bill_line (
        city_code char(6) NOT NULL,
        bill_date date NOT NULL,
        sub_mchid text NOT NULL,
        line int NOT NULL,
        kind text NOT NULL CHECK (kind IN ('paid', 'refund', 'reversed')),
        order_id uuid,
        refund_id uuid,
        number text NOT NULL,
        transaction_id text NOT NULL,
        fen bigint NOT NULL CHECK (fen >= 0),
        at timestamptz NOT NULL,
        PRIMARY KEY (city_code, bill_date, sub_mchid, line),
        FOREIGN KEY (city_code, bill_date, sub_mchid) REFERENCES trade_bill (city_code, bill_date, sub_mchid)
      );
      CREATE INDEX trade_bill_line_order ON trade_bill_line (city_code, order_id) WHERE order_id IS NOT NULL;
      CREATE INDEX trade_bill_line_refund ON trade_bill_line (city_code, refund_id) WHERE refund_id IS NOT NULL;

      -- What differed when the bill came. What our books say later is compared anew whenever it is looked at.
      CREATE TABLE trade_bill_difference (
        city_code char(6) NOT NULL,
        bill_date date NOT NULL,
        sub_mchid text NOT NULL,
        difference int NOT NULL,
        kind text NOT NULL,
        order_id uuid,
        refund_id uuid,
        number text NOT NULL,
        their_fen bigint,
        own_fen bigint,
        PRIMARY KEY (city_code, bill_date, sub_mchid, difference),
        FOREIGN KEY (city_code, bill_date, sub_mchid) REFERENCES trade_bill (city_code, bill_date, sub_mchid)
      );

      GRANT SELECT, INSERT ON trade_bill, trade_bill_line, trade_bill_difference TO xingfu_app;
    `);
    for (const table of ['trade_bill', 'trade_bill_line', 'trade_bill_difference']) {
      await runner.query(`
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION forbid_change();
        CREATE TRIGGER no_truncate BEFORE TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE trade_bill_difference, trade_bill_line, trade_bill');
  }
}
