import ExcelJS from 'exceljs';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { checkDigit } from '../elder/domain/index.js';
import { addDays, civilDate } from '../kernel/index.js';

/** Kinds of files that a roster may come as. */
export const ROSTER_FORMATS = ['xlsx', 'csv'] as const;
export type RosterFormat = (typeof ROSTER_FORMATS)[number];

const HEAD = ['序号', '姓名', '身份证号码', '性别', '出生日期', '户籍所在地', '现住址', '联系电话', '人员类别', '低保证号', '残疾等级'];
const SURNAMES = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗'];
const GIVEN = [...'建国秀英桂兰玉珍德明淑芳永福春梅志强丽华'];
const TOWNS = ['古楼街道', '柳园街道', '新区街道', '湖西街道', '道口铺街道', '闫寺街道', '北城街道', '东城街道', '蒋官屯街道', '李海务街道'];
const CLASSES = ['', '', '', '', '', '', '低保', '独居', '分散供养特困', '独居、低保边缘'];
const FIRST_BIRTH = civilDate('1930-01-01');
const BIRTH_DAYS = 12_000;
const PER_DAY = 499;

function at<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T;
}

/** The line of one person: everybody has an identity number of their own, however many there are. */
function lineOf(index: number): string[] {
  const born = addDays(FIRST_BIRTH, index % BIRTH_DAYS);
  const order = Math.floor(index / BIRTH_DAYS) % PER_DAY;
  const first17 = `371502${born.replaceAll('-', '')}${String(order * 2 + (index % 2)).padStart(3, '0')}`;
  const town = at(TOWNS, index * 7);
  return [
    String(index + 1), at(SURNAMES, index) + at(GIVEN, index * 3) + at(GIVEN, Math.floor(index / 20)), first17 + checkDigit(first17), index % 2 === 1 ? '男' : '女',
    index % 3 === 0 ? born.replaceAll('-', '.') : born, `山东省聊城市东昌府区${town}`, `${town}幸福路${index % 400}号${index % 30}号楼`, `13${String(800_000_000 + index)}`,
    at(CLASSES, index), index % 10 === 6 ? `DB${String(index).padStart(8, '0')}` : '', index % 25 === 0 ? '二级' : '',
  ];
}

/** Writes a roster as a county hands it out, row by row. */
export async function writeRoster(path: string, format: RosterFormat, rows: number): Promise<void> {
  if (format === 'xlsx') {
    const book = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: path, useSharedStrings: true, useStyles: true });
    const sheet = book.addWorksheet('名单');
    sheet.addRow(['东昌府区老年人花名册']).commit();
    sheet.addRow(HEAD).commit();
    for (let index = 0; index < rows; index += 1) sheet.addRow(lineOf(index)).commit();
    sheet.commit();
    await book.commit();
    return;
  }
  const out = createWriteStream(path);
  out.write(`\ufeff${HEAD.join(',')}\r\n`);
  for (let index = 0; index < rows; index += 1) if (!out.write(`${lineOf(index).join(',')}\r\n`)) await once(out, 'drain');
  out.end();
  await once(out, 'finish');
}
