import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a till may hold offline and who works at it: rosters, limits, cashiers, searches, and keys that a terminal had before. */
export class Till1732002200000 implements MigrationInterface {
  readonly name = 'Till1732002200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A second keyed digest of a card's number, under a key that tills get: from it each till's own pseudonym is made.
      -- Cards that were issued before have none until they are next shown to a till that is online.
      ALTER TABLE elder_card ADD COLUMN till_digest char(64);
      GRANT UPDATE (till_digest) ON elder_card TO xingfu_app;
      CREATE INDEX elder_card_moved ON elder_card (city_code, state_since, card_id);
      CREATE INDEX elder_residence ON elder (city_code, residence_code, elder_id);

      -- A terminal changes its key without a break: the key before opens sessions for some days more.
      ALTER TABLE access_terminal ADD COLUMN key_generation int NOT NULL DEFAULT 1, ADD COLUMN key_since timestamptz;
      GRANT UPDATE (key_generation, key_since) ON access_terminal TO xingfu_app;
      CREATE TABLE access_terminal_past_key (
        city_code char(6) NOT NULL,
        terminal_id uuid NOT NULL,
        generation int NOT NULL CHECK (generation >= 1),
        public_key bytea NOT NULL,
        since timestamptz NOT NULL,
        valid_until timestamptz NOT NULL,
        PRIMARY KEY (city_code, terminal_id, generation),
        FOREIGN KEY (city_code, terminal_id) REFERENCES access_terminal (city_code, terminal_id)
      );
      GRANT SELECT, INSERT ON access_terminal_past_key TO xingfu_app;
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON access_terminal_past_key FOR EACH ROW EXECUTE FUNCTION forbid_change();

      -- What a site's tills know of people, as of a moment: no name, no number, no category. It can be made again at any time.
      CREATE TABLE till_roster (
        city_code char(6) NOT NULL,
        site_id uuid NOT NULL,
        seq bigint NOT NULL CHECK (seq >= 1),
        as_of timestamptz NOT NULL,
        took_ms int NOT NULL,
        covers_to date NOT NULL,
        version_keys text[] NOT NULL,
        journals jsonb NOT NULL,
        PRIMARY KEY (city_code, site_id),
        FOREIGN KEY (city_code, site_id) REFERENCES site (city_code, site_id)
      );
      GRANT SELECT, INSERT, UPDATE (seq, as_of, took_ms, covers_to, version_keys, journals) ON till_roster TO xingfu_app;

      CREATE TABLE till_roster_row (
        city_code char(6) NOT NULL,
        site_id uuid NOT NULL,
        card_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        regular boolean NOT NULL,
        body text NOT NULL,
        hash char(64) NOT NULL,
        seq bigint NOT NULL,
        gone boolean NOT NULL DEFAULT false,
        PRIMARY KEY (city_code, site_id, card_id)
      );
      CREATE INDEX till_roster_row_seq ON till_roster_row (city_code, site_id, seq);
      GRANT SELECT, INSERT, UPDATE (elder_id, regular, body, hash, seq, gone) ON till_roster_row TO xingfu_app;

      -- A subsidy's version as tills keep it, by the digest of its text.
      CREATE TABLE till_version (
        city_code char(6) NOT NULL,
        version_key text NOT NULL,
        body text NOT NULL,
        PRIMARY KEY (city_code, version_key)
      );
      GRANT SELECT, INSERT ON till_version TO xingfu_app;
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON till_version FOR EACH ROW EXECUTE FUNCTION forbid_change();

      CREATE TABLE till_limit (
        city_code char(6) NOT NULL REFERENCES region_city,
        tap_fen bigint NOT NULL CHECK (tap_fen >= 0),
        elder_day_fen bigint NOT NULL CHECK (elder_day_fen >= 0),
        device_day_fen bigint NOT NULL CHECK (device_day_fen >= 0),
        device_day_taps int NOT NULL CHECK (device_day_taps >= 0),
        entered_day_device int NOT NULL CHECK (entered_day_device >= 0),
        set_at timestamptz NOT NULL,
        set_by text NOT NULL,
        PRIMARY KEY (city_code)
      );
      GRANT SELECT, INSERT, UPDATE (tap_fen, elder_day_fen, device_day_fen, device_day_taps, entered_day_device, set_at, set_by) ON till_limit TO xingfu_app;

      -- A till's report when it opens. The distance is a hint for people, never a reason to refuse.
      CREATE TABLE till_opening (
        city_code char(6) NOT NULL,
        opening_id uuid NOT NULL,
        terminal_id uuid NOT NULL,
        opened_at timestamptz NOT NULL,
        version text NOT NULL,
        metres_away int CHECK (metres_away >= 0),
        clock_off_ms bigint NOT NULL,
        unsent int NOT NULL CHECK (unsent >= 0),
        PRIMARY KEY (city_code, opening_id),
        FOREIGN KEY (city_code, terminal_id) REFERENCES access_terminal (city_code, terminal_id)
      );
      CREATE INDEX till_opening_of ON till_opening (city_code, terminal_id, opened_at);
      GRANT SELECT, INSERT ON till_opening TO xingfu_app;
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON till_opening FOR EACH ROW EXECUTE FUNCTION forbid_change();

      -- Who may log in at a terminal by PIN; worthless anywhere else. The verifier is sealed by the application.
      CREATE TABLE till_cashier (
        city_code char(6) NOT NULL,
        cashier_id uuid NOT NULL,
        terminal_id uuid NOT NULL,
        name text NOT NULL,
        salt bytea NOT NULL,
        iterations int NOT NULL,
        verifier_sealed bytea NOT NULL,
        added_at timestamptz NOT NULL,
        added_by text NOT NULL,
        removed_at timestamptz,
        removed_by text,
        PRIMARY KEY (city_code, cashier_id),
        FOREIGN KEY (city_code, terminal_id) REFERENCES access_terminal (city_code, terminal_id)
      );
      CREATE INDEX till_cashier_of ON till_cashier (city_code, terminal_id) WHERE removed_at IS NULL;
      GRANT SELECT, INSERT, UPDATE (removed_at, removed_by) ON till_cashier TO xingfu_app;

      CREATE TABLE till_pin_try (
        city_code char(6) NOT NULL,
        try_id uuid NOT NULL,
        cashier_id uuid NOT NULL,
        tried_at timestamptz NOT NULL,
        succeeded boolean NOT NULL DEFAULT false,
        PRIMARY KEY (city_code, try_id)
      );
      CREATE INDEX till_pin_try_of ON till_pin_try (city_code, cashier_id, tried_at);
      GRANT SELECT, INSERT, UPDATE (succeeded) ON till_pin_try TO xingfu_app;

      -- That a till looked for an elder without a card, and how many it was shown; whom, is not kept.
      CREATE TABLE till_search (
        city_code char(6) NOT NULL,
        search_id uuid NOT NULL,
        terminal_id uuid NOT NULL,
        searched_at timestamptz NOT NULL,
        found int NOT NULL,
        PRIMARY KEY (city_code, search_id)
      );
      CREATE INDEX till_search_of ON till_search (city_code, terminal_id, searched_at);
      GRANT SELECT, INSERT ON till_search TO xingfu_app;
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON till_search FOR EACH ROW EXECUTE FUNCTION forbid_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE till_search, till_pin_try, till_cashier, till_opening, till_limit, till_version, till_roster_row, till_roster, access_terminal_past_key;
      ALTER TABLE access_terminal DROP COLUMN key_generation, DROP COLUMN key_since;
      DROP INDEX elder_residence, elder_card_moved;
      ALTER TABLE elder_card DROP COLUMN till_digest;
    `);
  }
}
