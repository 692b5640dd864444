import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { cardHandle } from '../../src/elder/index.js';
import { addMonths, chinaDate, chinaInstant, civilDate, civilMonth, fen, firstDay, type CivilMonth, type Clock, type SettableClock } from '../../src/kernel/index.js';
import { balancesOf, closeMonth } from '../../src/ledger/index.js';
import { hashOf, Metrics, type TerminalActor } from '../../src/platform/index.js';
import { PayOrders } from '../../src/payment/index.js';
import { runInvariants } from '../../src/proof/index.js';
import { restateElder } from '../../src/replay/domain/index.js';
import { decideMeal, type Use } from '../../src/subsidy/domain/index.js';
import { PackLibrary, type PolicyLibrary, type Pack } from '../../src/subsidy/index.js';
import { decideTap, rankMeals, sharesOf, type AcceptedTap, type CountedMeal, type RankedMeal, type TapFacts } from '../../src/tap/domain/index.js';
import { pastMeals } from '../../src/tap/index.js';
import { PlaceFacts } from '../../src/tap/place-facts.js';
import { recordTaps, type ArrivedTap } from '../../src/tap/record-taps.js';
import { VoidTap } from '../../src/tap/void-tap.js';
import { always, ELDER, fixed, FUNDERS, makeClass, makeRule, makeVersion, SITE } from '../support/make-version.js';
import { hashOfStanding, standingOf, type Standing } from '../support/standing.js';
import { CITY, MINUTE, TappingCity } from '../support/tapping-city.js';

const FIRST = chinaInstant(civilDate('2024-12-03'), 6 * 60);
/** Within 72 hours of every sale. */
const END = chinaInstant(civilDate('2024-12-05'), 20 * 60);

/** Half of the bill up to nine yuan, twice a day and thirty yuan a month; one yuan more on three such meals a week. */
const VERSION = makeVersion([
  makeRule({
    classes: [makeClass({ amounts: always({ form: 'percentage', basisPoints: 5000, capFen: fen(900), of: 'paid', rounding: 'half-up' }) })],
    funding: { by: 'weights', cut: 'proportional', parts: FUNDERS.map(({ code }, index) => ({ funder: code, fen: null, weight: index + 2, lostWhenSiteOutside: null })) },
    limits: [{ per: 'day', count: 2, fen: null, partly: false }, { per: 'month', count: null, fen: fen(3000), partly: true }],
  }),
  makeRule({ id: 'test/extra', countsAs: 'test/extra', group: 'extra', classes: [makeClass({ amounts: always(fixed(1)) })], onlyWithSubsidy: true, limits: [{ per: 'week', count: 3, fen: null, partly: false }] }),
]);
const PACK = { folder: '', sha256: '0'.repeat(64), versions: [VERSION], source: { pack: 'test', division: '371500', scope: { site: ['pack'], elder: { of: 'any' } } } } as unknown as Pack;
const LIBRARY = new PackLibrary([PACK], new Map());
const POLICIES = { at: async () => LIBRARY, of: async () => LIBRARY, ofAll: async () => new Map([[CITY, LIBRARY]]) } as unknown as PolicyLibrary;

const FACTS: TapFacts = {
  site: { state: 'open', licenceValid: true, kind: 'canteen', supplyMode: null, path: SITE.division, operatorId: null, payeeId: null },
  prices: { effectiveFrom: civilDate('2024-01-01'), effectiveTo: null, prices: [{ itemCode: 'set', mealPeriod: null, fen: fen(1500) }] },
  holder: { cardId: 'c', cardState: 'active', stateSince: 0, lostAt: null, elderId: 'e', elder: ELDER }, version: VERSION, workday: true, chainHolds: true,
};

let city: TappingCity;
let clock: SettableClock;

beforeAll(async () => {
  city = await TappingCity.start();
  clock = city.clock;
}, 60_000);
afterAll(() => city?.close());

/** A sale of an elder, in minutes after the first morning; taken back so many minutes later, or never. */
interface Sale {
  readonly minute: number;
  readonly quantity: number;
  readonly site: number;
  readonly paid: number;
  readonly voidAfter: number | null;
}

const sale: fc.Arbitrary<Sale> = fc.record({
  minute: fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 13 * 60 })).map(([day, minute]) => day * 1440 + minute),
  quantity: fc.integer({ min: 1, max: 2 }), site: fc.constantFrom(0, 1), paid: fc.constantFrom(650, 750, 1500, 2000), voidAfter: fc.option(fc.integer({ min: 1, max: 45 }), { nil: null, freq: 3 }),
});

interface History {
  readonly online: readonly Sale[];
  readonly offline: readonly Sale[];
}

/** One thing that reaches the server. */
type Step = { readonly kind: 'upload'; readonly sales: readonly number[] } | { readonly kind: 'void'; readonly sale: number } | { readonly kind: 'close' };

const history: fc.Arbitrary<History> = fc.record({ online: fc.array(sale, { maxLength: 4 }), offline: fc.array(sale, { minLength: 2, maxLength: 7 }) });

/** The sales and voids of a history in one order: cut anywhere, some sent twice, newest first or not; a void after its sale. */
const order = ({ offline }: History): fc.Arbitrary<Step[]> => fc.tuple(
  fc.shuffledSubarray(offline.map((_, index) => index), { minLength: offline.length }), fc.array(fc.integer({ min: 1, max: 3 }), { minLength: offline.length, maxLength: offline.length }),
  fc.array(fc.nat({ max: 99 }), { minLength: offline.length, maxLength: offline.length }), fc.boolean(), fc.nat({ max: 99 }),
).map(([places, sizes, voidPlaces, closes, closeAt]) => {
  const steps: Step[] = [];
  for (let from = 0, size = 0; from < places.length; from += sizes[size - 1] as number) {
    // Every upload sends the last sale of the one before once more.
    steps.push({ kind: 'upload', sales: places.slice(Math.max(0, from - 1), from + (sizes[size] as number)) });
    size += 1;
  }
  if (closes) steps.splice(closeAt % (steps.length + 1), 0, { kind: 'close' });
  for (const [index, one] of offline.entries()) {
    if (one.voidAfter === null) continue;
    const after = steps.findIndex((step) => step.kind === 'upload' && step.sales.includes(index)) + 1;
    steps.splice(after + ((voidPlaces[index] as number) % (steps.length - after + 1)), 0, { kind: 'void', sale: index });
  }
  return steps;
});

/** Plays one history for a new elder; the online part first, so that its answers are the same in every order. */
class Played {
  private readonly taps = new Map<Sale, ArrivedTap>();
  private journals = [0, 0];
  closed: { month: CivilMonth; balances: string }[] = [];

  private constructor(private readonly handle: string, readonly elderId: string, private readonly terminals: readonly string[]) {}

  static async elder(): Promise<Played> {
    clock.set(FIRST - 60 * MINUTE);
    city.county = await city.staffed.tokenOf('county');
    const { card, elderId } = await city.elder();
    // Smaller and larger in the same order for every elder, as the tie in time goes by the terminal's id.
    const tail = randomUUID().slice(1);
    return new Played(cardHandle(city.service.parts.cipher, card), elderId, [`1${tail}`, `2${tail}`]);
  }

  arrived(one: Sale, offline: boolean, receivedAt = END): ArrivedTap {
    const known = this.taps.get(one);
    if (known !== undefined) return known;
    const deviceTime = FIRST + one.minute * MINUTE;
    this.journals[one.site] = (this.journals[one.site] as number) + 1;
    const tapId = randomUUID();
    const made: ArrivedTap = {
      bodyHash: hashOf({ tapId }), prevHash: '0'.repeat(64), entryHash: hashOf({ tapId, entry: true }), signature: null,
      tap: {
        tapId, terminalId: this.terminals[one.site] as string, siteId: city.sites[one.site] as string, items: [{ itemCode: 'set', quantity: one.quantity }], priceListVersion: 1, mealPeriod: 'lunch',
        deviceTime, receivedAt: offline ? receivedAt : deviceTime, offline, journalNumber: this.journals[one.site] as number, tender: 'cash', handle: this.handle,
        shown: offline ? { selfPayFen: fen(one.paid), subsidyFen: fen(Math.max(0, 1500 * one.quantity - one.paid)) } : null,
      },
    };
    this.taps.set(one, made);
    return made;
  }

  async record(sales: readonly Sale[], offline: boolean): Promise<void> {
    const arrived = sales.map((one) => this.arrived(one, offline));
    const answers = await city.service.parts.transactor.run((tx) => recordTaps(tx, { clock, policies: POLICIES, places: new PlaceFacts(), metrics: city.service.app.get(Metrics) }, CITY, arrived));
    expect(answers.map(({ ok }) => ok)).toEqual(arrived.map(() => true));
  }

  async takeBack(one: Sale, offline: boolean): Promise<void> {
    const { tap } = this.arrived(one, offline);
    const actor = { kind: 'terminal', cityCode: CITY, terminalId: tap.terminalId, siteId: tap.siteId } as unknown as TerminalActor;
    const made = tap.deviceTime + (one.voidAfter as number) * MINUTE;
    if (!offline) clock.set(made);
    const request = { id: randomUUID(), reason: '按错键', ...(offline ? { deviceTime: new Date(made).toISOString() } : {}) };
    expect(await new VoidTap(city.service.parts.transactor, clock, POLICIES, city.service.app.get(PayOrders)).void(actor, tap.tapId, request)).toMatchObject({ ok: true });
  }

  /** Online sales and their voids in the order of time, as they happen. */
  async playOnline(sales: readonly Sale[]): Promise<void> {
    const events = sales.flatMap((one) => [{ at: one.minute, one, isVoid: false }, ...(one.voidAfter === null ? [] : [{ at: one.minute + one.voidAfter, one, isVoid: true }])]);
    for (const { at, one, isVoid } of events.sort((a, b) => a.at - b.at || Number(a.isVoid) - Number(b.isVoid))) {
      clock.set(FIRST + at * MINUTE);
      await (isVoid ? this.takeBack(one, false) : this.record([one], false));
    }
  }

  async close(): Promise<void> {
    const open = await city.rows<{ month: CivilMonth }>(`SELECT month FROM ledger_month WHERE city_code = $1 AND state = 'open' ORDER BY month LIMIT 1`, [CITY]);
    const month = open[0]?.month ?? civilMonth('2024-12');
    if (month > '2025-06') return;
    const later: Clock = { now: () => chinaInstant(firstDay(addMonths(month, 1)), 1) };
    expect(await city.service.parts.transactor.run((tx) => closeMonth(tx, later, CITY, month, 'test'))).toMatchObject({ ok: true });
    this.closed.push({ month, balances: await balancesText(month) });
  }

  standing(history: History): Promise<Standing[]> {
    return standingOf(city, [...history.online.map((one) => this.arrived(one, false).tap.tapId), ...history.offline.map((one) => this.arrived(one, true).tap.tapId)]);
  }

  async expectWithinCaps(): Promise<void> {
    const over = await city.rows(
      `SELECT rule_id, period_key, count, fen FROM subsidy_use WHERE city_code = $1 AND elder_id = $2
         AND ((rule_id = 'test/meal' AND period_key LIKE 'd:%' AND count > 2) OR (rule_id = 'test/meal' AND period_key LIKE 'm:%' AND fen > 3000) OR (rule_id = 'test/extra' AND period_key LIKE 'w:%' AND count > 3))`, [CITY, this.elderId]);
    expect(over).toEqual([]);
  }
}

const balancesText = async (month: CivilMonth): Promise<string> => hashOf(await city.service.parts.transactor.run((tx) => balancesOf(tx, CITY, month)));

async function play(one: History, steps: readonly Step[]): Promise<{ standing: Standing[]; played: Played }> {
  const played = await Played.elder();
  await played.playOnline(one.online);
  // A till numbers its sales as it makes them, whatever order they are sent in.
  for (const sold of one.offline) played.arrived(sold, true);
  clock.set(END);
  for (const step of steps) {
    if (step.kind === 'close') await played.close();
    else if (step.kind === 'upload') await played.record(step.sales.map((index) => one.offline[index] as Sale), true);
    else await played.takeBack(one.offline[step.sale] as Sale, true);
    await played.expectWithinCaps();
  }
  return { standing: await played.standing(one), played };
}

test('F08, F20, F10: every order of arrival ends in the same books per meal and funder, with caps, invariants and closed months intact', async () => {
  const orders = history.chain((one) => fc.tuple(fc.constant(one), order(one), order(one), order(one)));
  await fc.assert(fc.asyncProperty(orders, async ([one, ...permutations]) => {
    const hashes: string[] = [];
    const closed: { month: CivilMonth; balances: string }[] = [];
    for (const steps of permutations) {
      const { standing, played } = await play(one, steps);
      hashes.push(hashOfStanding(standing));
      closed.push(...played.closed);
    }
    expect(new Set(hashes).size).toBe(1);
    for (const { month, balances } of closed) expect(await balancesText(month)).toBe(balances);
  }), { numRuns: 15 });
  const { violations } = await city.service.parts.transactor.run((tx) => runInvariants(tx, CITY, POLICIES));
  // Journals are not chained here, and months are closed without their claims.
  expect(violations.filter(({ id }) => !['I10', 'I16'].includes(id))).toEqual([]);
  const [ranks] = await city.rows<{ taken: number; given: number }>(`SELECT count(*) FILTER (WHERE fen < 0) AS taken, count(*) FILTER (WHERE fen > 0) AS given FROM meal_adjustment WHERE city_code = $1 AND cause = 'rank'`, [CITY]);
  expect(Math.min(ranks?.taken ?? 0, ranks?.given ?? 0)).toBeGreaterThan(0);
}, 300_000);


/** What the ranking makes of a whole history at once, with the online answers as they were given. */
async function fromTheSet(played: Played, { online, offline }: History): Promise<Map<string, AcceptedTap>> {
  const given = await city.rows<{ tapId: string; uses: Use[] | null }>(`SELECT tap_id AS "tapId", explanation -> 'uses' AS uses FROM meal WHERE city_code = $1 AND elder_id = $2`, [CITY, played.elderId]);
  const untilOf = (one: Sale, from: number): number | null => (one.voidAfter === null ? null : from + one.voidAfter * MINUTE);
  const final = online.map((one): CountedMeal => {
    const { tapId, receivedAt } = played.arrived(one, false).tap;
    return { uses: given.find((row) => row.tapId === tapId)?.uses ?? [], from: receivedAt, until: untilOf(one, receivedAt) };
  });
  const ranked = offline.map((one): RankedMeal<AcceptedTap> => {
    const { tap } = played.arrived(one, true);
    return { ...tap, mealDate: chinaDate(tap.deviceTime), from: tap.deviceTime, until: untilOf(one, tap.deviceTime), decide: (uses) => decideTap(tap, FACTS, uses) as AcceptedTap };
  });
  return rankMeals(final, ranked);
}

test('F20: with online sales, offline uploads and voids mixed in any way, the books hold what the set of meals gives', async () => {
  // Where nobody paid too much, a meal's parts are those of its rank to the fen.
  const honest = history.map(({ online, offline }): History => ({ online, offline: offline.map((sold) => ({ ...sold, paid: 650 })) }));
  const mixed = fc.tuple(fc.oneof(history, honest), fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 7, maxLength: 7 }), fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 7, maxLength: 7 }));
  await fc.assert(fc.asyncProperty(mixed, async ([one, delays, voidDelays]) => {
    const played = await Played.elder();
    // Nothing arrives in one moment with something else: what was first would be anybody's guess.
    const arrivals = one.offline.map((sold, index) => sold.minute + (delays[index] as number) + (index + 1) / 100);
    for (const [index, sold] of one.offline.entries()) played.arrived(sold, true, FIRST + (arrivals[index] as number) * MINUTE);
    const events = [
      ...one.online.flatMap((sold) => [{ at: sold.minute, run: () => played.record([sold], false) }, ...(sold.voidAfter === null ? [] : [{ at: sold.minute + sold.voidAfter, run: () => played.takeBack(sold, false) }])]),
      ...one.offline.flatMap((sold, index) => {
        const arrives = arrivals[index] as number;
        const taken = sold.voidAfter === null ? [] : [{ at: Math.max(arrives, sold.minute + sold.voidAfter) + (voidDelays[index] as number) / 10 + 0.005, run: () => played.takeBack(sold, true) }];
        return [{ at: arrives, run: () => played.record([sold], true) }, ...taken];
      }),
    ];
    for (const { at, run } of events.sort((a, b) => a.at - b.at)) {
      clock.set(FIRST + at * MINUTE);
      await run();
      await played.expectWithinCaps();
    }
    const [expected, standing] = [await fromTheSet(played, one), await played.standing(one)];
    const offline = one.offline.map((sold, index) => {
      const plan = expected.get(played.arrived(sold, true).tap.tapId) as AcceptedTap;
      const row = standing[one.online.length + index] as Standing;
      return { books: row, set: sold.voidAfter === null ? { selfPayFen: plan.selfPayFen, subsidyFen: plan.subsidyFen, siteBorneFen: plan.siteBorneFen, funders: Object.fromEntries(plan.shares.map((share) => [share.funderCode, share.fen]).sort()), voided: false } : row };
    });
    expect(offline.map(({ books }) => books)).toEqual(offline.map(({ set }) => set));
    if (one.offline.some(({ paid }) => paid !== 650)) return;
    // No fact came late, so deciding everything anew changes nothing.
    const meals = await city.service.parts.transactor.run((tx) => pastMeals(tx, { cityCode: CITY, elderIds: [played.elderId], from: civilDate('2024-12-01'), to: civilDate('2024-12-31'), knownAt: Date.UTC(2030, 0), explained: true }));
    const restated = restateElder(meals, civilDate('2024-12-01'), ({ mealDate: date, mealPeriod: period, priceFen }, uses) => {
      const decision = decideMeal({ version: VERSION, elder: ELDER, site: SITE, meal: { date, period, priceFen, ...LIBRARY.dayOf(date) }, uses });
      return { decision, shares: sharesOf(decision, VERSION, SITE.division, decision.subsidyFen) };
    });
    expect(restated.map(({ before, after }) => ({ before, after }))).toEqual([]);
  }), { numRuns: 20 });
}, 300_000);
