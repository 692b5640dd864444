import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Comparisons with registers, what they propose, what was paid after, who bears it, and the notices that ask for it. */
export class Recovery1732001410000 implements MigrationInterface {
  readonly name = 'Recovery1732001410000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE comparison (
        city_code char(6) NOT NULL,
        comparison_id uuid NOT NULL,
        roster_id uuid NOT NULL,
        purpose text NOT NULL CHECK (purpose IN ('deaths', 'careHomes', 'hukouMoves')),
        division_code varchar(12) NOT NULL,
        source text NOT NULL,
        made_staff uuid NOT NULL,
        made_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, comparison_id),
        UNIQUE (city_code, roster_id),
        FOREIGN KEY (city_code, roster_id) REFERENCES roster
      );
      CREATE INDEX comparison_newest ON comparison (city_code, made_at DESC, comparison_id);

      -- A fact that a register tells of an elder. Accepted, it is written into the registry by entry_id.
      CREATE TABLE stop_proposal (
        city_code char(6) NOT NULL,
        proposal_id uuid NOT NULL,
        comparison_id uuid NOT NULL,
        row_no int NOT NULL,
        elder_id uuid NOT NULL,
        kind text NOT NULL CHECK (kind IN ('death', 'stay', 'move')),
        from_date date NOT NULL,
        to_date date CHECK (to_date >= from_date),
        place_code varchar(12),
        state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'rejected')),
        decided_staff uuid,
        decided_at timestamptz,
        reason text,
        PRIMARY KEY (city_code, proposal_id),
        UNIQUE (city_code, comparison_id, row_no),
        FOREIGN KEY (city_code, comparison_id) REFERENCES comparison,
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id),
        CHECK ((state = 'open') = (decided_staff IS NULL) AND (state = 'open') = (decided_at IS NULL)),
        CHECK (state <> 'rejected' OR reason IS NOT NULL)
      );
      CREATE INDEX stop_proposal_of_elder ON stop_proposal (city_code, elder_id);

      -- A demand for money outside or inside the next claim. Never of an elder: the debtor is always a site.
      CREATE TABLE recovery_notice (
        city_code char(6) NOT NULL,
        notice_id uuid NOT NULL,
        kind text NOT NULL CHECK (kind IN ('netting', 'recovery', 'fraud')),
        site_id uuid NOT NULL,
        county_code varchar(12) NOT NULL,
        year int NOT NULL,
        number int NOT NULL CHECK (number > 0),
        notice_number text NOT NULL,
        budget_year int NOT NULL,
        fen bigint NOT NULL CHECK (fen > 0),
        state text NOT NULL DEFAULT 'drafted' CHECK (state IN ('drafted', 'withdrawn', 'signed', 'repaid')),
        made_staff uuid NOT NULL,
        made_at timestamptz NOT NULL,
        signed_staff uuid CHECK (signed_staff <> made_staff),
        signed_at timestamptz,
        repaid_serial text,
        repaid_on date,
        repaid_staff uuid CHECK (repaid_staff <> signed_staff),
        PRIMARY KEY (city_code, notice_id),
        UNIQUE (city_code, notice_number),
        UNIQUE (city_code, county_code, year, number),
        FOREIGN KEY (city_code, site_id) REFERENCES site,
        CHECK ((state IN ('drafted', 'withdrawn')) = (signed_staff IS NULL) AND (signed_staff IS NULL) = (signed_at IS NULL)),
        CHECK ((state = 'repaid') = (repaid_serial IS NOT NULL) AND (repaid_serial IS NULL) = (repaid_on IS NULL) AND (repaid_serial IS NULL) = (repaid_staff IS NULL)),
        CHECK (kind <> 'netting' OR state <> 'repaid')
      );
      CREATE UNIQUE INDEX recovery_notice_serial ON recovery_notice (city_code, repaid_serial) WHERE repaid_serial IS NOT NULL;
      CREATE INDEX recovery_notice_of_site ON recovery_notice (city_code, site_id);

      CREATE TABLE recovery_sequence (
        city_code char(6) NOT NULL,
        county_code varchar(12) NOT NULL,
        year int NOT NULL,
        last_number int NOT NULL CHECK (last_number > 0),
        PRIMARY KEY (city_code, county_code, year)
      );

      -- What was paid for one meal after the day from which nothing was due, and who bears it.
      CREATE TABLE recovery_line (
        city_code char(6) NOT NULL,
        line_id uuid NOT NULL,
        comparison_id uuid NOT NULL,
        proposal_id uuid NOT NULL,
        tap_id uuid NOT NULL,
        site_id uuid NOT NULL,
        meal_date date NOT NULL,
        budget_year int NOT NULL,
        fen bigint NOT NULL CHECK (fen > 0),
        bearer text NOT NULL CHECK (bearer IN ('site', 'fund')),
        ground text NOT NULL CHECK (ground IN ('list-reached', 'check-skipped', 'not-reached')),
        state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'rejected')),
        suspected_fraud boolean NOT NULL DEFAULT false,
        decided_staff uuid,
        decided_at timestamptz,
        reason text,
        notice_id uuid,
        PRIMARY KEY (city_code, line_id),
        FOREIGN KEY (city_code, comparison_id) REFERENCES comparison,
        FOREIGN KEY (city_code, proposal_id) REFERENCES stop_proposal,
        FOREIGN KEY (city_code, notice_id) REFERENCES recovery_notice,
        CHECK ((bearer = 'fund') = (ground = 'not-reached')),
        CHECK ((state = 'open') = (decided_staff IS NULL) AND (state = 'open') = (decided_at IS NULL)),
        CHECK (state <> 'rejected' OR reason IS NOT NULL),
        CHECK (notice_id IS NULL OR (state = 'accepted' AND bearer = 'site')),
        CHECK (NOT suspected_fraud OR bearer = 'site')
      );
      -- A meal is asked for once, however many registers name its elder.
      CREATE UNIQUE INDEX recovery_line_once ON recovery_line (city_code, tap_id) WHERE state <> 'rejected';
      CREATE INDEX recovery_line_of ON recovery_line (city_code, comparison_id, line_id);
      CREATE INDEX recovery_line_to_notice ON recovery_line (city_code, site_id, budget_year) WHERE state = 'accepted' AND bearer = 'site' AND notice_id IS NULL;
      CREATE INDEX recovery_line_of_notice ON recovery_line (city_code, notice_id) WHERE notice_id IS NOT NULL;
      CREATE INDEX recovery_line_of_proposal ON recovery_line (city_code, proposal_id);

      CREATE TABLE recovery_share (
        city_code char(6) NOT NULL,
        line_id uuid NOT NULL,
        funder_code text NOT NULL,
        fen bigint NOT NULL CHECK (fen > 0),
        PRIMARY KEY (city_code, line_id, funder_code),
        FOREIGN KEY (city_code, line_id) REFERENCES recovery_line
      );

      GRANT SELECT, INSERT ON comparison, recovery_share TO xingfu_app;
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON comparison FOR EACH ROW EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON recovery_share FOR EACH ROW EXECUTE FUNCTION forbid_change();
      GRANT SELECT, INSERT, UPDATE (state, decided_staff, decided_at, reason) ON stop_proposal TO xingfu_app;
      GRANT SELECT, INSERT, UPDATE (state, signed_staff, signed_at, repaid_serial, repaid_on, repaid_staff) ON recovery_notice TO xingfu_app;
      GRANT SELECT, INSERT, UPDATE (last_number) ON recovery_sequence TO xingfu_app;
      GRANT SELECT, INSERT, UPDATE (state, suspected_fraud, decided_staff, decided_at, reason, notice_id) ON recovery_line TO xingfu_app;
    `);
  }

  async down(): Promise<void> {
    throw new Error('recoveries have no way back: restore a backup instead');
  }
}
