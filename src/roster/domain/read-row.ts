import { readIdentityNumber, readRegistration, normaliseName, type RegistrationForm, type Registration } from '../../elder/domain/index.js';
import type { CivilDate } from '../../kernel/index.js';
import { readCategories, readDisabilityGrade } from './categories.js';
import { cleanText, lostDigits, plainText, readDate, type Cell, type TableRow } from './cell.js';
import type { Column, Field } from './columns.js';
import type { Place } from './places.js';
import type { RowCode } from './row-words.js';

/** What is wrong with a row: where, and what stands there. */
export interface RowFault {
  readonly kind: 'wrong';
  readonly code: RowCode;
  /** Title of the column. */
  readonly column: string;
  /** What the cell holds. */
  readonly value: string;
}

/** A row that says nothing about anybody: blank, a total, a note. */
export interface SkippedRow {
  readonly kind: 'skipped';
  readonly code: 'row-total' | 'row-note';
  /** The number of people that a total names. */
  readonly count: number | null;
}

/** Something that a reader should know of a row that goes in. */
export type RowNote = 'hukou-elsewhere' | 'phone-differs' | 'place-coarse';

/** A row that names an elder. */
export interface ElderRow {
  readonly kind: 'elder';
  readonly registration: Registration;
  /** Whether the file says since when its classes hold. */
  readonly datesGiven: boolean;
  readonly notes: readonly RowNote[];
}

/** A row of a register that elders are compared with. */
export interface RegisterRow {
  readonly kind: 'register';
  readonly identityNumber: string;
  /** Null where the register has no names. */
  readonly name: string | null;
  /** Death, first day of the stay, or day of the move. */
  readonly from: CivilDate;
  readonly to: CivilDate | null;
  /** A division of this city, or null for a place elsewhere. */
  readonly placeCode: string | null;
  readonly facility: string | null;
}

/** What reading rows needs to know. */
export interface ReadContext {
  readonly columns: readonly Column[];
  readonly today: CivilDate;
  /** The day from which classes hold that the file gives no day for. */
  readonly asOf: CivilDate;
  /** Who says so: the office that made the file. */
  readonly source: string;
  readonly find: (text: string) => Place;
  /** What stands for the paper behind a class where the file names none. */
  readonly evidence: string;
  readonly idOf: (rowNo: number) => string;
}

const PRIVATE_USE = /[\ue000-\uf8ff]|[\u{f0000}-\u{10fffd}]/u;
const GARBLED = /[\ufffd?？□]/u;

/** The cells of a row by field. */
export class RowCells {
  private readonly byField = new Map<Field, { column: Column; cell: Cell | null }>();

  constructor(readonly row: TableRow, columns: readonly Column[]) {
    for (const column of columns) if (column.field !== null) this.byField.set(column.field, { column, cell: row.cells[column.index] ?? null });
  }

  cell(field: Field): Cell | null {
    const cell = this.byField.get(field)?.cell ?? null;
    return cell === null || (cell.kind !== 'error' && plainText(cell.text) === '') ? null : cell;
  }

  text(field: Field): string | null {
    const cell = this.cell(field);
    return cell === null ? null : cleanText(cell.text);
  }

  fault(field: Field, code: RowCode): RowFault {
    const entry = this.byField.get(field);
    return { kind: 'wrong', code, column: entry?.column.title ?? '', value: entry?.cell?.text.slice(0, 100) ?? '' };
  }
}

/** Whether a row holds nothing; a total or a note; or somebody. */
function skipped(cells: RowCells): SkippedRow | 'blank' | null {
  const texts = cells.row.cells.flatMap((cell) => (cell === null || cell === undefined ? [] : [plainText(cell.text)])).filter((text) => text !== '');
  if (texts.length === 0) return 'blank';
  const first = (texts[0] as string).replace(/\s/g, '');
  const identity = cells.cell('identity');
  if (/^(合计|总计|小计|共计|总人数)/.test(first) || (identity === null && texts.some((text) => /^(合计|总计|小计|共计)/.test(text.replace(/\s/g, ''))))) {
    const number = /(\d+)(人|名|户|$)/.exec(texts.map((text) => text.replace(/\s/g, '')).find((text) => /\d/.test(text)) ?? '');
    return { kind: 'skipped', code: 'row-total', count: number === null ? null : Number(number[1]) };
  }
  const distinct = new Set(texts).size;
  if (identity === null && cells.cell('name') === null && distinct <= 2) return { kind: 'skipped', code: 'row-note', count: null };
  if (identity === null && /^(备注|注|说明|填表|填报|制表|审核|单位|负责人|联系人)[人单位]*[:：]/.test(first)) return { kind: 'skipped', code: 'row-note', count: null };
  return null;
}

function checkCells(cells: RowCells, fields: readonly Field[]): RowFault | null {
  for (const field of fields) if (cells.cell(field)?.kind === 'error') return cells.fault(field, 'cell-error');
  return null;
}

function readIdentity(cells: RowCells, today: CivilDate): RowFault | { number: string } {
  const cell = cells.cell('identity');
  if (cell === null) return cells.fault('identity', 'identity-missing');
  // A number of the file's may pass every check by chance; its digits are lost all the same.
  if (cell.kind === 'number' && lostDigits(cell)) return cells.fault('identity', 'identity-digits-lost');
  const read = readIdentityNumber(cell.text.replace(/^['’‘`]/, ''), today);
  if (read.ok) return { number: read.value.number };
  if (lostDigits(cell)) return cells.fault('identity', 'identity-digits-lost');
  return cells.fault('identity', read.code as RowCode);
}

function readName(cells: RowCells): RowFault | { name: string } {
  const text = cells.text('name');
  if (text === null) return cells.fault('name', 'name-missing');
  if (PRIVATE_USE.test(text)) return cells.fault('name', 'name-own-sign');
  if (GARBLED.test(text)) return cells.fault('name', 'name-garbled');
  // A trailing mark such as （已故） or digits is no part of a name.
  if (/[\d()（）[\]【】<>]/.test(text)) return cells.fault('name', 'name-with-marks');
  return { name: normaliseName(text) };
}

function readDay(cells: RowCells, field: Field): RowFault | CivilDate | null {
  const cell = cells.cell(field);
  if (cell === null || /^(无|长期|至今|\/|-|—)$/.test(plainText(cell.text))) return null;
  return readDate(cell) ?? cells.fault(field, 'date-wrong');
}

const isFault = (value: unknown): value is RowFault => typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'wrong';

interface Places {
  readonly hukouCode: string | null;
  readonly residenceCode: string | null;
  readonly notes: RowNote[];
}

function readPlaces(cells: RowCells, find: ReadContext['find']): RowFault | Places {
  const notes: RowNote[] = [];
  const code = (field: Field, text: string | null): RowFault | string | null => {
    if (text === null) return null;
    const place = find(text);
    if (place.kind === 'found') return place.code;
    if (place.kind === 'elsewhere' && field === 'hukou') {
      notes.push('hukou-elsewhere');
      return null;
    }
    return cells.fault(field, place.kind === 'ambiguous' ? 'place-ambiguous' : place.kind === 'elsewhere' ? 'place-elsewhere' : 'place-unknown');
  };
  const hukouCode = code('hukou', cells.text('hukou'));
  if (isFault(hukouCode)) return hukouCode;
  // Columns of county, town and village say it more surely than an address.
  const parts = (['county', 'township', 'community'] as const).map((field) => cells.text(field) ?? '').join('');
  const narrow = (['community', 'township', 'county'] as const).find((field) => cells.cell(field) !== null);
  const byParts = parts === '' || narrow === undefined ? null : code(narrow, parts);
  if (isFault(byParts)) return byParts;
  const residenceCode = byParts ?? code('residence', cells.text('residence'));
  if (isFault(residenceCode)) return residenceCode;
  if (hukouCode === null && residenceCode === null) return cells.fault(notes.length > 0 ? 'hukou' : 'residence', notes.length > 0 ? 'place-elsewhere' : 'place-missing');
  return { hukouCode, residenceCode, notes };
}

function readClasses(cells: RowCells, context: ReadContext, born: CivilDate): RowFault | NonNullable<RegistrationForm['categories']> {
  const { categories, unknown } = readCategories(cells.text('category') ?? '');
  if (unknown.length > 0) return cells.fault('category', 'category-unknown');
  const grade = readDisabilityGrade(cells.text('disabilityGrade') ?? '');
  if (grade === undefined) return cells.fault('disabilityGrade', 'disability-grade-wrong');
  const severe = grade === '1' || grade === '2';
  const graded = grade === null ? categories : [
    ...categories.filter((one) => !severe || one.code !== 'severelyDisabled'), { code: 'disability' as const, grade }, ...(severe ? [{ code: 'severelyDisabled' as const, grade }] : []),
  ];
  const [from, to] = [readDay(cells, 'categoryFrom'), readDay(cells, 'categoryTo')];
  if (isFault(from)) return from;
  if (isFault(to)) return to;
  const start = from ?? (context.asOf < born ? born : context.asOf);
  const evidence = cells.text('categoryNumber') ?? context.evidence;
  return graded.map((one) => ({ ...one, from: start, to, source: context.source, evidence: evidence.slice(0, 200) }));
}

const FIELD_OF: Partial<Record<string, Field>> = {
  'identity-number-wrong': 'identity', 'identity-number-old': 'identity', 'birth-date-differs': 'born', 'name-wrong': 'name', 'phone-wrong': 'phone',
  'card-number-wrong': 'card', 'category-span-wrong': 'categoryTo', 'category-overlaps': 'category', 'category-grade-wrong': 'category',
};

/** Reads a row of a roster. @returns null for a blank one */
export function readElderRow(row: TableRow, context: ReadContext): ElderRow | RowFault | SkippedRow | null {
  const cells = new RowCells(row, context.columns);
  const nobody = skipped(cells);
  if (nobody !== null) return nobody === 'blank' ? null : nobody;
  const broken = checkCells(cells, ['identity', 'name', 'born', 'hukou', 'residence', 'township', 'community', 'category', 'phone']);
  if (broken) return broken;
  const identity = readIdentity(cells, context.today);
  if (isFault(identity)) return identity;
  const name = readName(cells);
  if (isFault(name)) return name;
  const wrong = checkPerson(cells, identity.number);
  if (wrong) return wrong;
  const places = readPlaces(cells, context.find);
  if (isFault(places)) return places;
  const born = readDay(cells, 'born');
  if (isFault(born)) return born;
  const bornBy = `${identity.number.slice(6, 10)}-${identity.number.slice(10, 12)}-${identity.number.slice(12, 14)}` as CivilDate;
  const classes = readClasses(cells, context, bornBy);
  if (isFault(classes)) return classes;
  const phone = cells.text('phone');
  const form: RegistrationForm = {
    id: context.idOf(row.rowNo), name: name.name, identityNumber: identity.number, born,
    phone: phone === null || /^(无|\/|-)$/.test(plainText(phone)) ? null : firstPhone(phone),
    hukouCode: places.hukouCode, residenceCode: places.residenceCode, cardNumber: cells.text('card'), categories: classes,
  };
  const registration = readRegistration(form, context.today);
  if (!registration.ok) return cells.fault(FIELD_OF[registration.code] ?? 'identity', registration.code as RowCode);
  return { kind: 'elder', registration: registration.value, datesGiven: cells.cell('categoryFrom') !== null || cells.cell('categoryTo') !== null, notes: places.notes };
}

/** The first of several telephones in a cell. */
function firstPhone(text: string): string {
  return plainText(text).replace(/\.0+$/, '').split(/[、,，;；/ ](?=\d{7})/u)[0] as string;
}

function checkPerson(cells: RowCells, number: string): RowFault | null {
  const sex = cells.text('sex');
  if (sex === null) return null;
  const said = /^(男|男性|1|M)$/i.test(sex) ? 1 : /^(女|女性|2|F)$/i.test(sex) ? 0 : null;
  if (said === null) return cells.fault('sex', 'sex-unknown');
  return Number(number.charAt(16)) % 2 === said ? null : cells.fault('sex', 'sex-differs');
}

/** Which columns a register of each kind gives its days and places by. */
export interface RegisterFields {
  readonly from: Field;
  readonly to: Field | null;
  readonly place: Field | null;
}

/** Reads a row of a death register, a care home's roster or a list of moves. @returns null for a blank one */
export function readRegisterRow(row: TableRow, context: ReadContext, fields: RegisterFields): RegisterRow | RowFault | SkippedRow | null {
  const cells = new RowCells(row, context.columns);
  const nobody = skipped(cells);
  if (nobody !== null) return nobody === 'blank' ? null : nobody;
  const broken = checkCells(cells, ['identity', fields.from, ...(fields.to === null ? [] : [fields.to])]);
  if (broken) return broken;
  const identity = readIdentity(cells, context.today);
  if (isFault(identity)) return identity;
  const from = readDay(cells, fields.from);
  if (isFault(from)) return from;
  if (from === null) return cells.fault(fields.from, 'date-missing');
  if (from > context.today) return cells.fault(fields.from, 'date-ahead');
  const to = fields.to === null ? null : readDay(cells, fields.to);
  if (isFault(to)) return to;
  if (to !== null && to < from) return cells.fault(fields.to as Field, 'span-wrong');
  const text = fields.place === null ? null : cells.text(fields.place);
  const place = text === null ? null : context.find(text);
  if (fields.place !== null && (place === null || place.kind === 'ambiguous')) return cells.fault(fields.place, place === null ? 'place-missing' : 'place-ambiguous');
  const name = cells.text('name');
  return {
    kind: 'register', identityNumber: identity.number, name: name === null ? null : normaliseName(name), from, to,
    placeCode: place?.kind === 'found' ? place.code : null, facility: cells.text('facility'),
  };
}
