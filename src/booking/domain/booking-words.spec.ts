import { chinaInstant, civilDate, fen, NO_FEN } from '../../kernel/index.js';
import { handOut, type HandOut, type WaitingBooking } from './booking.js';
import { closesAt, givenUpAt, namesSomebody, USUAL_HOURS } from './hours.js';
import { looksLikePickUp, pickUpCode, readPickUpCode, spacedCode } from './pick-up-code.js';

const DAY = civilDate('2024-12-04');
const CODE = pickUpCode({ monthDay: '1204', number: 12 }, 'f00dfeed0123456789');
const LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ';

describe('a pick-up code', () => {
  it('is read as readers and people type it', () => {
    expect(CODE).toMatch(/^YD12040012[A-Z]{5}$/);
    for (const text of [CODE, CODE.toLowerCase(), spacedCode(CODE), ` ${spacedCode(CODE)} `]) expect(readPickUpCode(text)).toBe(CODE);
    expect([CODE, spacedCode(CODE), 'yd12'].map(looksLikePickUp)).toEqual([true, true, true]);
    expect(['LC00000001', 'YDA', 'xf1.YD12'].map(looksLikePickUp)).toEqual([false, false, false]);
  });

  it('shows every slip of one sign and every swap of two neighbours', () => {
    for (let place = 2; place < CODE.length; place += 1) {
      for (const sign of /\d/.test(CODE[place] as string) ? '0123456789' : LETTERS) {
        if (sign !== CODE[place]) expect(readPickUpCode(CODE.slice(0, place) + sign + CODE.slice(place + 1))).toBeNull();
      }
      const swapped = CODE.slice(0, place) + (CODE[place + 1] ?? '') + (CODE[place] as string) + CODE.slice(place + 2);
      if (swapped !== CODE) expect(readPickUpCode(swapped)).toBeNull();
    }
  });
});

describe('handing out', () => {
  const booking = (over: Partial<WaitingBooking> = {}): WaitingBooking => ({ bookingId: 'b', elderId: 'e', siteId: 's', mealDate: DAY, state: 'open', heldFen: NO_FEN, keptFen: NO_FEN, orderId: null, ...over });
  const sale = (over: Partial<HandOut> = {}): HandOut => ({ tapId: 't', bookingId: 'b', elderId: 'e', siteId: 's', mealDate: DAY, ahead: null, ...over });

  it('gives a booking to the first sale, and flags the next', () => {
    const { collected, flags } = handOut([booking()], [sale(), sale({ tapId: 'u' })]);
    expect(collected).toEqual([{ bookingId: 'b', tapId: 't', orderId: null, excusedFen: 0, usedFen: 0, refundFen: 0 }]);
    expect([...flags]).toEqual([['u', ['booking-taken']]]);
  });

  it('counts what a no-show had cost as held, for a sale of its own', () => {
    const missed = booking({ state: 'noShow', keptFen: fen(500), orderId: 'o' });
    expect(handOut([missed], [sale()]).collected).toEqual([{ bookingId: 'b', tapId: 't', orderId: 'o', excusedFen: 500, usedFen: 0, refundFen: 500 }]);
    const ahead = { selfPayFen: fen(1200), toldFen: fen(1200) };
    const { collected, flags } = handOut([missed], [sale({ ahead })]);
    expect([collected, flags.get('t')]).toEqual([[{ bookingId: 'b', tapId: 't', orderId: 'o', excusedFen: 500, usedFen: 500, refundFen: 0 }], ['booking-short']]);
  });

  it.each<[string, Partial<WaitingBooking>, Partial<HandOut>, string | undefined]>([
    ['given up, by a sale that comes late', { state: 'noShow' }, {}, undefined],
    ['collected', { state: 'collected' }, {}, 'booking-taken'],
    ['cancelled', { state: 'cancelled' }, {}, 'booking-cancelled'],
    ['unknown', {}, { bookingId: 'x' }, 'booking-taken'],
    ['somebody else’s', {}, { elderId: 'f' }, 'booking-taken'],
    ['of another site', {}, { siteId: 'r' }, 'booking-taken'],
    ['of another day', {}, { mealDate: civilDate('2024-12-05') }, 'booking-taken'],
    ['shown by nobody', {}, { elderId: null }, 'booking-taken'],
  ])('a booking that is %s', (_, of, by, flag) => {
    const { collected, flags } = handOut([booking(of)], [sale(by)]);
    expect(flags.get('t')).toEqual(flag === undefined ? undefined : [flag]);
    expect(collected.length).toBe(flag === undefined ? 1 : 0);
  });
});

it('closes before the meal or on the day before, and gives up an hour after it', () => {
  expect(closesAt(USUAL_HOURS.lunch, DAY)).toBe(chinaInstant(DAY, 9 * 60));
  expect(closesAt(USUAL_HOURS.breakfast, DAY)).toBe(chinaInstant(civilDate('2024-12-03'), 18 * 60));
  expect(givenUpAt(USUAL_HOURS.lunch, DAY)).toBe(chinaInstant(DAY, 14 * 60 + 30));
});

it('finds numbers of people in notes, and no portions', () => {
  expect(['13800000000', '打 138 0000 0000', '０６３５-８２３４５６７'].map(namesSomebody)).toEqual([true, true, true]);
  expect(['少盐', '12 点送到', '3 号楼 402'].map(namesSomebody)).toEqual([false, false, false]);
});
