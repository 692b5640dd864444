import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may act: staff and their roles, sessions, terminals with keys of their own, and the audit chain. */
export class Access1732000200000 implements MigrationInterface {
  readonly name = 'Access1732000200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A person has one duty: ordinary work, or one of the three administrations (三员分离). Every role belongs to one
      -- duty, and the foreign key of access_staff_role lets a person hold roles of their own duty only.
      CREATE TABLE access_staff (
        city_code char(6) NOT NULL,
        staff_id uuid NOT NULL,
        account text NOT NULL CHECK (account = lower(account)),
        display_name text NOT NULL,
        password_hash text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
        duty text NOT NULL CHECK (duty IN ('work', 'system', 'security', 'audit')),
        division_code varchar(12) NOT NULL,
        site_id uuid,
        created_at timestamptz NOT NULL,
        disabled_at timestamptz,
        PRIMARY KEY (city_code, staff_id),
        UNIQUE (city_code, account),
        UNIQUE (city_code, staff_id, duty)
      );
      CREATE INDEX access_staff_account ON access_staff (account);
      GRANT SELECT, INSERT, UPDATE (password_hash, duty, division_code, site_id, disabled_at) ON access_staff TO xingfu_app;

      CREATE TABLE access_staff_role (
        city_code char(6) NOT NULL,
        staff_id uuid NOT NULL,
        role text NOT NULL,
        duty text NOT NULL GENERATED ALWAYS AS (CASE role
          WHEN 'systemAdministrator' THEN 'system'
          WHEN 'securityAdministrator' THEN 'security'
          WHEN 'auditAdministrator' THEN 'audit'
          ELSE 'work' END) STORED,
        PRIMARY KEY (city_code, staff_id, role),
        CONSTRAINT access_duties_apart FOREIGN KEY (city_code, staff_id, duty) REFERENCES access_staff (city_code, staff_id, duty)
      );
      GRANT SELECT, INSERT, DELETE ON access_staff_role TO xingfu_app;

      -- Only the digest of a token is kept: who reads this table cannot log in with it.
      CREATE TABLE access_session (
        city_code char(6) NOT NULL,
        session_id uuid NOT NULL,
        token_hash char(64) NOT NULL,
        staff_id uuid NOT NULL,
        opened_at timestamptz NOT NULL,
        used_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz,
        end_reason text,
        PRIMARY KEY (city_code, session_id),
        UNIQUE (city_code, token_hash),
        FOREIGN KEY (city_code, staff_id) REFERENCES access_staff (city_code, staff_id)
      );
      CREATE INDEX access_session_open ON access_session (city_code, staff_id) WHERE ended_at IS NULL;
      GRANT SELECT, INSERT, UPDATE (used_at, ended_at, end_reason) ON access_session TO xingfu_app;

      -- Tries to get in, kept for the throttle and as the network log (kept six months or more). Before a log-in there
      -- is no city, so the rows stand under 000000. The subject is a keyed digest: people type passwords into the
      -- account field.
      CREATE TABLE access_try (
        city_code char(6) NOT NULL,
        try_id uuid NOT NULL,
        kind text NOT NULL CHECK (kind IN ('log-in', 'terminal-code')),
        subject text NOT NULL,
        address text NOT NULL,
        tried_at timestamptz NOT NULL,
        succeeded boolean NOT NULL DEFAULT false,
        PRIMARY KEY (city_code, try_id)
      );
      CREATE INDEX access_try_subject ON access_try (city_code, kind, subject, tried_at);
      CREATE INDEX access_try_address ON access_try (city_code, kind, address, tried_at);
      GRANT SELECT, INSERT, UPDATE (succeeded) ON access_try TO xingfu_app;

      CREATE TABLE access_terminal (
        city_code char(6) NOT NULL,
        terminal_id uuid NOT NULL,
        site_id uuid NOT NULL,
        division_code varchar(12) NOT NULL,
        label text NOT NULL,
        public_key bytea,
        version text,
        created_at timestamptz NOT NULL,
        created_by text NOT NULL,
        enrolled_at timestamptz,
        signed_at timestamptz,
        seen_at timestamptz,
        revoked_at timestamptz,
        revoked_by text,
        revoke_reason text,
        PRIMARY KEY (city_code, terminal_id),
        CHECK ((public_key IS NULL) = (enrolled_at IS NULL))
      );
      CREATE INDEX access_terminal_site ON access_terminal (city_code, site_id);
      CREATE INDEX access_terminal_id ON access_terminal (terminal_id);
      GRANT SELECT, INSERT, UPDATE (label, public_key, version, enrolled_at, signed_at, seen_at, revoked_at, revoked_by, revoke_reason)
        ON access_terminal TO xingfu_app;

      CREATE TABLE access_terminal_code (
        city_code char(6) NOT NULL,
        code_hash char(64) NOT NULL,
        terminal_id uuid NOT NULL,
        expires_at timestamptz NOT NULL,
        used_at timestamptz,
        PRIMARY KEY (city_code, code_hash),
        FOREIGN KEY (city_code, terminal_id) REFERENCES access_terminal (city_code, terminal_id)
      );
      GRANT SELECT, INSERT, UPDATE (used_at) ON access_terminal_code TO xingfu_app;

      -- A session's key is derived from its id and the installation's key, and stored nowhere.
      CREATE TABLE access_terminal_session (
        city_code char(6) NOT NULL,
        session_id text NOT NULL,
        terminal_id uuid NOT NULL,
        opened_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz,
        PRIMARY KEY (city_code, session_id),
        FOREIGN KEY (city_code, terminal_id) REFERENCES access_terminal (city_code, terminal_id)
      );
      CREATE INDEX access_terminal_session_open ON access_terminal_session (city_code, terminal_id) WHERE ended_at IS NULL;
      GRANT SELECT, INSERT, UPDATE (ended_at) ON access_terminal_session TO xingfu_app;

      -- What was done, by whom, to what: one chain per city, hashes of the values and never the values.
      CREATE TABLE audit (
        city_code char(6) NOT NULL,
        seq bigint NOT NULL CHECK (seq > 0),
        at timestamptz NOT NULL,
        actor text NOT NULL,
        action text NOT NULL,
        object_kind text NOT NULL,
        object_id text NOT NULL,
        reason text,
        before_hash char(64),
        after_hash char(64),
        prev_hash char(64) NOT NULL,
        hash char(64) NOT NULL,
        PRIMARY KEY (city_code, seq)
      );
      CREATE INDEX audit_object ON audit (city_code, object_kind, object_id, seq);
      CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
      GRANT SELECT, INSERT ON audit TO xingfu_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('the audit chain has no way back: restore a backup instead');
  }
}
