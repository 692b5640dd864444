import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { ConsentState } from './domain/index.js';
import type { Writing } from './register.store.js';

/** One version of a consent as it is kept. */
export interface ConsentRow extends ConsentState {
  readonly consentId: string;
  readonly givenOn: CivilDate;
  readonly givenHow: 'paper' | 'till' | 'miniProgram';
  /** Which text was read, or read aloud. */
  readonly notice: string;
  /** Who read it to the elder, if somebody did. */
  readonly helper: string | null;
  readonly recordedAt: Instant;
}

/** Every version of an elder's consents, oldest first. */
export async function consentVersions(tx: Tx, cityCode: string, elderId: string): Promise<ConsentRow[]> {
  return tx.query<ConsentRow>(
    `SELECT consent_id AS "consentId", grantee, contact_id AS "contactId", version, scopes, until_date AS "until", given_on AS "givenOn", given_how AS "givenHow",
       notice, helper, withdrawn, recorded_at AS "recordedAt"
     FROM elder_consent WHERE city_code = $1 AND elder_id = $2 ORDER BY recorded_at, grantee, version`, [cityCode, elderId]);
}

export async function insertConsent(tx: Tx, { cityCode, by, now }: Writing, row: Omit<ConsentRow, 'recordedAt'> & { readonly elderId: string }): Promise<void> {
  await tx.query(
    `INSERT INTO elder_consent (city_code, consent_id, elder_id, grantee, contact_id, version, scopes, until_date, given_on, given_how, notice, helper, withdrawn, recorded_at, recorded_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [cityCode, row.consentId, row.elderId, row.grantee, row.contactId, row.version, row.scopes, row.until, row.givenOn, row.givenHow, row.notice, row.helper, row.withdrawn, at(now), by]);
}
