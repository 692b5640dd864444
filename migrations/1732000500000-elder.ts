import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Elders with sealed personal data, their categories and stays as histories, and their meal cards. */
export class Elder1732000500000 implements MigrationInterface {
  readonly name = 'Elder1732000500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Name, identity number and telephone are sealed by the application; the database never sees them in clear.
      CREATE TABLE elder (
        city_code char(6) NOT NULL,
        elder_id uuid NOT NULL,
        identity_sealed bytea NOT NULL,
        identity_index text COLLATE "C" NOT NULL,
        name_sealed bytea NOT NULL,
        name_index text COLLATE "C" NOT NULL,
        phone_sealed bytea,
        phone_tail char(4),
        born date NOT NULL,
        sex text NOT NULL CHECK (sex IN ('male', 'female')),
        hukou_code varchar(12),
        residence_code varchar(12),
        died_on date CHECK (died_on >= born),
        died_recorded_at timestamptz,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, elder_id),
        UNIQUE (city_code, identity_index),
        CHECK (hukou_code IS NOT NULL OR residence_code IS NOT NULL),
        CHECK ((died_on IS NULL) = (died_recorded_at IS NULL)),
        CHECK ((phone_sealed IS NULL) = (phone_tail IS NULL))
      );
      CREATE INDEX elder_name ON elder (city_code, name_index);
      CREATE INDEX elder_phone_tail ON elder (city_code, phone_tail) WHERE phone_tail IS NOT NULL;
      GRANT SELECT, INSERT, UPDATE (died_on, died_recorded_at) ON elder TO xingfu_app;

      -- What an elder is entitled as, from its first to its last day. A row is corrected by a later one, never edited.
      CREATE TABLE elder_category (
        city_code char(6) NOT NULL,
        entry_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        code text NOT NULL,
        grade text,
        from_date date NOT NULL,
        to_date date CHECK (to_date >= from_date),
        source text NOT NULL,
        evidence text NOT NULL,
        corrects uuid,
        withdrawn boolean NOT NULL DEFAULT false,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, entry_id),
        UNIQUE (city_code, corrects),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id),
        FOREIGN KEY (city_code, corrects) REFERENCES elder_category (city_code, entry_id),
        CHECK (NOT withdrawn OR corrects IS NOT NULL)
      );
      CREATE INDEX elder_category_of ON elder_category (city_code, elder_id);
      CREATE INDEX elder_category_code ON elder_category (city_code, code, elder_id);

      CREATE TABLE elder_care_home (
        city_code char(6) NOT NULL,
        entry_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        from_date date NOT NULL,
        to_date date CHECK (to_date >= from_date),
        source text NOT NULL,
        corrects uuid,
        withdrawn boolean NOT NULL DEFAULT false,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, entry_id),
        UNIQUE (city_code, corrects),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id),
        FOREIGN KEY (city_code, corrects) REFERENCES elder_care_home (city_code, entry_id),
        CHECK (NOT withdrawn OR corrects IS NOT NULL)
      );
      CREATE INDEX elder_care_home_of ON elder_care_home (city_code, elder_id);

      -- Every report of a death and every correction of one; the elder's row holds what is true now.
      CREATE TABLE elder_death (
        city_code char(6) NOT NULL,
        entry_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        died_on date,
        source text NOT NULL,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, entry_id),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id)
      );
      CREATE INDEX elder_death_of ON elder_death (city_code, elder_id);

      -- A card names an elder and proves nothing. Its number is kept as a keyed digest and its last four characters.
      CREATE TABLE elder_card (
        city_code char(6) NOT NULL,
        card_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        handle text COLLATE "C" NOT NULL,
        tail varchar(4) NOT NULL,
        state text NOT NULL CHECK (state IN ('active', 'lost', 'frozen', 'replaced', 'cancelled')),
        state_since timestamptz NOT NULL,
        lost_at timestamptz,
        PRIMARY KEY (city_code, card_id),
        UNIQUE (city_code, handle),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id),
        CHECK (state <> 'lost' OR lost_at IS NOT NULL)
      );
      CREATE INDEX elder_card_of ON elder_card (city_code, elder_id);
      CREATE UNIQUE INDEX elder_card_one_live ON elder_card (city_code, elder_id) WHERE state IN ('active', 'lost', 'frozen');
      GRANT SELECT, INSERT, UPDATE (state, state_since, lost_at) ON elder_card TO xingfu_app;

      CREATE TABLE elder_card_event (
        city_code char(6) NOT NULL,
        event_id uuid NOT NULL,
        card_id uuid NOT NULL,
        kind text NOT NULL CHECK (kind IN ('issued', 'lost', 'found', 'frozen', 'unfrozen', 'replaced', 'cancelled')),
        at timestamptz NOT NULL,
        by text NOT NULL,
        reason text NOT NULL,
        PRIMARY KEY (city_code, event_id),
        FOREIGN KEY (city_code, card_id) REFERENCES elder_card (city_code, card_id)
      );
      CREATE INDEX elder_card_event_of ON elder_card_event (city_code, card_id, at);

      -- Who looked at an elder's full data, and why.
      CREATE TABLE elder_disclosure (
        city_code char(6) NOT NULL,
        disclosure_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        by text NOT NULL,
        reason text NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (city_code, disclosure_id),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id)
      );
      CREATE INDEX elder_disclosure_of ON elder_disclosure (city_code, elder_id);

      GRANT SELECT, INSERT ON elder_category, elder_care_home, elder_death, elder_card_event, elder_disclosure TO xingfu_app;
      CREATE TRIGGER elder_category_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON elder_category EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER elder_care_home_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON elder_care_home EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER elder_death_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON elder_death EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER elder_card_event_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON elder_card_event EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER elder_disclosure_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON elder_disclosure EXECUTE FUNCTION forbid_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE elder_disclosure, elder_card_event, elder_card, elder_death, elder_care_home, elder_category, elder');
  }
}
