import fc from 'fast-check';
import { BUNDLE, BUNDLE_PEOPLE, bundledRatings, ratingsNeededFrom, summarise, type SaidRating } from '../../src/care/domain/rating.js';
import { chinaInstant, civilDate } from '../../src/kernel/index.js';

const DAY = 86_400_000;
const BEGIN = chinaInstant(civilDate('2024-08-20'), 720);
const DAYS = 200;

/** What a canteen's eaters say over some months: hours, stars, and who. */
const story = fc.array(fc.record({ hour: fc.integer({ min: 0, max: DAYS * 24 }), stars: fc.integer({ min: 1, max: 5 }), person: fc.integer({ min: 0, max: 11 }) }), { minLength: 40, maxLength: 120, size: 'max' })
  .map((rows) => rows.map(({ hour, stars, person }, at): SaidRating => ({ tapId: `t-${String(at).padStart(3, '0')}`, firstAt: BEGIN + hour * DAY / 24, stars, words: stars > 3 ? ['tasty'] : ['cold'], by: `p-${person}` })));

/** The ratings as they are there at a moment, as far back as the store reads them. */
const seenAt = (said: readonly SaidRating[], now: number): SaidRating[] => said.filter(({ firstAt }) => firstAt <= now && firstAt >= ratingsNeededFrom(now));

it('whoever reads a canteen\'s figures every day sees ten ratings of five people come or go at once, or none', () => {
  let changes = 0;
  fc.assert(fc.property(story, (said) => {
    let before: SaidRating[] = [];
    for (let day = 0; day <= DAYS + 100; day += 1) {
      const now = BEGIN + day * DAY;
      const shown = bundledRatings(seenAt(said, now), now);
      const [came, went] = [shown.filter((one) => !before.includes(one)), before.filter((one) => !shown.includes(one))];
      for (const change of [came, went].filter(({ length }) => length > 0)) {
        changes += 1;
        expect(change.length).toBeGreaterThanOrEqual(BUNDLE);
        expect(new Set(change.map(({ by }) => by)).size).toBeGreaterThanOrEqual(BUNDLE_PEOPLE);
      }
      before = shown;
    }
  }), { numRuns: 8 });
  expect(changes).toBeGreaterThan(20);
});

it('what somebody says now, or still may change, is in no figure of today', () => {
  fc.assert(fc.property(story, fc.integer({ min: 0, max: DAYS }), fc.integer({ min: 0, max: 24 }), fc.integer({ min: 1, max: 5 }), (said, day, hours, stars) => {
    const now = BEGIN + day * DAY;
    const there = seenAt(said, now);
    const newest: SaidRating = { tapId: 't-new', firstAt: now - (hours * DAY) / 24, stars, words: ['unkind'], by: 'p-new' };
    expect(summarise([...there, newest], now, 1)).toEqual(summarise(there, now, 1));
  }), { numRuns: 100 });
});
