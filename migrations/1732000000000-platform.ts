import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The weaker role that all work runs under, the guard of append-only tables, deeds and the outbox. */
export class Platform1732000000000 implements MigrationInterface {
  readonly name = 'Platform1732000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DO $$ BEGIN
        CREATE ROLE xingfu_app NOLOGIN;
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
      END $$;
      GRANT xingfu_app TO CURRENT_USER;
      GRANT USAGE ON SCHEMA public TO xingfu_app;

      -- Money, audit and history are only ever added to: whoever tries otherwise is told so, the owner too.
      CREATE FUNCTION forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'table % is append-only: book a correction instead', TG_TABLE_NAME USING ERRCODE = '42501';
      END $$;

      -- The key that encrypts fields must stay the one this database was filled with.
      CREATE TABLE installation (
        only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
        key_check text NOT NULL,
        made_at timestamptz NOT NULL
      );
      GRANT SELECT, INSERT ON installation TO xingfu_app;

      -- What staff did under which client-made id: the same id and body gets the first answer for ever.
      CREATE TABLE deed (
        city_code char(6) NOT NULL,
        deed_id uuid NOT NULL,
        kind text NOT NULL,
        body_hash text NOT NULL,
        answer jsonb,
        done_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, deed_id)
      );
      GRANT SELECT, INSERT, UPDATE (answer) ON deed TO xingfu_app;

      -- A job is a row of the transaction that needs it. The queue only wakes a worker up.
      CREATE TABLE outbox (
        city_code char(6) NOT NULL,
        outbox_id bigint GENERATED ALWAYS AS IDENTITY,
        job text NOT NULL,
        job_key text NOT NULL,
        payload jsonb NOT NULL,
        staged_at timestamptz NOT NULL,
        relayed_at timestamptz,
        handled_at timestamptz,
        dead_at timestamptz,
        tries int NOT NULL DEFAULT 0,
        failure text,
        PRIMARY KEY (city_code, outbox_id),
        UNIQUE (city_code, job, job_key)
      );
      CREATE INDEX outbox_new ON outbox (outbox_id) WHERE relayed_at IS NULL AND handled_at IS NULL AND dead_at IS NULL;
      CREATE INDEX outbox_open ON outbox (relayed_at) WHERE handled_at IS NULL AND dead_at IS NULL;
      GRANT SELECT, INSERT, UPDATE (relayed_at, handled_at, dead_at, tries, failure) ON outbox TO xingfu_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('the first migration has no way back: restore a backup instead');
  }
}
