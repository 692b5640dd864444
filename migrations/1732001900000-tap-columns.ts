import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a meal says that is the same for every meal of a rule is kept once; what its columns say is not said again in its
 * answer; and statistics are gathered of those columns alone that a search may name. Meals that are there stay as they are.
 */
export class TapColumns1732001900000 implements MigrationInterface {
  readonly name = 'TapColumns1732001900000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The words of a rule as meals were decided by it, under their SHA-256: explanations name them by it.
      CREATE TABLE meal_reason (
        city_code char(6) NOT NULL,
        reason_hash text COLLATE "C" NOT NULL,
        reason jsonb NOT NULL,
        PRIMARY KEY (city_code, reason_hash)
      );
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON meal_reason FOR EACH ROW EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER no_truncate BEFORE TRUNCATE ON meal_reason FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
      GRANT SELECT, INSERT ON meal_reason TO xingfu_app;

      -- An explanation with the words that its reasons name; one that was kept whole comes as it is.
      CREATE FUNCTION whole_explanation(city char(6), kept jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
        SELECT CASE WHEN kept @? '$.reasons[*].rests' THEN jsonb_set(kept, '{reasons}', (
          SELECT jsonb_agg(CASE WHEN w.reason IS NULL THEN r.own ELSE w.reason || (r.own - 'rests') || jsonb_build_object('working', (w.reason -> 'working') || (r.own -> 'working')) END ORDER BY r.place)
          FROM jsonb_array_elements(kept -> 'reasons') WITH ORDINALITY AS r (own, place)
          LEFT JOIN meal_reason w ON w.city_code = city AND w.reason_hash = r.own ->> 'rests'
        )) ELSE kept END
      $$;

      -- Noon fills these tables by the ten thousand: to gather statistics of hashes and texts cost a fourth of the server's time.
      CREATE FUNCTION spare_month_statistics(month text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        spared record;
        part text;
      BEGIN
        FOR spared IN SELECT * FROM (VALUES
          ('meal', ARRAY['tap_id', 'terminal_id', 'operator_id', 'payee_id', 'card_id', 'price_list_version', 'tender', 'flags', 'items', 'explanation', 'answer']),
          ('meal_share', ARRAY['tap_id']),
          ('ledger_transfer', ARRAY['transfer_id', 'cause_id'])) AS s (parent, columns)
        LOOP
          part := spared.parent || '_' || replace(month, '-', '_');
          CONTINUE WHEN to_regclass(part) IS NULL;
          EXECUTE format('ALTER TABLE %I %s', part, (SELECT string_agg(format('ALTER COLUMN %I SET STATISTICS 0', c), ', ') FROM unnest(spared.columns) c));
          EXECUTE format('ALTER TABLE %I SET (autovacuum_analyze_scale_factor = 0.3, autovacuum_analyze_threshold = 5000)', part);
        END LOOP;
      END $$;
      REVOKE ALL ON FUNCTION spare_month_statistics(text) FROM PUBLIC;
      CREATE FUNCTION ledger_month_spares_statistics() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        PERFORM spare_month_statistics(NEW.month);
        RETURN NULL;
      END $$;
      REVOKE ALL ON FUNCTION ledger_month_spares_statistics() FROM PUBLIC;
      -- By its name it comes after the trigger that makes the month's partitions.
      CREATE TRIGGER spares_statistics AFTER INSERT ON ledger_month FOR EACH ROW EXECUTE FUNCTION ledger_month_spares_statistics();
      ALTER TABLE ledger_month ENABLE ALWAYS TRIGGER spares_statistics;
      SELECT spare_month_statistics(m.month::text) FROM ledger_month m;
      ALTER TABLE tap_claim ALTER COLUMN tap_id SET STATISTICS 0, ALTER COLUMN body_hash SET STATISTICS 0, ALTER COLUMN prev_hash SET STATISTICS 0,
        ALTER COLUMN entry_hash SET STATISTICS 0, ALTER COLUMN signature SET STATISTICS 0;
      ALTER TABLE tap_claim SET (autovacuum_analyze_scale_factor = 0.3, autovacuum_analyze_threshold = 5000);
      ALTER TABLE subsidy_use SET (autovacuum_analyze_scale_factor = 0.3, autovacuum_analyze_threshold = 5000);
    `);
  }

  async down(): Promise<void> {
    throw new Error('meals that name their reasons have no way back: restore a backup instead');
  }
}
