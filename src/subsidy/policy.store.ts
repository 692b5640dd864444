import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Role, type Tx } from '../platform/index.js';
import type { DraftTexts } from './draft-texts.js';
import type { NamedText } from './load-packs.js';

/** Where a draft stands: signed by civil affairs is `submitted`, by finance as well is `published`. */
export type DraftState = 'drafted' | 'submitted' | 'published' | 'withdrawn';

/** A step that somebody took on a draft. */
export type SignatureStep = 'civilAffairs' | 'finance' | 'withdrawn';

/** A draft without its texts. */
export interface DraftHead {
  readonly draftId: string;
  readonly pack: string;
  readonly packName: string;
  readonly issuer: string;
  readonly version: string;
  readonly from: CivilDate;
  readonly to: CivilDate | null;
  readonly backdated: boolean;
  readonly sample: string | null;
  readonly divisionCode: string;
  readonly documentNumber: string;
  readonly documentTitle: string;
  readonly scanSha256: string;
  /** Over the texts, the document and the scan: what a signature is put under. */
  readonly contentSha256: string;
  readonly drafterId: string;
  readonly draftedAt: Instant;
  readonly state: DraftState;
}

/** A draft with its texts. */
export interface DraftRow extends DraftHead, DraftTexts {}

export type NewDraft = Omit<DraftRow, 'state'> & { readonly cityCode: string };

const HEAD = `d.draft_id AS "draftId", d.pack, d.pack_name AS "packName", d.issuer, d.version, d.from_date AS "from", d.to_date AS "to", d.backdated, d.sample,
  d.division_code AS "divisionCode", d.document_number AS "documentNumber", d.document_title AS "documentTitle", d.scan_sha256 AS "scanSha256",
  d.content_sha256 AS "contentSha256", d.drafter_id AS "drafterId", d.drafted_at AS "draftedAt",
  CASE WHEN EXISTS (SELECT FROM policy_publication p WHERE p.city_code = d.city_code AND p.draft_id = d.draft_id) THEN 'published'
    WHEN EXISTS (SELECT FROM policy_signature s WHERE s.city_code = d.city_code AND s.draft_id = d.draft_id AND s.step = 'withdrawn') THEN 'withdrawn'
    WHEN EXISTS (SELECT FROM policy_signature s WHERE s.city_code = d.city_code AND s.draft_id = d.draft_id AND s.step = 'civilAffairs') THEN 'submitted'
    ELSE 'drafted' END AS state`;
const TEXTS = `d.pack_yaml AS "packYaml", jsonb_build_object('name', d.version_file, 'text', d.version_yaml) AS version_text, d.cases`;

/** Drafts, signatures and publications of one city are written one after the other: waits here until the commit. */
export async function lockPolicies(tx: Tx, cityCode: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('policy'), $1::int)`, [cityCode]);
}

/** A scanned paper. */
export interface ScanRow {
  readonly sha256: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

/** Keeps a scan; the same file a second time is kept once. */
export async function insertScan(tx: Tx, cityCode: string, scan: ScanRow, now: Instant, by: string): Promise<void> {
  await tx.query(
    `INSERT INTO policy_scan (city_code, scan_sha256, media_type, content, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (city_code, scan_sha256) DO NOTHING`,
    [cityCode, scan.sha256, scan.mediaType, scan.content, at(now), by],
  );
}

/** The scan of a draft. */
export async function readScan(tx: Tx, cityCode: string, sha256: string): Promise<ScanRow | undefined> {
  const [row] = await tx.query<ScanRow>(
    'SELECT scan_sha256 AS sha256, media_type AS "mediaType", content FROM policy_scan WHERE city_code = $1 AND scan_sha256 = $2', [cityCode, sha256]);
  return row;
}

export async function insertDraft(tx: Tx, draft: NewDraft): Promise<void> {
  await tx.query(
    `INSERT INTO policy_draft (city_code, draft_id, pack, pack_name, issuer, version, from_date, to_date, backdated, sample, division_code, pack_yaml, version_file,
       version_yaml, cases, document_number, document_title, scan_sha256, content_sha256, drafter_id, drafted_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
    [
      draft.cityCode, draft.draftId, draft.pack, draft.packName, draft.issuer, draft.version, draft.from, draft.to, draft.backdated, draft.sample, draft.divisionCode,
      draft.packYaml, draft.versionYaml.name, draft.versionYaml.text, JSON.stringify(draft.caseYamls), draft.documentNumber, draft.documentTitle, draft.scanSha256,
      draft.contentSha256, draft.drafterId, at(draft.draftedAt),
    ],
  );
}

/** A draft with its texts, or undefined. */
export async function readDraft(tx: Tx, cityCode: string, draftId: string): Promise<DraftRow | undefined> {
  const [row] = await tx.query<DraftHead & { packYaml: string; version_text: NamedText; cases: NamedText[] }>(
    `SELECT ${HEAD}, ${TEXTS} FROM policy_draft d WHERE d.city_code = $1 AND d.draft_id = $2`, [cityCode, draftId]);
  if (row === undefined) return undefined;
  const { version_text: versionYaml, cases: caseYamls, ...rest } = row;
  return { ...rest, versionYaml, caseYamls };
}

/** A draft without its texts, as answers carry it. */
export function headOf({ packYaml: _pack, versionYaml: _version, caseYamls: _cases, ...head }: DraftRow): DraftHead {
  return head;
}

/** Drafts of divisions inside one, the newest first, `limit` + 1 of them after a place. */
export async function listDrafts(tx: Tx, cityCode: string, scopeCode: string, after: readonly (string | number)[] | null, limit: number): Promise<DraftHead[]> {
  return tx.query<DraftHead>(
    `SELECT ${HEAD} FROM policy_draft d
     JOIN region_closure c ON c.city_code = d.city_code AND c.descendant_code = d.division_code AND c.ancestor_code = $2
     WHERE d.city_code = $1 AND ($3::bigint IS NULL OR (d.drafted_at, d.draft_id) < (to_timestamp($3::bigint / 1000.0), $4::uuid))
     ORDER BY d.drafted_at DESC, d.draft_id DESC LIMIT $5`,
    [cityCode, scopeCode, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
}

/** Who signed a draft, or withdrew it. */
export interface SignatureRow {
  readonly step: SignatureStep;
  readonly staffId: string;
  readonly role: Role;
  readonly reason: string | null;
  readonly signedAt: Instant;
}

export async function signaturesOf(tx: Tx, cityCode: string, draftId: string): Promise<SignatureRow[]> {
  return tx.query<SignatureRow>(
    `SELECT step, staff_id AS "staffId", role, reason, signed_at AS "signedAt" FROM policy_signature WHERE city_code = $1 AND draft_id = $2 ORDER BY signed_at, step`,
    [cityCode, draftId],
  );
}

export async function insertSignature(tx: Tx, cityCode: string, draft: DraftHead, signature: SignatureRow): Promise<void> {
  await tx.query(
    'INSERT INTO policy_signature (city_code, draft_id, step, staff_id, role, content_sha256, reason, signed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
    [cityCode, draft.draftId, signature.step, signature.staffId, signature.role, draft.contentSha256, signature.reason, at(signature.signedAt)],
  );
}

/** Publishes a draft under the city's next number. @returns the number */
export async function insertPublication(tx: Tx, cityCode: string, draft: DraftHead, countersignerId: string, now: Instant): Promise<number> {
  const [row] = await tx.query<{ seq: number }>(
    `INSERT INTO policy_publication (city_code, seq, draft_id, content_sha256, pack, version, from_date, backdated, drafter_id, countersigner_id, published_at)
     SELECT $1, coalesce((SELECT max(p.seq) FROM policy_publication p WHERE p.city_code = $1), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10 RETURNING seq`,
    [cityCode, draft.draftId, draft.contentSha256, draft.pack, draft.version, draft.from, draft.backdated, draft.drafterId, countersignerId, at(now)],
  );
  return row?.seq ?? 0;
}

/** A version that rules, or ruled, in a city. */
export interface PublishedRow extends Omit<DraftHead, 'state'> {
  readonly seq: number;
  readonly publishedAt: Instant;
}

/** What is published in a city, in the order of publication. */
export async function listPublished(tx: Tx, cityCode: string): Promise<PublishedRow[]> {
  return tx.query<PublishedRow>(
    `SELECT ${HEAD}, p.seq, p.published_at AS "publishedAt" FROM policy_publication p JOIN policy_draft d ON d.city_code = p.city_code AND d.draft_id = p.draft_id
     WHERE p.city_code = $1 ORDER BY p.seq`, [cityCode]);
}

/** The texts of what is published in a city, in the order of publication. */
export async function publishedTexts(tx: Tx, cityCode: string): Promise<(DraftTexts & { readonly seq: number; readonly draftId: string })[]> {
  const rows = await tx.query<{ seq: number; draftId: string; packYaml: string; version_text: NamedText; cases: NamedText[] }>(
    `SELECT p.seq, p.draft_id AS "draftId", ${TEXTS} FROM policy_publication p JOIN policy_draft d ON d.city_code = p.city_code AND d.draft_id = p.draft_id
     WHERE p.city_code = $1 ORDER BY p.seq`, [cityCode]);
  return rows.map(({ version_text: versionYaml, cases: caseYamls, ...rest }) => ({ ...rest, versionYaml, caseYamls }));
}

/**
 * Names the state of what is published in a city, as an expression for another statement's select list: hot paths
 * learn of a publication without a statement of their own.
 * @param city the parameter that holds the city's code, such as `$1`
 */
export function policyHeadSql(city: string): string {
  return `(SELECT p.seq || ' ' || p.draft_id || ' ' || COALESCE((SELECT max(e.seq) FROM policy_fund_end e WHERE e.city_code = ${city}), 0)
    FROM policy_publication p WHERE p.city_code = ${city} ORDER BY p.seq DESC LIMIT 1)`;
}

/** The state of what is published in a city; null before the first publication. */
export async function policyHead(tx: Tx, cityCode: string): Promise<string | null> {
  const [row] = await tx.query<{ head: string | null }>(`SELECT ${policyHeadSql('$1')} AS head`, [cityCode], 'policy-head');
  return row?.head ?? null;
}

/** Cities that have published anything. */
export async function citiesWithPolicies(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ cityCode: string }>('SELECT DISTINCT city_code AS "cityCode" FROM policy_publication ORDER BY 1');
  return rows.map((row) => row.cityCode);
}
