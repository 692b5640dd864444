import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, stageJobs, Transactor, type StaffActor } from '../platform/index.js';
import { inScope, recordAudit } from '../access/index.js';
import type { Purpose } from './domain/index.js';
import { readFile } from './file.store.js';
import { insertRoster, type Wish } from './roster.store.js';

export const CHECK = 'roster.check';

/** How a file is to be read. */
export interface CheckForm extends Wish {
  readonly id: string;
  readonly fileId: string;
  readonly purpose: Purpose;
  /** The day that the file speaks of. */
  readonly asOf: CivilDate;
  /** The office that made the file. */
  readonly source: string;
  /** Under which number it was asked for, where data are shared between offices. */
  readonly requestNumber?: string | null;
}

/** Has a file read and compared with the registry: a dry run that changes nothing but its own report. */
@Injectable()
export class AskCheck {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `file-purged`, `as-of-ahead`, `id-taken` */
  async run(actor: StaffActor, form: CheckForm): Promise<Outcome<{ rosterId: string }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id: form.id, kind: CHECK, body: form }, async (tx) => {
      const file = await readFile(tx, cityCode, form.fileId);
      if (!file) return refuse('not-found');
      if (!(await inScope(tx, actor, file.divisionCode))) return refuse('outside-scope');
      if (file.purgedAt !== null) return refuse('file-purged');
      if (form.asOf > today(this.clock)) return refuse('as-of-ahead');
      const { id: rosterId, fileId, purpose, asOf, source, requestNumber, sheet, headerRow, choices } = form;
      await insertRoster(tx, cityCode, {
        rosterId, fileId, purpose, divisionCode: file.divisionCode, asOf, source, requestNumber: requestNumber ?? null,
        wish: { sheet, headerRow, choices }, madeBy: actorName(actor), madeAt: this.clock.now(),
      });
      await stageJobs(tx, this.clock, [{ cityCode, job: CHECK, key: rosterId, payload: { rosterId } }]);
      await recordAudit(tx, this.clock, { cityCode, actor, action: CHECK, objectKind: 'roster', objectId: rosterId, after: { ...form, sha256: file.sha256 } });
      return done({ rosterId });
    });
  }
}
