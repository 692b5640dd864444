import { plainText, type Cell, type TableRow } from './cell.js';

/** What a column can hold. */
export const FIELDS = [
  'name', 'identity', 'sex', 'born', 'phone', 'hukou', 'residence', 'county', 'township', 'community',
  'category', 'categoryNumber', 'categoryFrom', 'categoryTo', 'disabilityGrade', 'card',
  'died', 'stayFrom', 'stayTo', 'facility', 'movedOn', 'movedTo',
] as const;
export type Field = (typeof FIELDS)[number];

/** What a file is: a roster of elders, or one of the registers that elders are compared with. */
export const PURPOSES = ['elders', 'deaths', 'careHomes', 'hukouMoves'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Names of columns as offices write them; each is compared without blanks, stars, brackets and what stands in them. */
const NAMES: Readonly<Record<Field, readonly string[]>> = {
  name: ['姓名', '老人姓名', '老年人姓名', '人员姓名', '对象姓名', '本人姓名', '死亡人员姓名', '死者姓名', '逝者姓名', '入住老人姓名', '公民姓名', '名字'],
  identity: ['身份证号', '身份证号码', '身份证', '证件号码', '证件号', '有效证件号码', '公民身份号码', '公民身份证号', '公民身份证号码', '居民身份证号', '居民身份证号码', '身份号码',
    '老人身份证号', '老人身份证号码', '老年人身份证号', '老年人身份证号码', '死者身份证号', '死者身份证号码', '逝者身份证号', '本人身份证号', '本人身份证号码', '身份证件号码', '身份证件号'],
  sex: ['性别'],
  born: ['出生日期', '出生年月日', '出生年月', '生日', '出生时间'],
  phone: ['联系电话', '电话', '手机', '手机号', '手机号码', '联系方式', '电话号码', '本人电话', '本人联系电话', '老人电话', '老人联系电话'],
  hukou: ['户籍地', '户籍所在地', '户籍地址', '户口所在地', '户籍', '户籍所在地址', '户口地址', '户籍详细地址', '户籍住址', '户籍地区划', '户籍行政区划'],
  residence: ['居住地', '现住址', '现居住地', '常住地', '住址', '家庭住址', '居住地址', '常住地址', '现居住地址', '家庭地址', '详细地址', '实际居住地', '居住详细地址', '通讯地址', '常住地区划', '地址'],
  county: ['县', '县区', '区县', '县市区', '区', '所属县区', '所属区县', '县级'],
  township: ['镇', '乡镇', '街道', '镇街', '乡镇街道', '镇街道', '街镇', '所属镇街', '所属街道', '所属乡镇', '乡镇办', '乡镇名称', '街道乡镇'],
  community: ['村', '社区', '村社区', '社区村', '村居', '居委会', '村委会', '村居社区', '所属社区', '所属村', '行政村', '村名', '社区名称', '村居名称'],
  category: ['人员类别', '类别', '对象类别', '人员类型', '老人类别', '老年人类别', '老年人类型', '老人类型', '身份类别', '救助类别', '救助类型', '保障类别', '困难类型', '困难类别', '对象类型', '人群类别', '补贴类别'],
  categoryNumber: ['低保证号', '低保证号码', '低保证编号', '特困证号', '证书编号', '救助证号', '残疾证号', '残疾人证号', '优待证号', '证号', '认定文号', '批准文号'],
  categoryFrom: ['认定日期', '批准日期', '享受日期', '起始日期', '开始日期', '享受起始日期', '认定时间', '批准时间', '起始时间', '救助开始日期', '享受时间'],
  categoryTo: ['终止日期', '截止日期', '有效期至', '到期日期', '停止日期', '有效期止'],
  disabilityGrade: ['残疾等级', '残疾级别', '残疾程度', '残级'],
  card: ['卡号', '助餐卡号', '就餐卡号', '养老卡号', '敬老卡号', '老年卡号'],
  died: ['死亡日期', '死亡时间', '逝世日期', '去世日期', '去世时间', '逝世时间', '离世日期', '火化日期', '死亡年月日'],
  stayFrom: ['入住日期', '入住时间', '入院日期', '入院时间', '入住起始日期', '入住开始日期', '签约入住日期'],
  stayTo: ['退住日期', '退住时间', '出院日期', '离院日期', '离院时间', '退院日期', '入住截止日期'],
  facility: ['机构名称', '养老机构', '养老机构名称', '入住机构', '机构', '敬老院名称', '院名'],
  movedOn: ['迁出日期', '迁移日期', '变更日期', '迁出时间', '迁移时间', '迁入日期', '变动日期'],
  movedTo: ['迁往地', '迁入地', '迁往地址', '现户籍地', '迁入地址', '迁往何地', '新户籍地', '变更后户籍地'],
};

const BY_NAME = new Map(Object.entries(NAMES).flatMap(([field, names]) => names.map((name) => [name, field as Field] as const)));

/** Columns of each purpose, without which nothing can be read. */
const NEEDED: Readonly<Record<Purpose, readonly Field[]>> = {
  elders: ['name', 'identity'], deaths: ['identity', 'died'], careHomes: ['identity', 'stayFrom'], hukouMoves: ['identity', 'movedOn', 'movedTo'],
};

/** A title as names are compared: half-width, without blanks, brackets with what stands in them, and marks. */
export function columnKey(title: string): string {
  return plainText(title).replace(/[（(【[][^）)】\]]*[）)】\]]/g, '').replace(/[\s*:：、，,/\\|·.．_-]/g, '').replace(/(必填|选填)$/, '');
}

/** The field that a title names; null for none that is known. */
export function fieldOf(title: string): Field | null {
  return BY_NAME.get(columnKey(title)) ?? null;
}

/** One column as it will be read. */
export interface Column {
  /** From 0: A is 0. */
  readonly index: number;
  readonly title: string;
  /** Null: not read. */
  readonly field: Field | null;
}

/** Where a table's rows begin, and what its columns hold. */
export interface Layout {
  /** Number of the last row of the header. */
  readonly headerRow: number;
  readonly columns: readonly Column[];
}

/** A column that the caller wants read otherwise than its title says; null: not read. */
export interface ColumnChoice {
  readonly index: number;
  readonly field: Field | null;
}

/** What was asked of the layout. */
export interface LayoutWish {
  readonly purpose: Purpose;
  /** The header's row, where the caller knows it better. */
  readonly headerRow?: number | undefined;
  readonly choices?: readonly ColumnChoice[] | undefined;
}

/** Rows at the beginning in which a header is looked for. */
export const HEADER_ROWS = 30;

function titlesOf(cells: readonly (Cell | null)[]): string[] {
  return Array.from(cells, (cell) => (cell === null || cell === undefined ? '' : plainText(cell.text)));
}

function score(titles: readonly string[]): number {
  return new Set(titles.map(fieldOf).filter((field) => field !== null)).size;
}

/** A row under the header that only names columns more closely, as below a merged title. */
function isSubHeader(titles: readonly string[]): boolean {
  const named = titles.filter((title) => title !== '');
  return named.length > 0 && named.every((title) => fieldOf(title) !== null);
}

/** Takes for each column the lower title where it is a known one, else the upper. */
function merged(upper: readonly string[], lower: readonly string[]): string[] {
  return Array.from({ length: Math.max(upper.length, lower.length) }, (_, index) => {
    const [above = '', below = ''] = [upper[index], lower[index]];
    if (below === '') return above;
    return fieldOf(below) === null && fieldOf(above) !== null ? above : below;
  });
}

/**
 * Finds the header among a table's first rows, below titles and beside merged cells, and says what each column holds.
 * @returns the layout with fields that are needed and missing; null when no row looks like a header
 */
export function findLayout(rows: readonly TableRow[], wish: LayoutWish): { layout: Layout; missing: Field[] } | null {
  const heads = rows.slice(0, HEADER_ROWS);
  const asked = wish.headerRow === undefined ? undefined : heads.findIndex((row) => row.rowNo === wish.headerRow);
  const scores = heads.map((row) => score(titlesOf(row.cells)));
  const best = asked ?? scores.indexOf(Math.max(...scores));
  const header = heads[best];
  if (header === undefined || (asked === undefined && (scores[best] ?? 0) < 2)) return null;
  let titles = titlesOf(header.cells);
  const above = heads[best - 1];
  if (above !== undefined && score(titlesOf(above.cells)) > 0) titles = merged(titlesOf(above.cells), titles);
  const below = heads[best + 1];
  let headerRow = header.rowNo;
  if (below !== undefined && isSubHeader(titlesOf(below.cells))) {
    titles = merged(titles, titlesOf(below.cells));
    headerRow = below.rowNo;
  }
  const columns = choose(titles, wish.choices ?? []);
  return { layout: { headerRow, columns }, missing: missingFields(columns, wish.purpose) };
}

function choose(titles: readonly string[], choices: readonly ColumnChoice[]): Column[] {
  const wished = new Map(choices.map((choice) => [choice.index, choice.field]));
  const taken = new Set<Field>([...wished.values()].filter((field) => field !== null));
  return titles.map((title, index) => {
    const own = wished.get(index);
    if (own !== undefined) return { index, title, field: own };
    const field = fieldOf(title);
    if (field === null || taken.has(field)) return { index, title, field: null };
    taken.add(field);
    return { index, title, field };
  });
}

function missingFields(columns: readonly Column[], purpose: Purpose): Field[] {
  const present = new Set(columns.map((column) => column.field));
  const missing = NEEDED[purpose].filter((field) => !present.has(field));
  const place = (['hukou', 'residence', 'county', 'township', 'community'] as const).some((field) => present.has(field));
  return purpose === 'elders' && !place ? [...missing, 'residence'] : missing;
}
