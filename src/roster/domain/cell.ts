import { addDays, civilDate, isCivilDate, type CivilDate } from '../../kernel/index.js';

/** One cell of a spreadsheet, whatever the file: its text, and what kind of value the file says it is. */
export interface Cell {
  /** `date`: the text is a civil date. `error`: an error value, or a formula without a kept result. */
  readonly kind: 'text' | 'number' | 'date' | 'error';
  readonly text: string;
  /** Whether a formula gave the value. */
  readonly formula: boolean;
}

/** A row as a file has it; an empty cell is null. Row numbers are those that a spreadsheet shows. */
export interface TableRow {
  readonly rowNo: number;
  readonly cells: readonly (Cell | null)[];
}

const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\u0000-\u0008\u000b\u000c\u000e-\u001f]/gu;

/** Full-width letters, digits and signs as half-width ones; ideographic blanks as blanks. */
function halfWidthSigns(text: string): string {
  return text.replace(/[\uff01-\uff5e]/g, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, ' ');
}

/** A cell's text without signs that nobody sees, without blanks at its ends, and with one blank for several. */
export function cleanText(text: string): string {
  return text.replace(INVISIBLE, '').replace(/\s+/gu, ' ').trim();
}

/** The same with half-width digits, letters and signs: for numbers, dates and codes. */
export function plainText(text: string): string {
  return cleanText(halfWidthSigns(text));
}

/** The days that spreadsheets of the 1900 system count from; day 60 is a 29 February 1900 that never was. */
const DAY_ZERO = civilDate('1899-12-30');
const DAY_ZERO_BEFORE_LEAP = civilDate('1899-12-31');
const LAST_SERIAL = 73_050;

/** The day of a spreadsheet's serial number (1900 system), the time of day left out; null for none in 1900 to 2099. */
export function serialDate(serial: number): CivilDate | null {
  const day = Math.floor(serial);
  if (!(day >= 1 && day <= LAST_SERIAL) || day === 60) return null;
  return day < 60 ? addDays(DAY_ZERO_BEFORE_LEAP, day) : addDays(DAY_ZERO, day);
}

function dayOf(year: string, month: string, day: string): CivilDate | null {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isCivilDate(text) ? text : null;
}

/**
 * The day that a cell names: a date of the file, a serial number, or one of the ways that people write dates
 * (1950-03-05, 1950/3/5, 1950.3.5, 1950年3月5日, 19500305), a time of day behind it left out.
 * @returns null where it names no real day, such as a month alone or a year of two digits
 */
export function readDate(cell: Cell): CivilDate | null {
  if (cell.kind === 'error') return null;
  const text = plainText(cell.text).replace(/ ?\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AP]M)?$/i, '').replace(/T$/, '');
  const compact = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (compact) return dayOf(compact[1] as string, compact[2] as string, compact[3] as string);
  const parted = /^(\d{4}) ?[-/.,年、] ?(\d{1,2}) ?[-/.,月、] ?(\d{1,2}) ?日?$/.exec(text);
  if (parted) return dayOf(parted[1] as string, parted[2] as string, parted[3] as string);
  if (/^\d{1,5}(\.\d+)?$/.test(text)) return serialDate(Number(text));
  return null;
}

/** Whether an identity number has lost its last digits: a spreadsheet keeps fifteen digits of a number, and zeros after them. */
export function lostDigits(cell: Cell): boolean {
  const text = plainText(cell.text).replace(/ /g, '');
  if (/^\d(\.\d+)?E\+?1[67]$/i.test(text)) return true;
  return cell.kind === 'number' ? /^\d{16,}(\.0*)?$/.test(text) : /^[1-9]\d{14}000$/.test(text);
}
