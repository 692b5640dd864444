import ExcelJS from 'exceljs';
import { randomUUID } from 'node:crypto';
import { checkDigit } from '../../src/elder/domain/index.js';
import { JobBoard, JobRunner } from '../../src/platform/index.js';
import { StaffedCity } from '../support/staffed-city.js';
import { until } from '../support/signal.js';

let city: StaffedCity;
let runner: JobRunner;
let county: string;
let other: string;
let auditor: string;

let made = 0;
/** A well-made identity number that no other test has. */
function identityNumber(born = '19400601', sex: 'male' | 'female' = 'male'): string {
  made += 2;
  const first17 = `371502${born}${String((made % 998) + (sex === 'male' ? 1 : 0)).padStart(3, '0')}`;
  return first17 + checkDigit(first17);
}

const HEAD = ['序号', '姓名', '身份证号码', '性别', '户籍所在地', '现住址', '联系电话', '人员类别', '低保证号', '残疾等级'];
/** One person as a line of a file. */
const line = (name: string, number: unknown, more: Record<number, unknown> = {}): unknown[] =>
  Object.assign([1, name, number, '', '聊城市东昌府区', '古楼街道办事处某小区3号楼', '', '', '', ''], more);

async function xlsx(rows: unknown[][], title: string | null = '东昌府区老年人花名册'): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('名单');
  if (title !== null) {
    sheet.addRow([title]);
    sheet.mergeCells('A1:J1');
  }
  sheet.addRow(HEAD);
  for (const row of rows) sheet.addRow(row);
  return Buffer.from(await book.xlsx.writeBuffer());
}

async function upload(bytes: Buffer, { id = randomUUID() as string, token = county, division = '371502', type = 'application/octet-stream' } = {}) {
  const response = await city.service.app.inject({ method: 'PUT', url: `/v1/roster-files/${id}?division=${division}`, headers: { authorization: `Bearer ${token}`, 'content-type': type }, payload: bytes });
  return { status: response.statusCode, body: response.json(), id };
}

const check = (fileId: string, more: object = {}, token = county) => city.call('POST', '/v1/rosters', { token, body: { id: randomUUID(), fileId, purpose: 'elders', asOf: '2024-12-01', source: '东昌府区民政局', ...more } });

async function settled(rosterId: string) {
  let body: Awaited<ReturnType<typeof city.call>>['body'];
  await until(async () => {
    ({ body } = await city.call('GET', `/v1/rosters/${rosterId}`, { token: county }));
    return body.state !== 'checking' && body.state !== 'applying';
  }, 'the job ends');
  return body;
}

async function checked(bytes: Buffer, more: object = {}) {
  const { body } = await upload(bytes);
  expect(body.code).toBeUndefined();
  const asked = await check(body.fileId, more);
  expect(asked).toMatchObject({ status: 202 });
  return settled(asked.body.rosterId);
}

async function applied(rosterId: string, skipWrong = false) {
  const asked = await city.call('POST', `/v1/rosters/${rosterId}/apply`, { token: county, body: { id: randomUUID(), skipWrong } });
  return asked.status === 202 ? settled(rosterId) : asked;
}

async function report(rosterId: string): Promise<string[][]> {
  const response = await city.service.app.inject({ method: 'GET', url: `/v1/rosters/${rosterId}/report.xlsx`, headers: { authorization: `Bearer ${county}` } });
  expect(response.statusCode).toBe(200);
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(response.rawPayload as unknown as ArrayBuffer);
  const lines: string[][] = [];
  book.getWorksheet('逐行结果')?.eachRow((row) => lines.push((row.values as unknown[]).slice(1).map((value) => String(value ?? ''))));
  return lines;
}

function rows<T>(sql: string, values: (string | number)[] = []): Promise<T[]> {
  return city.service.parts.transactor.run((tx) => tx.query<T>(sql, values));
}

const elders = async (): Promise<number> => (await rows<{ n: number }>('SELECT count(*)::int AS n FROM elder'))[0]?.n ?? -1;

beforeAll(async () => {
  city = await StaffedCity.start();
  const { app, parts, ground } = city.service;
  runner = new JobRunner({ ...parts, board: app.get(JobBoard), ownerUrl: ground.ownerUrl, redisUrl: undefined, pace: { pollMs: 20, sweepMs: 100 } });
  await runner.start();
  await city.add('county', ['countyOfficer'], '371502');
  await city.add('other', ['countyOfficer'], '371521');
  await city.add('auditor', ['auditor']);
  [county, other, auditor] = [await city.tokenOf('county'), await city.tokenOf('other'), await city.tokenOf('auditor')];
}, 60_000);

afterAll(async () => {
  await runner?.stop();
  await city?.close();
});

describe('handing a file over', () => {
  it('keeps it encrypted, once for one id', async () => {
    const number = identityNumber();
    const bytes = Buffer.from(`姓名,身份证号,住址\n王明珠,${number},古楼街道\n`);
    const first = await upload(bytes);
    expect(first).toMatchObject({ status: 200, body: { kind: 'csv', encoding: 'utf-8', bytes: bytes.length, purgeOn: '2025-03-03' } });
    expect(await upload(bytes, { id: first.id })).toMatchObject({ status: 200, body: first.body });
    expect(await upload(Buffer.from('姓名'), { id: first.id })).toMatchObject({ status: 409, body: { code: 'id-taken' } });
    const [piece] = await rows<{ sealed: Buffer }>('SELECT sealed FROM roster_file_piece WHERE file_id = $1', [first.id]);
    expect(piece?.sealed.includes(Buffer.from(number))).toBe(false);
  });

  it('refuses what is no table, with what to do', async () => {
    expect(await upload(Buffer.from('d0cf11e0a1b11ae100', 'hex'))).toMatchObject({ status: 422, body: { code: 'file-xls', title: expect.stringContaining('另存为 .xlsx') } });
    expect(await upload(Buffer.alloc(64 * 1024 * 1024 + 1, 65))).toMatchObject({ status: 413, body: { code: 'file-too-large' } });
  });

  it('is for the division\'s own officers, as a stream, and for no other address', async () => {
    const bytes = Buffer.from('姓名,身份证号,住址\n');
    expect(await upload(bytes, { token: other })).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
    expect(await upload(bytes, { token: auditor })).toMatchObject({ status: 403, body: { code: 'not-allowed' } });
    expect(await upload(bytes, { type: 'text/csv' })).toMatchObject({ status: 415 });
    const elsewhere = await city.service.app.inject({ method: 'POST', url: '/v1/rosters', headers: { authorization: `Bearer ${county}`, 'content-type': 'application/octet-stream' }, payload: bytes });
    expect(elsewhere.statusCode).toBe(415);
    const { body } = await upload(bytes);
    expect(await check(body.fileId, {}, other)).toMatchObject({ status: 403, body: { code: 'outside-scope' } });
  });
});

describe('the dry run', () => {
  it('says of each row what it would come to, and changes nothing', async () => {
    const twin = identityNumber();
    const before = await elders();
    const roster = await checked(await xlsx([
      line('张三', identityNumber('19400601', 'female'), { 3: '女', 6: '138 1234 5678', 7: '低保、独居', 8: 'DB-001', 9: '二级' }),
      line('古丽・买买提', '３７１５０２１９４００６０１００１'.slice(0, 3) + identityNumber().slice(3)),
      line('李四', 371502194006010000),
      line('王五', '371502194006010011'),
      line('赵?', identityNumber()),
      line('=HYPERLINK("http://x")', identityNumber()),
      line('钱六', identityNumber(), { 4: '=cmd|x', 5: '' }),
      line('孙七', identityNumber(), { 7: '贵宾' }),
      line('周八', twin), line('周八', twin), line('周九', twin),
      line('吴十', identityNumber(), { 4: '聊城市临清市', 5: '' }),
      line('郑一', identityNumber(), { 4: '河南省郑州市中原区' }),
      line('冯二', identityNumber('19400601', 'female'), { 3: '男' }),
      [null, null], ['合计', '', '13人'],
    ]));
    expect(roster).toMatchObject({ state: 'checked', done: roster.total, headerRow: 2, sheet: '名单' });
    expect(roster.columns.map((column: { field: string }) => column.field)).toEqual([null, 'name', 'identity', 'sex', 'hukou', 'residence', 'phone', 'category', 'categoryNumber', 'disabilityGrade']);
    const lines = await report(roster.rosterId);
    expect(lines.slice(1).map(([rowNo, outcome, sentence]) => [Number(rowNo), outcome, sentence?.slice(0, 8)])).toEqual([
      [3, '新登记', '新登记。'], [4, '新登记', '新登记。'], [5, '有错误', '身份证号码被表格'], [6, '有错误', '身份证号码不正确'], [7, '有错误', '姓名中有问号或乱'], [8, '有错误', '姓名中有数字或括'],
      [9, '有错误', '在本市的区划中找'], [10, '有错误', '人员类别中有不认'], [11, '新登记', '新登记。'], [12, '跳过', '与前面的一行相同'], [13, '有错误', '同一身份证号码在'],
      [14, '有错误', '户籍地和居住地都'], [15, '新登记', '新登记。户籍不在'], [16, '有错误', '性别与身份证号码'], [18, '跳过', '合计行，不是人员'],
    ]);
    const { counts } = roster;
    expect(counts).toMatchObject({ rows: 15, new: 4, wrong: 9, skipped: 2, changed: 0, stated: 13 });
    expect(counts.new + counts.changed + counts.unchanged + counts.wrong + counts.skipped).toBe(counts.rows);
    expect(await elders()).toBe(before);
    // A report is passed on: nothing in it runs, and nobody is named in it.
    expect(lines.flat().filter((text) => /^[=+@]/.test(text))).toEqual([]);
    expect(lines.flat().join()).not.toMatch(/37150219\d{9}/);
    expect(lines[7]?.[5]).toBe("'=cmd|x");
  });

  it('names what keeps a whole file from being read', async () => {
    const roster = await checked(Buffer.from('姓名,电话\n张三,1\n'));
    expect(roster).toMatchObject({ state: 'failed', failure: { code: 'file-columns-missing', sentence: expect.stringContaining('身份证号') } });
    expect(await city.call('POST', `/v1/rosters/${roster.rosterId}/apply`, { token: county, body: { id: randomUUID(), skipWrong: true } })).toMatchObject({ status: 409, body: { code: 'roster-not-checked' } });
  });

  it('reads columns as the caller says', async () => {
    const bytes = Buffer.from(`甲,乙,丙\n张三,${identityNumber()},柳园街道\n`);
    expect(await checked(bytes)).toMatchObject({ state: 'failed', failure: { code: 'file-no-header' } });
    const choices = [{ index: 0, field: 'name' }, { index: 1, field: 'identity' }, { index: 2, field: 'residence' }];
    expect(await checked(bytes, { headerRow: 1, choices })).toMatchObject({ state: 'checked', counts: { new: 1 } });
  });
});

describe('bringing a file in', () => {
  it('brings in nothing while a row is wrong, and the rest when asked so', async () => {
    const bytes = await xlsx([line('张三', identityNumber(), { 6: '13812345678', 7: '低保、独居', 9: '一级' }), line('李四', '1')]);
    const roster = await checked(bytes);
    const before = await elders();
    expect(await applied(roster.rosterId)).toMatchObject({ status: 409, body: { code: 'roster-has-wrong-rows', title: expect.stringContaining('1 行') } });
    expect(await elders()).toBe(before);
    expect(await applied(roster.rosterId, true)).toMatchObject({ state: 'applied' });
    expect(await elders()).toBe(before + 1);
    const [row] = await rows<{ elderId: string }>(`SELECT elder_id AS "elderId" FROM roster_row WHERE roster_id = $1 AND outcome = 'new'`, [roster.rosterId]);
    const { body } = await city.call('GET', `/v1/elders/${row?.elderId}`, { token: county });
    expect(body).toMatchObject({ name: '张**', phone: '138****5678', residenceCode: '371502001', hukouCode: '371502' });
    expect(body.categories.toSorted()).toEqual(['disability', 'livingAlone', 'minLivingRecipient', 'severelyDisabled']);
    expect(body.categoryEntries[0]).toMatchObject({ source: '东昌府区民政局', from: '2024-12-01' });
  });

  it('changes nothing the second time', async () => {
    const bytes = await xlsx([line('张三', identityNumber(), { 7: '特困' }), line('李四', identityNumber())]);
    const first = await checked(bytes);
    await applied(first.rosterId);
    const before = await rows(`SELECT * FROM elder ORDER BY elder_id`);
    const second = await checked(bytes);
    expect(second).toMatchObject({ sha256: first.sha256, counts: { rows: 2, unchanged: 2, new: 0, changed: 0, wrong: 0 } });
    expect(await applied(second.rosterId)).toMatchObject({ state: 'applied' });
    expect(await rows(`SELECT * FROM elder ORDER BY elder_id`)).toEqual(before);
    // Asked later for the same day of the file, or for a later day: the classes are known.
    expect(await checked(bytes, { asOf: '2024-12-03' })).toMatchObject({ counts: { unchanged: 2 } });
  });

  it('records moves and new classes of who is known, and refuses another name', async () => {
    const [mover, named] = [identityNumber(), identityNumber()];
    await applied((await checked(await xlsx([line('张三', mover, { 7: '独居' }), line('李四', named)]))).rosterId);
    const roster = await checked(await xlsx([line('张三', mover, { 5: '柳园街道', 7: '独居、低保' }), line('李思', named)]), { asOf: '2024-12-02' });
    expect(roster.counts).toMatchObject({ changed: 1, wrong: 1 });
    expect(await applied(roster.rosterId, true)).toMatchObject({ state: 'applied' });
    const [row] = await rows<{ elderId: string }>(`SELECT elder_id AS "elderId" FROM roster_row WHERE roster_id = $1 AND outcome = 'changed'`, [roster.rosterId]);
    const { body } = await city.call('GET', `/v1/elders/${row?.elderId}`, { token: county });
    expect(body).toMatchObject({ residenceCode: '371502002' });
    expect(body.categories.toSorted()).toEqual(['livingAlone', 'minLivingRecipient']);
    expect((await report(roster.rosterId))[2]?.[2]).toContain('另一个姓名');
  });

  it('brings in nothing when the registry has changed since the check', async () => {
    const number = identityNumber();
    const roster = await checked(await xlsx([line('张三', identityNumber()), line('李四', number)]));
    const desk = await city.call('POST', '/v1/elders', { token: county, body: { id: randomUUID(), name: '李四', identityNumber: number, residenceCode: '371502001' } });
    expect(desk.status).toBe(200);
    const before = await elders();
    expect(await applied(roster.rosterId)).toMatchObject({ state: 'outdated' });
    expect(await elders()).toBe(before);
  });

  it('is the division\'s own, asked once, and leaves audits that hold', async () => {
    const roster = await checked(await xlsx([line('张三', identityNumber())]));
    expect(await city.call('POST', `/v1/rosters/${roster.rosterId}/apply`, { token: other, body: { id: randomUUID(), skipWrong: true } })).toMatchObject({ status: 403 });
    expect(await city.call('GET', `/v1/rosters/${roster.rosterId}`, { token: other })).toMatchObject({ status: 403 });
    const body = { id: randomUUID(), skipWrong: false };
    const both = await Promise.all([1, 2].map(() => city.call('POST', `/v1/rosters/${roster.rosterId}/apply`, { token: county, body })));
    expect(both.map((answer) => answer.status)).toEqual([202, 202]);
    expect(await settled(roster.rosterId)).toMatchObject({ state: 'applied' });
    expect(await city.call('POST', `/v1/rosters/${roster.rosterId}/apply`, { token: county, body: { id: randomUUID(), skipWrong: false } })).toMatchObject({ status: 409, body: { code: 'roster-not-checked' } });
    const audits = await rows<{ action: string }>('SELECT action FROM audit WHERE object_id = $1 ORDER BY seq', [roster.rosterId]);
    expect(audits.map((audit) => audit.action)).toEqual(['roster.check', 'roster.apply-asked', 'roster.apply']);
  });
});

describe('a file whose time is over', () => {
  it('is thrown away with its rows', async () => {
    const roster = await checked(await xlsx([line('张三', identityNumber())]));
    city.clock.set(city.clock.now() + 89 * 24 * 3_600_000);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await rows('SELECT 1 FROM roster_file_piece')).not.toEqual([]);
    city.clock.set(city.clock.now() + 24 * 3_600_000);
    await until(async () => (await rows('SELECT 1 FROM roster_file_piece')).length === 0, 'the file is thrown away');
    expect(await rows('SELECT 1 FROM roster_row')).toEqual([]);
    expect(await rows(`SELECT sha256 FROM roster_file WHERE sha256 = $1`, [roster.sha256])).toHaveLength(1);
  });
});
