import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { insertBenchAccounts } from '../../src/bench/booking.store.js';
import { BookForKin, type KinBookingAsked } from '../../src/booking/book-for-kin.js';
import { civilDate, type Outcome } from '../../src/kernel/index.js';
import type { MiniActor } from '../../src/platform/index.js';
import { CITY, cityClock, TappingCity } from '../support/tapping-city.js';

const ELDERS = 24;
const PORTIONS = 15;

interface Person {
  readonly elderId: string;
  readonly actor: MiniActor;
}

const clock = cityClock();
let city: TappingCity;
let booker: BookForKin;
let batches: number[] = [];
const people: Person[] = [];

beforeAll(async () => {
  city = await TappingCity.start(undefined, undefined, { clock });
  const elders = await Promise.all(Array.from({ length: ELDERS }, async () => (await city.elder()).elderId));
  const accounts = elders.map((elderId) => ({ accountId: randomUUID(), bindingId: randomUUID(), elderId }));
  await city.service.parts.transactor.run((tx) => insertBenchAccounts(tx, CITY, accounts, clock.now()));
  people.push(...accounts.map(({ accountId, elderId }) => ({ elderId, actor: { kind: 'mini', cityCode: CITY, accountId, sessionId: randomUUID() } as MiniActor })));
  booker = city.service.app.get(BookForKin);
  const recorder = booker as unknown as { record: (cityCode: string, asking: readonly unknown[]) => Promise<unknown> };
  const record = recorder.record.bind(booker);
  jest.spyOn(recorder, 'record').mockImplementation((cityCode, asking) => {
    batches.push(asking.length);
    return record(cityCode, asking);
  });
}, 240_000);

afterAll(() => city.close());
beforeEach(() => void (batches = []));

const person = (place: number): Person => people[place] as Person;
const asked = (place: number, mealDate: string, more: Partial<KinBookingAsked> = {}): KinBookingAsked => ({
  id: randomUUID(), elderId: person(place).elderId, siteId: city.sites[0] as string, mealDate: civilDate(mealDate), mealPeriod: 'lunch', items: [{ itemCode: 'set', quantity: 1 }], way: 'dineIn', note: null, pay: 'atMeal', ...more,
});
const book = (place: number, wish: KinBookingAsked) => booker.run(person(place).actor, wish);
const codes = (answers: readonly Outcome<unknown>[]) => answers.map((answer) => (answer.ok ? 'booked' : answer.code)).sort();
const bookings = (mealDate: string) => city.rows<{ id: string; number: number; portions: number }>('SELECT booking_id AS id, number, portions FROM booking WHERE meal_date = $1 ORDER BY number', [mealDate]);

describe('elders who book at the same moment', () => {
  it('share the last portions, none more: each has a number of its own, a repeat the same answer, and refusals leave nothing', async () => {
    const date = '2024-12-05';
    await city.rows('INSERT INTO booking_quota (city_code, site_id, meal_date, meal_period, portions, set_at, set_by) VALUES ($1, $2, $3, $4, $5, now(), $6) RETURNING 1', [CITY, city.sites[0] as string, date, 'lunch', PORTIONS, 'test']);
    const wishes = people.map((_, place) => asked(place, date));
    const answers = await Promise.all([...wishes, ...wishes].map((wish, index) => book(index % ELDERS, wish)));
    const [first, second] = [answers.slice(0, ELDERS), answers.slice(ELDERS)];
    expect(Math.max(...batches)).toBeGreaterThan(5);
    expect(codes(first).filter((code) => code === 'booked')).toHaveLength(PORTIONS);
    expect(codes(first).filter((code) => code === 'booking-sold-out')).toHaveLength(ELDERS - PORTIONS);
    expect(second).toEqual(first);
    expect((await bookings(date)).map(({ number }) => number)).toEqual(Array.from({ length: PORTIONS }, (_, index) => index + 1));
    const told = first.flatMap((answer) => (answer.ok ? [[answer.value.bookingId, answer.value.number]] : [])).sort();
    expect(told).toEqual((await bookings(date)).map(({ id, number }) => [id, number]).sort());
    expect(await city.rows(`SELECT count(*)::int AS kept FROM deed WHERE deed_id = ANY (string_to_array($1, ',')::uuid[])`, [wishes.map(({ id }) => id).join(',')])).toEqual([{ kept: PORTIONS }]);
  });

  it('each keep to what one elder may have of a day, and to one of each meal', async () => {
    const date = '2024-12-06';
    const wishes = [...(['breakfast', 'lunch', 'dinner'] as const), 'lunch' as const].map((mealPeriod) => asked(0, date, { mealPeriod, siteId: city.sites[0] as string }));
    const answers = await Promise.all([...wishes.map((wish) => book(0, wish)), book(1, asked(1, date)), book(2, asked(2, date))]);
    const rows = await bookings(date);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(rows.length);
    expect(codes(answers)).toContain('booking-exists');
    expect(answers.slice(4).map(({ ok }) => ok)).toEqual([true, true]);
  });

  it('T38: a week of lunches and dinners in one minute, and no more: what is faster than people is refused until the minute is over, for that account alone', async () => {
    clock.set(clock.now() + 60_000);
    const week = Array.from({ length: 7 }, (_, index) => `2024-12-${index + 10}`).flatMap((date) => (['lunch', 'dinner'] as const).map((mealPeriod) => asked(15, date, { mealPeriod })));
    expect(codes(await Promise.all(week.map((wish) => book(15, wish))))).toEqual(week.map(() => 'booked'));
    for (let times = week.length; times < 60; times += 1) expect(await book(15, asked(15, '2024-12-10'))).toMatchObject({ code: 'booking-exists' });
    clock.set(clock.now() + 20_000);
    await expect(book(15, asked(15, '2024-12-10'))).rejects.toMatchObject({ code: 'booking-too-fast', facts: { seconds: 40 }, retryAfter: 40 });
    expect((await book(16, asked(16, '2024-12-10'))).ok).toBe(true);
    clock.set(clock.now() + 40_000);
    expect(await book(15, asked(15, '2024-12-10'))).toMatchObject({ code: 'booking-exists' });
  });

  it('under one id: one of them has it', async () => {
    const date = '2024-12-07';
    const id = randomUUID();
    const answers = await Promise.all([asked(3, date, { id }), asked(4, date, { id }), asked(5, date)].map((wish, index) => book(3 + index, wish)));
    expect(codes(answers)).toEqual(['booked', 'booked', 'id-taken']);
    expect(await bookings(date)).toHaveLength(2);
    // Whoever came too late is refused again, with others or without.
    const loser = answers[0]?.ok === true ? 4 : 3;
    expect(codes(await Promise.all([book(loser, asked(loser, date, { id })), book(6, asked(6, date))]))).toEqual(['booked', 'id-taken']);
    expect(codes([await book(loser, asked(loser, date, { id }))])).toEqual(['id-taken']);
  });

  it('beside one that the database cannot take: it fails alone', async () => {
    const date = '2024-12-08';
    const wishes = [asked(7, date), asked(8, date, { note: 'a\u0000b' }), asked(9, date), asked(10, date)];
    const answers = await Promise.allSettled(wishes.map((wish, index) => book(7 + index, wish)));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect((await bookings(date)).map(({ id }) => id).sort()).toEqual([wishes[0], wishes[2], wishes[3]].map((wish) => wish?.id).sort());
  });

  it('beside a stranger and one who may not order: both learn what they would alone', async () => {
    const date = '2024-12-09';
    const answers = await Promise.all([book(11, asked(11, date)), booker.run(person(12).actor, asked(13, date)), book(14, { ...asked(14, date), elderId: randomUUID() })]);
    expect(answers.map((answer) => (answer.ok ? 'booked' : answer.code))).toEqual(['booked', 'not-found', 'not-found']);
    expect(await bookings(date)).toHaveLength(1);
  });
});
