import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A city's rules as they were drafted, signed and published. Nothing here is ever changed: another text is another
 * draft, another rule is another version. The tables refuse by themselves what no code may do: a draft signed twice by
 * one person, a signature without the role, a publication without both signatures or with another text.
 */
export class Policy1732001200000 implements MigrationInterface {
  readonly name = 'Policy1732001200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The paper behind a version, as it was scanned.
      CREATE TABLE policy_scan (
        city_code char(6) NOT NULL REFERENCES region_city,
        scan_sha256 char(64) NOT NULL CHECK (scan_sha256 = encode(sha256(content), 'hex')),
        media_type text NOT NULL CHECK (media_type IN ('application/pdf', 'image/jpeg', 'image/png')),
        content bytea NOT NULL,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, scan_sha256)
      );

      -- The texts of pack.yaml, one version file and its cases. What the texts say of themselves stands beside them.
      CREATE TABLE policy_draft (
        city_code char(6) NOT NULL,
        draft_id uuid NOT NULL,
        pack text NOT NULL,
        pack_name text NOT NULL,
        issuer text NOT NULL,
        version text NOT NULL,
        from_date date NOT NULL,
        to_date date CHECK (to_date >= from_date),
        backdated boolean NOT NULL,
        sample text,
        division_code varchar(12) NOT NULL,
        pack_yaml text NOT NULL,
        version_file text NOT NULL,
        version_yaml text NOT NULL,
        cases jsonb NOT NULL CHECK (jsonb_typeof(cases) = 'array'),
        document_number text NOT NULL CHECK (document_number <> ''),
        document_title text NOT NULL CHECK (document_title <> ''),
        scan_sha256 char(64) NOT NULL,
        content_sha256 char(64) NOT NULL,
        drafter_id uuid NOT NULL,
        drafted_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, draft_id),
        UNIQUE (city_code, draft_id, content_sha256),
        FOREIGN KEY (city_code, scan_sha256) REFERENCES policy_scan,
        FOREIGN KEY (city_code, drafter_id) REFERENCES access_staff,
        FOREIGN KEY (city_code, division_code) REFERENCES region_division
      );
      CREATE INDEX policy_draft_drafted ON policy_draft (city_code, drafted_at DESC, draft_id);

      -- A signature holds for exactly the texts that were shown; a withdrawal ends a draft.
      CREATE TABLE policy_signature (
        city_code char(6) NOT NULL,
        draft_id uuid NOT NULL,
        step text NOT NULL,
        staff_id uuid NOT NULL,
        role text NOT NULL,
        content_sha256 char(64) NOT NULL,
        reason text,
        signed_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, draft_id, step),
        FOREIGN KEY (city_code, draft_id, content_sha256) REFERENCES policy_draft (city_code, draft_id, content_sha256),
        FOREIGN KEY (city_code, staff_id) REFERENCES access_staff,
        CONSTRAINT policy_signature_role CHECK (
          (step = 'civilAffairs' AND role IN ('cityOfficer', 'countyOfficer'))
          OR (step = 'finance' AND role = 'financeApprover')
          OR (step = 'withdrawn' AND role IN ('cityOfficer', 'countyOfficer', 'financeApprover') AND reason <> ''))
      );

      CREATE FUNCTION policy_signature_holds() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        drafter uuid := (SELECT d.drafter_id FROM policy_draft d WHERE d.city_code = NEW.city_code AND d.draft_id = NEW.draft_id);
      BEGIN
        IF NOT EXISTS (SELECT FROM access_staff_role r JOIN access_staff p ON p.city_code = r.city_code AND p.staff_id = r.staff_id
                       WHERE r.city_code = NEW.city_code AND r.staff_id = NEW.staff_id AND r.role = NEW.role AND r.duty = 'work' AND p.disabled_at IS NULL) THEN
          RAISE EXCEPTION 'a policy is signed by who holds the role' USING ERRCODE = '23514', CONSTRAINT = 'policy_signature_role_held';
        END IF;
        IF EXISTS (SELECT FROM policy_publication p WHERE p.city_code = NEW.city_code AND p.draft_id = NEW.draft_id)
           OR EXISTS (SELECT FROM policy_signature s WHERE s.city_code = NEW.city_code AND s.draft_id = NEW.draft_id AND s.step = 'withdrawn') THEN
          RAISE EXCEPTION 'the draft is published or withdrawn' USING ERRCODE = '23514', CONSTRAINT = 'policy_signature_open';
        END IF;
        IF NEW.step = 'civilAffairs' AND NEW.staff_id <> drafter THEN
          RAISE EXCEPTION 'a draft is submitted by its drafter' USING ERRCODE = '23514', CONSTRAINT = 'policy_signature_drafter';
        END IF;
        IF NEW.step = 'finance' AND (NEW.staff_id = drafter OR NOT EXISTS (
             SELECT FROM policy_signature s WHERE s.city_code = NEW.city_code AND s.draft_id = NEW.draft_id AND s.step = 'civilAffairs' AND s.staff_id <> NEW.staff_id)) THEN
          RAISE EXCEPTION 'finance countersigns what another person signed' USING ERRCODE = '23514', CONSTRAINT = 'policy_signature_two_people';
        END IF;
        RETURN NEW;
      END $$;

      -- What rules in the city. Its number grows without a gap, so the last one names the whole state.
      CREATE TABLE policy_publication (
        city_code char(6) NOT NULL,
        seq int NOT NULL CHECK (seq > 0),
        draft_id uuid NOT NULL,
        content_sha256 char(64) NOT NULL,
        pack text NOT NULL,
        version text NOT NULL,
        from_date date NOT NULL,
        backdated boolean NOT NULL,
        drafter_id uuid NOT NULL,
        countersigner_id uuid NOT NULL,
        published_at timestamptz NOT NULL,
        PRIMARY KEY (city_code, seq),
        CONSTRAINT policy_publication_draft UNIQUE (city_code, draft_id),
        CONSTRAINT policy_publication_version UNIQUE (city_code, pack, version),
        CONSTRAINT policy_publication_from UNIQUE (city_code, pack, from_date),
        FOREIGN KEY (city_code, draft_id, content_sha256) REFERENCES policy_draft (city_code, draft_id, content_sha256),
        CONSTRAINT policy_publication_two_people CHECK (drafter_id <> countersigner_id),
        CONSTRAINT policy_publication_ahead CHECK (backdated OR from_date >= (published_at AT TIME ZONE 'Asia/Shanghai')::date)
      );

      CREATE FUNCTION policy_publication_holds() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.seq <> coalesce((SELECT max(p.seq) FROM policy_publication p WHERE p.city_code = NEW.city_code), 0) + 1 THEN
          RAISE EXCEPTION 'publications are numbered without a gap' USING ERRCODE = '23514', CONSTRAINT = 'policy_publication_number';
        END IF;
        IF NOT EXISTS (
             SELECT FROM policy_draft d
             JOIN policy_signature a ON a.city_code = d.city_code AND a.draft_id = d.draft_id AND a.step = 'civilAffairs' AND a.staff_id = NEW.drafter_id
             JOIN policy_signature b ON b.city_code = d.city_code AND b.draft_id = d.draft_id AND b.step = 'finance' AND b.staff_id = NEW.countersigner_id
             WHERE d.city_code = NEW.city_code AND d.draft_id = NEW.draft_id AND d.drafter_id = NEW.drafter_id
               AND (d.pack, d.version, d.from_date, d.backdated) = (NEW.pack, NEW.version, NEW.from_date, NEW.backdated)
               AND NOT EXISTS (SELECT FROM policy_signature w WHERE w.city_code = d.city_code AND w.draft_id = d.draft_id AND w.step = 'withdrawn')) THEN
          RAISE EXCEPTION 'a version is published with two signatures under its own draft' USING ERRCODE = '23514', CONSTRAINT = 'policy_publication_signed';
        END IF;
        RETURN NEW;
      END $$;

      CREATE TRIGGER holds BEFORE INSERT ON policy_signature FOR EACH ROW EXECUTE FUNCTION policy_signature_holds();
      CREATE TRIGGER holds BEFORE INSERT ON policy_publication FOR EACH ROW EXECUTE FUNCTION policy_publication_holds();
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON policy_scan EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON policy_draft EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON policy_signature EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON policy_publication EXECUTE FUNCTION forbid_change();
      GRANT SELECT, INSERT ON policy_scan, policy_draft, policy_signature, policy_publication TO xingfu_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE policy_publication, policy_signature, policy_draft, policy_scan;
      DROP FUNCTION policy_signature_holds(), policy_publication_holds();
    `);
  }
}
