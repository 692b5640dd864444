import { jest } from '@jest/globals';
import type { TillBooking } from '../../src/till/domain/booked.js';
import { freshCart, offerOf, type PriceList } from './cart/cart.js';
import { UNKNOWN, type Judged, type Question } from './decide.js';
import type { Entry, Sale } from './journal/entry.js';
import type { Fate } from './journal/fate.js';
import type { LinkState } from './journal/sender.js';
import { SaleDesk } from './sale.js';
import { Board } from './view.js';

const list = { version: 1, effectiveFrom: '2024-01-01', effectiveTo: null, prices: [{ itemCode: 'set', name: '套餐', mealPeriod: 'lunch', fen: 1500, elderSet: false }] } as unknown as PriceList;
const offer = offerOf(list, 'lunch');
const split = { selfPayFen: 1200, subsidyFen: 300 };
const known: Judged = { ...UNKNOWN, split, person: { surname: '张', title: 'f', regular: true, photo: null }, trace: { handle: 'h', mealDate: '2024-12-03', uses: [], subsidyFen: 300 } };
const accepted: Fate = { is: 'accepted', repeated: false, code: null, review: [], priceFen: 1500, selfPayFen: 1200, subsidyFen: 300 };
const card = { kind: 'card', number: 'LC1' } as const;
const away: LinkState = { is: 'away', why: 'network', since: 0 };

/** A desk with what it asked for and wrote. `fate`: what the service says in time; null where it does not. */
function desk(judged: Judged, fate: Fate | null, state: LinkState = { is: 'online' }) {
  const seen = { sales: [] as Sale[], backs: [] as string[], waits: [] as number[], questions: [] as Question[], notes: [] as object[], collected: [] as [string, number][], paid: true, kicks: 0, now: 1_000 };
  const board = new Board();
  const entry: Entry = { number: 1, id: 'i', madeAt: 0, about: { kind: 'void', tapId: '' }, prevHash: '', hash: '', sealed: null, fate: { is: 'unsent', tries: 0 }, takenFen: null, returned: false };
  const made = new SaleDesk({
    board, now: () => seen.now, sold: () => undefined,
    journal: {
      sell: async (sale) => {
        seen.sales.push(sale);
        return { ...entry, number: seen.sales.length, ...(sale.shown === undefined ? {} : { shown: sale.shown }) };
      },
      takeBack: async ({ tapId }) => {
        seen.backs.push(tapId);
        return { ...entry, number: seen.sales.length + 1, about: { kind: 'void', tapId } };
      },
      note: async (_number, what) => {
        seen.notes.push(what);
        return entry;
      },
    },
    sender: {
      state,
      fateOf: async (_number, ms) => {
        seen.waits.push(ms);
        return fate;
      },
      kick: async () => {
        seen.kicks += 1;
      },
    },
    paying: {
      collect: async (tapId, fen) => {
        seen.collected.push([tapId, fen]);
        return seen.paid;
      },
    },
    people: { presenceFor: async () => null, behind: () => null },
    decide: async (question) => {
      seen.questions.push(question);
      return judged;
    },
  }, jest.fn());
  return { seen, board, sellBooked: (booking: TillBooking) => made.sell({ credential: card }, freshCart(offer, 'cash'), offer, booking), sell: (credential: Sale['credential'] = card, tender: Sale['tender'] = 'cash') => made.sell({ credential }, freshCart(offer, tender), offer) };
}

describe('with a network', () => {
  it('says what the service says, and shows nothing before', async () => {
    const { seen, sell, board } = desk(known, accepted);
    expect(await sell()).toMatchObject({ is: 'done', payFen: 1200, open: false });
    expect(seen).toMatchObject({ waits: [700], notes: [{ takenFen: 1200 }] });
    expect(seen.sales[0]?.shown).toBeUndefined();
    expect(board.view().person?.surname).toBe('张');
  });

  it('says the roster’s word where the answer is late, keeps it as told, and waits for nobody for half a minute', async () => {
    const { seen, sell } = desk(known, null);
    expect(await sell()).toMatchObject({ is: 'done', payFen: 1200, open: false });
    expect(seen.notes).toEqual([{ takenFen: 1200, told: split }]);
    seen.now += 29_999;
    await sell();
    expect(seen.waits).toEqual([700]);
    expect(seen.sales.map(({ shown }) => shown ?? null)).toEqual([null, split]);
    expect(seen.kicks).toBe(2);
    seen.now += 30_001;
    await sell();
    expect(seen.waits).toEqual([700, 700]);
  });

  it('waits longer for a stranger, takes the bill, and tells the service nothing', async () => {
    const { seen, sell } = desk(UNKNOWN, null);
    expect(await sell()).toMatchObject({ is: 'done', payFen: 1500, open: true });
    expect(seen).toMatchObject({ waits: [3_000], notes: [{ takenFen: 1500 }] });
    expect(seen.notes[0]).not.toHaveProperty('told');
  });

  it('asks for a person where the service does not take the card, or the sale', async () => {
    expect(await desk(known, { ...accepted, code: 'card-lost', selfPayFen: 1500 }).sell()).toMatchObject({ is: 'wait', payFen: 1500 });
    const refused = await desk(known, { is: 'refused', code: 'site-not-open', sentence: '未营业。' }).sell();
    expect(refused).toEqual({ is: 'wait', sentence: '未营业。', next: '按“确认”继续。' });
  });

  it('says softly that somebody ate already', async () => {
    expect(await desk(known, { ...accepted, code: 'second-meal-today', selfPayFen: 1500 }).sell()).toMatchObject({ is: 'done', second: true, payFen: 1500 });
  });
});

describe('a meal that was paid when it was booked', () => {
  const booking = { id: 'b', h: 'h', c: 'c', no: 1, d: '2024-12-03', p: 'lunch', w: 'dineIn', s: 'open', i: [], f: 1200, n: 'n' } as unknown as TillBooking;
  const handOut = (fate: Fate | null, state?: LinkState, f = 1200) => {
    const { seen, sellBooked } = desk(known, fate, state);
    return sellBooked({ ...booking, f }).then((outcome) => ({ seen, outcome }));
  };

  it('asks for nothing, or for what is missing in cash, by the service’s word', async () => {
    const whole = await handOut({ ...accepted, dueFen: 0 });
    expect(whole.outcome).toMatchObject({ is: 'done', tender: 'booked', paid: true, payFen: 1200 });
    expect(whole.seen).toMatchObject({ sales: [{ tender: 'booked', bookingId: 'b' }], notes: [{ takenFen: 0 }] });
    const part = await handOut({ ...accepted, selfPayFen: 1500, dueFen: 300 });
    expect(part.outcome).toMatchObject({ payFen: 300, aheadFen: 1200 });
    expect(part.outcome).not.toHaveProperty('paid');
  });

  it('tells by its own list without a network, and says what it counted on', async () => {
    const { seen, outcome } = await handOut(null, away, 1000);
    expect(outcome).toMatchObject({ payFen: 200, aheadFen: 1000, open: false });
    expect(seen.sales[0]).toMatchObject({ paidFen: 1000, shown: split, tender: 'booked' });
    expect(seen.notes).toEqual([{ takenFen: 200 }]);
  });

  it('is sold like any other where nothing was paid', async () => {
    const { seen, outcome } = await handOut(accepted, undefined, 0);
    expect(outcome).toMatchObject({ tender: 'cash', payFen: 1200 });
    expect(seen.sales[0]).not.toHaveProperty('paidFen');
  });
});

describe('by balance', () => {
  it('waits for the service, shows and tells nothing by itself, and says what was taken', async () => {
    const { seen, sell } = desk(known, accepted);
    expect(await sell(card, 'balance')).toMatchObject({ is: 'done', payFen: 1200, tender: 'balance' });
    expect(seen).toMatchObject({ waits: [3_000], backs: [], notes: [{ takenFen: 1200 }] });
    expect(seen.sales[0]).toMatchObject({ tender: 'balance' });
    expect(seen.sales[0]?.shown).toBeUndefined();
  });

  it('takes the sale back where no answer comes, and asks for cash', async () => {
    const { seen, sell } = desk(known, null);
    expect(await sell(card, 'balance')).toMatchObject({ is: 'wait', next: expect.stringContaining('现金') });
    expect(seen).toMatchObject({ backs: ['i'], notes: [] });
  });

  it('takes nothing back where the service says no', async () => {
    const { seen, sell } = desk(known, { is: 'refused', code: 'balance-too-low', sentence: '余额不足。' });
    expect(await sell(card, 'balance')).toMatchObject({ is: 'wait', sentence: '余额不足。' });
    expect(seen.backs).toEqual([]);
  });
});

describe('without a network', () => {
  it('decides at once, and writes what it showed into the deed', async () => {
    const { seen, sell } = desk({ ...known, second: true }, null, away);
    expect(await sell()).toMatchObject({ is: 'done', payFen: 1200, open: false, second: true });
    expect(seen).toMatchObject({ waits: [], sales: [{ shown: split }], questions: [{ away: true, priceFen: 1500 }] });
  });

  it('takes the bill where it may not say, and shows nothing', async () => {
    const { seen, sell } = desk({ ...known, split: null }, null, away);
    expect(await sell()).toMatchObject({ is: 'done', payFen: 1500, open: true });
    expect(seen.sales[0]?.shown).toBeUndefined();
  });

  it('takes a lost card as none, with its sentence', async () => {
    expect(await desk({ ...UNKNOWN, trouble: 'card-lost' }, null, away).sell()).toMatchObject({ is: 'wait', payFen: 1500, sentence: '这张卡已挂失' });
  });

  it('sells to guests as ever', async () => {
    const { seen, sell } = desk({ ...UNKNOWN, split: { selfPayFen: 1500, subsidyFen: 0 } }, null, away);
    expect(await sell({ kind: 'guest' })).toMatchObject({ is: 'done', payFen: 1500, open: false, holder: 'guest' });
    expect(seen.sales[0]?.shown).toEqual({ selfPayFen: 1500, subsidyFen: 0 });
  });
});

describe('by WeChat', () => {
  /** A till of a site whose operator takes payment codes. */
  function offered(fate: Fate | null, paid = true) {
    const made = desk(known, fate);
    made.board.show({ payCode: true });
    made.seen.paid = paid;
    return made;
  }

  it('records first, charges the own share after it, and then says that all is well', async () => {
    const { seen, sell } = offered(accepted);
    expect(await sell(card, 'code')).toMatchObject({ is: 'done', payFen: 1200, paid: true });
    expect(seen).toMatchObject({ collected: [['i', 1200]], backs: [], notes: [{ takenFen: 1200 }] });
  });

  it('takes the sale back where the money does not come, and says so', async () => {
    const { seen, sell } = offered(accepted, false);
    expect(await sell(card, 'code')).toMatchObject({ is: 'wait', sentence: expect.stringContaining('微信没有付成') });
    expect(seen).toMatchObject({ backs: ['i'], notes: [] });
  });

  it('charges nobody for a sale without an answer, nor for one that costs nothing, nor for one that was refused', async () => {
    const unheard = offered(null);
    expect(await unheard.sell(card, 'code')).toMatchObject({ is: 'wait' });
    expect(unheard.seen).toMatchObject({ collected: [], backs: ['i'] });
    const free = offered({ ...accepted, selfPayFen: 0, subsidyFen: 1500 });
    expect(await free.sell(card, 'code')).toMatchObject({ is: 'done', payFen: 0 });
    const refused = offered({ is: 'refused', code: 'code-used', sentence: '这个用餐码已经用过了' } as unknown as Fate);
    expect(await refused.sell(card, 'code')).toMatchObject({ is: 'wait', sentence: '这个用餐码已经用过了' });
    expect([...free.seen.collected, ...free.seen.backs, ...refused.seen.collected, ...refused.seen.backs]).toEqual([]);
  });

  it('is what it always was where no operator takes it', async () => {
    const { seen, sell } = desk(known, accepted);
    expect(await sell(card, 'code')).not.toHaveProperty('paid');
    expect(seen.collected).toEqual([]);
  });
});
