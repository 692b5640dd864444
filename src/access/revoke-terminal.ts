import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { recordAudit } from './audit.store.js';
import { siteInScope } from './scope.js';
import { lockTerminal, revokeTerminal } from './terminal.store.js';

/** The end of a terminal's rights. */
export interface TerminalEnd {
  readonly id: string;
  readonly terminalId: string;
  readonly reason: string;
}

/** Takes a lost or worn-out terminal's rights away at once. Revoking it again changes nothing. */
@Injectable()
export class RevokeTerminal {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope` */
  async run(actor: StaffActor, asked: TerminalEnd): Promise<Outcome<null>> {
    const { cityCode } = actor;
    const { terminalId, reason } = asked;
    const body = { ...asked, by: actor.staffId };
    return doDeed(this.transactor, this.clock, { cityCode, id: asked.id, kind: 'terminal.revoke', body }, async (tx) => {
      const terminal = await lockTerminal(tx, cityCode, terminalId);
      if (!terminal) return refuse('not-found');
      if (!(await siteInScope(tx, actor, terminal.siteId, terminal.divisionCode))) return refuse('outside-scope');
      if (terminal.revokedAt !== null) return done(null);
      await revokeTerminal(tx, cityCode, terminalId, `staff:${actor.staffId}`, reason, this.clock.now());
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'terminal.revoke', objectKind: 'terminal', objectId: terminalId, reason });
      return done(null);
    });
  }
}
