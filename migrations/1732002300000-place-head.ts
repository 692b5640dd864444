import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * One mark for each city that changes with whatever a till's place rests on: sites with their lives, papers, operators and
 * payees, price lists, divisions. Who has read these facts under a mark need not read them again while it stands.
 */
export class PlaceHead1732002300000 implements MigrationInterface {
  readonly name = 'PlaceHead1732002300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Random and never a number, so that a restored database does not come back to a mark that meant something else.
      CREATE TABLE place_head (
        city_code char(6) PRIMARY KEY,
        head uuid NOT NULL
      );
      GRANT SELECT ON place_head TO xingfu_app;

      -- At the end of the transaction and once in it: the mark's row is its last lock, so that nobody waits crosswise.
      CREATE FUNCTION place_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        city char(6) := CASE TG_OP WHEN 'DELETE' THEN OLD.city_code ELSE NEW.city_code END;
        mark text := city || ' ' || pg_current_xact_id();
      BEGIN
        IF current_setting('xingfu.place_changed', true) IS DISTINCT FROM mark THEN
          INSERT INTO place_head AS h (city_code, head) VALUES (city, gen_random_uuid()) ON CONFLICT (city_code) DO UPDATE SET head = EXCLUDED.head;
          PERFORM set_config('xingfu.place_changed', mark, true);
        END IF;
        RETURN NULL;
      END $$;
      REVOKE ALL ON FUNCTION place_changed() FROM PUBLIC;

      DO $$ DECLARE name text; BEGIN
        FOREACH name IN ARRAY ARRAY['site', 'site_event', 'site_paper', 'site_operation', 'site_payment_route', 'menu_price_list', 'menu_price', 'region_closure'] LOOP
          EXECUTE format('CREATE CONSTRAINT TRIGGER place_changed AFTER INSERT OR UPDATE OR DELETE ON %I DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION place_changed()', name);
        END LOOP;
      END $$;
      INSERT INTO place_head (city_code, head) SELECT c.city_code, gen_random_uuid() FROM region_city c;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION place_changed() CASCADE; DROP TABLE place_head');
  }
}
