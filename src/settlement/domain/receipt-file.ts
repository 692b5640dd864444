import { isCivilDate, type CivilDate } from '../../kernel/index.js';

/** The columns of a receipt file of the treasury or bank, in this order. */
export const RECEIPT_COLUMNS = ['legNumber', 'fen', 'paidOn', 'serial'] as const;

/** One payment that the treasury or bank reports. */
export interface ReceiptRow {
  /** Line in the file, the header being 1. */
  readonly row: number;
  readonly legNumber: string;
  readonly fen: number;
  readonly paidOn: CivilDate;
  /** The treasury's or bank's own number of the payment: the same one never counts twice. */
  readonly serial: string;
}

/** What is wrong with a row of the file. */
export interface RowFault {
  readonly row: number;
  readonly fault: string;
}

/** Cuts a CSV text (RFC 4180, with or without a byte order mark) into records of fields. */
export function csvRecords(text: string): string[][] {
  const records: string[][] = [];
  let [record, field, quoted] = [[] as string[], '', false];
  const source = text.replace(/^\uFEFF/, '');
  for (let index = 0; index < source.length; index += 1) {
    const char = source[index] as string;
    if (quoted && char === '"' && source[index + 1] === '"') [field, index] = [`${field}"`, index + 1];
    else if (char === '"') quoted = !quoted;
    else if (quoted || (char !== ',' && char !== '\n' && char !== '\r')) field += char;
    else if (char === ',') [record, field] = [[...record, field], ''];
    else if (char === '\n') {
      records.push([...record, field]);
      [record, field] = [[], ''];
    }
  }
  if (field !== '' || record.length > 0) records.push([...record, field]);
  return records;
}

function readRow(cells: readonly string[], row: number): ReceiptRow | RowFault {
  if (cells.length !== RECEIPT_COLUMNS.length) return { row, fault: `应有 ${RECEIPT_COLUMNS.length} 列` };
  const [legNumber, fen, paidOn, serial] = cells.map((cell) => cell.trim()) as [string, string, string, string];
  if (!/^-?\d{1,13}$/.test(fen) || Number(fen) === 0) return { row, fault: '金额应为不为 0 的整数分' };
  if (!isCivilDate(paidOn)) return { row, fault: '支付日期应为真实存在的日期，如 2025-01-15' };
  if (!/^[\w-]{1,60}$/.test(serial)) return { row, fault: '流水号应为 1 到 60 位字母、数字或短横线' };
  return { row, legNumber, fen: Number(fen), paidOn, serial };
}

/** Reads a receipt file. Nothing of it counts unless every row is well formed. */
export function readReceipt(text: string): { rows: ReceiptRow[]; faults: RowFault[] } {
  const [header, ...records] = csvRecords(text);
  const names = (header ?? []).map((cell) => cell.trim());
  if (names.join() !== RECEIPT_COLUMNS.join()) return { rows: [], faults: [{ row: 1, fault: `表头应为 ${RECEIPT_COLUMNS.join(',')}` }] };
  if (records.length === 0) return { rows: [], faults: [{ row: 2, fault: '没有数据行' }] };
  const read = records.map((cells, index) => readRow(cells, index + 2));
  return { rows: read.filter((entry): entry is ReceiptRow => 'serial' in entry), faults: read.filter((entry): entry is RowFault => 'fault' in entry) };
}

/** A payment leg as the receipt is checked against it. */
export interface OpenLeg {
  readonly legNumber: string;
  readonly fen: number;
  readonly paidFen: number;
  readonly releasedOn: CivilDate;
}

/** Checks each row against the legs and the serials already known; a leg to be deducted takes amounts below zero. */
export function checkReceipt(rows: readonly ReceiptRow[], legs: ReadonlyMap<string, OpenLeg>, knownSerials: ReadonlySet<string>, today: CivilDate): RowFault[] {
  const faults: RowFault[] = [];
  const [serials, paid] = [new Set<string>(knownSerials), new Map<string, number>()];
  for (const { row, legNumber, fen, paidOn, serial } of rows) {
    const leg = legs.get(legNumber);
    const total = (paid.get(legNumber) ?? leg?.paidFen ?? 0) + fen;
    paid.set(legNumber, total);
    if (serials.has(serial)) faults.push({ row, fault: '流水号重复' });
    else if (leg === undefined) faults.push({ row, fault: '没有这个支付编号' });
    else if (Math.sign(fen) !== Math.sign(leg.fen)) faults.push({ row, fault: '金额的正负与应付不符' });
    else if (Math.abs(total) > Math.abs(leg.fen)) faults.push({ row, fault: '超过应付金额' });
    else if (paidOn < leg.releasedOn || paidOn > today) faults.push({ row, fault: '支付日期应在批准拨付之后、今天之前（含当天）' });
    serials.add(serial);
  }
  return faults;
}
