import ExcelJS from 'exceljs';
import { civilDate, civilMonth, fen } from '../kernel/index.js';
import { safeText } from '../platform/index.js';
import { claimWorkbook } from './claim-workbook.js';
import type { Papers } from './read-papers.js';

const month = civilMonth('2024-12');
const EVIL = '=cmd|\'/c calc\'!A1';

const papers: Papers = {
  title: 'x', month,
  claims: [
    { claimNumber: '371502-2024-00001', siteId: 'a', siteName: EVIL, meals: 3, claimedFen: fen(900), cutFen: fen(100), approvedFen: fen(800), paidFen: fen(0), linesHash: 'h' },
    { claimNumber: '371502-2024-00002', siteId: 'b', siteName: '乙', meals: 1, claimedFen: fen(300), cutFen: fen(0), approvedFen: fen(300), paidFen: fen(0), linesHash: 'h' },
  ],
  lines: [
    { claimNumber: '371502-2024-00001', siteName: EVIL, lineNo: 1, operatorName: '+1', payeeName: '@x', funderCode: 'c', funderName: '＝1', mealMonth: month, meals: 3, claimedFen: fen(900), cutFen: fen(100), approvedFen: fen(800) },
    { claimNumber: '371502-2024-00002', siteName: '乙', lineNo: 1, operatorName: 'o', payeeName: 'p', funderCode: 'c', funderName: 'f', mealMonth: month, meals: 1, claimedFen: fen(300), cutFen: fen(0), approvedFen: fen(300) },
  ],
  days: [{ siteId: 'a', siteName: EVIL, date: civilDate('2024-12-01'), meals: 4, subsidisedMeals: 4, priceFen: fen(4000), selfPayFen: fen(2800), subsidyFen: fen(1200), siteBorneFen: fen(0) }],
};

it.each(['=1', '+1', '-1', '@x', '\tx', '\rx', '\nx', '\0x', '＝1', '＋1', '－1', '＠x'])('takes %j for text', (text) => expect(safeText(text)).toBe(`'${text}`));

it('writes names as text and totals that agree across sheets', async () => {
  const book = new ExcelJS.Workbook();
  await book.xlsx.load((await claimWorkbook(papers, 0)) as unknown as ArrayBuffer);
  const [summary, lines, days] = book.worksheets as [ExcelJS.Worksheet, ExcelJS.Worksheet, ExcelJS.Worksheet];
  book.eachSheet((sheet) => sheet.eachRow((row) => row.eachCell((cell) => expect(cell.formula).toBeUndefined())));
  expect(summary.getCell('B2').value).toBe(`'${EVIL}`);
  expect(summary.getCell('B2').numFmt).toBe('@');
  expect(['D4', 'E4', 'F4'].map((address) => summary.getCell(address).value)).toEqual([12, 1, 11]);
  expect(['I4', 'J4', 'K4'].map((address) => lines.getCell(address).value)).toEqual([12, 1, 11]);
  expect(days.getCell('G3').value).toBe(12);
  expect(summary.getCell('B5').value).toBe('人民币壹拾壹元整');
});
