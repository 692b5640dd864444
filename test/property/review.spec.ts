import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { ALWAYS_LOOKED_AT, drawnOf, drawSample, USUAL_RULE, type SampledMeal, type SealedMeal } from '../../src/review/domain/index.js';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const SEED = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
const RULE = fc.record({ rateBasisPoints: fc.integer({ min: 0, max: 10_000 }), least: fc.integer({ min: 0, max: 5 }) });
const MARKS = [...ALWAYS_LOOKED_AT, 'clock-skew', 'price-list-old'];
const MEALS = fc.uniqueArray(fc.record({ tapId: fc.uuid(), flags: fc.oneof({ weight: 3, arbitrary: fc.constant<string[]>([]) }, fc.subarray(MARKS)) }), { selector: ({ tapId }) => tapId, maxLength: 60 });

const isMarked = ({ flags }: SealedMeal): boolean => flags.some((flag) => (ALWAYS_LOOKED_AT as readonly string[]).includes(flag));
const ids = (meals: readonly { tapId: string }[]): string[] => meals.map(({ tapId }) => tapId);
const byLot = (sample: readonly SampledMeal[]): string[] => ids(sample.filter(({ reasons }) => reasons.includes('random')));

test('the same seed gives the same sample, in whatever order the meals are read', () => {
  fc.assert(fc.property(SEED, RULE, MEALS, fc.infiniteStream(fc.nat()), (seed, rule, meals, dice) => {
    const order = meals.map((meal) => ({ meal, at: dice.next().value as number })).sort((a, b) => a.at - b.at).map(({ meal }) => ({ ...meal, flags: [...meal.flags].reverse() }));
    expect(drawSample(sha256, seed, rule, order)).toEqual(drawSample(sha256, seed, rule, meals));
  }));
});

test('every marked meal is in with its marks; of the others exactly the part that the rule says, each once', () => {
  fc.assert(fc.property(SEED, RULE, MEALS, (seed, rule, meals) => {
    const sample = drawSample(sha256, seed, rule, meals);
    expect(new Set(ids(sample)).size).toBe(sample.length);
    const marked = meals.filter(isMarked);
    expect(ids(sample)).toEqual(expect.arrayContaining(ids(marked)));
    for (const { tapId, flags } of marked) expect(flags).toEqual(expect.arrayContaining([...(sample.find((one) => one.tapId === tapId)?.reasons ?? ['none'])]));
    const others = meals.filter((meal) => !isMarked(meal));
    expect(byLot(sample).every((tapId) => ids(others).includes(tapId))).toBe(true);
    expect(byLot(sample).length).toBe(Math.min(others.length, Math.max(rule.least, Math.ceil((others.length * rule.rateBasisPoints) / 10_000))));
    expect(byLot(sample).length).toBe(sample.length - marked.length);
  }));
});

test('a mark more or less elsewhere, or a meal that was not drawn, changes nothing for those that were', () => {
  fc.assert(fc.property(SEED, MEALS, (seed, meals) => {
    const rule = { rateBasisPoints: 0, least: 3 };
    const drawn = byLot(drawSample(sha256, seed, rule, meals));
    const left = meals.find((meal) => !isMarked(meal) && !drawn.includes(meal.tapId));
    if (left === undefined) return;
    expect(byLot(drawSample(sha256, seed, rule, meals.filter((meal) => meal !== left)))).toEqual(drawn);
    expect(byLot(drawSample(sha256, seed, rule, meals.map((meal) => (meal === left ? { ...meal, flags: ['slip'] } : meal))))).toEqual(drawn);
  }));
});

test('every meal has the same chance: nobody is spared by an id, and nobody hunted', () => {
  const meals = Array.from({ length: 50 }, (_, index) => ({ tapId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`, flags: [] }));
  const times = new Map<string, number>();
  for (let round = 0; round < 2_000; round += 1) {
    const seed = createHash('sha256').update(`seed ${round}`).digest('hex');
    for (const tapId of byLot(drawSample(sha256, seed, { rateBasisPoints: 1_000, least: 1 }, meals))) times.set(tapId, (times.get(tapId) ?? 0) + 1);
  }
  // 2,000 times five of fifty: 200 each, six standard deviations (13) to either side.
  expect([...times.values()].reduce((sum, one) => sum + one, 0)).toBe(10_000);
  for (const { tapId } of meals) expect(Math.abs((times.get(tapId) ?? 0) - 200)).toBeLessThan(81);
});

test('the usual rule takes one of a small day, two in a hundred of a large one, and none of nothing', () => {
  expect([0, 1, 50, 51, 120, 1_000].map((meals) => drawnOf(meals, USUAL_RULE))).toEqual([0, 1, 1, 2, 3, 20]);
});
