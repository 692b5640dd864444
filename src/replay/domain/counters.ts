import type { CivilDate, Instant } from '../../kernel/index.js';
import { periodKeys, type MealPeriod, type Use } from '../../subsidy/domain/index.js';

interface Counted extends Use {
  /** A meal that was taken back counts for what was decided before that, and for nothing after. */
  readonly until: Instant | null;
}

/** What one elder has used of each rule in each period, while meals are decided one after the other. */
export class Counters {
  private readonly byPeriod = new Map<string, Counted[]>();

  /** The uses that a meal is decided with. */
  before(date: CivilDate, period: MealPeriod, decidedAt: Instant): Use[] {
    const found: Use[] = [];
    for (const key of periodKeys(date, period)) {
      for (const use of this.byPeriod.get(key) ?? []) if (use.until === null || use.until > decidedAt) found.push(use);
    }
    return found;
  }

  /** Adds what a meal used; those of equal rule and end become one, so that a year of meals stays a short list. */
  add(uses: readonly Use[], until: Instant | null): void {
    for (const use of uses) {
      const list = this.byPeriod.get(use.periodKey) ?? [];
      const place = list.findIndex((one) => one.ruleId === use.ruleId && one.until === until);
      const before = list[place];
      if (before === undefined) list.push({ ...use, until });
      else list[place] = { ...before, count: before.count + use.count, fen: (before.fen + use.fen) as Use['fen'] };
      this.byPeriod.set(use.periodKey, list);
    }
  }
}
