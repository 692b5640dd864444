import type { CivilDate } from '../kernel/index.js';
import type { TapAnswer } from './till.js';

/** Whose meal an answer is about; `elder` is undefined for a guest. */
export interface Eaten {
  readonly elder: number | undefined;
  readonly date: CivilDate;
  /** Minute since midnight. */
  readonly minute: number;
}

interface Subsidised extends Eaten {
  readonly answer: TapAnswer;
}

/** What the demo itself counted from the answers it got: books of its own, to hold against the service's. */
export class Tally {
  meals = 0;
  subsidisedMeals = 0;
  mealFen = 0;
  subsidyFen = 0;
  selfPayFen = 0;
  refusedTaps = 0;
  voidedMeals = 0;
  voidedFen = 0;
  /** Told by a till without a network, until an earlier meal of the same elder and day arrived: the elder keeps it, no fund pays it. */
  displacedMeals = 0;
  displacedFen = 0;
  /** Sent the next morning by a till whose network was down for a day. */
  lateMeals = 0;
  /** Sent in bundles by tills without a steady network. */
  bundledTaps = 0;
  taps = 0;
  tapSeconds = 0;
  /** How often each reason for no subsidy, or for a refused tap, was given. */
  readonly codes = new Map<string, number>();
  /** The meal that Liaocheng's rule, one a day, gives its subsidy to, by elder and day. */
  private readonly subsidised = new Map<string, Subsidised>();

  add(answer: TapAnswer, eaten: Eaten): void {
    this.taps += 1;
    if (answer.code !== null) this.codes.set(answer.code, (this.codes.get(answer.code) ?? 0) + 1);
    if (answer.outcome === 'refused') this.refusedTaps += 1;
    else {
      this.count(answer, 1);
      if (answer.subsidyFen > 0) this.displace({ ...eaten, answer });
    }
  }

  takeBack(answer: TapAnswer, { elder, date }: Eaten): void {
    const key = `${elder} ${date}`;
    if (this.subsidised.get(key)?.answer === answer) this.subsidised.delete(key);
    this.voidedMeals += 1;
    this.voidedFen += answer.priceFen;
    this.count(answer, -1);
  }

  private count(answer: TapAnswer, sign: 1 | -1): void {
    this.meals += sign;
    if (answer.subsidyFen > 0) this.subsidisedMeals += sign;
    this.mealFen += sign * answer.priceFen;
    this.subsidyFen += sign * answer.subsidyFen;
    this.selfPayFen += sign * answer.selfPayFen;
  }

  /** Of two meals of one elder and day that were told a subsidy, the later one loses it to the earlier, whichever was told first. */
  private displace(told: Subsidised): void {
    const key = `${told.elder} ${told.date}`;
    const other = this.subsidised.get(key);
    const [first, later] = other === undefined || told.minute < other.minute ? [told, other] : [other, told];
    this.subsidised.set(key, first);
    if (later === undefined) return;
    this.displacedMeals += 1;
    this.displacedFen += later.answer.subsidyFen;
    this.subsidisedMeals -= 1;
    this.subsidyFen -= later.answer.subsidyFen;
  }
}
