import { civilDate } from '../../kernel/index.js';
import type { CategoryCode } from './categories.js';
import { normaliseName, readPhone, readRegistration, type RegistrationForm } from './registration.js';

const TODAY = civilDate('2024-12-03');
const FORM: RegistrationForm = { id: 'id', name: '张三', identityNumber: '11010519491231002x', residenceCode: '371502' };
const read = (more: Partial<RegistrationForm>) => readRegistration({ ...FORM, ...more }, TODAY);
const held = (from: string, to: string | null, code: CategoryCode = 'minLivingRecipient') => ({ code, from: civilDate(from), to: to === null ? null : civilDate(to), source: 's', evidence: 'e' });

describe('a registration form', () => {
  it('is brought into its one written form', () => {
    expect(read({ name: ' 张　三 ', phone: '+86 138-1234-5678', cardNumber: 'ab 12', categories: [held('2024-01-01', null)] })).toEqual({
      ok: true,
      value: {
        elderId: 'id', name: '张三', identity: { number: '11010519491231002X', born: '1949-12-31', sex: 'female' }, phone: '13812345678',
        hukouCode: null, residenceCode: '371502', cardNumber: 'AB12', categories: [{ ...held('2024-01-01', null), grade: null, kind: null }],
      },
    });
  });

  it.each<[string, Partial<RegistrationForm>]>([
    ['identity-number-wrong', { identityNumber: '110105194912310020' }],
    ['identity-number-old', { identityNumber: '110105491231002' }],
    ['birth-date-differs', { born: civilDate('1949-12-30') }],
    ['name-wrong', { name: '··' }],
    ['phone-wrong', { phone: '12345678901' }],
    ['card-number-wrong', { cardNumber: '12' }],
    ['place-missing', { residenceCode: null }],
    ['category-span-wrong', { categories: [held('2024-02-01', '2024-01-31')] }],
    ['category-span-wrong', { categories: [held('1949-12-30', null)] }],
    ['category-grade-wrong', { categories: [held('2024-01-01', null, 'disability')] }],
    ['category-grade-wrong', { categories: [{ ...held('2024-01-01', null, 'disability'), grade: '5' }] }],
    ['category-grade-wrong', { categories: [{ ...held('2024-01-01', null), kind: 'limb' }] }],
    ['category-overlaps', { categories: [held('2024-01-01', '2024-06-30'), held('2024-06-30', null)] }],
  ])('is refused with %s', (code, more) => expect(read(more)).toMatchObject({ ok: false, code }));

  it('takes one category in two spans, and two categories in one', () => {
    expect(read({ categories: [held('2024-01-01', '2024-06-30'), held('2024-07-01', null), { ...held('2024-01-01', null), code: 'livingAlone' }] }).ok).toBe(true);
  });
});

describe('names and telephones', () => {
  it.each([['古丽•买买提', '古丽·买买提'], ['古丽・买买提', '古丽·买买提'], ['John  Smith', 'John Smith']])('%s is %s', (text, name) => expect(normaliseName(text)).toBe(name));
  it.each([['13812345678', '13812345678'], ['0635-8123456', '06358123456'], ['１３８１２３４５６７８', '13812345678'], ['110', null], ['23812345678', null]])('%s is %s', (text, phone) => expect(readPhone(text)).toBe(phone));
});
