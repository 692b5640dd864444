import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { CivilDate, Clock } from '../kernel/index.js';
import { CLOCK, type Tx } from '../platform/index.js';
import { sealedMeals, type SealedMeals } from '../seal/index.js';
import { DRAWN_BY_LOT, drawSample, SAMPLE_RULE, USUAL_RULE, type SampleRule } from './domain/index.js';
import { insertDraws, lockDraws, nextToDraw, readMeals, type Draw } from './draw.store.js';
import { readRules, type DatedRule } from './rule.store.js';

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/** Seals that are drawn from with one round of statements, and at most in one transaction. */
const AT_ONCE = 20;
const MOST_SEALS = 2_000;

/** What a round of drawing did. */
export interface DrawingDone {
  readonly seals: number;
  readonly meals: number;
}

/** The rule for meals of a day. @param rules as `readRules` gives them */
export function ruleFor(rules: readonly DatedRule[], date: CivilDate): SampleRule {
  const { rateBasisPoints, least } = rules.find(({ fromDate }) => fromDate <= date) ?? USUAL_RULE;
  return { rateBasisPoints, least };
}

/** Draws from every seal of a city that nothing was drawn from yet, in the order of its log. */
@Injectable()
export class DrawSamples {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  async run(tx: Tx, cityCode: string): Promise<DrawingDone> {
    await lockDraws(tx, cityCode);
    const rules = await readRules(tx, cityCode);
    let [next, sealsDone, mealsDrawn] = [await nextToDraw(tx, cityCode), 0, 0];
    while (sealsDone < MOST_SEALS) {
      const seals = await sealedMeals(tx, cityCode, next, AT_ONCE);
      if (seals.length === 0) break;
      const draws: Draw[] = [];
      for (const seal of seals) draws.push(await this.draw(tx, cityCode, ruleFor(rules, seal.mealDate), seal));
      await insertDraws(tx, cityCode, draws, ({ sample }) => sample.filter(({ reasons }) => !reasons.includes(DRAWN_BY_LOT)).length, this.clock.now());
      next = (seals.at(-1) as SealedMeals).logIndex + 1;
      sealsDone += seals.length;
      mealsDrawn += draws.reduce((sum, { sample }) => sum + sample.length, 0);
    }
    return { seals: sealsDone, meals: mealsDrawn };
  }

  private async draw(tx: Tx, cityCode: string, rule: SampleRule, { logIndex, siteId, mealDate, bookedMonth, root, tapIds }: SealedMeals): Promise<Draw> {
    const meals = await readMeals(tx, cityCode, bookedMonth, tapIds);
    return { logIndex, siteId, mealDate, bookedMonth, rule: SAMPLE_RULE, ...rule, meals: meals.length, sample: drawSample(sha256, root, rule, meals) };
  }
}
