import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Meals, their shares and the transfers lie in one partition for each month of booking, and nowhere else: there is no
 * default partition, since detaching without a lock knows none. Partitions come with the month that is opened.
 */
export class MonthPartitions1732001700000 implements MigrationInterface {
  readonly name = 'MonthPartitions1732001700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      SET LOCAL lock_timeout = '30s';
      -- A foreign key to a partitioned table forbids detaching, and locks its own table when a partition comes.
      ALTER TABLE meal_void DROP CONSTRAINT meal_void_city_code_original_month_tap_id_fkey;
      ALTER TABLE meal_adjustment DROP CONSTRAINT meal_adjustment_city_code_original_month_tap_id_fkey;

      -- Meals are never taken away, so looking once, when the row comes, is enough.
      CREATE FUNCTION meal_is_there() RETURNS trigger LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
      BEGIN
        PERFORM FROM meal m WHERE m.city_code = NEW.city_code AND m.booked_month = NEW.original_month AND m.tap_id = NEW.tap_id;
        IF NOT FOUND THEN
          RAISE EXCEPTION 'no meal % is booked in %', NEW.tap_id, NEW.original_month USING ERRCODE = '23503', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER meal_void_meal AFTER INSERT ON meal_void FOR EACH ROW EXECUTE FUNCTION meal_is_there();
      CREATE TRIGGER meal_adjustment_meal AFTER INSERT ON meal_adjustment FOR EACH ROW EXECUTE FUNCTION meal_is_there();

      -- Months that the books can be read and written in, and those that were taken out of them.
      CREATE VIEW attached_month AS
        SELECT replace(right(c.relname::text, 7), '_', '-') AS month FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'meal'::regclass AND NOT i.inhdetachpending;
      CREATE VIEW detached_month AS
        SELECT replace(right(c.relname::text, 7), '_', '-') AS month FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname ~ '^meal_[0-9]{4}_[0-9]{2}$'
          AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid AND NOT i.inhdetachpending);
      GRANT SELECT ON attached_month, detached_month TO xingfu_app;

      -- The only way in which the working role comes to a new table: a partition of one of three, for a month. Made apart
      -- and attached, which stops neither readers nor writers of the parent; CREATE ... PARTITION OF would stop both.
      CREATE FUNCTION make_month_partitions(month text) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        parent text;
        part text;
        until text;
        made int := 0;
      BEGIN
        IF month IS NULL OR month !~ '^[0-9]{4}-(0[1-9]|1[0-2])$' OR month < '1970-01' OR month > '2099-12' THEN
          RAISE EXCEPTION 'no month of the books: %', month USING ERRCODE = '22023';
        END IF;
        IF (SELECT count(*) FROM pg_inherits i WHERE NOT i.inhdetachpending AND i.inhrelid IN (
          to_regclass('meal_' || replace(month, '-', '_')), to_regclass('meal_share_' || replace(month, '-', '_')), to_regclass('ledger_transfer_' || replace(month, '-', '_')))) = 3 THEN
          RETURN 0;
        END IF;
        PERFORM pg_advisory_xact_lock(4712);
        until := to_char((month || '-01')::date + interval '1 month', 'YYYY-MM');
        FOREACH parent IN ARRAY ARRAY['meal', 'meal_share', 'ledger_transfer'] LOOP
          part := parent || '_' || replace(month, '-', '_');
          IF to_regclass(part) IS NOT NULL THEN
            IF NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = to_regclass(part) AND i.inhparent = to_regclass(parent) AND NOT i.inhdetachpending) THEN
              RAISE EXCEPTION 'the month % was taken out of the books: attach it again first', month USING ERRCODE = '55000';
            END IF;
            CONTINUE;
          END IF;
          -- With this check the server need not look through the rows, should the month come back one day.
          EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE, CONSTRAINT %I CHECK (booked_month >= %L AND booked_month < %L))',
            part, parent, part || '_month', month, until);
          -- Triggers of the parent leave with a month that is detached; this one stays.
          EXECUTE format('CREATE TRIGGER append_only_month BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION forbid_change()', part);
          EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION forbid_change()', part);
          EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, part, month, until);
          made := made + 1;
        END LOOP;
        RETURN made;
      END $$;
      REVOKE ALL ON FUNCTION make_month_partitions(text) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION make_month_partitions(text) TO xingfu_app;
    `);
    await this.divide(runner);
    await runner.query(`
      -- No month of the books without its partitions, whoever opens it.
      CREATE FUNCTION ledger_month_has_partitions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        PERFORM make_month_partitions(NEW.month);
        RETURN NULL;
      END $$;
      REVOKE ALL ON FUNCTION ledger_month_has_partitions() FROM PUBLIC;
      CREATE TRIGGER has_partitions AFTER INSERT ON ledger_month FOR EACH ROW EXECUTE FUNCTION ledger_month_has_partitions();
      ALTER TABLE ledger_month ENABLE ALWAYS TRIGGER has_partitions;
      DROP FUNCTION partition_by_year(text);
    `);
  }

  /** Moves what lies in years into months, and compares before the years go. */
  private async divide(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DO $$
      DECLARE
        old record;
        month text;
        before bigint;
        after bigint;
      BEGIN
        CREATE TEMP TABLE yearly ON COMMIT DROP AS SELECT i.inhparent::regclass AS parent, c.oid::regclass AS part
          FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent IN ('meal'::regclass, 'meal_share'::regclass, 'ledger_transfer'::regclass);
        FOR old IN SELECT * FROM yearly LOOP
          EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', old.parent, old.part);
        END LOOP;
        FOR old IN SELECT * FROM yearly LOOP
          FOR month IN EXECUTE format('SELECT DISTINCT booked_month::text FROM %s ORDER BY 1', old.part) LOOP
            PERFORM make_month_partitions(month);
            EXECUTE format('INSERT INTO %s SELECT * FROM %s WHERE booked_month = %L', old.parent, old.part, month);
          END LOOP;
          EXECUTE format('SELECT count(*) FROM %s', old.part) INTO before;
          EXECUTE format('SELECT count(*) FROM %s n WHERE n.booked_month IN (SELECT DISTINCT o.booked_month FROM %s o)', old.parent, old.part) INTO after;
          IF before <> after THEN
            RAISE EXCEPTION 'table % has % rows, of which % came over', old.part, before, after;
          END IF;
          EXECUTE format('DROP TABLE %s', old.part);
        END LOOP;
        FOR month IN SELECT DISTINCT m.month::text FROM ledger_month m ORDER BY 1 LOOP
          PERFORM make_month_partitions(month);
        END LOOP;
      END $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('months of meals have no way back: restore a backup instead');
  }
}
