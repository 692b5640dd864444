import { addDays, chinaInstant, civilDate, type CivilDate, type CivilMonth, type Instant } from '../../kernel/index.js';
import { Random } from '../../demo/domain/index.js';
import { ELDERS, TILL_SITES, type Item } from './cast.js';
import { DRAWN_KINDS, SERVER_FAULTS, WORKER_FAULTS, type Fault } from './faults.js';

/** A sale that is to be made. */
export interface Sale {
  readonly id: string;
  readonly till: number;
  /** Place in the cast; null for a guest. */
  readonly elder: number | null;
  /** A card that nobody registered. */
  readonly strange: boolean;
  readonly period: 'lunch' | 'dinner';
  readonly items: readonly { readonly itemCode: Item; readonly quantity: number }[];
  readonly tender: 'cash' | 'code' | 'none';
  /** How far the till's clock is off. */
  readonly skewMs: number;
}

export type Deed =
  | { readonly do: 'sell'; readonly sales: readonly Sale[]; readonly fault: Fault | null }
  | { readonly do: 'network'; readonly till: number; readonly cut: boolean }
  | { readonly do: 'upload'; readonly till: number; readonly pieces: number; readonly order: 'asWritten' | 'newestFirst' | 'shuffled'; readonly again: boolean; readonly fault: Fault | null }
  | { readonly do: 'repeat'; readonly till: number; readonly pick: number }
  | { readonly do: 'otherBody'; readonly till: number; readonly pick: number }
  | { readonly do: 'clone'; readonly till: number; readonly by: number; readonly sale: Sale }
  | { readonly do: 'void'; readonly till: number; readonly id: string; readonly fault: Fault | null }
  | { readonly do: 'lose' | 'replace'; readonly elder: number; readonly id: string }
  | { readonly do: 'death'; readonly elder: number; readonly diedOn: CivilDate; readonly id: string }
  | { readonly do: 'adjust'; readonly elder: number; readonly after: CivilDate; readonly id: string }
  | { readonly do: 'prices'; readonly site: number; readonly from: CivilDate; readonly percent: number; readonly id: string }
  | { readonly do: 'rule'; readonly from: CivilDate; readonly id: string }
  | { readonly do: 'roster'; readonly id: string }
  | { readonly do: 'close'; readonly month: CivilMonth; readonly ids: readonly string[]; readonly uploads: readonly number[]; readonly fault: Fault | null }
  | { readonly do: 'settle'; readonly month: CivilMonth; readonly fault: Fault | null }
  | { readonly do: 'clockStep'; readonly byMs: number };

export type Step = { readonly at: Instant } & Deed;

export interface Story {
  readonly seed: number;
  readonly faults: readonly Fault[];
  readonly steps: readonly Step[];
}

/** The days of the story: the last ones of a month and the first ones of the next. */
export const DAYS = ['2024-12-29', '2024-12-30', '2024-12-31', '2025-01-01', '2025-01-02'].map((day) => civilDate(day));
const MONTH = '2024-12' as CivilMonth;
const NEXT = '2025-01' as CivilMonth;
const HOUR = 3_600_000;

/**
 * Writes the story of one month; the same seed always writes the same.
 * @param ownServer whether the database's server may be stopped
 * @param faults those that it holds, where they are not to be drawn
 */
export function makeStory(seed: number, ownServer = true, faults?: readonly Fault[]): Story {
  return new Writer(seed, ownServer, faults).write();
}

class Writer {
  private readonly random: Random;
  private readonly steps: Step[] = [];
  private readonly faults: readonly Fault[];

  constructor(private readonly seed: number, ownServer: boolean, faults: readonly Fault[] | undefined) {
    this.random = new Random(seed).branch('story');
    this.faults = faults ?? drawFaults(this.random.branch('faults'), ownServer);
  }

  write(): Story {
    for (const day of DAYS) this.everyday(day);
    this.offlineDay();
    if (this.random.happens(0.3)) this.add(1, 8, { do: 'prices', site: this.random.whole(0, 2), from: DAYS[this.random.whole(2, 3)] as CivilDate, percent: this.random.whole(90, 120), id: this.random.id() });
    if (this.random.happens(0.12)) this.add(0, 15, { do: 'roster', id: this.random.id() });
    for (const fault of this.faults) this.plot(fault);
    this.close();
    const order = this.steps.map((step, index) => ({ step, index })).sort((a, b) => a.step.at - b.step.at || a.index - b.index);
    return { seed: this.seed, faults: this.faults, steps: order.map(({ step }) => step) };
  }

  private add(day: number, hour: number, deed: Deed): void {
    this.steps.push({ at: chinaInstant(DAYS[day] as CivilDate, Math.round(hour * 60)), ...deed });
  }

  private sale(till: number, period: 'lunch' | 'dinner', elder: number | null = this.someone(), skewMs = 0): Sale {
    const set = period === 'lunch' ? 'set-lunch' : 'set-dinner';
    const items: Sale['items'] = this.random.happens(0.25) ? [{ itemCode: set, quantity: 1 }, { itemCode: 'soup', quantity: this.random.whole(1, 3) }] : this.random.happens(0.1) ? [{ itemCode: 'soup', quantity: 1 }] : [{ itemCode: set, quantity: 1 }];
    const strange = elder !== null && this.random.happens(0.04);
    return { id: this.random.id(), till, elder: strange ? null : elder, strange, period, items, tender: this.random.happens(0.05) ? 'none' : this.random.pick(['cash', 'code'] as const), skewMs };
  }

  /** Few elders eat often, so that limits are met. */
  private someone(): number | null {
    return this.random.happens(0.1) ? null : this.random.happens(0.5) ? this.random.whole(0, 5) : this.random.whole(0, ELDERS.length - 1);
  }

  private till(): number {
    return this.random.whole(0, TILL_SITES.length - 1);
  }

  private everyday(day: CivilDate): void {
    const place = DAYS.indexOf(day);
    for (const [period, from, count] of [['lunch', 10.6, this.random.whole(3, 5)], ['dinner', 17, this.random.whole(1, 2)]] as const) {
      for (let index = 0; index < count; index += 1) {
        const together = this.random.happens(0.3) ? this.random.whole(2, 3) : 1;
        this.add(place, from + this.random.next() * 2, { do: 'sell', sales: Array.from({ length: together }, () => this.sale(this.till(), period)), fault: null });
      }
    }
    if (this.random.happens(0.4)) this.add(place, 13.2, { do: 'void', till: this.till(), id: this.random.id(), fault: null });
    this.add(place, 19.5, { do: 'repeat', till: this.till(), pick: this.random.whole(0, 1_000) });
  }

  /** A till without a network for a while, which sends what it held in some way. */
  private offlineDay(): void {
    if (this.random.happens(0.5)) this.offline(this.till(), this.random.whole(0, 2), this.random.whole(0, 1), null);
  }

  /** @param until days later on which the till comes back */
  private offline(till: number, day: number, until: number, fault: Fault | null, elders: readonly (number | null)[] = []): void {
    this.add(day, 10.2, { do: 'network', till, cut: true });
    const eaters = [...elders, ...Array.from({ length: this.random.whole(2, 4) }, () => this.someone())];
    const back = Math.min(day + until, DAYS.length - 1);
    if (this.random.happens(0.35)) this.add(day, 12.7, { do: 'void', till, id: this.random.id(), fault: null });
    for (const elder of eaters) this.add(day, 11 + this.random.next() * 1.5, { do: 'sell', sales: [this.sale(till, 'lunch', elder)], fault: null });
    this.add(back, 14, { do: 'network', till, cut: false });
    const twice = fault === 'uploadedTwice';
    const order = fault === 'outOfOrder' ? this.random.pick(['newestFirst', 'shuffled'] as const) : this.random.pick(['asWritten', 'asWritten', 'shuffled'] as const);
    this.add(back, 14.1, { do: 'upload', till, pieces: fault === 'uploadCut' ? 1 : this.random.whole(1, 3), order, again: twice || this.random.happens(0.2), fault });
  }

  /** Weaves a fault into the story. */
  private plot(fault: Fault): void {
    const { random } = this;
    const day = random.whole(0, 4);
    const hour = 11 + random.next() * 1.5;
    const several = (count: number): Sale[] => Array.from({ length: count }, () => this.sale(this.till(), 'lunch'));
    switch (fault) {
      case 'apiKilledAfterCommit': case 'apiKilledBeforeCommit': {
        const what = random.weighted([5, 2, 2]);
        if (what === 1) return this.add(day, 13.4, { do: 'void', till: this.till(), id: random.id(), fault });
        if (what === 2) return this.offline(this.till(), random.whole(0, 3), 0, fault);
        return this.add(day, hour, { do: 'sell', sales: several(random.whole(1, 3)), fault });
      }
      case 'answerDropped': case 'lineHalfOpen':
        return this.add(day, hour, { do: 'sell', sales: several(1), fault });
      case 'postgresStoppedImmediate': case 'postgresRestartInFlight': case 'connectionsCut':
        return this.add(day, hour, { do: 'sell', sales: several(random.whole(6, 10)), fault });
      case 'otherBody': return this.add(day, 13.5, { do: 'otherBody', till: this.till(), pick: random.whole(0, 1_000) });
      case 'twoTillsAtOnce': {
        const elder = random.whole(0, 5);
        // Before anybody else eats, so that the day's one meal is left.
        return this.add(day, 10.1, { do: 'sell', sales: [this.sale(0, 'lunch', elder), this.sale(random.whole(1, 3), 'lunch', elder)].map((sale) => ({ ...sale, strange: false, elder, tender: 'cash' })), fault });
      }
      case 'sameTapTwoTills': return this.add(day, hour, { do: 'clone', till: 0, by: random.whole(1, 3), sale: this.sale(0, 'lunch') });
      case 'uploadedTwice': case 'outOfOrder': case 'uploadCut':
        return this.offline(this.till(), random.whole(0, 3), random.whole(0, 1), fault, [0, 1, null]);
      case 'wrongClock': {
        const skews = [3 * HOUR, -3 * HOUR, 365 * 24 * HOUR, -26 * HOUR, -80 * HOUR];
        for (let index = 0; index < 2; index += 1) this.add(day, hour + index * 0.1, { do: 'sell', sales: [this.sale(this.till(), 'lunch', this.someone(), random.pick(skews))], fault });
        // A clock that was never set.
        return this.add(day, hour + 0.3, { do: 'sell', sales: [this.sale(this.till(), 'lunch', this.someone(), -Date.UTC(2024, 11, 1))], fault });
      }
      case 'midnight': return this.midnight();
      case 'cardLostOffline': {
        const [elder, till] = [random.whole(6, 12), this.till()];
        const from = random.whole(0, 2);
        this.offline(till, from, 1, null, [elder]);
        this.add(from, 12.6, { do: 'lose', elder, id: random.id() });
        this.add(from, 12.8, { do: 'sell', sales: [{ ...this.sale(till, 'lunch', elder), strange: false, elder }], fault });
        return this.add(from + 1, 16, { do: 'replace', elder, id: random.id() });
      }
      case 'deathLate': {
        const elder = random.whole(13, 15);
        for (const date of [0, 1, 2, 3]) this.add(date, 12.2, { do: 'sell', sales: [{ ...this.sale(this.till(), 'lunch', elder), strange: false, elder }], fault: null });
        this.add(4, 9, { do: 'death', elder, diedOn: DAYS[random.whole(0, 2)] as CivilDate, id: random.id() });
        this.add(4, 9.2, { do: 'adjust', elder, after: DAYS[0] as CivilDate, id: random.id() });
        return this.add(4, 12.1, { do: 'sell', sales: [{ ...this.sale(this.till(), 'lunch', elder), strange: false, elder }], fault });
      }
      case 'ruleChanged': {
        // A till that is offline since before the change sells by the rule it knew.
        const from = random.whole(1, 3);
        this.add(from - 1, 8.5, { do: 'network', till: 3, cut: true });
        this.add(from - 1, 9.5, { do: 'rule', from: DAYS[from] as CivilDate, id: random.id() });
        for (let index = 0; index < 3; index += 1) this.add(from, 11.2 + index / 10, { do: 'sell', sales: [this.sale(3, 'lunch', random.whole(0, 5))], fault });
        this.add(from, 15, { do: 'network', till: 3, cut: false });
        return this.add(from, 15.1, { do: 'upload', till: 3, pieces: 1, order: 'asWritten', again: false, fault: null });
      }
      case 'capOffline': {
        const [elder, from] = [random.whole(0, 5), random.whole(0, 3)];
        for (const till of [1, 2]) this.offline(till, from, random.whole(0, 1), fault, [elder]);
        return;
      }
      case 'serverClockStep': {
        const byMs = random.pick([HOUR, -HOUR]);
        this.add(day, 11.8, { do: 'clockStep', byMs });
        this.add(day, 11.9, { do: 'sell', sales: several(2), fault });
        return this.add(day, 12.1, { do: 'clockStep', byMs: -byMs });
      }
      default: return;
    }
  }

  /** Sales around the last midnight of the month, online and held back. */
  private midnight(): void {
    const midnight = chinaInstant(DAYS[3] as CivilDate, 0);
    const till = this.till();
    const other = (till + 1) % TILL_SITES.length;
    this.steps.push({ at: midnight - 60_000, do: 'network', till, cut: true });
    for (const seconds of [-1, 0, 1]) {
      const elder = this.random.whole(0, 5);
      this.steps.push({ at: midnight + seconds * 1_000, do: 'sell', sales: [this.sale(till, 'dinner', elder), this.sale(other, 'dinner', this.random.whole(0, 5))], fault: 'midnight' });
    }
    this.steps.push({ at: midnight + 600_000, do: 'network', till, cut: false });
    this.steps.push({ at: midnight + 660_000, do: 'upload', till, pieces: 1, order: 'asWritten', again: false, fault: null });
  }

  /** The months' closing, what comes late, and the claims' way to the receipt. */
  private close(): void {
    const { random } = this;
    const has = (fault: Fault): boolean => this.faults.includes(fault);
    const streaming = has('closeWhileUploading') || random.happens(0.15);
    const late = has('lateAfterClose') || random.happens(0.2);
    const lateTill = random.whole(0, 3);
    if (streaming) for (const till of [1, 2]) this.heldBack(till, 3);
    if (late) this.heldBack(lateTill === 1 || lateTill === 2 ? 3 : lateTill, 2);
    const fault = this.faults.find((one) => WORKER_FAULTS.includes(one)) ?? null;
    this.steps.push({ at: chinaInstant(DAYS[4] as CivilDate, 15 * 60), do: 'close', month: MONTH, ids: has('monthClosedTwice') ? [random.id(), random.id()] : [random.id()], uploads: streaming ? [1, 2] : [], fault });
    if (late) {
      const till = lateTill === 1 || lateTill === 2 ? 3 : lateTill;
      this.steps.push({ at: chinaInstant(DAYS[4] as CivilDate, 16 * 60), do: 'network', till, cut: false });
      this.steps.push({ at: chinaInstant(DAYS[4] as CivilDate, 16 * 60 + 1), do: 'upload', till, pieces: 2, order: 'shuffled', again: false, fault: 'lateAfterClose' });
    }
    this.steps.push({ at: chinaInstant(addDays(DAYS[4] as CivilDate, 3), 9 * 60), do: 'settle', month: MONTH, fault: null });
    this.steps.push({ at: chinaInstant(civilDate('2025-02-01'), 9 * 60), do: 'close', month: NEXT, ids: [random.id()], uploads: [], fault: null });
  }

  /** A till that holds sales of the last days of the month until somebody lets it upload. */
  private heldBack(till: number, sales: number): void {
    this.add(2, 17.2, { do: 'network', till, cut: true });
    for (let index = 0; index < sales; index += 1) this.add(2, 17.3 + index * 0.2, { do: 'sell', sales: [this.sale(till, 'dinner')], fault: null });
  }
}

function drawFaults(random: Random, ownServer: boolean): readonly Fault[] {
  const count = random.whole(2, 4);
  const drawn: Fault[] = [];
  for (const fault of random.shuffled(DRAWN_KINDS)) {
    if (drawn.length === count) break;
    if (!ownServer && SERVER_FAULTS.includes(fault)) continue;
    if (WORKER_FAULTS.includes(fault) && drawn.some((one) => WORKER_FAULTS.includes(one))) continue;
    drawn.push(fault);
  }
  return drawn;
}
