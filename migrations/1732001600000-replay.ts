import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Replays of drafts on meals that were eaten, and restatements: what late facts and back-dated rules change of them. */
export class Replay1732001600000 implements MigrationInterface {
  readonly name = 'Replay1732001600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A replay goes on in steps: after_elder and sums are how far it is, result what it came to.
      CREATE TABLE replay (
        city_code char(6) NOT NULL,
        replay_id uuid NOT NULL,
        scope_code varchar(12) NOT NULL,
        draft_id uuid,
        texts jsonb,
        pack text NOT NULL,
        version text NOT NULL,
        draft_sha256 char(64) NOT NULL,
        from_date date NOT NULL,
        to_date date NOT NULL CHECK (to_date >= from_date),
        facts text NOT NULL CHECK (facts IN ('now', 'then')),
        known_at timestamptz NOT NULL,
        state text NOT NULL CHECK (state IN ('running', 'done')),
        total bigint NOT NULL CHECK (total >= 0),
        done bigint NOT NULL DEFAULT 0 CHECK (done >= 0),
        step int NOT NULL DEFAULT 0,
        after_elder uuid,
        sums jsonb,
        result jsonb,
        result_sha256 char(64),
        asked_by text NOT NULL,
        asked_at timestamptz NOT NULL,
        finished_at timestamptz,
        PRIMARY KEY (city_code, replay_id),
        FOREIGN KEY (city_code, draft_id) REFERENCES policy_draft (city_code, draft_id),
        FOREIGN KEY (city_code, scope_code) REFERENCES region_division (city_code, division_code),
        CHECK ((draft_id IS NULL) <> (texts IS NULL)),
        CHECK ((state = 'done') = (result IS NOT NULL AND result_sha256 IS NOT NULL AND finished_at IS NOT NULL))
      );
      CREATE INDEX replay_asked ON replay (city_code, asked_at DESC, replay_id);
      CREATE INDEX replay_running ON replay (city_code, replay_id) WHERE state = 'running';
      CREATE FUNCTION replay_stays_done() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' OR OLD.state = 'done' THEN
          RAISE EXCEPTION 'a finished replay is never changed' USING ERRCODE = '42501';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER stays_done BEFORE UPDATE OR DELETE ON replay FOR EACH ROW EXECUTE FUNCTION replay_stays_done();
      GRANT SELECT, INSERT, UPDATE (state, done, step, after_elder, sums, result, result_sha256, finished_at) ON replay TO xingfu_app;

      -- When the registry was last looked through for facts that came late.
      CREATE TABLE restatement_look (
        city_code char(6) NOT NULL,
        look_id uuid NOT NULL,
        looked_for date NOT NULL,
        looked_at timestamptz NOT NULL,
        facts int NOT NULL CHECK (facts >= 0),
        elders int NOT NULL CHECK (elders >= 0),
        asked_by text NOT NULL,
        PRIMARY KEY (city_code, look_id)
      );
      CREATE INDEX restatement_look_at ON restatement_look (city_code, looked_at DESC);

      -- A late fact, or a rule that holds from a past day, noticed once for each elder whose meals it may change.
      CREATE TABLE restatement_cause (
        city_code char(6) NOT NULL,
        elder_id uuid NOT NULL,
        cause_id text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('category', 'careHome', 'death', 'home', 'revision', 'rule')),
        first_day date NOT NULL,
        recorded_at timestamptz NOT NULL,
        look_id uuid NOT NULL,
        PRIMARY KEY (city_code, elder_id, cause_id)
      );
      CREATE INDEX restatement_cause_of_look ON restatement_cause (city_code, look_id, elder_id);

      -- What the causes change of one elder's meals in one county: proposed by the system, decided by two people.
      CREATE TABLE restatement (
        city_code char(6) NOT NULL,
        restatement_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        county_code varchar(12) NOT NULL,
        causes jsonb NOT NULL CHECK (jsonb_array_length(causes) > 0),
        meals int NOT NULL CHECK (meals > 0),
        before_fen bigint NOT NULL CHECK (before_fen >= 0),
        after_fen bigint NOT NULL CHECK (after_fen >= 0),
        refund_fen bigint NOT NULL CHECK (refund_fen >= 0),
        made_at timestamptz NOT NULL,
        state text NOT NULL CHECK (state IN ('open', 'reviewed', 'accepted', 'rejected', 'superseded')),
        decision text CHECK (decision IN ('accept', 'reject')),
        reason text,
        reviewed_by uuid,
        reviewed_at timestamptz,
        decided_by uuid,
        decided_at timestamptz,
        PRIMARY KEY (city_code, restatement_id),
        FOREIGN KEY (city_code, reviewed_by) REFERENCES access_staff (city_code, staff_id),
        FOREIGN KEY (city_code, decided_by) REFERENCES access_staff (city_code, staff_id),
        CHECK (state NOT IN ('accepted', 'rejected') OR decided_by IS NOT NULL),
        CHECK (state <> 'accepted' OR decision = 'accept'),
        CHECK (state <> 'rejected' OR decision = 'reject'),
        CHECK (decision IS NULL OR (reviewed_by IS NOT NULL AND reason <> '')),
        CONSTRAINT restatement_two_people CHECK (decided_by <> reviewed_by)
      );
      CREATE INDEX restatement_of_elder ON restatement (city_code, elder_id) WHERE state IN ('open', 'reviewed');
      CREATE INDEX restatement_made ON restatement (city_code, made_at DESC, restatement_id);
      CREATE FUNCTION restatement_stays() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' OR OLD.state NOT IN ('open', 'reviewed') THEN
          RAISE EXCEPTION 'a restatement that was decided is never changed' USING ERRCODE = '42501';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON restatement FOR EACH ROW EXECUTE FUNCTION restatement_stays();

      -- One meal of a restatement: who bore what, and who is to bear what. refund_fen is what is due to the elder.
      CREATE TABLE restatement_line (
        city_code char(6) NOT NULL,
        restatement_id uuid NOT NULL,
        tap_id uuid NOT NULL,
        site_id uuid NOT NULL,
        meal_date date NOT NULL,
        pack text,
        version text,
        code text,
        before_shares jsonb NOT NULL,
        after_shares jsonb NOT NULL,
        before_fen bigint NOT NULL CHECK (before_fen >= 0),
        after_fen bigint NOT NULL CHECK (after_fen >= 0),
        refund_fen bigint NOT NULL CHECK (refund_fen >= 0),
        PRIMARY KEY (city_code, restatement_id, tap_id),
        FOREIGN KEY (city_code, restatement_id) REFERENCES restatement (city_code, restatement_id),
        CHECK (before_shares <> after_shares)
      );
      CREATE INDEX restatement_line_of_tap ON restatement_line (city_code, tap_id);

      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON restatement_look EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON restatement_cause EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON restatement_line EXECUTE FUNCTION forbid_change();
      GRANT SELECT, INSERT ON restatement_look, restatement_cause, restatement_line TO xingfu_app;
      GRANT SELECT, INSERT, UPDATE (state, decision, reason, reviewed_by, reviewed_at, decided_by, decided_at) ON restatement TO xingfu_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE restatement_line, restatement, restatement_cause, restatement_look, replay;
      DROP FUNCTION replay_stays_done(), restatement_stays();
    `);
  }
}
