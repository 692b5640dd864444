import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Applications for a meal subsidy where a pack asks for them: their steps, decisions and stops. */
export class Eligibility1732001310000 implements MigrationInterface {
  readonly name = 'Eligibility1732001310000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Where an application stands; how it came there is in its steps.
      CREATE TABLE eligibility_application (
        city_code char(6) NOT NULL,
        application_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        pack text NOT NULL,
        level text NOT NULL CHECK (level IN ('township', 'county')),
        applied_by text NOT NULL CHECK (applied_by IN ('elder', 'relative', 'communityWorker')),
        relation text,
        applied_on date NOT NULL,
        materials text[] NOT NULL,
        state text NOT NULL CHECK (state IN ('submitted', 'streetSupplement', 'reviewed', 'countySupplement', 'approved', 'refused', 'appealed', 'refusalUpheld', 'stopProposed', 'stopped', 'withdrawn')),
        clock_from date,
        days_left int CHECK (days_left >= 0),
        due_on date,
        appeal_until date,
        category_entry uuid,
        approved_from date,
        last_day date,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, application_id),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id),
        FOREIGN KEY (city_code, category_entry) REFERENCES elder_category (city_code, entry_id),
        CHECK ((applied_by = 'relative') = (relation IS NOT NULL)),
        CHECK (state NOT IN ('approved', 'stopProposed') OR category_entry IS NOT NULL),
        CHECK ((state IN ('submitted', 'reviewed', 'appealed')) = (due_on IS NOT NULL))
      );
      CREATE INDEX eligibility_application_of ON eligibility_application (city_code, elder_id);
      CREATE INDEX eligibility_application_due ON eligibility_application (city_code, due_on) WHERE due_on IS NOT NULL;
      CREATE UNIQUE INDEX eligibility_application_one_running ON eligibility_application (city_code, elder_id, pack)
        WHERE state NOT IN ('refused', 'refusalUpheld', 'stopped', 'withdrawn');
      GRANT SELECT, INSERT, UPDATE (state, clock_from, days_left, due_on, appeal_until, category_entry, approved_from, last_day) ON eligibility_application TO xingfu_app;

      -- Every step with who took it and how late it was.
      CREATE TABLE eligibility_step (
        city_code char(6) NOT NULL,
        step_id uuid NOT NULL,
        application_id uuid NOT NULL,
        seq bigint GENERATED ALWAYS AS IDENTITY,
        move text NOT NULL,
        from_state text,
        to_state text NOT NULL,
        on_date date NOT NULL,
        opinion text CHECK (opinion IN ('approve', 'refuse')),
        reason_code text,
        reason text NOT NULL,
        materials text[] NOT NULL,
        late_days int NOT NULL CHECK (late_days >= 0),
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, step_id),
        FOREIGN KEY (city_code, application_id) REFERENCES eligibility_application (city_code, application_id),
        CHECK ((move = 'review') = (opinion IS NOT NULL))
      );
      CREATE INDEX eligibility_step_of ON eligibility_step (city_code, application_id, seq);

      -- A decision with the rule that made it and the facts it rests on. Two people, never one.
      CREATE TABLE eligibility_decision (
        city_code char(6) NOT NULL,
        decision_id uuid NOT NULL,
        application_id uuid NOT NULL,
        outcome text NOT NULL CHECK (outcome IN ('approved', 'refused', 'stopped')),
        appeal boolean NOT NULL,
        reason_code text,
        sentence text NOT NULL,
        pack text NOT NULL,
        version text NOT NULL,
        version_sha256 text NOT NULL,
        clause text NOT NULL,
        document jsonb NOT NULL,
        rules jsonb NOT NULL,
        refusal text,
        facts jsonb NOT NULL,
        decided_on date NOT NULL,
        appeal_until date,
        before_by text NOT NULL,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, decision_id),
        FOREIGN KEY (city_code, decision_id) REFERENCES eligibility_step (city_code, step_id),
        FOREIGN KEY (city_code, application_id) REFERENCES eligibility_application (city_code, application_id),
        CHECK (recorded_by <> before_by),
        CHECK (outcome <> 'approved' OR jsonb_array_length(rules) > 0),
        CHECK (outcome = 'approved' OR reason_code IS NOT NULL)
      );
      CREATE INDEX eligibility_decision_of ON eligibility_decision (city_code, application_id);

      -- Nights on which the approved were compared with the registry.
      CREATE TABLE eligibility_sweep (
        city_code char(6) NOT NULL,
        swept_on date NOT NULL,
        proposed int NOT NULL,
        PRIMARY KEY (city_code, swept_on)
      );

      GRANT SELECT, INSERT ON eligibility_step, eligibility_decision, eligibility_sweep TO xingfu_app;
      CREATE TRIGGER eligibility_step_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON eligibility_step EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER eligibility_decision_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON eligibility_decision EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER eligibility_sweep_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON eligibility_sweep EXECUTE FUNCTION forbid_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE eligibility_sweep, eligibility_decision, eligibility_step, eligibility_application');
  }
}
