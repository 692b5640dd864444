import fc from 'fast-check';
import type { About } from './journal/entry.js';
import { dueOf, type Fate } from './journal/fate.js';
import { agree, ownShift } from './shift.js';

const amount = fc.integer({ min: 0, max: 10_000 });
const tender = fc.constantFrom('cash' as const, 'code' as const, 'balance' as const, 'booked' as const);
const sale = fc.record({ tender, selfPayFen: amount, subsidyFen: amount, heldFen: amount, isAccepted: fc.boolean(), isBack: fc.boolean() });
type Sale = typeof sale extends fc.Arbitrary<infer T> ? T : never;

const fateOf = ({ tender: by, selfPayFen, subsidyFen, heldFen, isAccepted }: Sale): Fate =>
  isAccepted ? { is: 'accepted', repeated: false, code: null, review: [], priceFen: selfPayFen + subsidyFen, selfPayFen, ...(by === 'booked' ? { dueFen: Math.max(0, selfPayFen - heldFen) } : {}) } : { is: 'refused', code: 'x', sentence: '' };

/** A journal of sales, those that are taken back right after each. */
function journalOf(sales: readonly Sale[]) {
  return sales.flatMap((one, index) => {
    const head = { madeAt: 0, prevHash: '', hash: '', sealed: null, takenFen: null, returned: false };
    const about = (more: object): About => ({ items: [], mealPeriod: 'lunch', ...more }) as unknown as About;
    const id = `s${index}`;
    const sold = { ...head, number: 2 * index + 1, id, about: about({ kind: 'sale', holder: 'card', tender: one.tender, priceFen: one.selfPayFen + one.subsidyFen }), fate: fateOf(one) };
    return one.isBack ? [sold, { ...head, number: 2 * index + 2, id: `v${index}`, about: about({ kind: 'void', tapId: id }), fate: { is: 'taken-back', returnedFen: one.selfPayFen } as Fate }] : [sold];
  });
}

it('the parts of a shift add up to what elders and guests paid, and the cash is what was taken over the counter', () => {
  fc.assert(fc.property(fc.array(sale, { maxLength: 30 }), (sales) => {
    const figures = ownShift(journalOf(sales), 1, 2 * sales.length);
    const { selfPayFen, cashFen, codeFen, balanceFen, bookedFen } = figures;
    expect(cashFen + codeFen + balanceFen + bookedFen).toBe(selfPayFen);
    const standing = sales.filter(({ isAccepted, isBack }) => isAccepted && !isBack);
    expect(selfPayFen).toBe(standing.reduce((sum, one) => sum + one.selfPayFen, 0));
    const taken = standing.flatMap((one) => (one.tender === 'cash' || one.tender === 'booked' ? [dueOf(fateOf(one) as Extract<Fate, { is: 'accepted' }>)] : []));
    expect(cashFen).toBe(taken.reduce((sum, one) => sum + one, 0));
    // What the booking's money covers, and no more of it.
    expect(bookedFen).toBe(standing.reduce((sum, one) => sum + (one.tender === 'booked' ? Math.min(one.selfPayFen, one.heldFen) : 0), 0));
    expect(agree(figures, { ...figures })).toBe(true);
  }), { numRuns: 500 });
});

it('shifts that follow each other make up the figures of all', () => {
  fc.assert(fc.property(fc.array(sale, { maxLength: 20 }), fc.nat(20), (sales, cut) => {
    const journal = journalOf(sales);
    const [all, first, second] = [ownShift(journal, 1, 40), ownShift(journal, 1, 2 * cut), ownShift(journal, 2 * cut + 1, 40)];
    for (const figure of Object.keys(all) as (keyof typeof all)[]) expect(first[figure] + second[figure]).toBe(all[figure]);
  }), { numRuns: 300 });
});
