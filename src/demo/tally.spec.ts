import { civilDate } from '../kernel/index.js';
import { Tally, type Eaten } from './tally.js';
import type { TapAnswer } from './till.js';

const date = civilDate('2024-12-13');

type Told = [answer: TapAnswer, eaten: Eaten];

function answer(tapId: string, subsidyFen: number): TapAnswer {
  return { outcome: 'accepted', tapId, code: null, priceFen: 1_000, selfPayFen: 1_000 - subsidyFen, subsidyFen };
}

function figures({ meals, subsidisedMeals, mealFen, subsidyFen, selfPayFen, displacedMeals, displacedFen }: Tally): object {
  return { meals, subsidisedMeals, mealFen, subsidyFen, selfPayFen, displacedMeals, displacedFen };
}

describe('the demo counts from the answers it got', () => {
  it('one subsidised meal a day: the earlier of two that were told a subsidy, in whatever order they arrived', () => {
    const lunch: Told = [answer('lunch', 200), { elder: 7, date, minute: 720 }];
    const dinner: Told = [answer('dinner', 100), { elder: 7, date, minute: 1_080 }];
    const [late, inTime] = [new Tally(), new Tally()];
    for (const told of [dinner, lunch]) late.add(...told);
    for (const told of [lunch, dinner]) inTime.add(...told);
    expect(figures(late)).toEqual({ meals: 2, subsidisedMeals: 1, mealFen: 2_000, subsidyFen: 200, selfPayFen: 1_700, displacedMeals: 1, displacedFen: 100 });
    expect(figures(inTime)).toEqual(figures(late));
  });

  it('another elder and another day on their own', () => {
    const tally = new Tally();
    tally.add(answer('a', 200), { elder: 7, date, minute: 720 });
    tally.add(answer('b', 200), { elder: 8, date, minute: 720 });
    tally.add(answer('c', 200), { elder: 7, date: civilDate('2024-12-14'), minute: 720 });
    expect(figures(tally)).toMatchObject({ subsidisedMeals: 3, subsidyFen: 600, displacedMeals: 0 });
  });

  it('a meal that was taken back leaves its place to the next', () => {
    const tally = new Tally();
    const [wrong, eaten] = [answer('wrong', 200), { elder: 7, date, minute: 720 }];
    tally.add(wrong, eaten);
    tally.takeBack(wrong, eaten);
    tally.add(answer('right', 200), { ...eaten, minute: 730 });
    expect(figures(tally)).toEqual({ meals: 1, subsidisedMeals: 1, mealFen: 1_000, subsidyFen: 200, selfPayFen: 800, displacedMeals: 0, displacedFen: 0 });
  });
});
