import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who comes in through the mini-program: accounts, their sessions, and how they stand to elders. */
export class Family1732004000000 implements MigrationInterface {
  readonly name = 'Family1732004000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- One WeChat user in one city. The openid comes from WeChat alone; it is sealed, and found by its keyed digest.
      CREATE TABLE mini_account (
        city_code char(6) NOT NULL,
        account_id uuid NOT NULL,
        openid_sealed bytea NOT NULL,
        openid_index text COLLATE "C" NOT NULL,
        phone_sealed bytea,
        phone_how text CHECK (phone_how IN ('wechat', 'staff')),
        created_at timestamptz NOT NULL,
        seen_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, account_id),
        UNIQUE (city_code, openid_index),
        CHECK ((phone_sealed IS NULL) = (phone_how IS NULL))
      );
      GRANT SELECT, INSERT, UPDATE (phone_sealed, phone_how, seen_at) ON mini_account TO xingfu_app;

      -- A session is a family of tokens: it ends as a whole.
      CREATE TABLE mini_session (
        city_code char(6) NOT NULL,
        session_id uuid NOT NULL,
        account_id uuid NOT NULL,
        opened_at timestamptz NOT NULL,
        ended_at timestamptz,
        end_reason text,
        PRIMARY KEY (city_code, session_id),
        FOREIGN KEY (city_code, account_id) REFERENCES mini_account (city_code, account_id),
        CHECK ((ended_at IS NULL) = (end_reason IS NULL))
      );
      CREATE INDEX mini_session_open ON mini_session (city_code, account_id, opened_at) WHERE ended_at IS NULL;
      GRANT SELECT, INSERT, UPDATE (ended_at, end_reason) ON mini_session TO xingfu_app;

      -- Only digests of tokens are kept. A refresh token that was used stays until it would have expired, so that a
      -- second use is noticed.
      CREATE TABLE mini_token (
        city_code char(6) NOT NULL,
        token_hash char(64) NOT NULL,
        session_id uuid NOT NULL,
        kind text NOT NULL CHECK (kind IN ('access', 'refresh')),
        issued_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        used_at timestamptz,
        PRIMARY KEY (city_code, token_hash),
        FOREIGN KEY (city_code, session_id) REFERENCES mini_session (city_code, session_id),
        CHECK (used_at IS NULL OR kind = 'refresh')
      );
      CREATE INDEX mini_token_of ON mini_token (city_code, session_id);
      GRANT SELECT, INSERT, UPDATE (used_at), DELETE ON mini_token TO xingfu_app;

      -- The account that is the elder's own: one at a time on either side.
      CREATE TABLE mini_self (
        city_code char(6) NOT NULL,
        binding_id uuid NOT NULL,
        account_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        bound_at timestamptz NOT NULL,
        bound_how text NOT NULL CHECK (bound_how IN ('card', 'elderCode', 'staffCode', 'tillCode')),
        ended_at timestamptz,
        ended_by text,
        end_reason text,
        PRIMARY KEY (city_code, binding_id),
        FOREIGN KEY (city_code, account_id) REFERENCES mini_account (city_code, account_id),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id),
        CHECK ((ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (end_reason IS NULL))
      );
      CREATE UNIQUE INDEX mini_self_elder ON mini_self (city_code, elder_id) WHERE ended_at IS NULL;
      CREATE UNIQUE INDEX mini_self_account ON mini_self (city_code, account_id) WHERE ended_at IS NULL;
      GRANT SELECT, INSERT, UPDATE (ended_at, ended_by, end_reason) ON mini_self TO xingfu_app;

      -- The account of one of the elder's contacts. It says who somebody is; what they may do stands in elder_consent.
      CREATE TABLE mini_kin (
        city_code char(6) NOT NULL,
        binding_id uuid NOT NULL,
        account_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        contact_id uuid NOT NULL,
        bound_at timestamptz NOT NULL,
        bound_how text NOT NULL CHECK (bound_how IN ('elderCode', 'staffCode', 'tillCode')),
        ended_at timestamptz,
        ended_by text,
        end_reason text,
        PRIMARY KEY (city_code, binding_id),
        FOREIGN KEY (city_code, account_id) REFERENCES mini_account (city_code, account_id),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id),
        CHECK ((ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (end_reason IS NULL))
      );
      CREATE UNIQUE INDEX mini_kin_account ON mini_kin (city_code, account_id, elder_id) WHERE ended_at IS NULL;
      CREATE UNIQUE INDEX mini_kin_contact ON mini_kin (city_code, elder_id, contact_id) WHERE ended_at IS NULL;
      GRANT SELECT, INSERT, UPDATE (ended_at, ended_by, end_reason) ON mini_kin TO xingfu_app;

      -- Codes that bind an account: the digits are made from the id by the installation's key, and stand nowhere. The
      -- scopes are what the elder agreed to when the code was asked for.
      CREATE TABLE mini_code (
        city_code char(6) NOT NULL,
        code_id uuid NOT NULL,
        code_index text COLLATE "C" NOT NULL,
        elder_id uuid NOT NULL,
        purpose text NOT NULL CHECK (purpose IN ('self', 'kin')),
        contact_id uuid,
        relation text,
        scopes text[] NOT NULL CHECK (scopes <@ ARRAY['meals', 'ordering', 'paying']),
        until_date date,
        made_how text NOT NULL CHECK (made_how IN ('elderCode', 'staffCode', 'tillCode')),
        made_by text NOT NULL,
        made_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        used_at timestamptz,
        used_by uuid,
        PRIMARY KEY (city_code, code_id),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id),
        FOREIGN KEY (city_code, used_by) REFERENCES mini_account (city_code, account_id),
        CHECK ((scopes = '{}') = (until_date IS NULL)),
        CHECK (purpose = 'kin' OR (scopes = '{}' AND contact_id IS NULL AND relation IS NULL)),
        CHECK ((used_at IS NULL) = (used_by IS NULL))
      );
      CREATE INDEX mini_code_index ON mini_code (city_code, code_index);
      CREATE INDEX mini_code_of ON mini_code (city_code, elder_id, made_at);
      GRANT SELECT, INSERT, UPDATE (used_at, used_by, expires_at) ON mini_code TO xingfu_app;

      ALTER TABLE access_try DROP CONSTRAINT access_try_kind_check;
      ALTER TABLE access_try ADD CONSTRAINT access_try_kind_check
        CHECK (kind IN ('log-in', 'terminal-code', 'mini-log-in', 'bind', 'bind-card'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE mini_code, mini_kin, mini_self, mini_token, mini_session, mini_account;
      DELETE FROM access_try WHERE kind NOT IN ('log-in', 'terminal-code');
      ALTER TABLE access_try DROP CONSTRAINT access_try_kind_check;
      ALTER TABLE access_try ADD CONSTRAINT access_try_kind_check CHECK (kind IN ('log-in', 'terminal-code'));
    `);
  }
}
