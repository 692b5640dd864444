import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Photos of elders who consented to it, for the cashier to see who stands there. */
export class ElderPhoto1732002600000 implements MigrationInterface {
  readonly name = 'ElderPhoto1732002600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- That a photo was taken in, or taken away again: for ever. The picture itself is in the other table, and goes.
      CREATE TABLE elder_photo (
        city_code char(6) NOT NULL,
        photo_id uuid NOT NULL,
        elder_id uuid NOT NULL,
        kind text NOT NULL CHECK (kind IN ('taken', 'withdrawn')),
        media_type text CHECK (media_type IN ('image/jpeg', 'image/png', 'image/webp')),
        width int CHECK (width > 0),
        height int CHECK (height > 0),
        bytes int CHECK (bytes > 0),
        reason text,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (city_code, photo_id),
        FOREIGN KEY (city_code, elder_id) REFERENCES elder (city_code, elder_id),
        CHECK ((kind = 'taken') = (media_type IS NOT NULL) AND (kind = 'taken') = (bytes IS NOT NULL)),
        CHECK ((kind = 'withdrawn') = (reason IS NOT NULL))
      );
      CREATE INDEX elder_photo_of ON elder_photo (city_code, elder_id);
      GRANT SELECT, INSERT ON elder_photo TO xingfu_app;
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON elder_photo FOR EACH ROW EXECUTE FUNCTION forbid_change();
      CREATE TRIGGER no_truncate BEFORE TRUNCATE ON elder_photo FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

      -- The picture that is in use, sealed by the application. Replaced or withdrawn, it is deleted: nobody needs yesterday's face.
      CREATE TABLE elder_photo_picture (
        city_code char(6) NOT NULL,
        elder_id uuid NOT NULL,
        photo_id uuid NOT NULL,
        sealed bytea NOT NULL,
        PRIMARY KEY (city_code, elder_id),
        FOREIGN KEY (city_code, photo_id) REFERENCES elder_photo (city_code, photo_id)
      );
      ALTER TABLE elder_photo_picture ALTER COLUMN sealed SET STORAGE EXTERNAL;
      GRANT SELECT, INSERT, DELETE ON elder_photo_picture TO xingfu_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE elder_photo_picture, elder_photo');
  }
}
