import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The whole of the bank's statement: what it paid out or put right by itself, and what it holds for each card at a day's end. */
export class PrepaidMirror1732005060000 implements MigrationInterface {
  readonly name = 'PrepaidMirror1732005060000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE prepaid_entry DROP CONSTRAINT prepaid_entry_kind_check, DROP CONSTRAINT prepaid_entry_check,
        ADD CONSTRAINT prepaid_entry_kind_check CHECK (kind IN ('topUp', 'spent', 'returned', 'refunded', 'corrected', 'paidOut')),
        ADD CONSTRAINT prepaid_entry_check CHECK (fen <> 0 AND (kind = 'corrected' OR (fen > 0) = (kind IN ('topUp', 'returned'))));

      -- What the bank held at the end of a day by its statement, beside what our entries came to when that was brought in.
      CREATE TABLE prepaid_closing (
        city_code char(6) NOT NULL,
        import_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        day date NOT NULL,
        bank_fen bigint NOT NULL CHECK (bank_fen >= 0),
        own_fen bigint NOT NULL,
        imported_at timestamptz NOT NULL,
        seq bigint GENERATED ALWAYS AS IDENTITY,
        PRIMARY KEY (city_code, import_id, elder_id),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id)
      );
      CREATE INDEX prepaid_closing_of ON prepaid_closing (city_code, elder_id, seq);

      GRANT SELECT, INSERT ON prepaid_closing TO xingfu_app;
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON prepaid_closing FOR EACH ROW EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER no_truncate BEFORE TRUNCATE ON prepaid_closing FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE prepaid_closing;
      ALTER TABLE prepaid_entry DROP CONSTRAINT prepaid_entry_kind_check, DROP CONSTRAINT prepaid_entry_check,
        ADD CONSTRAINT prepaid_entry_kind_check CHECK (kind IN ('topUp', 'spent', 'returned', 'refunded')),
        ADD CONSTRAINT prepaid_entry_check CHECK (fen <> 0 AND (fen > 0) = (kind IN ('topUp', 'returned')));`);
  }
}
