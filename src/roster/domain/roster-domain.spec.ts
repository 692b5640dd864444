import { civilDate } from '../../kernel/index.js';
import { checkDigit } from '../../elder/domain/index.js';
import {
  compareElder, findLayout, PlaceFinder, plainText, readCategories, readDate, readDisabilityGrade, readElderRow, readRegisterRow, serialDate,
  type Cell, type ElderRow, type PlaceNode, type ReadContext, type RegistryEntry, type TableRow,
} from './index.js';

const text = (value: string): Cell => ({ kind: 'text', text: value, formula: false });
const number = (value: string): Cell => ({ kind: 'number', text: value, formula: false });
const row = (rowNo: number, ...values: (string | Cell | null)[]): TableRow => ({ rowNo, cells: values.map((value) => (typeof value === 'string' ? (value === '' ? null : text(value)) : value)) });
const NUMBER = ((first17: string) => first17 + checkDigit(first17))('37150219400601001');

describe('dates', () => {
  test.each([
    ['1950-03-05', '1950-03-05'], ['1950/3/5', '1950-03-05'], ['1950.3.5', '1950-03-05'], ['1950年3月5日', '1950-03-05'], ['19500305', '1950-03-05'], ['１９５０．３．５', '1950-03-05'],
    ['1950-03-05 00:00:00', '1950-03-05'], ['18327', '1950-03-05'], ['18327.5', '1950-03-05'], [' 1950-3-5\u200b ', '1950-03-05'],
    ['1950-03', null], ['50-3-5', null], ['1950-02-30', null], ['三月', null], ['19501305', null], ['0', null], ['', null],
  ])('“%s” is %s', (value, date) => expect(readDate(text(value))).toBe(date));

  test.each([[1, '1900-01-01'], [59, '1900-02-28'], [60, null], [61, '1900-03-01'], [45631, '2024-12-05'], [0, null], [-1, null], [99999, null]])('day %d is %s', (serial, date) => expect(serialDate(serial)).toBe(date));
});

describe('words for classes', () => {
  test.each([
    ['低保、独居', 'minLivingRecipient livingAlone'], ['特困（分散供养）', ''], ['分散供养特困', 'extremePovertyHome'], ['集中供养', 'extremePovertyCollective'], ['低保边缘家庭', 'borderlineRecipient'], ['半失能/空巢', 'halfDependent emptyNest'],
    ['80周岁以上', ''], ['普通老人', ''], ['无', ''], ['重度残疾人', 'severelyDisabled'],
  ])('“%s” is %s', (value, codes) => expect(readCategories(value).categories.map((one) => one.code).join(' ').replace('extremePovertyRecipient', '')).toBe(codes));

  it('tells what it does not know', () => expect(readCategories('低保、贵宾')).toMatchObject({ categories: [{ code: 'minLivingRecipient' }], unknown: ['贵宾'] }));

  test.each([['一级', '1'], ['肢体残疾二级', '2'], ['3', '3'], ['Ⅳ级', '4'], ['无', null], ['', null], ['五级', undefined]])('the grade “%s” is %s', (value, grade) => expect(readDisabilityGrade(value)).toBe(grade));
});

const node = (divisionCode: string, name: string, parentCode: string | null, successorCode: string | null = null): PlaceNode => ({ divisionCode, name, parentCode, successorCode });
const ABOVE = [node('370000', '山东省', null), node('371500', '聊城市', '370000')];
const NODES = [
  node('371502', '东昌府区', '371500'), node('371502001', '古楼街道', '371502'), node('371502002', '柳园街道', '371502'), node('371502100', '侯营镇', '371502'), node('371502101', '沙镇镇', '371502'),
  node('371502001001', '古城社区居委会', '371502001'), node('371502001002', '湖南社区居委会', '371502001'), node('371502100201', '张庄村委会', '371502100'), node('371502101201', '张庄村委会', '371502101'),
  node('371502003', '旧城街道', '371502', '371502002'),
];

describe('places by name', () => {
  const finder = new PlaceFinder('371502', ABOVE, NODES);
  test.each([
    ['山东省聊城市东昌府区古楼街道', '371502001'], ['聊城市东昌府区古楼街道办事处古城社区3号楼', '371502001001'], ['古楼街道办事处', '371502001'], ['古楼办事处', '371502001'], ['东昌府区侯营镇张庄村', '371502100201'],
    ['侯营张庄', '371502100201'], ['沙镇镇', '371502101'], ['东昌府区', '371502'], ['东昌府', '371502'], ['371502002', '371502002'], ['３７１５０２００２', '371502002'], ['旧城街道', '371502002'], ['古楼街道幸福路1号', '371502001'], ['山东 聊城 东昌府 柳园', '371502002'],
  ])('%s lies in %s', (value, code) => expect(finder.find(value)).toEqual({ kind: 'found', code }));

  test.each([['张庄村', 'ambiguous'], ['河南省郑州市', 'elsewhere'], ['聊城市临清市', 'elsewhere'], ['山东省济南市历下区', 'elsewhere'], ['不知道', 'unknown'], ['=1+1', 'unknown'], ['999999', 'unknown']])('%s is %s', (value, kind) => expect(finder.find(value).kind).toBe(kind));
});

describe('the header', () => {
  it('is the row with most known names, stars and remarks apart', () => {
    const found = findLayout([row(1, '花名册'), row(2, '单位：某镇'), row(3, '序号', '*姓 名', '身份证号（18位）', '现居住地址', '备注', '监护人电话', '姓名')], { purpose: 'elders' });
    expect(found).toMatchObject({ missing: [], layout: { headerRow: 3 } });
    expect(found?.layout.columns.map((column) => column.field)).toEqual([null, 'name', 'identity', 'residence', null, null, null]);
  });

  it('is what the caller says, column by column', () => {
    const found = findLayout([row(1, '姓名', '证件号码', '地址')], { purpose: 'deaths', headerRow: 1, choices: [{ index: 2, field: 'died' }, { index: 0, field: null }] });
    expect(found).toMatchObject({ missing: [] });
    expect(found?.layout.columns.map((column) => column.field)).toEqual([null, 'identity', 'died']);
  });

  it('is nowhere in a letter', () => expect(findLayout([row(1, '各县区民政局'), row(2, '姓名')], { purpose: 'elders' })).toBeNull());
});

const FIELDS = ['name', 'identity', 'born', 'residence', 'phone', 'category'] as const;
const context: ReadContext = {
  columns: FIELDS.map((field, index) => ({ index, title: field, field })), today: civilDate('2024-12-03'), asOf: civilDate('2024-12-01'), source: '民政局', evidence: '名册',
  find: () => ({ kind: 'found', code: '371502001' }), idOf: (rowNo) => `id-${rowNo}`,
};
const read = (...values: (string | Cell | null)[]) => readElderRow(row(7, ...values), context);

describe('a row of a roster', () => {
  it('is read through full-width digits, blanks and signs that nobody sees', () => {
    const wide = NUMBER.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
    expect(read(' 张\u3000三\u200b', `'${wide} `, '1940.6.1', '古楼', '139-1234-5678', '')).toMatchObject({ kind: 'elder', registration: { name: '张三', identity: { number: NUMBER }, phone: '13912345678', elderId: 'id-7' } });
    expect(read('古丽•买买提', NUMBER, '', '古楼')).toMatchObject({ registration: { name: '古丽·买买提' } });
    expect(read('\u{2CB69}三', NUMBER, '', '古楼')).toMatchObject({ registration: { name: '\u{2CB69}三' } });
  });

  test.each([
    [[text('张三'), number('3.7150219400601E+17'), null, text('古楼')], 'identity-digits-lost', 'identity'], [[text('张三'), number('371502194006010000'), null, text('古楼')], 'identity-digits-lost', 'identity'],
    [[text('张三'), text('371502194006011000'), null, text('古楼')], 'identity-digits-lost', 'identity'], [[text('张三'), text('371502400601001'), null, text('古楼')], 'identity-number-old', 'identity'],
    [[text('张三'), text('371502194006010011'), null, text('古楼')], 'identity-number-wrong', 'identity'], [[text('张三'), null, null, text('古楼')], 'identity-missing', 'identity'],
    [[text('\ue123三'), text(NUMBER), null, text('古楼')], 'name-own-sign', 'name'], [[text('?三'), text(NUMBER), null, text('古楼')], 'name-garbled', 'name'], [[null, text(NUMBER), null, text('古楼')], 'name-missing', 'name'],
    [[text('张三'), text(NUMBER), text('1940-06'), text('古楼')], 'date-wrong', 'born'], [[text('张三'), text(NUMBER), text('1940-06-02'), text('古楼')], 'birth-date-differs', 'born'],
    [[text('张三'), { kind: 'error', text: '#REF!', formula: true }, null, text('古楼')], 'cell-error', 'identity'], [[text('张三'), text(NUMBER), null, null], 'place-missing', 'residence'],
    [[text('张三'), text(NUMBER), null, text('古楼'), text('123')], 'phone-wrong', 'phone'], [[text('张三'), text(NUMBER), null, text('古楼'), null, text('贵宾')], 'category-unknown', 'category'],
  ] as [(Cell | null)[], string, string][])('%j is refused as %s', (cells, code, column) => expect(read(...cells)).toMatchObject({ kind: 'wrong', code, column }));

  it('may name nobody', () => {
    expect(read('', null, ' ', '')).toBeNull();
    expect(read('合 计', '', '12人')).toEqual({ kind: 'skipped', code: 'row-total', count: 12 });
    expect(read('填表人：某某', '')).toMatchObject({ kind: 'skipped', code: 'row-note' });
  });

  it('of a register needs its day', () => {
    const deaths: ReadContext = { ...context, columns: [{ index: 0, title: '证件号', field: 'identity' }, { index: 1, title: '死亡日期', field: 'died' }] };
    const fields = { from: 'died', to: null, place: null } as const;
    expect(readRegisterRow(row(3, NUMBER, '2024.11.5'), deaths, fields)).toMatchObject({ kind: 'register', from: '2024-11-05', to: null });
    expect(readRegisterRow(row(3, NUMBER, ''), deaths, fields)).toMatchObject({ code: 'date-missing' });
    expect(readRegisterRow(row(3, NUMBER, '2025-01-01'), deaths, fields)).toMatchObject({ code: 'date-ahead' });
  });
});

describe('a row against the registry', () => {
  const told = read('张三', NUMBER, '', '古楼', '', '低保') as ElderRow;
  const within = (code: string, wider: string): boolean => code.startsWith(wider);
  const known = (more: Partial<RegistryEntry> = {}): RegistryEntry => ({ elderId: 'known', sameName: true, samePhone: true, hukouCode: null, residenceCode: '371502001', died: null, here: true, categories: [], ...more });
  const held = { code: 'minLivingRecipient', grade: null, from: civilDate('2023-01-01'), to: null, source: '' };

  it('is new where nobody is known', () => expect(compareElder(told, null, null, within)).toMatchObject({ outcome: 'new', elderId: 'id-7' }));
  it('adds a class', () => expect(compareElder(told, known(), null, within)).toMatchObject({ outcome: 'changed', change: { moves: [], categories: [{ code: 'minLivingRecipient' }] } }));
  it('is no news where the class is held', () => expect(compareElder(told, known({ categories: [held] }), null, within)).toMatchObject({ outcome: 'unchanged' }));
  it('is no news where it names a wider place', () => expect(compareElder(told, known({ categories: [held], residenceCode: '371502001003' }), null, within)).toMatchObject({ outcome: 'unchanged' }));
  it('is a move to another place', () => expect(compareElder(told, known({ categories: [held], residenceCode: '371502002' }), null, within)).toMatchObject({ outcome: 'changed', change: { moves: [{ kind: 'residence', code: '371502001' }] } }));
  test.each([['name-differs', { sameName: false }], ['elder-died', { died: '2024-01-01' }], ['elder-elsewhere', { here: false }]])('is refused as %s', (code, more) => expect(compareElder(told, known(more), null, within)).toMatchObject({ outcome: 'wrong', code }));
  it('gives no card to who is known, and none that somebody has', () => {
    const carded = { ...told, registration: { ...told.registration, cardNumber: 'LC1' } };
    expect(compareElder(carded, null, 'other', within)).toMatchObject({ code: 'card-known' });
    expect(compareElder(carded, known(), null, within)).toMatchObject({ code: 'card-for-known' });
    expect(compareElder(carded, known({ categories: [held] }), 'known', within)).toMatchObject({ outcome: 'unchanged' });
  });
  it('contradicts a record of other days', () => {
    const dated = { ...told, datesGiven: true };
    expect(compareElder(dated, known({ categories: [{ ...held, from: civilDate('2024-12-02') }] }), null, within)).toMatchObject({ code: 'category-differs' });
  });
});

test('signs that nobody sees go', () => expect(plainText('\ufeff１２\u200b３\u3000 Ａ\u00a0')).toBe('123 A'));
