import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files that offices hand over, sealed and thrown away in time, what each row of them came to, and what was brought in. */
export class Roster1732001400000 implements MigrationInterface {
  readonly name = 'Roster1732001400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A file's pieces are encrypted with a key of its own; without the key nothing of it can be read again.
      CREATE TABLE roster_file (
        city_code char(6) NOT NULL,
        file_id uuid NOT NULL,
        sha256 char(64) NOT NULL,
        bytes bigint NOT NULL CHECK (bytes > 0),
        kind text NOT NULL CHECK (kind IN ('xlsx', 'csv')),
        encoding text,
        division_code varchar(12) NOT NULL,
        key_sealed bytea,
        uploaded_by text NOT NULL,
        uploaded_at timestamptz NOT NULL,
        purge_on date NOT NULL,
        purged_at timestamptz,
        PRIMARY KEY (city_code, file_id),
        CHECK ((key_sealed IS NULL) = (purged_at IS NOT NULL)),
        CHECK ((kind = 'csv') = (encoding IS NOT NULL))
      );
      CREATE INDEX roster_file_to_purge ON roster_file (purge_on, city_code) WHERE purged_at IS NULL;
      GRANT SELECT, INSERT, UPDATE (key_sealed, purged_at) ON roster_file TO xingfu_app;

      CREATE TABLE roster_file_piece (
        city_code char(6) NOT NULL,
        file_id uuid NOT NULL,
        piece_no int NOT NULL CHECK (piece_no >= 0),
        sealed bytea NOT NULL,
        PRIMARY KEY (city_code, file_id, piece_no),
        FOREIGN KEY (city_code, file_id) REFERENCES roster_file
      );
      GRANT SELECT, INSERT, DELETE ON roster_file_piece TO xingfu_app;

      -- One reading of a file: how it was to be read, what came of it, and whether it was brought in.
      CREATE TABLE roster (
        city_code char(6) NOT NULL,
        roster_id uuid NOT NULL,
        file_id uuid NOT NULL,
        purpose text NOT NULL CHECK (purpose IN ('elders', 'deaths', 'careHomes', 'hukouMoves')),
        division_code varchar(12) NOT NULL,
        as_of date NOT NULL,
        source text NOT NULL,
        request_number text,
        wish jsonb NOT NULL,
        state text NOT NULL CHECK (state IN ('checking', 'failed', 'checked', 'applying', 'applied', 'outdated')),
        layout jsonb,
        counts jsonb,
        failure jsonb,
        made_by text NOT NULL,
        made_at timestamptz NOT NULL,
        checked_at timestamptz,
        skip_wrong boolean,
        applier jsonb,
        applied_at timestamptz,
        PRIMARY KEY (city_code, roster_id),
        FOREIGN KEY (city_code, file_id) REFERENCES roster_file,
        CHECK ((state = 'failed') = (failure IS NOT NULL)),
        CHECK ((state IN ('checked', 'applying', 'applied', 'outdated')) = (checked_at IS NOT NULL)),
        CHECK ((state = 'applied') = (applied_at IS NOT NULL)),
        CHECK ((state IN ('applying', 'applied', 'outdated')) = (applier IS NOT NULL))
      );
      CREATE INDEX roster_of_file ON roster (city_code, file_id);
      CREATE INDEX roster_newest ON roster (city_code, made_at DESC, roster_id);
      CREATE INDEX roster_under_way ON roster (city_code, roster_id) WHERE state IN ('checking', 'applying');
      GRANT SELECT, INSERT, UPDATE (state, layout, counts, failure, checked_at, skip_wrong, applier, applied_at) ON roster TO xingfu_app;

      -- How far a job is; told outside the job's own transaction, so that it can be seen before that ends.
      CREATE TABLE roster_progress (
        city_code char(6) NOT NULL,
        roster_id uuid NOT NULL,
        done int NOT NULL CHECK (done >= 0),
        total int NOT NULL CHECK (total >= 0),
        PRIMARY KEY (city_code, roster_id)
      );
      GRANT SELECT, INSERT, UPDATE (done, total) ON roster_progress TO xingfu_app;

      -- What a row holds is sealed; rows go with their file.
      CREATE TABLE roster_row (
        city_code char(6) NOT NULL,
        roster_id uuid NOT NULL,
        row_no int NOT NULL CHECK (row_no > 0),
        outcome text NOT NULL CHECK (outcome IN ('new', 'changed', 'unchanged', 'wrong', 'skipped', 'notRegistered', 'matched', 'proposed')),
        code text,
        column_title text,
        notes text[] NOT NULL DEFAULT '{}',
        elder_id uuid,
        sealed bytea,
        PRIMARY KEY (city_code, roster_id, row_no),
        FOREIGN KEY (city_code, roster_id) REFERENCES roster
      );
      GRANT SELECT, INSERT, DELETE ON roster_row TO xingfu_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE roster_row, roster_progress, roster, roster_file_piece, roster_file');
  }
}
