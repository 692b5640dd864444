import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Operators, payees and sites, which are three things; who runs and who is paid for a site from which day; a site's
 * life as dated events, its papers, inspections and opening hours.
 */
export class Site1732000300000 implements MigrationInterface {
  readonly name = 'Site1732000300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE site_operator_org (
        city_code char(6) NOT NULL REFERENCES region_city,
        operator_id uuid NOT NULL,
        name text NOT NULL,
        credit_code char(18),
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, operator_id),
        UNIQUE (city_code, credit_code)
      );

      CREATE TABLE site_payee (
        city_code char(6) NOT NULL REFERENCES region_city,
        payee_id uuid NOT NULL,
        name text NOT NULL,
        bank_name text NOT NULL,
        account_sealed bytea NOT NULL,
        account_index char(64) NOT NULL,
        account_tail char(4) NOT NULL,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, payee_id),
        UNIQUE (city_code, account_index)
      );

      CREATE TABLE site (
        city_code char(6) NOT NULL,
        site_id uuid NOT NULL,
        name text NOT NULL,
        kind text NOT NULL,
        supply_mode text NOT NULL,
        division_code varchar(12) NOT NULL,
        address text NOT NULL,
        seats int NOT NULL CHECK (seats >= 0),
        longitude double precision CHECK (longitude BETWEEN 73 AND 136),
        latitude double precision CHECK (latitude BETWEEN 3 AND 54),
        premises_status text NOT NULL,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, site_id),
        FOREIGN KEY (city_code, division_code) REFERENCES region_division,
        CHECK ((longitude IS NULL) = (latitude IS NULL))
      );
      CREATE INDEX site_division ON site (city_code, division_code, site_id);

      -- A site's operator holds until the day before the next row's: two at once cannot be written down.
      CREATE TABLE site_operation (
        city_code char(6) NOT NULL,
        site_id uuid NOT NULL,
        from_date date NOT NULL,
        operator_id uuid,
        reason text,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, site_id, from_date),
        FOREIGN KEY (city_code, site_id) REFERENCES site,
        FOREIGN KEY (city_code, operator_id) REFERENCES site_operator_org
      );

      -- Whose account a site's money goes to. A row counts once another person has confirmed it.
      CREATE TABLE site_payment_route (
        city_code char(6) NOT NULL,
        route_id uuid NOT NULL,
        site_id uuid NOT NULL,
        from_date date NOT NULL,
        payee_id uuid NOT NULL,
        reason text,
        proposed_at timestamptz NOT NULL,
        proposed_by text NOT NULL,
        confirmed_at timestamptz,
        confirmed_by text CHECK (confirmed_by <> proposed_by),
        PRIMARY KEY (city_code, route_id),
        FOREIGN KEY (city_code, site_id) REFERENCES site,
        FOREIGN KEY (city_code, payee_id) REFERENCES site_payee,
        CHECK ((confirmed_at IS NULL) = (confirmed_by IS NULL))
      );
      CREATE UNIQUE INDEX site_payment_route_confirmed ON site_payment_route (city_code, site_id, from_date) WHERE confirmed_at IS NOT NULL;

      CREATE TABLE site_event (
        city_code char(6) NOT NULL,
        site_id uuid NOT NULL,
        event_no int NOT NULL CHECK (event_no > 0),
        kind text NOT NULL CHECK (kind IN ('planned', 'building', 'accepted', 'open', 'suspended', 'resumed', 'closed')),
        on_date date NOT NULL,
        reason text,
        document text,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, site_id, event_no),
        FOREIGN KEY (city_code, site_id) REFERENCES site
      );
      CREATE TRIGGER site_event_append_only BEFORE UPDATE OR DELETE ON site_event FOR EACH ROW EXECUTE FUNCTION forbid_change();

      CREATE TABLE site_paper (
        city_code char(6) NOT NULL,
        paper_id uuid NOT NULL,
        site_id uuid NOT NULL,
        kind text NOT NULL CHECK (kind IN ('foodLicence', 'fireApproval', 'contract')),
        number text NOT NULL,
        valid_from date NOT NULL,
        valid_to date CHECK (valid_to >= valid_from),
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, paper_id),
        FOREIGN KEY (city_code, site_id) REFERENCES site
      );
      CREATE INDEX site_paper_site ON site_paper (city_code, site_id, kind, valid_from);
      CREATE INDEX site_paper_expiry ON site_paper (city_code, valid_to) WHERE valid_to IS NOT NULL;

      CREATE TABLE site_inspection (
        city_code char(6) NOT NULL,
        inspection_id uuid NOT NULL,
        site_id uuid NOT NULL,
        on_date date NOT NULL,
        result text NOT NULL CHECK (result IN ('passed', 'corrections', 'failed')),
        findings text,
        correct_by date,
        suspended boolean NOT NULL,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, inspection_id),
        FOREIGN KEY (city_code, site_id) REFERENCES site
      );
      CREATE INDEX site_inspection_site ON site_inspection (city_code, site_id, on_date DESC);
      CREATE TRIGGER site_inspection_append_only BEFORE UPDATE OR DELETE ON site_inspection FOR EACH ROW EXECUTE FUNCTION forbid_change();

      -- All meal periods of a site from a day on; a later day's rows replace them all.
      CREATE TABLE site_hours (
        city_code char(6) NOT NULL,
        site_id uuid NOT NULL,
        from_date date NOT NULL,
        meal_period text NOT NULL CHECK (meal_period IN ('breakfast', 'lunch', 'dinner')),
        from_minute smallint NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
        to_minute smallint NOT NULL CHECK (to_minute BETWEEN 1 AND 1440 AND to_minute > from_minute),
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, site_id, from_date, meal_period),
        FOREIGN KEY (city_code, site_id) REFERENCES site
      );

      GRANT SELECT, INSERT ON site_operator_org, site_payee, site, site_operation, site_payment_route, site_event, site_paper, site_inspection, site_hours TO xingfu_app;
      -- Also what lets a change lock the site's row.
      GRANT UPDATE (name, address, seats, longitude, latitude, premises_status) ON site TO xingfu_app;
      GRANT UPDATE (confirmed_at, confirmed_by) ON site_payment_route TO xingfu_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE site_hours, site_inspection, site_paper, site_event, site_payment_route, site_operation, site, site_payee, site_operator_org');
  }
}
