import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Codes that stand for a card: shown by a phone, worked out without a network, carried as a pass, or printed. */
export class EatingCode1732004300000 implements MigrationInterface {
  readonly name = 'EatingCode1732004300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What sales have used up: one standing sale a claim.
      CREATE TABLE code_use (
        city_code char(6) NOT NULL,
        claim text NOT NULL,
        tap_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        used_at timestamptz NOT NULL,
        -- The sale was taken back.
        released_at timestamptz,
        PRIMARY KEY (city_code, claim),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id)
      );
      CREATE UNIQUE INDEX code_use_tap ON code_use (city_code, tap_id);
      GRANT SELECT, INSERT, UPDATE (tap_id, used_at, released_at) ON code_use TO xingfu_app;

      -- Codes that are shown, for a minute each; only keyed digests of what is shown. Those that are over are cleared away.
      CREATE TABLE eating_code (
        city_code char(6) NOT NULL,
        code_id uuid NOT NULL,
        text_digest text NOT NULL,
        digits_digest text NOT NULL,
        elder_id uuid NOT NULL,
        account_id uuid NOT NULL,
        session_id uuid NOT NULL,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, code_id),
        UNIQUE (city_code, text_digest),
        UNIQUE (city_code, digits_digest),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id)
      );
      CREATE INDEX eating_code_session ON eating_code (city_code, session_id, elder_id);
      GRANT SELECT, INSERT, DELETE ON eating_code TO xingfu_app;

      -- Secrets handed out to phones; the secret itself follows from the installation's key and is kept nowhere.
      CREATE TABLE eating_secret (
        city_code char(6) NOT NULL,
        secret_id uuid NOT NULL,
        -- What the digits begin with, so that the service knows whose they are.
        locator int NOT NULL CHECK (locator BETWEEN 100000000 AND 999999999),
        elder_id uuid NOT NULL,
        account_id uuid NOT NULL,
        session_id uuid NOT NULL,
        made_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, secret_id),
        UNIQUE (city_code, locator),
        UNIQUE (city_code, session_id, elder_id),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id)
      );
      GRANT SELECT, INSERT ON eating_secret TO xingfu_app;

      CREATE TABLE eating_pass (
        city_code char(6) NOT NULL,
        pass_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        account_id uuid NOT NULL,
        session_id uuid NOT NULL,
        site_id uuid NOT NULL,
        issued_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL CHECK (expires_at > issued_at AND expires_at <= issued_at + interval '24 hours'),
        PRIMARY KEY (city_code, pass_id),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id),
        FOREIGN KEY (city_code, site_id) REFERENCES site (city_code, site_id)
      );
      CREATE INDEX eating_pass_elder ON eating_pass (city_code, elder_id, issued_at);
      GRANT SELECT, INSERT ON eating_pass TO xingfu_app;

      -- Codes on paper, for elders without a telephone.
      CREATE TABLE printed_code (
        city_code char(6) NOT NULL,
        code_id uuid NOT NULL,
        text_digest text NOT NULL,
        elder_id uuid NOT NULL,
        issued_at timestamptz NOT NULL,
        issued_by text NOT NULL,
        good_until date NOT NULL,
        revoked_at timestamptz,
        revoked_by text,
        reason text,
        PRIMARY KEY (city_code, code_id),
        UNIQUE (city_code, text_digest),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id),
        CHECK ((revoked_at IS NULL) = (revoked_by IS NULL) AND (revoked_at IS NULL) = (reason IS NULL))
      );
      -- One that counts an elder: a new one takes the place of the lost one.
      CREATE UNIQUE INDEX printed_code_live ON printed_code (city_code, elder_id) WHERE revoked_at IS NULL;
      GRANT SELECT, INSERT, UPDATE (revoked_at, revoked_by, reason) ON printed_code TO xingfu_app;

      -- The one payment of a sale that may be charged now: another takes its place only once it is closed.
      CREATE TABLE till_payment (
        city_code char(6) NOT NULL,
        tap_id uuid NOT NULL,
        order_id uuid NOT NULL,
        asked_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, tap_id)
      );
      GRANT SELECT, INSERT, UPDATE (order_id, asked_at) ON till_payment TO xingfu_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE till_payment, printed_code, eating_pass, eating_secret, eating_code, code_use');
  }
}
