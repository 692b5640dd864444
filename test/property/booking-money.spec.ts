import fc from 'fast-check';
import { cover, handOut, keptOf, type HandOut, type WaitingBooking } from '../../src/booking/domain/index.js';
import { civilDate, fen, NO_FEN, sumFen, type Fen } from '../../src/kernel/index.js';

const DAY = civilDate('2024-12-04');
const amount = fc.integer({ min: 0, max: 100_000 }).map(fen);

it('what was paid is the own share that it covers and what goes back; the own share is what is covered and what is due', () => {
  fc.assert(fc.property(amount, amount, fc.option(amount), (heldFen, selfPayFen, toldFen) => {
    const { usedFen, refundFen, dueFen, isShort } = cover(heldFen, selfPayFen, toldFen);
    expect(usedFen + refundFen).toBe(heldFen);
    // Told by a till that knew the booking, nothing is left over; never is more used or due than the own share.
    expect(usedFen + dueFen).toBeLessThanOrEqual(selfPayFen);
    expect(isShort).toBe(usedFen + dueFen < selfPayFen);
    if (toldFen === null) expect([isShort, dueFen]).toEqual([false, Math.max(0, selfPayFen - heldFen)]);
    if (toldFen !== null) expect(dueFen).toBe(Math.max(0, selfPayFen - toldFen));
  }), { numRuns: 300 });
});

it('a no-show costs no more than was paid, nor than the rule’s limit', () => {
  fc.assert(fc.property(amount, fc.integer({ min: 0, max: 100 }), fc.option(amount), (paidFen, keptPercent, mostFen) => {
    const kept = keptOf(paidFen, { keptPercent, mostFen });
    expect(kept).toBeGreaterThanOrEqual(0);
    expect(kept).toBeLessThanOrEqual(Math.min(mostFen ?? paidFen, (paidFen * keptPercent) / 100));
    expect(keptOf(paidFen, null)).toBe(0);
  }));
});

const booking = fc.record({ bookingId: fc.constantFrom('a', 'b', 'c'), state: fc.constantFrom('open' as const, 'collected' as const, 'cancelled' as const, 'noShow' as const), amount })
  .map(({ bookingId, state, amount: some }): WaitingBooking => ({ bookingId, state, elderId: 'e', siteId: 's', mealDate: DAY, heldFen: state === 'open' ? some : NO_FEN, keptFen: state === 'noShow' ? some : NO_FEN, orderId: 'o' }));
const sale = fc.record({ bookingId: fc.constantFrom('a', 'b', 'c', 'x'), elderId: fc.constantFrom('e', null), ahead: fc.option(fc.record({ selfPayFen: amount, toldFen: fc.constant(null) })) });

it('a batch of sales gives each booking’s money away once', () => {
  fc.assert(fc.property(fc.uniqueArray(booking, { selector: (one) => one.bookingId }), fc.array(sale, { maxLength: 8 }), (bookings, bills) => {
    const sales = bills.map((bill, index): HandOut => ({ ...bill, tapId: `t${index}`, siteId: 's', mealDate: DAY }));
    const { collected, dueFen } = handOut(bookings, sales);
    expect(new Set(collected.map(({ bookingId }) => bookingId)).size).toBe(collected.length);
    const taken = new Set(collected.map(({ bookingId }) => bookingId));
    const held = (of: readonly WaitingBooking[]): Fen => sumFen(of.flatMap(({ heldFen, keptFen }) => [heldFen, keptFen]));
    expect(sumFen(collected.map(({ usedFen, refundFen }) => fen(usedFen + refundFen)))).toBe(held(bookings.filter(({ bookingId }) => taken.has(bookingId))));
    for (const { tapId, ahead } of sales) {
      const used = collected.find((one) => one.tapId === tapId)?.usedFen ?? 0;
      if (ahead === null) expect([used, dueFen.has(tapId)]).toEqual([0, false]);
      else expect(used + (dueFen.get(tapId) ?? 0)).toBe(ahead.selfPayFen);
    }
  }), { numRuns: 300 });
});
