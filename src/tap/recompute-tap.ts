import { Inject, Injectable } from '@nestjs/common';
import { siteInScope } from '../access/index.js';
import { done, refuse, type CivilDate, type Outcome } from '../kernel/index.js';
import { Transactor, type StaffActor } from '../platform/index.js';
import { recomputeFen } from '../subsidy/domain/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import { readMeal } from './meal.store.js';

/** One funder's part of a meal, as it was kept and as it comes out of its own reason. */
export interface RecomputedPart {
  readonly ruleId: string;
  readonly version: string;
  readonly clause: string;
  readonly documentId: string;
  readonly funder: string;
  readonly keptFen: number;
  readonly recomputedFen: number;
}

/** A meal's money computed again, and the version that rules its date today. */
export interface Recomputation {
  readonly tapId: string;
  readonly mealDate: CivilDate;
  /** The version that decided; null where none did. */
  readonly decidedBy: { readonly pack: string; readonly version: string } | null;
  /** What of that pack is published for the meal's date by now: another one after a back-dated publication. */
  readonly ruling: { readonly pack: string; readonly version: string; readonly sha256: string } | null;
  readonly sameVersion: boolean;
  readonly parts: readonly RecomputedPart[];
  /** Whether every part comes out as it was kept. */
  readonly holds: boolean;
}

/** Computes a meal's money again from what was kept with it, without the elder and without the pack. */
@Injectable()
export class RecomputeTap {
  constructor(@Inject(Transactor) private readonly transactor: Transactor, private readonly policies: PolicyLibrary) {}

  /** @returns refused with `not-found` or `outside-scope` */
  async run(actor: StaffActor, tapId: string): Promise<Outcome<Recomputation>> {
    const { cityCode } = actor;
    return this.transactor.run(async (tx) => {
      const meal = await readMeal(tx, cityCode, tapId);
      if (meal === undefined) return refuse('not-found');
      if (!(await siteInScope(tx, actor, meal.siteId, meal.divisionCode))) return refuse('outside-scope');
      const parts = (meal.explanation.reasons ?? []).flatMap(({ parts: kept, ...reason }) => kept.map(({ funder, fen }): RecomputedPart => {
        const { ruleId, version, clause, documentId, working } = reason;
        return { ruleId, version, clause, documentId, funder, keptFen: fen, recomputedFen: recomputeFen({ funder, working }) };
      }));
      const { pack, packVersion, mealDate } = meal;
      const ruling = pack === null ? null : (await this.policies.of(tx, cityCode)).versionOn(pack, mealDate);
      return done({
        tapId, mealDate, parts,
        decidedBy: pack === null || packVersion === null ? null : { pack, version: packVersion },
        ruling: ruling === null ? null : { pack: ruling.pack, version: ruling.version, sha256: ruling.sha256 },
        sameVersion: (ruling?.version ?? null) === packVersion,
        holds: parts.every(({ keptFen, recomputedFen }) => keptFen === recomputedFen),
      });
    });
  }
}
