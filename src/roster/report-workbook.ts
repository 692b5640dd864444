import type ExcelJS from 'exceljs';
import { PassThrough, type Readable } from 'node:stream';
import { maskIdentityNumber, maskName, maskPhone } from '../elder/domain/index.js';
import { safeText, sheetMaker, type FieldCipher, type Transactor } from '../platform/index.js';
import { NOTE_WORDS, plainText, ROW_WORDS, type Column, type Field } from './domain/index.js';
import { rowsAfter, type RosterRow, type RowOutcome, type StoredRow } from './roster.store.js';
import { openRow } from './sealed-row.js';

const PAGE = 5_000;

const OUTCOMES: Readonly<Record<RowOutcome, string>> = {
  new: '新登记', changed: '有变化', unchanged: '无变化', wrong: '有错误', skipped: '跳过', notRegistered: '不在名册', matched: '已有记录', proposed: '待核查',
};

/** A wrong cell as the report shows it: who it speaks of stays hidden, since reports are passed on. */
export function shownCell(field: Field | null, value: string): string {
  const text = plainText(value);
  if (field === 'identity') return text.length === 18 ? maskIdentityNumber(text) : `${text.slice(0, 4)}***（${text.length} 位）`;
  if (field === 'name') return text === '' ? '' : maskName(text);
  if (field === 'phone') return text.length < 7 ? '***' : maskPhone(text);
  return /\d{15,}/.test(text) ? '***' : text.slice(0, 60);
}

interface ReportParts {
  readonly transactor: Transactor;
  readonly cipher: FieldCipher;
}

/**
 * The row-by-row report of a roster as a spreadsheet, written while it is read: row, outcome, what is wrong, what to
 * do, and the cell that is wrong. Every text of the file stands in it as text.
 */
export function reportWorkbook({ transactor, cipher }: ReportParts, cityCode: string, roster: RosterRow): Readable {
  const out = new PassThrough();
  writeReport({ transactor, cipher }, cityCode, roster, out).catch((error: unknown) => out.destroy(error instanceof Error ? error : new Error('report')));
  return out;
}

async function writeReport({ transactor, cipher }: ReportParts, cityCode: string, roster: RosterRow, out: PassThrough): Promise<void> {
  const { stream } = await sheetMaker();
  const book = new stream.xlsx.WorkbookWriter({ stream: out, useStyles: true, useSharedStrings: false });
  const sheet = book.addWorksheet('逐行结果', { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.columns = [{ header: '行号', width: 8 }, { header: '结果', width: 10 }, { header: '说明', width: 48 }, { header: '怎么办', width: 60 }, { header: '列', width: 16 }, { header: '单元格内容', width: 28 }];
  const columns = roster.layout?.columns ?? [];
  for (let after = 0; ;) {
    const rows = await transactor.run((tx) => rowsAfter(tx, cityCode, roster.rosterId, after, PAGE));
    for (const row of rows) sheet.addRow(lineOf(cipher, cityCode, roster.rosterId, columns, row)).commit();
    after = rows.at(-1)?.rowNo ?? after;
    if (rows.length < PAGE) break;
  }
  sheet.commit();
  addSummary(book, roster);
  await book.commit();
}

function lineOf(cipher: FieldCipher, cityCode: string, rosterId: string, columns: readonly Column[], row: StoredRow): (string | number)[] {
  const words = row.code === null ? (row.outcome in ROW_WORDS ? ROW_WORDS[row.outcome as 'new'] : undefined) : ROW_WORDS[row.code];
  const notes = row.notes.flatMap((note) => (note in NOTE_WORDS ? [NOTE_WORDS[note as keyof typeof NOTE_WORDS]] : []));
  const content = row.outcome === 'wrong' && row.sealed !== null ? openRow(cipher, cityCode, rosterId, row.rowNo, row.sealed).value ?? '' : '';
  const field = columns.find((column) => column.title === row.columnTitle)?.field ?? null;
  return [row.rowNo, OUTCOMES[row.outcome], [words?.sentence ?? '', ...notes].join(''), words?.remedy ?? '', safeText(row.columnTitle ?? ''), safeText(shownCell(field, content))];
}

function addSummary(book: ExcelJS.stream.xlsx.WorkbookWriter, { counts, layout, source }: RosterRow): void {
  const sheet = book.addWorksheet('汇总');
  sheet.columns = [{ width: 24 }, { width: 40 }];
  const lines: (string | number)[][] = [['来源', safeText(source)], ['工作表', safeText(layout?.sheet ?? '')], ['标题行', layout?.headerRow ?? 0], ['行数', counts?.rows ?? 0]];
  for (const [outcome, name] of Object.entries(OUTCOMES)) if ((counts?.[outcome as RowOutcome] ?? 0) > 0) lines.push([name, counts?.[outcome as RowOutcome] ?? 0]);
  if (counts?.formulas) lines.push(['取自公式的单元格', counts.formulas]);
  if (counts?.stated != null) lines.push(['文件自己的合计', counts.stated]);
  for (const column of layout?.columns ?? []) lines.push([safeText(`列 ${column.index + 1}：${column.title}`), column.field ?? '未读取']);
  for (const line of lines) sheet.addRow(line).commit();
  sheet.commit();
}
