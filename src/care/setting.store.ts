import { at, type Tx } from '../platform/index.js';
import type { Instant } from '../kernel/index.js';
import { USUAL_CARE, type CareSettings, type NoticeKind } from './domain/index.js';

/** What a city goes by. */
export async function readCareSettings(tx: Tx, cityCode: string): Promise<CareSettings> {
  const [row] = await tx.query<CareSettings>(
    `SELECT answer_days AS "answerDays", reply_days AS "replyDays", notice_days AS "noticeDays", rating_least AS "ratingLeast" FROM care_setting WHERE city_code = $1`, [cityCode]);
  return row ?? USUAL_CARE;
}

export async function keepCareSettings(tx: Tx, cityCode: string, settings: CareSettings, by: string, now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO care_setting (city_code, answer_days, reply_days, notice_days, rating_least, set_at, set_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (city_code) DO UPDATE SET answer_days = EXCLUDED.answer_days, reply_days = EXCLUDED.reply_days, notice_days = EXCLUDED.notice_days,
       rating_least = EXCLUDED.rating_least, set_at = EXCLUDED.set_at, set_by = EXCLUDED.set_by`,
    [cityCode, settings.answerDays, settings.replyDays, settings.noticeDays, settings.ratingLeast, at(now), by]);
}

/** One of WeChat's templates: which of its fields takes which part of what is said. */
export interface TemplateRow {
  readonly kind: NoticeKind;
  readonly templateId: string;
  readonly page: string | null;
  readonly fields: Readonly<Record<string, string>>;
}

/** The templates that a city has set. */
export async function readTemplates(tx: Tx, cityCode: string, kind: NoticeKind | null = null): Promise<TemplateRow[]> {
  return tx.query<TemplateRow>(
    `SELECT kind, template_id AS "templateId", page, fields FROM care_template WHERE city_code = $1 AND ($2::text IS NULL OR kind = $2) ORDER BY kind`, [cityCode, kind]);
}

export async function keepTemplate(tx: Tx, cityCode: string, row: TemplateRow, by: string, now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO care_template (city_code, kind, template_id, page, fields, set_at, set_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (city_code, kind) DO UPDATE SET template_id = EXCLUDED.template_id, page = EXCLUDED.page, fields = EXCLUDED.fields, set_at = EXCLUDED.set_at, set_by = EXCLUDED.set_by`,
    [cityCode, row.kind, row.templateId, row.page, JSON.stringify(row.fields), at(now), by]);
}
