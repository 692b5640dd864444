import ExcelJS from 'exceljs';
import type { TableRow } from '../domain/index.js';
import { FileFault } from './file-fault.js';
import { inspectFile, openTable, type TableWish } from './open-table.js';
import { isDateFormat } from './xlsx-book.js';
import { columnOf } from './xlsx-sheet.js';
import { unescapeXml, XmlScanner } from './xml-scan.js';
import { ZipSource } from './zip-source.js';

async function xlsx(fill: (book: ExcelJS.Workbook) => void): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  fill(book);
  return Buffer.from(await book.xlsx.writeBuffer());
}

async function read(bytes: Buffer, wish: TableWish = { purpose: 'elders' }): Promise<{ rows: TableRow[]; titles: string[]; fields: (string | null)[]; total: number }> {
  const table = await openTable(bytes, await inspectFile(bytes), wish);
  const rows: TableRow[] = [];
  for await (const row of table.rows()) rows.push(row);
  return { rows, titles: table.layout.columns.map((column) => column.title), fields: table.layout.columns.map((column) => column.field), total: table.total };
}

async function codeOf(bytes: Buffer, wish?: TableWish): Promise<string> {
  try {
    await read(bytes, wish);
    return 'read';
  } catch (error) {
    if (error instanceof FileFault) return error.code;
    throw error;
  }
}

const texts = (row: TableRow | undefined): (string | null)[] => (row?.cells ?? []).map((cell) => cell?.text ?? null);

describe('a workbook', () => {
  it('is read below titles, through merged cells, with dates, numbers and formulas told apart', async () => {
    const bytes = await xlsx((book) => {
      book.addWorksheet('说明').addRow(['请按要求填写']);
      const sheet = book.addWorksheet('名单');
      sheet.mergeCells('A1:E1');
      sheet.getCell('A1').value = '东昌府区老年人花名册';
      sheet.addRow(['序号', '姓名 *', '公民身份号码（18位）', '出生日期', '现住址']);
      sheet.addRow([1, '张三', '371502194006010010', new Date(Date.UTC(1940, 5, 1)), '古楼街道']);
      sheet.addRow([2, '古丽·买买提', 371502194006010000, 14763, null]);
      sheet.addRow([{ formula: 'A4+1', result: 3 }, { formula: 'CONCAT("李","四")' }, '1', '1940.6.1', '柳园街道']);
      sheet.mergeCells('E3:E4');
    });
    const { rows, fields, total } = await read(bytes);
    expect(fields).toEqual([null, 'name', 'identity', 'born', 'residence']);
    expect(total).toBe(5);
    expect(rows.map((row) => row.rowNo)).toEqual([3, 4, 5]);
    expect(rows[0]?.cells[3]).toEqual({ kind: 'date', text: '1940-06-01', formula: false });
    expect(rows[1]?.cells[2]).toMatchObject({ kind: 'number' });
    expect(texts(rows[1])[4]).toBe('古楼街道');
    expect(rows[2]?.cells[0]).toEqual({ kind: 'number', text: '3', formula: true });
    expect(rows[2]?.cells[1]).toEqual({ kind: 'error', text: '', formula: true });
  });

  it('has titles of two rows where the upper is merged', async () => {
    const bytes = await xlsx((book) => {
      const sheet = book.addWorksheet('名单');
      sheet.addRow(['姓名', '身份证号', '居住地', null, '人员类别']);
      sheet.addRow([null, null, '镇街', '村居', null]);
      sheet.addRow(['张三', '371502194006010010', '古楼街道', '某村', '低保']);
      for (const range of ['A1:A2', 'B1:B2', 'C1:D1', 'E1:E2']) sheet.mergeCells(range);
    });
    const { rows, fields } = await read(bytes);
    expect(fields).toEqual(['name', 'identity', 'township', 'community', 'category']);
    expect(rows).toHaveLength(1);
  });

  it('takes the columns that the caller chooses', async () => {
    const bytes = await xlsx((book) => {
      const sheet = book.addWorksheet('名单');
      sheet.addRow(['甲', '乙', '住址']);
      sheet.addRow(['张三', '371502194006010010', '古楼街道']);
    });
    expect(await codeOf(bytes)).toBe('file-no-header');
    const { fields } = await read(bytes, { purpose: 'elders', headerRow: 1, choices: [{ index: 0, field: 'name' }, { index: 1, field: 'identity' }] });
    expect(fields).toEqual(['name', 'identity', 'residence']);
    expect(await codeOf(bytes, { purpose: 'elders', sheet: '没有' })).toBe('file-sheet-unknown');
  });

  it('says which columns are missing', async () => {
    const bytes = await xlsx((book) => book.addWorksheet('名单').addRows([['姓名', '性别', '电话'], ['张三', '男', '1']]));
    await expect(read(bytes)).rejects.toMatchObject({ code: 'file-columns-missing', detail: { missing: '身份证号、户籍地或居住地', titles: '姓名、性别、电话' } });
  });
});

describe('a text file', () => {
  const table = '花名册,,\n姓名,身份证号码,户籍所在地\n𬭩三,"=""371502194006010010""",古楼街道\n';

  it('is read in UTF-8 with and without a mark, and in UTF-16', async () => {
    for (const bytes of [Buffer.from(table), Buffer.from(`\ufeff${table}`), Buffer.from(`\ufeff${table}`, 'utf16le')]) {
      const { rows, fields } = await read(bytes);
      expect(fields).toEqual(['name', 'identity', 'hukou']);
      expect(rows.map(texts)).toEqual([['𬭩三', '371502194006010010', '古楼街道']]);
    }
  });

  it('is read in GB 18030 with signs of four bytes', async () => {
    // 姓名,身份证号,住址 and a row with 㐂 (81 39 EE 39 would be another) written out as GB 18030 bytes.
    const bytes = Buffer.concat([Buffer.from('d0d5c3fb2cc9edb7ddd6a4bac52cd7a1d6b70a', 'hex'), Buffer.from('8139ef30', 'hex'), Buffer.from('c8fd2c3337313530323139343030363031303031302cb9c5c2a5bdd6b5c00a', 'hex')]);
    const { rows, fields } = await read(bytes);
    expect(fields).toEqual(['name', 'identity', 'residence']);
    expect(texts(rows[0])).toEqual([`${new TextDecoder('gb18030').decode(Buffer.from('8139ef30', 'hex'))}三`, '371502194006010010', '古楼街道']);
    expect([...(texts(rows[0])[0] as string)][0]).toMatch(/\p{Script=Han}/u);
  });

  it('names the row of a quotation mark without a partner', async () => {
    await expect(read(Buffer.from('姓名,身份证号,住址\n张三,"1" 2,x\n'))).rejects.toMatchObject({ code: 'file-csv-quotes', detail: { row: 2 } });
  });

  it('may be parted by tabs and semicolons', async () => {
    for (const sign of ['\t', ';']) expect((await read(Buffer.from(table.replaceAll(',', sign)))).rows).toHaveLength(1);
  });
});

describe('a file that is no table', () => {
  const ole = Buffer.from('d0cf11e0a1b11ae1', 'hex');
  test.each([
    ['file-empty', Buffer.alloc(0)], ['file-xls', Buffer.concat([ole, Buffer.alloc(600)])], ['file-encrypted', Buffer.concat([ole, Buffer.alloc(9), Buffer.from('EncryptedPackage', 'utf16le')])],
    ['file-pdf', Buffer.from('%PDF-1.7')], ['file-picture', Buffer.from('ffd8ffe0', 'hex')], ['file-archive', Buffer.from('Rar!\x1a\x07')], ['file-html', Buffer.from('<html><table>')],
    ['file-broken', Buffer.from('PK\x03\x04 and nothing more')], ['file-not-spreadsheet', Buffer.from('ff0080ff00ffff0000', 'hex')], ['file-no-header', Buffer.from('随便写的一段话')],
  ])('is refused as %s', async (code, bytes) => {
    expect(await codeOf(bytes)).toBe(code);
  });

  it('is refused as a bomb by what it claims and by what comes out', async () => {
    const bytes = await xlsx((book) => book.addWorksheet('名单').addRows(Array.from({ length: 2_000 }, () => ['姓名'])));
    await expect(ZipSource.open(bytes, { entries: 2_000, inflatedBytes: 10_000 })).rejects.toMatchObject({ code: 'file-bomb' });
    await expect(ZipSource.open(bytes, { entries: 2, inflatedBytes: 1e9 })).rejects.toMatchObject({ code: 'file-too-many-entries' });
    const zip = await ZipSource.open(bytes);
    await expect(zip.text('xl/worksheets/sheet1.xml', 100)).rejects.toMatchObject({ code: 'file-bomb' });
  });

  it('is refused when its entry is larger than it says', async () => {
    const bytes = await xlsx((book) => book.addWorksheet('名单').addRows(Array.from({ length: 500 }, () => ['姓名'])));
    // The claimed size lies in the central directory, 24 bytes into the entry of the sheet.
    const at = bytes.lastIndexOf('xl/worksheets/sheet1.xml') - 46;
    expect(bytes.readUInt32LE(at)).toBe(0x02014b50);
    bytes.writeUInt32LE(100, at + 24);
    expect(await codeOf(bytes)).toBe('file-broken');
  });

  it('is refused when it declares entities', () => {
    const scanner = new XmlScanner({ open: () => undefined, close: () => undefined, text: () => undefined });
    expect(() => scanner.write('<!DOCTYPE x [<!ENTITY a "b">]><x/>')).toThrow('file-broken');
  });
});

describe('reading XML', () => {
  it('gives the same for every way of cutting it up', () => {
    const xml = '<?xml version="1.0"?><!-- a > b --><x:row r="1" n=\'a>b\'><c t="s">1 &lt; 2</c><e/><![CDATA[<&>]]></x:row>';
    const whole: string[] = [];
    const tell = (log: string[]) => ({ open: (name: string, attributes: string) => void log.push(`<${name}${attributes}`), close: (name: string) => void log.push(`/${name}`), text: (text: string) => void log.push(`"${text}`) });
    new XmlScanner(tell(whole)).write(xml);
    expect(whole).toEqual(['<row r="1" n=\'a>b\'', '<c t="s"', '"1 &lt; 2', '/c', '<e', '/e', '"<&amp;>', '/row']);
    for (let cut = 1; cut < xml.length; cut += 1) {
      const log: string[] = [];
      const scanner = new XmlScanner(tell(log));
      scanner.write(xml.slice(0, cut));
      scanner.write(xml.slice(cut));
      expect(log.join('').replaceAll('"', '')).toBe(whole.join('').replaceAll('"', ''));
    }
  });

  test.each([['&#x4E2D;&amp;&#60;', '中&<'], ['&nothing;', '&nothing;'], ['&#1114112;', '']])('%s is %s', (xml, text) => {
    expect(unescapeXml(xml)).toBe(text);
  });

  test.each([['A1', 0], ['Z9', 25], ['AB12', 27]])('%s lies in column %d', (address, column) => expect(columnOf(address)).toBe(column));

  test.each([['yyyy/m/d', true], ['[$-804]yyyy"年"m"月"', true], ['0.00', false], ['"d"0', false], ['General', false], ['@', false], ['[h]:mm:ss', false]])('the format %s shows a date: %s', (code, is) => {
    expect(isDateFormat(code)).toBe(is);
  });
});
