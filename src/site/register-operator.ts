import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { isCreditCode } from './domain/index.js';
import { insertOperator, type OperatorRow } from './party.store.js';

export interface NewOperator {
  readonly id: string;
  readonly name: string;
  /** 统一社会信用代码; a village collective may have none yet. */
  readonly creditCode: string | null;
}

/** Registers an organisation that runs sites. */
@Injectable()
export class RegisterOperator {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `credit-code-wrong`, `operator-known` */
  async run(actor: StaffActor, asked: NewOperator): Promise<Outcome<OperatorRow>> {
    const creditCode = asked.creditCode?.toUpperCase() ?? null;
    if (creditCode !== null && !isCreditCode(creditCode)) return refuse('credit-code-wrong');
    const row = { operatorId: asked.id, name: asked.name, creditCode };
    return doDeed(this.transactor, this.clock, { cityCode: actor.cityCode, id: asked.id, kind: 'operator.register', body: row }, async (tx) =>
      (await insertOperator(tx, this.clock, actor.cityCode, row, actorName(actor))) ? done(row) : refuse('operator-known'));
  }
}
