import { chinaDate, type CivilDate, type Instant } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import { homeOn, sortHomes, type CareHomeRecord, type CategoryRecord, type ElderRecord, type HomeKind, type HomeRecord } from './domain/index.js';

interface KnownRow extends Pick<ElderRecord, 'elderId' | 'born' | 'hukouCode' | 'residenceCode' | 'died'> {
  /** Whether homes were ever written down, then or since. */
  readonly moved: boolean;
}

interface KnownSpan extends CareHomeRecord {
  readonly elderId: string;
  readonly code: string | null;
  readonly grade: string | null;
  readonly source: string;
}

type KnownHome = HomeRecord & { readonly elderId: string };

/** What an entry table says was true at `$3`: recorded by then, not withdrawn, and corrected by nothing recorded by then. */
function knownEntries(table: string, alias: string): string {
  return `FROM ${table} ${alias} JOIN unnest($2::uuid[]) AS w (id) ON w.id = ${alias}.elder_id
     WHERE ${alias}.city_code = $1 AND ${alias}.recorded_at <= $3 AND NOT ${alias}.withdrawn
       AND NOT EXISTS (SELECT FROM ${table} later WHERE later.city_code = $1 AND later.corrects = ${alias}.entry_id AND later.recorded_at <= $3)`;
}

/**
 * What was known of elders at a moment: what `factsOf` answered then. Elders who were registered later are left out.
 * Three statements for any number of elders.
 */
export async function factsAsKnown(tx: Tx, cityCode: string, elderIds: readonly string[], knownAt: Instant): Promise<Map<string, ElderRecord>> {
  const parameters = [cityCode, elderIds, at(knownAt)];
  const elders = await tx.query<KnownRow>(
    `SELECT e.elder_id AS "elderId", COALESCE(v.before_born, e.born) AS born, d.died_on AS died,
       e.hukou_code AS "hukouCode", e.residence_code AS "residenceCode",
       EXISTS (SELECT FROM elder_home m WHERE m.city_code = $1 AND m.elder_id = e.elder_id) AS moved
     FROM elder e JOIN (SELECT DISTINCT unnest($2::uuid[]) AS id) AS w ON w.id = e.elder_id
     LEFT JOIN LATERAL (
       SELECT r.before_born FROM elder_revision_decision r
       WHERE r.city_code = $1 AND r.elder_id = e.elder_id AND r.decision = 'confirmed' AND r.decided_at > $3 ORDER BY r.seq LIMIT 1) v ON true
     LEFT JOIN LATERAL (
       SELECT x.died_on FROM elder_death x
       WHERE x.city_code = $1 AND x.elder_id = e.elder_id AND x.recorded_at <= $3 ORDER BY x.seq DESC LIMIT 1) d ON true
     WHERE e.city_code = $1 AND e.recorded_at <= $3`, parameters);
  const spans = await tx.query<KnownSpan>(
    `SELECT c.elder_id AS "elderId", c.code, c.grade, c.from_date AS "from", c.to_date AS "to", c.source ${knownEntries('elder_category', 'c')}
     UNION ALL
     SELECT h.elder_id, NULL, NULL, h.from_date, h.to_date, h.source ${knownEntries('elder_care_home', 'h')}
     ORDER BY 4, 2`, parameters);
  const homes = elders.some(({ moved }) => moved)
    ? await tx.query<KnownHome>(`SELECT m.elder_id AS "elderId", m.kind, m.division_code AS code, m.from_date AS "from" ${knownEntries('elder_home', 'm')}`, parameters)
    : [];
  const [homesBy, spansBy] = [byElder(homes), byElder(spans)];
  return new Map(elders.map((elder) => [elder.elderId, toRecord(elder, homesBy.get(elder.elderId) ?? [], spansBy.get(elder.elderId) ?? [], chinaDate(knownAt))]));
}

function byElder<Row extends { readonly elderId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.elderId, [...(groups.get(row.elderId) ?? []), row]);
  return groups;
}

function toRecord({ moved, ...elder }: KnownRow, homes: readonly KnownHome[], spans: readonly KnownSpan[], on: CivilDate): ElderRecord {
  const categories: CategoryRecord[] = [];
  const careHomeStays: CareHomeRecord[] = [];
  for (const { code, grade, from, to, source } of spans) {
    if (code === null) careHomeStays.push({ from, to });
    else categories.push({ code, grade, from, to, source });
  }
  return { ...elder, ...placesOf(elder, homes, moved, on), categories, careHomeStays };
}

/** The homes as they were known; an elder who moved later had one home of each kind then. */
function placesOf(elder: Omit<KnownRow, 'moved'>, homes: readonly KnownHome[], moved: boolean, on: CivilDate): Pick<ElderRecord, 'homes' | 'hukouCode' | 'residenceCode'> {
  if (!moved) return { homes: [], hukouCode: elder.hukouCode, residenceCode: elder.residenceCode };
  const known = sortHomes(homes.map(({ kind, code, from }) => ({ kind, code, from })));
  const current = (kind: HomeKind): string | null => homeOn({ hukouCode: null, residenceCode: null, homes: known }, kind, on);
  const everMoved = known.some(({ from }) => from !== null);
  return { homes: everMoved ? known : [], hukouCode: current('hukou'), residenceCode: current('residence') };
}
