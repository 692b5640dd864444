import { jest } from '@jest/globals';
import type { TillBooking } from '../../src/till/domain/booked.js';
import type { TillRow } from '../../src/till/domain/roster.js';
import { offlineText } from '../../src/till/domain/eating-code.js';
import { freshCart, offerOf, type PriceList } from './cart/cart.js';
import { Counter, type Tools } from './counter.js';
import { UNKNOWN } from './decide.js';
import type { Entry, Sale } from './journal/entry.js';
import type { Fate } from './journal/fate.js';
import { Away } from './journal/link.js';
import { Board } from './view.js';

const offer = offerOf({ version: 1, effectiveFrom: '2024-01-01', effectiveTo: null, prices: [{ itemCode: 'set', name: '套餐', mealPeriod: 'lunch', fen: 1500, elderSet: false }] } as unknown as PriceList, 'lunch');
const booking = { id: 'b', h: 'handle', c: 'c', no: 7, d: '2024-12-03', p: 'lunch', w: 'dineIn', s: 'open', i: [{ itemCode: 'set', name: '套餐', quantity: 2 }], f: 2700, n: 'n' } as unknown as TillBooking;
const row = { h: 'handle' } as TillRow;
const accepted: Fate = { is: 'accepted', repeated: false, code: null, review: [], priceFen: 3000, selfPayFen: 2700, subsidyFen: 300, dueFen: 0 };

/** A counter with its bill; `later`: the booking comes to be known with the next reading of the list; `away`: which fails. */
function counter({ online = true, later = false, away = false } = {}) {
  const board = new Board();
  board.show({ phase: 'selling', offer, cart: freshCart(offer), kept: true, link: online ? { is: 'online' } : { is: 'away', why: 'network', since: 0 } });
  const seen = { sales: [] as Sale[], refreshed: 0 };
  let known = !later;
  const byHandle = (handle: string): TillBooking | null => (known && handle === booking.h ? booking : null);
  const entry: Entry = { number: 1, id: 'i', madeAt: 0, about: { kind: 'void', tapId: '' }, prevHash: '', hash: '', sealed: null, fate: { is: 'unsent', tries: 0 }, takenFen: null, returned: false };
  const tools = {
    board, now: () => 0, sold: () => undefined, decide: async () => UNKNOWN, sounds: { play: () => undefined },
    journal: {
      sell: async (sale: Sale, about: Entry['about']) => {
        seen.sales.push(sale);
        return { ...entry, about };
      },
      note: async () => entry,
    },
    sender: { state: board.view().link, fateOf: async () => accepted, kick: async () => undefined },
    people: { press: () => false, scanned: () => false, presenceFor: async () => null, behind: (note: string) => (note === 'found' ? { row } : null) },
    roster: { siteTrouble: null },
    redeem: async () => ({ note: 'shown', row }),
    bookings: {
      byHandle, byCard: async (number: string) => byHandle(number === 'LC1' ? booking.h : ''), lines: () => [],
      refresh: async () => {
        seen.refreshed += 1;
        if (away) throw new Away('network');
        known = true;
      },
    },
  } as unknown as Tools;
  const made = new Counter(tools);
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    made.dismiss();
  };
  return { made, board, seen, settled };
}

const EATING_CODE = offlineText(123_456_789, '123456');

beforeAll(() => jest.useFakeTimers());
afterAll(() => jest.useRealTimers());

const paidAhead = { bookingId: 'b', tender: 'booked', items: [{ itemCode: 'set', quantity: 2 }] };

describe('what was booked is handed out, and never sold a second time', () => {
  it('to an elder who forgot the card and was found by name', async () => {
    const { made, seen, settled } = counter();
    made.sellEntered({ kind: 'entered', note: 'found' });
    await settled();
    expect(seen.sales).toMatchObject([{ ...paidAhead, credential: { kind: 'entered', note: 'found' } }]);
  });

  it('to whoever booked by telephone after the list was read, and shows it at once', async () => {
    const { made, seen, settled } = counter({ later: true });
    made.scan(EATING_CODE);
    await settled();
    expect(seen).toMatchObject({ refreshed: 1, sales: [{ ...paidAhead, credential: { kind: 'code', note: 'shown' } }] });
  });

  it('by what is known, where the list cannot be read just now; a card waits for no reading', async () => {
    const silent = counter({ away: true });
    silent.made.scan(EATING_CODE);
    await silent.settled();
    const card = counter();
    card.made.scan('LC1');
    await card.settled();
    expect([...silent.seen.sales, ...card.seen.sales]).toMatchObject([paidAhead, paidAhead]);
    expect(card.seen.refreshed).toBe(0);
  });

  it('with its number and what was booked before the cashier’s eyes, until the next sale', async () => {
    const { made, board, settled } = counter();
    made.scan('LC1');
    await settled();
    expect(board.view()).toMatchObject({ outcome: { is: 'none' }, handed: { number: 7, items: [{ name: '套餐', quantity: 2 }] } });
    made.press('Enter');
    await settled();
    expect(board.view().handed).toBeNull();
  });
});
