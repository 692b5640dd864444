import { Inject, Injectable } from '@nestjs/common';
import { inScope, recordAudit } from '../access/index.js';
import { done, refuse, sumFen, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, derivedId, doDeed, FieldCipher, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { lockRoster, proposedRows } from '../roster/index.js';
import { insertComparison, insertProposals, isCompared, type ComparisonRow, type StopKind } from './comparison.store.js';
import { bearerOf, groundOf } from './domain/index.js';
import { insertLines, mealsAfter, type NewLine } from './line.store.js';

const KINDS: Readonly<Record<ComparisonRow['purpose'], StopKind>> = { deaths: 'death', careHomes: 'stay', hukouMoves: 'move' };

/** What a comparison found. */
export interface Compared {
  readonly comparisonId: string;
  readonly proposals: number;
  readonly lines: number;
}

/**
 * Compares a checked register with the registry and the meals: facts that are proposed to be recorded, and what was
 * paid after them. Nothing is stopped and nothing is taken back before a person decides.
 */
@Injectable()
export class CompareRegister {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `register-not-checked`, `register-compared`, `id-taken` */
  async run(actor: StaffActor, id: string, rosterId: string): Promise<Outcome<Compared>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'recovery.compare', body: { rosterId } }, async (tx) => {
      const roster = await lockRoster(tx, cityCode, rosterId);
      if (!roster) return refuse('not-found');
      if (!(await inScope(tx, actor, roster.divisionCode))) return refuse('outside-scope');
      const { purpose, divisionCode, source } = roster;
      if (purpose === 'elders' || roster.state !== 'checked' || roster.purgedAt !== null) return refuse('register-not-checked');
      if (await isCompared(tx, cityCode, rosterId)) return refuse('register-compared');
      const rows = await proposedRows(tx, this.cipher, cityCode, rosterId);
      await insertComparison(tx, cityCode, { comparisonId: id, rosterId, purpose, divisionCode, source, madeStaff: actor.staffId, madeAt: this.clock.now() });
      await insertProposals(tx, cityCode, id, rows.map((row) => ({ ...row, proposalId: derivedId(id, String(row.rowNo)), kind: KINDS[purpose] })));
      const lines = await this.findLines(tx, cityCode, id);
      const found = { comparisonId: id, proposals: rows.length, lines };
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'recovery.compare', objectKind: 'comparison', objectId: id, after: { ...found, rosterId, sha256: roster.sha256 } });
      return done(found);
    });
  }

  private async findLines(tx: Tx, cityCode: string, comparisonId: string): Promise<number> {
    const lines = (await mealsAfter(tx, cityCode, comparisonId)).map((meal): NewLine => {
      const ground = groundOf(meal);
      const { proposalId, tapId, siteId, mealDate, budgetYear, shares } = meal;
      return {
        lineId: derivedId(comparisonId, 'line', tapId), proposalId, tapId, siteId, mealDate, shares, ground, bearer: bearerOf(ground),
        budgetYear, fen: sumFen(shares.map((share) => share.fen)),
      };
    });
    await insertLines(tx, cityCode, comparisonId, lines);
    return lines.length;
  }
}
