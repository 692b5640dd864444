import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Published targets as rows, and notes on what in the data is made up, an example or assumed. */
export class Target1732001000000 implements MigrationInterface {
  readonly name = 'Target1732001000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE target (
        city_code char(6) NOT NULL,
        target_code varchar(60) NOT NULL,
        name text NOT NULL,
        document_title text NOT NULL,
        document_number text,
        document_file text NOT NULL,
        clause text NOT NULL,
        quote text NOT NULL,
        division_code varchar(12) NOT NULL,
        required int NOT NULL CHECK (required > 0),
        deadline date NOT NULL,
        baseline jsonb,
        rule jsonb NOT NULL,
        content_hash char(64) NOT NULL,
        loaded_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, target_code),
        FOREIGN KEY (city_code) REFERENCES region_city (city_code)
      );
      -- A reading of the paper may be corrected; each change leaves an audit row with both hashes.
      GRANT SELECT, INSERT, UPDATE ON target TO xingfu_app;

      CREATE TABLE data_note (
        city_code char(6) NOT NULL,
        note_code varchar(60) NOT NULL,
        kind text NOT NULL CHECK (kind IN ('demo', 'example', 'assumed')),
        sentence text NOT NULL,
        PRIMARY KEY (city_code, note_code),
        FOREIGN KEY (city_code) REFERENCES region_city (city_code)
      );
      GRANT SELECT, INSERT, UPDATE ON data_note TO xingfu_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE data_note; DROP TABLE target');
  }
}
