import fc from 'fast-check';
import { chinaInstant, civilDate, fen, type Instant } from '../../src/kernel/index.js';
import { addUses, periodKeys, type Use } from '../../src/subsidy/domain/index.js';
import { decideTap, rankMeals, type AcceptedTap, type CountedMeal, type RankedMeal, type Tap, type TapFacts } from '../../src/tap/domain/index.js';
import { always, ELDER, fixed, FUNDERS, makeClass, makeRule, makeVersion, SITE } from '../support/make-version.js';

const NOON = chinaInstant(civilDate('2024-12-03'), 720);
const MINUTE = 60_000;

/** Half of the bill up to nine yuan, twice a day and twenty yuan a month; one yuan more on three such meals a week. */
const VERSION = makeVersion([
  makeRule({
    classes: [makeClass({ amounts: always({ form: 'percentage', basisPoints: 5000, capFen: fen(900), of: 'paid', rounding: 'half-up' }) })],
    funding: { by: 'weights', cut: 'proportional', parts: FUNDERS.map(({ code }, index) => ({ funder: code, fen: null, weight: index + 2, lostWhenSiteOutside: null })) },
    limits: [{ per: 'day', count: 2, fen: null, partly: false }, { per: 'month', count: null, fen: fen(2000), partly: true }],
  }),
  makeRule({ id: 'test/extra', countsAs: 'test/extra', group: 'extra', classes: [makeClass({ amounts: always(fixed(1)) })], onlyWithSubsidy: true, limits: [{ per: 'week', count: 3, fen: null, partly: false }] }),
]);

const FACTS: TapFacts = {
  site: { state: 'open', licenceValid: true, kind: 'canteen', supplyMode: null, path: SITE.division, operatorId: null, payeeId: null },
  prices: { effectiveFrom: civilDate('2024-01-01'), effectiveTo: null, prices: [{ itemCode: 'set', mealPeriod: null, fen: fen(500) }] },
  holder: { cardId: 'c', cardState: 'active', stateSince: 0, lostAt: null, elderId: 'e', elder: ELDER },
  version: VERSION, workday: true, chainHolds: true,
};

/** A meal of one elder: sold at a minute, taken back so many minutes later or never. */
interface Row {
  readonly minute: number;
  readonly quantity: number;
  readonly terminal: string;
  readonly paid: number | null;
  readonly voidAfter: number | null;
  readonly offline: boolean;
}

const row: fc.Arbitrary<Row> = fc.record({
  minute: fc.integer({ min: 0, max: 2 * 24 * 60 }), quantity: fc.integer({ min: 1, max: 4 }), terminal: fc.constantFrom('a', 'b', 'c'),
  paid: fc.option(fc.integer({ min: 0, max: 2000 }), { nil: null }), voidAfter: fc.option(fc.integer({ min: 1, max: 600 }), { nil: null, freq: 3 }), offline: fc.boolean(),
});
const rows = fc.array(row, { minLength: 1, maxLength: 14 });

function toTap({ minute, quantity, terminal, paid, offline }: Row, index: number): Tap {
  const deviceTime = NOON + minute * MINUTE;
  const shown = !offline || paid === null ? null : { selfPayFen: fen(paid), subsidyFen: fen(Math.max(0, 500 * quantity - paid)) };
  return {
    tapId: `t${index}`, terminalId: terminal, siteId: 's', items: [{ itemCode: 'set', quantity }], priceListVersion: 1, mealPeriod: 'lunch', deviceTime, receivedAt: deviceTime,
    offline, journalNumber: index + 1, tender: 'cash', shown, handle: 'h',
  };
}

const untilOf = ({ voidAfter }: Row, from: Instant, index: number): Instant | null => (voidAfter === null ? null : from + voidAfter * MINUTE + index + 1);

function toRanked(one: Row, index: number): RankedMeal<AcceptedTap> {
  const tap = toTap(one, index);
  return {
    tapId: tap.tapId, terminalId: tap.terminalId, journalNumber: tap.journalNumber, deviceTime: tap.deviceTime, from: tap.deviceTime, until: untilOf(one, tap.deviceTime, index),
    mealDate: civilDate(new Date(tap.deviceTime + 8 * 60 * MINUTE).toISOString().slice(0, 10)), mealPeriod: 'lunch', decide: (uses) => decideTap(tap, FACTS, uses) as AcceptedTap,
  };
}

/** What has happened so far: final outcomes, and the offline meals that have arrived. */
interface History {
  readonly final: CountedMeal[];
  readonly arrived: RankedMeal<AcceptedTap>[];
}

const outcomes = (final: readonly CountedMeal[], meals: readonly RankedMeal<AcceptedTap>[]) => new Map([...rankMeals(final, meals)].map(([tapId, { uses, subsidyFen, shares }]) => [tapId, JSON.stringify({ uses, subsidyFen, shares })]));

/** What the counters hold once everything that is known has happened. */
function standing({ final, arrived }: History, now: Instant): Use[] {
  const given = rankMeals(final, arrived);
  const meals = [...final.map((meal) => ({ ...meal })), ...arrived.map((meal) => ({ ...meal, uses: given.get(meal.tapId)?.uses ?? [] }))];
  return meals.filter(({ until }) => until === null || until > now).reduce<Use[]>((sum, { uses }) => addUses(sum, uses), []);
}

const CAPS = (use: Use): boolean => (use.ruleId === 'test/extra' ? !use.periodKey.startsWith('w:') || use.count <= 3 : (!use.periodKey.startsWith('d:') || use.count <= 2) && (!use.periodKey.startsWith('m:') || use.fen <= 2000));

test('F20: what offline meals get is a function of the set, not of the order in which it is written down', () => {
  fc.assert(fc.property(rows.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all.map((_, index) => index), { minLength: all.length }))), ([all, order]) => {
    const ranked = all.map(toRanked);
    const split = (places: readonly number[]) => ({
      final: places.filter((place) => all[place]?.offline === false).map((place): CountedMeal => ({ from: (ranked[place] as RankedMeal<AcceptedTap>).from, until: ranked[place]?.until ?? null, uses: [{ ruleId: 'test/meal', periodKey: periodKeys(civilDate('2024-12-03'), 'lunch')[1] as string, count: 1, fen: fen(100) }] })),
      meals: places.filter((place) => all[place]?.offline === true).map((place) => ranked[place] as RankedMeal<AcceptedTap>),
    });
    const [one, two] = [split(all.map((_, index) => index)), split(order)];
    expect([...outcomes(two.final, two.meals)].sort()).toEqual([...outcomes(one.final, one.meals)].sort());
  }), { numRuns: 2000 });
});

test('I07: no order of online answers, offline meals and voids gives more than the caps, and an online answer or a void of now changes no rank', () => {
  // Offline meals arrive some time after their sale; what arrives is always before what the server answers next.
  const delays = fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 14, maxLength: 14 });
  fc.assert(fc.property(rows, delays, (all, late) => {
    const history: History = { final: [], arrived: [] };
    const events = all.flatMap((one, index) => {
      const arrives = NOON + (one.minute + (one.offline ? (late[index] as number) : 0)) * MINUTE + index / 100;
      return [{ at: arrives, kind: one.offline ? 'offline' : 'online', one, index }, ...(one.voidAfter === null ? [] : [{ at: arrives + one.voidAfter * MINUTE + 0.5, kind: 'void', one, index }])];
    }).sort((a, b) => a.at - b.at);
    const places = new Map<number, number>();
    for (const { at, kind, one, index } of events) {
      const before = outcomes(history.final, history.arrived);
      const counters = standing(history, at);
      if (kind === 'offline') history.arrived.push({ ...toRanked(one, index), until: null });
      else if (kind === 'online') {
        const plan = decideTap(toTap(one, index), FACTS, counters.filter((use) => periodKeys(toRanked(one, index).mealDate, 'lunch').includes(use.periodKey))) as AcceptedTap;
        places.set(index, history.final.push({ from: at, until: null, uses: plan.uses }) - 1);
      } else if (one.offline) history.arrived.splice(0, history.arrived.length, ...history.arrived.map((meal) => (meal.tapId === `t${index}` ? { ...meal, until: at } : meal)));
      else history.final[places.get(index) as number] = { ...(history.final[places.get(index) as number] as CountedMeal), until: at };
      const after = outcomes(history.final, history.arrived);
      if (kind !== 'offline') expect(after).toEqual(before);
      expect(standing(history, Number.POSITIVE_INFINITY).filter((use) => !CAPS(use))).toEqual([]);
    }
  }), { numRuns: 1500 });
});
