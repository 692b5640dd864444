import { Injectable } from '@nestjs/common';
import { reachElder } from '../elder/index.js';
import { done, NO_FEN, type Outcome } from '../kernel/index.js';
import { fromCursor, toPage, Transactor, type Page, type StaffActor } from '../platform/index.js';
import { listEntries, readBalances, type StatementLine } from './balance.store.js';

const PAGE = 50;

/** An elder's balance with what moved it, the latest first. */
export interface Statement extends Page<StatementLine> {
  readonly balanceFen: number;
}

@Injectable()
export class ReadStatement {
  constructor(private readonly transactor: Transactor) {}

  /** @returns `not-found`, `outside-scope` @throws ProblemException `cursor-wrong` */
  run(actor: StaffActor, elderId: string, asked: { readonly cursor?: string; readonly limit?: number }): Promise<Outcome<Statement>> {
    const key = fromCursor(asked.cursor, 1);
    const { limit = PAGE } = asked;
    return this.transactor.run(async (tx) => {
      const reached = await reachElder(tx, actor, elderId);
      if (!reached.ok) return reached;
      const lines = await listEntries(tx, actor.cityCode, elderId, key === null ? null : Number(key[0]), limit);
      const balanceFen = (await readBalances(tx, actor.cityCode, [elderId])).get(elderId) ?? NO_FEN;
      return done({ balanceFen, ...toPage(lines, limit, ({ seq }) => [seq]) });
    });
  }
}
