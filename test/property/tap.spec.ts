import fc from 'fast-check';
import { chinaInstant, civilDate, fen } from '../../src/kernel/index.js';
import { mealPostings, reversed, toTransfers } from '../../src/ledger/domain/index.js';
import { addUses, type Use } from '../../src/subsidy/domain/index.js';
import { billOf } from '../../src/menu/domain/index.js';
import { byMealTime, decideTap, decideTaps, type Tap, type TapFacts, type TapPlan } from '../../src/tap/domain/index.js';
import { always, ELDER, fixed, FUNDERS, makeClass, makeRule, makeVersion, SITE } from '../support/make-version.js';

const DAY = civilDate('2024-12-03');
const NOON = chinaInstant(DAY, 720);
const HOUR = 3_600_000;

/** Half of the bill up to four yuan, once a day and ten yuan a month, over three funders by odd weights. */
const VERSION = makeVersion([
  makeRule({
    classes: [makeClass({ amounts: always({ form: 'percentage', basisPoints: 5000, capFen: fen(400), of: 'paid', rounding: 'half-up' }) })],
    funding: { by: 'weights', cut: 'proportional', parts: FUNDERS.map(({ code }, index) => ({ funder: code, fen: null, weight: index + 2, lostWhenSiteOutside: null })) },
    limits: [{ per: 'day', count: 1, fen: null, partly: false }, { per: 'month', count: null, fen: fen(1000), partly: true }],
  }),
  makeRule({ id: 'test/extra', countsAs: 'test/extra', group: 'extra', classes: [makeClass({ amounts: always(fixed(1)) })], onlyWithSubsidy: true }),
]);

interface Entry {
  readonly tap: Tap;
  readonly facts: TapFacts;
}

/** What stands on the bill besides a whole set. */
const quantity = fc.integer({ min: 1, max: 3 });
const along = fc.oneof(
  { weight: 4, arbitrary: fc.record({ quantity, for: fc.constantFrom('relative' as const, 'guest' as const) }, { requiredKeys: ['quantity'] }) },
  { weight: 1, arbitrary: fc.record({ quantity, half: fc.constant(true as const), for: fc.constant('relative' as const) }, { requiredKeys: ['quantity', 'half'] }) },
);

const entry = fc.record({
  elder: fc.constantFrom('e1', 'e2', null),
  minutes: fc.integer({ min: 0, max: 3 * 24 * 60 }),
  price: fc.integer({ min: 0, max: 3000 }),
  kinds: fc.record({ guestFen: fc.integer({ min: 0, max: 4000 }), relativeFen: fc.option(fc.integer({ min: 0, max: 4000 })), halfFen: fc.integer({ min: 1, max: 1500 }) }, { requiredKeys: [] }),
  along: fc.array(along, { maxLength: 3 }),
  own: fc.boolean(),
  terminal: fc.constantFrom('a', 'b'),
  offline: fc.boolean(),
  late: fc.integer({ min: 0, max: 100 * HOUR }),
  lost: fc.boolean(),
  open: fc.boolean(),
  shown: fc.option(fc.record({ selfPayFen: fc.integer({ min: 0, max: 3500 }), subsidyFen: fc.integer({ min: 0, max: 900 }) }), { nil: null }),
});

function toEntries(rows: readonly (typeof entry extends fc.Arbitrary<infer T> ? T : never)[]): Entry[] {
  return rows.map((row, index): Entry => {
    const deviceTime = NOON + row.minutes * 60_000;
    const tap: Tap = {
      tapId: `t${index}`, terminalId: row.terminal, siteId: 's', items: [...(row.own || row.along.length === 0 ? [{ itemCode: 'set', quantity: 1 }] : []), ...row.along.map((item) => ({ itemCode: 'set', ...item }))], priceListVersion: 1, mealPeriod: 'lunch',
      deviceTime, receivedAt: deviceTime + row.late, offline: row.offline, journalNumber: index + 1, tender: 'cash',
      shown: row.shown === null ? null : { selfPayFen: fen(row.shown.selfPayFen), subsidyFen: fen(row.shown.subsidyFen) }, handle: row.elder,
    };
    const holder = row.elder === null ? null : {
      cardId: `card-${row.elder}`, cardState: row.lost ? 'lost' : 'active', stateSince: 0, lostAt: row.lost ? NOON : null, elderId: row.elder, elder: ELDER,
    };
    return {
      tap,
      facts: {
        site: { state: row.open ? 'open' : 'closed', licenceValid: true, kind: 'canteen', supplyMode: null, path: SITE.division, operatorId: null, payeeId: null },
        prices: { effectiveFrom: DAY, effectiveTo: null, prices: [{ itemCode: 'set', mealPeriod: null, fen: fen(row.price), ...row.kinds }] },
        holder, version: holder === null ? null : VERSION, workday: true, chainHolds: true,
      },
    };
  });
}

const batch = fc.array(entry, { minLength: 1, maxLength: 24 }).map(toEntries);
const planBy = (entries: readonly Entry[]): Map<string, TapPlan> => {
  const plans = decideTaps(entries, new Map());
  return new Map(entries.map(({ tap }, index) => [tap.tapId, plans[index] as TapPlan]));
};

test('the parts of every meal add up to its price, none below nothing, and its transfers balance', () => {
  fc.assert(fc.property(batch, (entries) => {
    for (const [tapId, plan] of planBy(entries)) {
      if (plan.kind !== 'accepted') continue;
      expect(plan.selfPayFen + plan.subsidyFen + plan.siteBorneFen).toBe(plan.priceFen);
      expect(plan.shares.reduce((sum, share) => sum + share.fen, 0)).toBe(plan.subsidyFen);
      expect(Math.min(plan.selfPayFen, plan.subsidyFen, plan.siteBorneFen, ...plan.shares.map((share) => share.fen))).toBeGreaterThanOrEqual(0);
      expect(plan.subsidyFen === 0 || plan.elderId !== null).toBe(true);
      const postings = mealPostings('s', plan);
      const head = { cityCode: '371500', bookedMonth: '2024-12' as never, transferId: tapId, kind: 'meal' as const, siteId: 's', mealDate: DAY, causeId: tapId };
      const transfers = [...toTransfers(head, postings), ...toTransfers(head, reversed(postings))];
      const net = new Map<string, number>();
      for (const { debitAccount, creditAccount, fen: amount } of transfers) {
        net.set(debitAccount, (net.get(debitAccount) ?? 0) + amount);
        net.set(creditAccount, (net.get(creditAccount) ?? 0) - amount);
      }
      expect([...net.values()].filter((amount) => amount !== 0)).toEqual([]);
      expect(toTransfers(head, postings).reduce((sum, transfer) => sum + transfer.fen, 0)).toBe(plan.priceFen);
    }
  }), { numRuns: 300 });
});

test('balances pay own shares in the order of the meals, and never more than they hold', () => {
  const tenders = fc.infiniteStream(fc.boolean());
  fc.assert(fc.property(batch, tenders, fc.record({ e1: fc.integer({ min: 0, max: 6000 }), e2: fc.integer({ min: 0, max: 6000 }) }), (entries, dice, holds) => {
    const paid = entries.map(({ tap, facts }): Entry => {
      const elderId = facts.holder?.elderId as 'e1' | 'e2' | undefined;
      return dice.next().value ? { tap: { ...tap, tender: 'balance' }, facts: { ...facts, balanceFen: fen(elderId === undefined ? 0 : holds[elderId]) } } : { tap, facts };
    });
    const plans = planBy(paid);
    const left = new Map<string, number>(Object.entries(holds));
    for (const { tap } of [...paid].sort((a, b) => byMealTime(a.tap, b.tap))) {
      const plan = plans.get(tap.tapId);
      if (tap.tender !== 'balance' || plan?.kind !== 'accepted') continue;
      expect(plan.elderId).not.toBeNull();
      left.set(plan.elderId ?? '', (left.get(plan.elderId ?? '') ?? 0) - plan.selfPayFen);
      expect(left.get(plan.elderId ?? '')).toBeGreaterThanOrEqual(0);
    }
    for (const { tap } of paid.filter(({ tap }) => plans.get(tap.tapId)?.kind === 'refused' && (plans.get(tap.tapId) as { code: string }).code === 'balance-too-low')) expect(tap.tender).toBe('balance');
  }), { numRuns: 300 });
});

test('a subsidy is that of the elder\'s own meal: what is eaten along is paid whole and changes nothing else', () => {
  let mixed = 0;
  fc.assert(fc.property(entry, fc.boolean(), (any, usual) => {
    const row = usual ? { ...any, elder: 'e1' as const, open: true, lost: false, late: 0 } : any;
    const [full, alone] = [row, { ...row, along: row.along.filter((item) => item.for === undefined) }].map((one) => toEntries([{ ...one, shown: null }])[0] as Entry) as [Entry, Entry];
    const [plan, own] = [decideTap(full.tap, full.facts, []), decideTap(alone.tap, alone.facts, [])];
    const bill = billOf(full.tap.items, 'lunch', full.tap.handle !== null, full.facts.prices?.prices ?? []);
    if (plan.kind !== 'accepted' || typeof bill === 'string') {
      expect(plan.kind === 'refused' && (typeof bill !== 'string' || plan.code === bill || plan.code === 'site-not-open')).toBe(true);
      return;
    }
    expect([plan.priceFen, plan.othersFen]).toEqual([bill.ownFen + bill.othersFen, bill.othersFen]);
    if (full.tap.items.every((item) => item.for !== undefined)) return expect([plan.subsidyFen, plan.elderId, plan.uses]).toEqual([0, null, []]);
    if (own.kind !== 'accepted') throw new Error('the own meal alone is sold too');
    expect({ ...plan, priceFen: plan.priceFen - bill.othersFen, selfPayFen: plan.selfPayFen - bill.othersFen, othersFen: 0 }).toEqual(own);
    if (plan.subsidyFen > 0 && bill.othersFen > 0) mixed += 1;
  }), { numRuns: 1_000 });
  expect(mixed).toBeGreaterThan(50);
});

test('the order of arrival inside a batch changes no plan', () => {
  const shuffled = batch.chain((entries) => fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })));
  fc.assert(fc.property(shuffled, ([entries, other]) => {
    const [one, two] = [planBy(entries), planBy(other)];
    for (const { tap } of entries) expect(two.get(tap.tapId)).toEqual(one.get(tap.tapId));
  }), { numRuns: 300 });
});

test('what is paid offline is what the till showed, however wrong it was', () => {
  fc.assert(fc.property(batch, (entries) => {
    const plans = planBy(entries);
    for (const { tap } of entries) {
      const plan = plans.get(tap.tapId);
      if (!tap.offline || tap.shown === null || plan?.kind !== 'accepted') continue;
      expect(plan.selfPayFen).toBe(Math.min(tap.shown.selfPayFen, plan.priceFen));
    }
  }), { numRuns: 300 });
});

test('no elder gets more than the rules\' caps, and voiding everything brings the counters back to nothing', () => {
  fc.assert(fc.property(batch, (entries) => {
    const plans = planBy(entries);
    const perDay = new Map<string, number>();
    const perElder = new Map<string, number>();
    let uses: Use[] = [];
    for (const plan of plans.values()) {
      if (plan.kind !== 'accepted' || plan.subsidyFen === 0) continue;
      perDay.set(`${plan.elderId} ${plan.mealDate}`, (perDay.get(`${plan.elderId} ${plan.mealDate}`) ?? 0) + 1);
      perElder.set(String(plan.elderId), (perElder.get(String(plan.elderId)) ?? 0) + plan.subsidyFen);
      uses = addUses(uses, plan.uses);
    }
    for (const count of perDay.values()) expect(count).toBe(1);
    for (const amount of perElder.values()) expect(amount).toBeLessThanOrEqual(1000 + 4 * 100);
    for (const plan of plans.values()) if (plan.kind === 'accepted') uses = addUses(uses, plan.uses, -1);
    expect(uses).toEqual([]);
  }), { numRuns: 300 });
});
