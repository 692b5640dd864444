import type { CivilDate, Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import type { Target } from './domain/index.js';

interface TargetRow {
  readonly code: string;
  readonly name: string;
  readonly documentTitle: string;
  readonly documentNumber: string | null;
  readonly documentFile: string;
  readonly clause: string;
  readonly quote: string;
  readonly divisionCode: string;
  readonly required: number;
  readonly deadline: CivilDate;
  readonly baseline: Target['baseline'];
  readonly rule: Target['rule'];
}

const TARGET_COLUMNS = `target_code AS code, name, document_title AS "documentTitle", document_number AS "documentNumber",
  document_file AS "documentFile", clause, quote, division_code AS "divisionCode", required, deadline, baseline, rule`;

function toTarget(row: TargetRow): Target {
  return {
    code: row.code,
    name: row.name,
    document: { title: row.documentTitle, number: row.documentNumber, file: row.documentFile, clause: row.clause, quote: row.quote },
    divisionCode: row.divisionCode,
    required: row.required,
    deadline: row.deadline,
    baseline: row.baseline,
    rule: row.rule,
  };
}

/** Targets of a city by code, from after a code on. */
export async function listTargets(tx: Tx, cityCode: string, after: string, limit: number): Promise<Target[]> {
  const rows = await tx.query<TargetRow>(
    `SELECT ${TARGET_COLUMNS} FROM target WHERE city_code = $1 AND target_code > $2 ORDER BY target_code LIMIT $3`, [cityCode, after, limit]);
  return rows.map(toTarget);
}

/** One target, or null. */
export async function findTarget(tx: Tx, cityCode: string, code: string): Promise<Target | null> {
  const [row] = await tx.query<TargetRow>(`SELECT ${TARGET_COLUMNS} FROM target WHERE city_code = $1 AND target_code = $2`, [cityCode, code]);
  return row === undefined ? null : toTarget(row);
}

/**
 * Writes a target, or what has changed in it.
 * @returns the hash of the content it had before, `''` for a new one, or null where nothing changed
 */
export async function saveTarget(tx: Tx, cityCode: string, target: Target, contentHash: string, now: Instant): Promise<string | null> {
  const [known] = await tx.query<{ contentHash: string }>(
    'SELECT content_hash AS "contentHash" FROM target WHERE city_code = $1 AND target_code = $2 FOR UPDATE', [cityCode, target.code]);
  if (known?.contentHash === contentHash) return null;
  const { document } = target;
  await tx.query(
    `INSERT INTO target (city_code, target_code, name, document_title, document_number, document_file, clause, quote,
       division_code, required, deadline, baseline, rule, content_hash, loaded_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
     ON CONFLICT (city_code, target_code) DO UPDATE SET name = excluded.name, document_title = excluded.document_title,
       document_number = excluded.document_number, document_file = excluded.document_file, clause = excluded.clause,
       quote = excluded.quote, division_code = excluded.division_code, required = excluded.required,
       deadline = excluded.deadline, baseline = excluded.baseline, rule = excluded.rule,
       content_hash = excluded.content_hash, loaded_at = excluded.loaded_at`,
    [cityCode, target.code, target.name, document.title, document.number, document.file, document.clause, document.quote,
      target.divisionCode, target.required, target.deadline, target.baseline === null ? null : JSON.stringify(target.baseline),
      JSON.stringify(target.rule), contentHash, at(now)]);
  return known?.contentHash ?? '';
}

/** What a city's figures are said to be: made up for a demonstration, an example, or assumed. */
export interface DataNote {
  readonly code: string;
  readonly kind: 'demo' | 'example' | 'assumed';
  readonly sentence: string;
}

/** Notes on a city's data, shown wherever its figures are. */
export async function notesOf(tx: Tx, cityCode: string): Promise<DataNote[]> {
  return tx.query<DataNote>('SELECT note_code AS code, kind, sentence FROM data_note WHERE city_code = $1 ORDER BY note_code', [cityCode]);
}

/** Writes notes on a city's data; who loads a demonstration says so here. */
export async function noteData(tx: Tx, cityCode: string, notes: readonly DataNote[]): Promise<void> {
  await tx.query(
    `INSERT INTO data_note (city_code, note_code, kind, sentence)
     SELECT $1, n.code, n.kind, n.sentence FROM unnest($2::text[], $3::text[], $4::text[]) AS n(code, kind, sentence)
     ON CONFLICT (city_code, note_code) DO UPDATE SET kind = excluded.kind, sentence = excluded.sentence`,
    [cityCode, notes.map((note) => note.code), notes.map((note) => note.kind), notes.map((note) => note.sentence)]);
}

/** A city that this installation serves. */
export interface CityRow {
  readonly cityCode: string;
  readonly name: string;
  readonly provinceName: string;
}

const CITY_COLUMNS = 'city_code AS "cityCode", name, province_name AS "provinceName"';

/** One city, or null. */
export async function cityOf(tx: Tx, cityCode: string): Promise<CityRow | null> {
  const [city] = await tx.query<CityRow>(`SELECT ${CITY_COLUMNS} FROM region_city WHERE city_code = $1`, [cityCode]);
  return city ?? null;
}

/** The cities of this installation, by code: the one list here that looks across cities. */
export async function listCities(tx: Tx): Promise<CityRow[]> {
  return tx.query<CityRow>(`SELECT ${CITY_COLUMNS} FROM region_city ORDER BY city_code LIMIT 500`);
}
