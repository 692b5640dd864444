import { civilDate, civilMonth, fen } from '../../kernel/index.js';
import { account, accountParts, mealPostings, placeMonth, reversed, toTransfers, type BookMonth } from './index.js';

const SITE = '0192f0c0-0000-7000-8000-000000000001';
const months = (text: string): BookMonth[] => text.split(' ').filter(Boolean).map((word) => ({
  month: civilMonth(word.slice(0, 7)), state: word.endsWith('x') ? 'closed' : 'open',
}));

describe('placeMonth', () => {
  // An x marks a closed month.
  test.each([
    ['2024-12', '', '2024-12', false],
    ['2024-12', '2024-12', '2024-12', true],
    ['2024-12', '2024-12x 2025-01', '2025-01', true],
    ['2024-12', '2024-12x', '2025-01', false],
    ['2024-11', '2024-12x 2025-01', '2025-01', true],
    ['2024-12', '2024-12 2025-01', '2024-12', true],
    ['2024-12', '2025-01 2024-12x 2025-02', '2025-01', true],
    ['2024-12', '2025-02', '2024-12', false],
    ['2024-12', '2024-12x 2025-01x 2025-02', '2025-02', true],
  ])('a meal of %s with the months [%s] is booked in %s', (meal, known, month, isKnown) => {
    expect(placeMonth(civilMonth(meal), months(known))).toEqual({ month, known: isKnown });
  });
});

describe('accounts', () => {
  test.each([account.cash(SITE), account.due(SITE, 'county@371502'), account.borne(SITE), account.sales(SITE), account.approved(SITE, 'city@371500'), account.cut(SITE, 'city@371500'), account.paid('city@371500'), account.recovery(SITE), account.owed(SITE, 'county@371502'), account.repaid('city@371500')])(
    '%s can be taken apart', (name) => {
      const parts = accountParts(name);
      expect([parts.kind, parts.siteId, parts.funderCode].filter((part) => part !== null).join('/')).toBe(name);
    });

  test.each(['', 'cash', 'cash/', 'gold/x', 'due/x', 'cash/x/y', 'paid/x/y', 'repaid/x/y', 'owed/x', 'due/x/y/z'])('“%s” is no account', (name) => {
    expect(() => accountParts(name)).toThrow('not an account');
  });
});

describe('transfers of a meal', () => {
  const split = { selfPayFen: fen(700), siteBorneFen: fen(0), shares: [{ funderCode: 'city@371500', fen: fen(500) }, { funderCode: 'county@371502', fen: fen(300) }] };
  const head = { cityCode: '371500', bookedMonth: civilMonth('2024-12'), transferId: SITE, kind: 'meal' as const, siteId: SITE, mealDate: civilDate('2024-12-03'), causeId: SITE };

  test('sell the price against own share and funders, without rows of nothing', () => {
    const transfers = toTransfers(head, mealPostings(SITE, split));
    expect(transfers.map(({ leg, debitAccount, creditAccount, fen: amount }) => [leg, debitAccount, creditAccount, amount])).toEqual([
      [1, `cash/${SITE}`, `sales/${SITE}`, 700],
      [2, `due/${SITE}/city@371500`, `sales/${SITE}`, 500],
      [3, `due/${SITE}/county@371502`, `sales/${SITE}`, 300],
    ]);
  });

  test('and reversed leave every account at nothing', () => {
    const net = new Map<string, number>();
    const postings = mealPostings(SITE, split);
    for (const { debitAccount, creditAccount, fen: amount } of [...postings, ...reversed(postings)]) {
      net.set(debitAccount, (net.get(debitAccount) ?? 0) + amount);
      net.set(creditAccount, (net.get(creditAccount) ?? 0) - amount);
    }
    expect([...net.values()].every((amount) => amount === 0)).toBe(true);
  });
});
