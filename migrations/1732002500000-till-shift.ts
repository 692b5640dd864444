import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Shifts of the tills with their closings, and journals that came in by file. */
export class TillShift1732002500000 implements MigrationInterface {
  readonly name = 'TillShift1732002500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A shift begins with a number of its terminal's journal; opened_at is the till's clock, which may have been without a network.
      CREATE TABLE till_shift (
        city_code char(6) NOT NULL,
        shift_id uuid NOT NULL,
        terminal_id uuid NOT NULL,
        site_id uuid NOT NULL,
        cashier_id uuid,
        opened_at timestamptz NOT NULL,
        opened_on date NOT NULL,
        received_at timestamptz NOT NULL,
        first_number bigint NOT NULL CHECK (first_number >= 1),
        checks jsonb NOT NULL,
        PRIMARY KEY (city_code, shift_id),
        FOREIGN KEY (city_code, terminal_id) REFERENCES access_terminal (city_code, terminal_id),
        FOREIGN KEY (city_code, cashier_id) REFERENCES till_cashier (city_code, cashier_id)
      );
      CREATE INDEX till_shift_of_terminal ON till_shift (city_code, terminal_id, first_number);
      CREATE INDEX till_shift_of_day ON till_shift (city_code, opened_on, opened_at, shift_id);
      CREATE INDEX till_shift_of_site ON till_shift (city_code, site_id, opened_at);

      -- What was counted before anybody knew what should be there, and what the journal's numbers came to at that moment.
      CREATE TABLE till_shift_close (
        city_code char(6) NOT NULL,
        shift_id uuid NOT NULL,
        close_id uuid NOT NULL,
        closed_at timestamptz NOT NULL,
        received_at timestamptz NOT NULL,
        last_number bigint NOT NULL CHECK (last_number >= 0),
        meals int NOT NULL CHECK (meals >= 0),
        voids int NOT NULL CHECK (voids >= 0),
        price_fen bigint NOT NULL CHECK (price_fen >= 0),
        self_pay_fen bigint NOT NULL CHECK (self_pay_fen >= 0),
        tenders jsonb NOT NULL,
        earlier_back_fen bigint NOT NULL CHECK (earlier_back_fen >= 0),
        owed_cash_fen bigint NOT NULL CHECK (owed_cash_fen >= 0),
        counted_fen bigint NOT NULL CHECK (counted_fen >= 0),
        pieces jsonb NOT NULL,
        expected_fen bigint NOT NULL,
        gaps jsonb NOT NULL,
        broken_at jsonb NOT NULL,
        PRIMARY KEY (city_code, shift_id),
        UNIQUE (city_code, close_id),
        FOREIGN KEY (city_code, shift_id) REFERENCES till_shift (city_code, shift_id)
      );

      -- That somebody brought a till's journal in by file; each entry is booked like any upload of that till.
      CREATE TABLE till_journal_import (
        city_code char(6) NOT NULL,
        import_id uuid NOT NULL,
        terminal_id uuid NOT NULL,
        file_hash char(64) NOT NULL,
        entries int NOT NULL CHECK (entries >= 1),
        imported_at timestamptz NOT NULL,
        imported_by text NOT NULL,
        PRIMARY KEY (city_code, import_id),
        FOREIGN KEY (city_code, terminal_id) REFERENCES access_terminal (city_code, terminal_id)
      );
      CREATE INDEX till_journal_import_of ON till_journal_import (city_code, terminal_id, imported_at);

      GRANT SELECT, INSERT ON till_shift, till_shift_close, till_journal_import TO xingfu_app;
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON till_shift FOR EACH ROW EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON till_shift_close FOR EACH ROW EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON till_journal_import FOR EACH ROW EXECUTE FUNCTION forbid_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE till_journal_import, till_shift_close, till_shift');
  }
}
