import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payments by WeChat: who takes them, each order with what was heard of it, refunds, and notices as they came. */
export class WechatOrder1732004100000 implements MigrationInterface {
  readonly name = 'WechatOrder1732004100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Which sub-merchant an operator's eaters pay: nobody's money passes through another's account. Null ends it.
      CREATE TABLE operator_merchant (
        city_code char(6) NOT NULL,
        merchant_id uuid NOT NULL,
        operator_id uuid NOT NULL,
        sub_mchid text CHECK (sub_mchid ~ '^[0-9]{6,32}$'),
        recorded_at timestamptz NOT NULL,
        recorded_by uuid NOT NULL,
        PRIMARY KEY (city_code, merchant_id),
        FOREIGN KEY (city_code, operator_id) REFERENCES site_operator_org (city_code, operator_id)
      );

      CREATE TABLE operator_merchant_decision (
        city_code char(6) NOT NULL,
        merchant_id uuid NOT NULL,
        outcome text NOT NULL CHECK (outcome IN ('confirmed', 'rejected')),
        decided_at timestamptz NOT NULL,
        decided_by uuid NOT NULL,
        seq bigint GENERATED ALWAYS AS IDENTITY,
        PRIMARY KEY (city_code, merchant_id),
        FOREIGN KEY (city_code, merchant_id) REFERENCES operator_merchant (city_code, merchant_id)
      );

      -- An order as it stands; what WeChat said of it is in its events. Its number at WeChat is made of city and order_id.
      CREATE TABLE wechat_order (
        city_code char(6) NOT NULL,
        order_id uuid NOT NULL,
        purpose text NOT NULL CHECK (purpose IN ('booking', 'tap')),
        reference_id uuid NOT NULL,
        -- 'sheet' is paid on the phone, 'code' by a payment code that a till scans.
        way text NOT NULL CHECK (way IN ('sheet', 'code')),
        elder_id uuid,
        account_id uuid,
        operator_id uuid NOT NULL,
        site_id uuid NOT NULL,
        sub_mchid text NOT NULL,
        description text NOT NULL,
        fen bigint NOT NULL CHECK (fen > 0),
        state text NOT NULL CHECK (state IN ('created', 'paying', 'unknown', 'reversing', 'paid', 'closed')),
        -- Why it was closed: WeChat's code, 'expired', or 'withdrawn'.
        closed_by text,
        -- Whoever asked for it does not want it any more: if it turns out paid, the money goes back.
        withdrawn boolean NOT NULL DEFAULT false,
        transaction_id text,
        paid_at timestamptz,
        -- Of all refunds that were asked for and did not fail; never above what was paid.
        refunded_fen bigint NOT NULL DEFAULT 0 CHECK (refunded_fen BETWEEN 0 AND fen),
        opened_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        looks int NOT NULL DEFAULT 0,
        -- When to ask WeChat next; null where there is nothing left to ask.
        look_at timestamptz,
        settled_at timestamptz,
        PRIMARY KEY (city_code, order_id),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id),
        FOREIGN KEY (city_code, operator_id) REFERENCES site_operator_org (city_code, operator_id),
        FOREIGN KEY (city_code, site_id) REFERENCES site (city_code, site_id),
        CHECK ((state = 'paid') = (transaction_id IS NOT NULL)),
        CHECK ((state = 'paid') = (paid_at IS NOT NULL)),
        CHECK ((state = 'closed') = (closed_by IS NOT NULL)),
        CHECK ((state IN ('paid', 'closed')) = (look_at IS NULL)),
        CHECK ((state IN ('paid', 'closed')) = (settled_at IS NOT NULL)),
        CHECK (refunded_fen = 0 OR state = 'paid')
      );
      CREATE INDEX wechat_order_open ON wechat_order (city_code, look_at) WHERE look_at IS NOT NULL;
      CREATE INDEX wechat_order_of ON wechat_order (city_code, purpose, reference_id);
      CREATE INDEX wechat_order_paid ON wechat_order (city_code, paid_at) WHERE paid_at IS NOT NULL;
      CREATE UNIQUE INDEX wechat_order_transaction ON wechat_order (city_code, transaction_id) WHERE transaction_id IS NOT NULL;

      CREATE TABLE wechat_order_event (
        city_code char(6) NOT NULL,
        order_id uuid NOT NULL,
        seq bigint GENERATED ALWAYS AS IDENTITY,
        -- Our question, or a notice.
        asked text NOT NULL CHECK (asked IN ('open', 'prepay', 'charge', 'query', 'close', 'reverse', 'notice', 'withdraw')),
        -- WeChat's word: the state of the trade, or the code of an error.
        heard text NOT NULL,
        state text NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (city_code, order_id, seq),
        FOREIGN KEY (city_code, order_id) REFERENCES wechat_order (city_code, order_id)
      );

      CREATE TABLE wechat_refund (
        city_code char(6) NOT NULL,
        refund_id uuid NOT NULL,
        order_id uuid NOT NULL,
        fen bigint NOT NULL CHECK (fen > 0),
        reason text NOT NULL,
        state text NOT NULL CHECK (state IN ('asked', 'processing', 'done', 'failed', 'stuck')),
        -- WeChat's number of it.
        wechat_id text,
        asked_at timestamptz NOT NULL,
        asked_by text NOT NULL,
        looks int NOT NULL DEFAULT 0,
        look_at timestamptz,
        settled_at timestamptz,
        PRIMARY KEY (city_code, refund_id),
        FOREIGN KEY (city_code, order_id) REFERENCES wechat_order (city_code, order_id),
        CHECK ((state IN ('done', 'failed')) = (look_at IS NULL)),
        CHECK ((state IN ('done', 'failed')) = (settled_at IS NOT NULL))
      );
      CREATE INDEX wechat_refund_open ON wechat_refund (city_code, look_at) WHERE look_at IS NOT NULL;
      CREATE INDEX wechat_refund_of ON wechat_refund (city_code, order_id);
      CREATE INDEX wechat_refund_failed ON wechat_refund (city_code) WHERE state = 'failed';

      -- What came, byte for byte, with the signature that made it believable.
      CREATE TABLE wechat_notice (
        city_code char(6) NOT NULL REFERENCES region_city,
        notice_id text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('paid', 'refund')),
        -- The order or the refund that it speaks of.
        about_id uuid NOT NULL,
        body bytea NOT NULL,
        signed text NOT NULL,
        received_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, notice_id)
      );
      CREATE INDEX wechat_notice_about ON wechat_notice (city_code, about_id);

      -- 'payment': an order or a refund at WeChat Pay that does not come to its end by itself.
      ALTER TABLE alert DROP CONSTRAINT alert_kind_check, ADD CONSTRAINT alert_kind_check CHECK (kind IN ('invariant', 'job', 'seal', 'payment'));

      GRANT SELECT, INSERT ON operator_merchant, operator_merchant_decision, wechat_order, wechat_order_event, wechat_refund, wechat_notice TO xingfu_app;
      GRANT UPDATE (state, closed_by, withdrawn, transaction_id, paid_at, refunded_fen, looks, look_at, settled_at) ON wechat_order TO xingfu_app;
      GRANT UPDATE (state, wechat_id, looks, look_at, settled_at) ON wechat_refund TO xingfu_app;
    `);
    for (const table of ['operator_merchant', 'operator_merchant_decision', 'wechat_order_event', 'wechat_notice']) {
      await runner.query(`
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION forbid_change();
        CREATE TRIGGER no_truncate BEFORE TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE wechat_notice, wechat_refund, wechat_order_event, wechat_order, operator_merchant_decision, operator_merchant');
    // Alerts stay, so those that are there already are not asked.
    await runner.query(`ALTER TABLE alert DROP CONSTRAINT alert_kind_check, ADD CONSTRAINT alert_kind_check CHECK (kind IN ('invariant', 'job', 'seal')) NOT VALID`);
  }
}
