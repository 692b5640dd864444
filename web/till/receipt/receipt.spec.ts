import { readReceiptCode } from '../../../src/till/domain/receipt-code.js';
import type { Listed } from '../view.js';
import { paidFen, receiptOf, sharesReceipt, type Issuer } from './receipt.js';

const ISSUER: Issuer = { terminalId: '0192f0aa-0000-7000-8000-000000000000', siteName: '东关幸福食堂', nameOf: (code) => (code === 'set' ? '套餐' : '汤'), checkAt: 'example.cn/receipt' };

function sale(change: Partial<Listed> = {}): Listed {
  return {
    number: 47, id: '0192f0aa-0000-7000-8000-000000000001', madeAt: Date.parse('2024-12-03T12:05:00+08:00'), prevHash: '0'.repeat(64), hash: '9e41b07a'.repeat(8),
    about: { kind: 'sale', holder: 'card', items: [{ itemCode: 'set', quantity: 1 }, { itemCode: 'soup', quantity: 2 }], mealPeriod: 'lunch', tender: 'cash', priceFen: 1900 },
    fate: { is: 'accepted', repeated: false, code: null, review: [], priceFen: 1900, selfPayFen: 1600 }, takenFen: 1600, returned: false, ...change,
  } as Listed;
}

it('says what was eaten and what was paid, and neither price nor subsidy', () => {
  const slip = receiptOf(sale(), ISSUER, 0);
  expect(slip).toMatchObject({ title: '东关幸福食堂', copy: null, figure: ['实付', '16 元'] });
  expect(slip?.rows).toEqual([['时间', '2024年12月3日 12:05'], ['单号', '第 47 笔'], ['套餐', '×1'], ['汤', '×2'], ['付款', '现金']]);
  expect(JSON.stringify(slip)).not.toMatch(/19 元|3 元|补/);
  expect(readReceiptCode(slip?.small[0]?.replace('校验码 ', '') ?? '')).toEqual({ terminalHead: '0192', journalNumber: 47, hashHead: '9e41b07a' });
});

it('is the same for a guest, a free meal and a full price, the figure aside', () => {
  const of = (selfPayFen: number, holder: 'card' | 'guest'): unknown => {
    const base = sale();
    const slip = receiptOf(sale({ takenFen: selfPayFen, about: { ...base.about, holder } as Listed['about'], fate: { ...base.fate, selfPayFen } as Listed['fate'] }), ISSUER, 0);
    return { ...slip, figure: slip?.figure?.[0] };
  };
  expect(of(0, 'card')).toEqual(of(1600, 'card'));
  expect(of(1900, 'guest')).toEqual(of(1600, 'card'));
});

it('marks copies with their count', () => {
  expect([0, 1, 12].map((copies) => receiptOf(sale(), ISSUER, copies)?.copy)).toEqual([null, '补打 第 1 次', '补打 第 12 次']);
});

it('knows what was paid, before and after the rest went back', () => {
  const accepted = sale({ takenFen: 1900 });
  expect(paidFen(accepted)).toBe(1900);
  expect(paidFen({ ...accepted, returned: true })).toBe(1600);
  expect(paidFen(sale({ fate: { is: 'unsent', tries: 0 }, takenFen: 1500 }))).toBe(1500);
  expect(paidFen(sale({ fate: { is: 'refused', code: 'x', sentence: '' } }))).toBeNull();
  expect(receiptOf(sale({ about: { kind: 'void', tapId: 'x' } }), ISSUER, 0)).toBeNull();
});

it('puts the shares on a slip of its own, once the service has said them', () => {
  expect(sharesReceipt(sale(), ISSUER)?.rows.slice(-3)).toEqual([['餐费', '19 元'], ['补贴', '3 元'], ['个人支付', '16 元']]);
  expect(sharesReceipt(sale({ fate: { is: 'unsent', tries: 0 } }), ISSUER)).toBeNull();
});
