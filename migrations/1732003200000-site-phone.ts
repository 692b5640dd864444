import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The number that people call a site by: a business's public number, never a person's own. */
export class SitePhone1732003200000 implements MigrationInterface {
  readonly name = 'SitePhone1732003200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE site_phone (
        city_code char(6) NOT NULL,
        site_id uuid NOT NULL,
        phone text NOT NULL CHECK (phone ~ '^[0-9]{3,4}-?[0-9]{3,8}(-[0-9]{1,6})?$'),
        set_at timestamptz NOT NULL,
        set_by text NOT NULL,
        PRIMARY KEY (city_code, site_id),
        FOREIGN KEY (city_code, site_id) REFERENCES site (city_code, site_id)
      );
      GRANT SELECT, INSERT, UPDATE (phone, set_at, set_by) ON site_phone TO xingfu_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE site_phone');
  }
}
