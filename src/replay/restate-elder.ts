import { Inject, Injectable } from '@nestjs/common';
import { factsOf } from '../elder/index.js';
import { addDays, civilDate, today, type CivilDate, type Clock } from '../kernel/index.js';
import { CLOCK, derivedId, type JobRequest, type Tx } from '../platform/index.js';
import { codeAt } from '../subsidy/domain/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import { pastMeals, type PastMeal } from '../tap/index.js';
import { restateElder, type RestatedMeal } from './domain/index.js';
import { PastDecider } from './past-decider.js';
import { causesOf, insertRestatement, lineKey, lockElderMeals, rejectedLines, supersede, type Cause, type RestatementLine } from './restatement.store.js';

/** No meal was recorded before; what speaks of an elder's whole life is looked at from here. */
const FIRST_DAY = civilDate('2020-01-01');

/** The first day whose meals count for a day: that of its year, or of the week in which the year began. */
export function countedFrom(day: CivilDate): CivilDate {
  return addDays(civilDate(`${day.slice(0, 4)}-01-01`), -6);
}

/**
 * Decides one elder's meals anew by what is known now, and proposes what comes out otherwise, county by county. What
 * was proposed before and not decided goes into it. Nothing is booked here.
 */
@Injectable()
export class RestateElder {
  constructor(private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock) {}

  async run(tx: Tx, { cityCode, key, payload }: JobRequest): Promise<void> {
    const [elderId, lookId] = [String(payload['elderId']), String(payload['lookId'])];
    await lockElderMeals(tx, cityCode, elderId);
    const causes = distinct([...(await supersede(tx, cityCode, elderId)), ...(await causesOf(tx, cityCode, lookId, elderId))]);
    if (causes.length === 0) return;
    const from = causes.reduce((first, cause) => (cause.firstDay < first ? cause.firstDay : first), today(this.clock));
    const rejected = await rejectedLines(tx, cityCode, elderId);
    const byCounty = new Map<string, RestatementLine[]>();
    for (const { line, countyCode } of await this.restated(tx, cityCode, elderId, from < FIRST_DAY ? FIRST_DAY : from)) {
      if (!rejected.has(lineKey(line.tapId, line.after))) byCounty.set(countyCode, [...(byCounty.get(countyCode) ?? []), line]);
    }
    for (const [countyCode, lines] of byCounty) {
      await insertRestatement(tx, cityCode, { restatementId: derivedId('restatement', cityCode, countyCode, key), elderId, countyCode, causes, madeAt: this.clock.now(), lines });
    }
  }

  private async restated(tx: Tx, cityCode: string, elderId: string, from: CivilDate): Promise<{ line: RestatementLine; countyCode: string }[]> {
    const decider = new PastDecider(cityCode, await this.policies.of(tx, cityCode));
    const meals = await pastMeals(tx, { cityCode, elderIds: [elderId], from: countedFrom(from), to: today(this.clock), knownAt: this.clock.now(), explained: true });
    const records = await factsOf(tx, cityCode, [elderId]);
    await decider.prepare(tx, meals, records.values());
    const restated = restateElder(meals, from, (meal, uses) => decider.decide(meal, records.get(elderId), uses));
    return restated.map((one) => ({ line: lineOf(one), countyCode: codeAt(decider.site(one.meal)?.path ?? [cityCode], 'county') ?? cityCode }));
  }
}

function distinct(causes: readonly Cause[]): Cause[] {
  return [...new Map(causes.map((cause) => [cause.causeId, cause])).values()].sort((a, b) => (a.causeId < b.causeId ? -1 : 1));
}

function lineOf({ meal, decision, before, after, beforeFen, afterFen, refundFen }: RestatedMeal<PastMeal>): RestatementLine {
  const { tapId, siteId, mealDate } = meal;
  const parts = (shares: typeof before) => shares.map(({ funderCode, fen }) => ({ funderCode, fen })).sort((a, b) => (a.funderCode < b.funderCode ? -1 : 1));
  return { tapId, siteId, mealDate, pack: decision.pack, version: decision.version, code: decision.refusal, before: parts(before), after: parts(after), beforeFen, afterFen, refundFen };
}
