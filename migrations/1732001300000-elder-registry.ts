import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What keeps the registry true: homes, assessments, contacts, consents, disputes and revisions as histories. */
export class ElderRegistry1732001300000 implements MigrationInterface {
  readonly name = 'ElderRegistry1732001300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The kind of a disability, the authority that decides the category, and the batch that a row was imported with.
      ALTER TABLE elder_category ADD COLUMN kind text, ADD COLUMN authority text, ADD COLUMN batch_id uuid;

      -- Two reports of one death may come within a millisecond; the later one is true.
      ALTER TABLE elder_death ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY;

      -- Where an elder belonged since when. An elder who never moved has no rows here: the columns of elder say it all.
      -- The first entry of a kind has no first day. elder.homes repeats what is true now, so that a tap reads no table more.
      CREATE TABLE elder_home (
        city_code char(6) NOT NULL,
        entry_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        kind text NOT NULL CHECK (kind IN ('hukou', 'residence')),
        division_code varchar(12),
        from_date date,
        source text NOT NULL,
        corrects uuid,
        withdrawn boolean NOT NULL DEFAULT false,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, entry_id),
        UNIQUE (city_code, corrects),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id),
        FOREIGN KEY (city_code, corrects) REFERENCES elder_home (city_code, entry_id),
        CHECK (NOT withdrawn OR corrects IS NOT NULL)
      );
      CREATE INDEX elder_home_of ON elder_home (city_code, elder_id);
      ALTER TABLE elder ADD COLUMN homes jsonb;

      -- GB/T 42195-2022: 0 able, 1 mild, 2 moderate, 3 severe, 4 complete loss of ability.
      CREATE TABLE elder_assessment (
        city_code char(6) NOT NULL,
        entry_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        level smallint NOT NULL CHECK (level BETWEEN 0 AND 4),
        assessor text NOT NULL,
        institution text NOT NULL,
        assessed_on date NOT NULL,
        valid_until date NOT NULL CHECK (valid_until >= assessed_on),
        evidence text NOT NULL,
        corrects uuid,
        withdrawn boolean NOT NULL DEFAULT false,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, entry_id),
        UNIQUE (city_code, corrects),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id),
        FOREIGN KEY (city_code, corrects) REFERENCES elder_assessment (city_code, entry_id),
        CHECK (NOT withdrawn OR corrects IS NOT NULL)
      );
      CREATE INDEX elder_assessment_of ON elder_assessment (city_code, elder_id);

      -- Relatives and others to call; each entry is one state of one contact, sealed by the application.
      CREATE TABLE elder_contact (
        city_code char(6) NOT NULL,
        entry_id uuid NOT NULL,
        contact_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        name_sealed bytea NOT NULL,
        phone_sealed bytea NOT NULL,
        relation text NOT NULL,
        emergency boolean NOT NULL,
        corrects uuid,
        withdrawn boolean NOT NULL DEFAULT false,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, entry_id),
        UNIQUE (city_code, corrects),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id),
        FOREIGN KEY (city_code, corrects) REFERENCES elder_contact (city_code, entry_id),
        CHECK ((corrects IS NULL) = (entry_id = contact_id)),
        CHECK (NOT withdrawn OR corrects IS NOT NULL)
      );
      CREATE INDEX elder_contact_of ON elder_contact (city_code, elder_id);

      -- Who may see or do what for an elder, until when. The highest version for one grantee speaks; none is ever edited.
      CREATE TABLE elder_consent (
        city_code char(6) NOT NULL,
        consent_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        grantee text NOT NULL CHECK (grantee IN ('relative', 'canteen', 'community')),
        contact_id uuid,
        version int NOT NULL CHECK (version > 0),
        scopes text[] NOT NULL CHECK (scopes <@ ARRAY['meals', 'ordering', 'paying', 'photo']),
        until_date date NOT NULL,
        given_on date NOT NULL,
        given_how text NOT NULL CHECK (given_how IN ('paper', 'till', 'miniProgram')),
        notice text NOT NULL,
        helper text,
        withdrawn boolean NOT NULL,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, consent_id),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id),
        CHECK ((grantee = 'relative') = (contact_id IS NOT NULL)),
        CHECK (withdrawn = (scopes = '{}')),
        CHECK (until_date >= given_on)
      );
      CREATE UNIQUE INDEX elder_consent_version ON elder_consent (city_code, elder_id, grantee, contact_id, version) NULLS NOT DISTINCT;

      -- A category that the elder's side thinks wrong or missing: for its authority to answer, never decided here.
      CREATE TABLE elder_dispute (
        city_code char(6) NOT NULL,
        dispute_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        code text NOT NULL,
        entry_id uuid,
        raised_by text NOT NULL CHECK (raised_by IN ('elder', 'relative', 'communityWorker')),
        authority text NOT NULL,
        reason text NOT NULL,
        state text NOT NULL CHECK (state IN ('open', 'forwarded', 'upheld', 'rejected', 'withdrawn')),
        opened_on date NOT NULL,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, dispute_id),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id),
        FOREIGN KEY (city_code, entry_id) REFERENCES elder_category (city_code, entry_id)
      );
      CREATE INDEX elder_dispute_of ON elder_dispute (city_code, elder_id);
      CREATE UNIQUE INDEX elder_dispute_one_running ON elder_dispute (city_code, elder_id, code) WHERE state IN ('open', 'forwarded');
      GRANT SELECT, INSERT, UPDATE (state) ON elder_dispute TO xingfu_app;

      CREATE TABLE elder_dispute_step (
        city_code char(6) NOT NULL,
        step_id uuid NOT NULL,
        -- The order of steps of one moment.
        seq bigint GENERATED ALWAYS AS IDENTITY,
        dispute_id uuid NOT NULL,
        move text NOT NULL CHECK (move IN ('open', 'forward', 'uphold', 'reject', 'withdraw')),
        on_date date NOT NULL,
        document text,
        reason text NOT NULL,
        entry_id uuid,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, step_id),
        FOREIGN KEY (city_code, dispute_id) REFERENCES elder_dispute (city_code, dispute_id),
        FOREIGN KEY (city_code, entry_id) REFERENCES elder_category (city_code, entry_id),
        CHECK (move NOT IN ('uphold', 'reject') OR document IS NOT NULL),
        CHECK ((move = 'uphold') = (entry_id IS NOT NULL))
      );
      CREATE INDEX elder_dispute_step_of ON elder_dispute_step (city_code, dispute_id);

      -- A wrong name, number or birth date: proposed by one person, decided by another, with what stood before.
      CREATE TABLE elder_revision (
        city_code char(6) NOT NULL,
        revision_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        identity_sealed bytea NOT NULL,
        identity_index text COLLATE "C" NOT NULL,
        name_sealed bytea NOT NULL,
        name_index text COLLATE "C" NOT NULL,
        born date NOT NULL,
        sex text NOT NULL CHECK (sex IN ('male', 'female')),
        reason text NOT NULL,
        evidence text NOT NULL,
        proposed_at timestamptz NOT NULL,
        proposed_by text NOT NULL,
        PRIMARY KEY (city_code, revision_id),
        UNIQUE (city_code, revision_id, proposed_by),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id)
      );
      CREATE INDEX elder_revision_of ON elder_revision (city_code, elder_id);

      CREATE TABLE elder_revision_decision (
        city_code char(6) NOT NULL,
        revision_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        decision text NOT NULL CHECK (decision IN ('confirmed', 'rejected')),
        reason text NOT NULL,
        before_identity_sealed bytea NOT NULL,
        before_name_sealed bytea NOT NULL,
        before_born date NOT NULL,
        before_sex text NOT NULL,
        proposed_by text NOT NULL,
        decided_at timestamptz NOT NULL,
        decided_by text NOT NULL,
        seq bigint GENERATED ALWAYS AS IDENTITY,
        PRIMARY KEY (city_code, revision_id),
        FOREIGN KEY (city_code, revision_id, proposed_by) REFERENCES elder_revision (city_code, revision_id, proposed_by),
        CHECK (decided_by <> proposed_by)
      );
      CREATE INDEX elder_revision_decision_of ON elder_revision_decision (city_code, elder_id);

      GRANT UPDATE (identity_sealed, identity_index, name_sealed, name_index, born, sex, hukou_code, residence_code, homes) ON elder TO xingfu_app;
      GRANT SELECT, INSERT ON elder_home, elder_assessment, elder_contact, elder_consent, elder_dispute_step, elder_revision, elder_revision_decision TO xingfu_app;
      CREATE TRIGGER elder_home_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON elder_home EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER elder_assessment_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON elder_assessment EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER elder_contact_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON elder_contact EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER elder_consent_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON elder_consent EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER elder_dispute_step_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON elder_dispute_step EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER elder_revision_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON elder_revision EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER elder_revision_decision_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON elder_revision_decision EXECUTE FUNCTION forbid_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE elder_revision_decision, elder_revision, elder_dispute_step, elder_dispute, elder_consent, elder_contact, elder_assessment, elder_home;
      REVOKE UPDATE (identity_sealed, identity_index, name_sealed, name_index, born, sex, hukou_code, residence_code) ON elder FROM xingfu_app;
      ALTER TABLE elder DROP COLUMN homes;
      ALTER TABLE elder_death DROP COLUMN seq;
      ALTER TABLE elder_category DROP COLUMN kind, DROP COLUMN authority, DROP COLUMN batch_id;
    `);
  }
}
