import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the machinery found wrong and a person has to see; and since when, by the database's clock, a job waits. */
export class Alert1732002100000 implements MigrationInterface {
  readonly name = 'Alert1732002100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- One row for a finding from its first sight until it is gone; a finding that comes back is another row.
      CREATE TABLE alert (
        city_code char(6) NOT NULL,
        alert_id uuid NOT NULL DEFAULT gen_random_uuid(),
        -- 'invariant': its number is the subject; 'job': the kind of the dead job is.
        kind text NOT NULL CHECK (kind IN ('invariant', 'job', 'seal')),
        subject text NOT NULL CHECK (subject ~ '^[A-Za-z0-9.@/-]{1,80}$'),
        count bigint NOT NULL CHECK (count > 0),
        opened_at timestamptz NOT NULL,
        acknowledged_by uuid,
        acknowledged_at timestamptz,
        resolved_at timestamptz,
        PRIMARY KEY (city_code, alert_id),
        FOREIGN KEY (city_code, acknowledged_by) REFERENCES access_staff (city_code, staff_id),
        CHECK ((acknowledged_by IS NULL) = (acknowledged_at IS NULL))
      );
      CREATE UNIQUE INDEX alert_open ON alert (city_code, kind, subject) WHERE resolved_at IS NULL;
      CREATE INDEX alert_by_time ON alert (city_code, opened_at DESC, alert_id);
      CREATE FUNCTION alert_stays() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' OR OLD.resolved_at IS NOT NULL OR (OLD.acknowledged_at IS NOT NULL AND NEW.acknowledged_at IS DISTINCT FROM OLD.acknowledged_at)
          OR (NEW.city_code, NEW.kind, NEW.subject, NEW.count, NEW.opened_at) <> (OLD.city_code, OLD.kind, OLD.subject, OLD.count, OLD.opened_at) THEN
          RAISE EXCEPTION 'an alert is acknowledged once and resolved once' USING ERRCODE = '42501';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON alert FOR EACH ROW EXECUTE FUNCTION alert_stays();
      GRANT SELECT, INSERT, UPDATE (acknowledged_by, acknowledged_at, resolved_at) ON alert TO xingfu_app;

      -- staged_at is the product's clock, which a demo or a simulation sets; how long a job waits is the database's to say.
      ALTER TABLE outbox ADD COLUMN entered_at timestamptz NOT NULL DEFAULT now();

      -- Readiness compares what was run with what the code brings.
      GRANT SELECT ON schema_migration TO xingfu_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE outbox DROP COLUMN entered_at;
      DROP TABLE alert;
      DROP FUNCTION alert_stays();
    `);
  }
}
