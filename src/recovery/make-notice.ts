import { Inject, Injectable } from '@nestjs/common';
import { recordAudit, siteInScope } from '../access/index.js';
import { done, invariant, refuse, sumFen, today, type Clock, type Outcome } from '../kernel/index.js';
import { bookingMonth } from '../ledger/index.js';
import { CLOCK, doDeed, Transactor, type StaffActor } from '../platform/index.js';
import { siteDivision } from '../site/index.js';
import { noticeKindOf, type NoticeKind } from './domain/index.js';
import { lockToNotice, putIntoNotice } from './line.store.js';
import { countyOf, insertRecoveryNotice, takeNumber } from './notice.store.js';

export interface NoticeForm {
  readonly id: string;
  readonly siteId: string;
  readonly kind: NoticeKind;
  readonly budgetYear: number;
}

export interface NoticeAnswer {
  readonly noticeId: string;
  readonly noticeNumber: string;
  readonly lines: number;
  readonly fen: number;
}

/**
 * Puts what a site has to give back of one budget year into a numbered notice. The year says how: netted against the
 * next claim while it is open, back by itself when it is closed; suspected fraud is never netted.
 */
@Injectable()
export class MakeNotice {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `not-found`, `outside-scope`, `notice-kind-wrong` with the right one, `notice-empty`, `id-taken` */
  async run(actor: StaffActor, form: NoticeForm): Promise<Outcome<NoticeAnswer>> {
    const { cityCode } = actor;
    const { id: noticeId, siteId, kind, budgetYear } = form;
    return doDeed(this.transactor, this.clock, { cityCode, id: noticeId, kind: 'recovery.notice', body: { ...form, by: actor.staffId } }, async (tx) => {
      const divisionCode = await siteDivision(tx, cityCode, siteId);
      if (!divisionCode) return refuse('not-found');
      if (!(await siteInScope(tx, actor, siteId, divisionCode))) return refuse('outside-scope');
      const openYear = Number((await bookingMonth(tx, this.clock, cityCode, today(this.clock))).slice(0, 4));
      const right = noticeKindOf(budgetYear, openYear, kind === 'fraud');
      if (right !== kind) return refuse('notice-kind-wrong', { right, budgetYear });
      const lines = await lockToNotice(tx, cityCode, siteId, budgetYear, kind);
      if (lines.length === 0) return refuse('notice-empty');
      const countyCode = await countyOf(tx, cityCode, divisionCode);
      invariant(countyCode, 'a site lies in a county');
      const now = this.clock.now();
      const year = Number(today(this.clock).slice(0, 4));
      const number = await takeNumber(tx, cityCode, countyCode, year);
      const noticeNumber = `${countyCode}-${year}-H${String(number).padStart(4, '0')}`;
      const fen = sumFen(lines.map((line) => line.fen));
      await insertRecoveryNotice(tx, cityCode, { noticeId, kind, siteId, countyCode, noticeNumber, budgetYear, fen, madeStaff: actor.staffId, madeAt: now, year, number });
      await putIntoNotice(tx, cityCode, lines.map((line) => line.lineId), noticeId);
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'recovery.notice', objectKind: 'recoveryNotice', objectId: noticeId, after: { noticeNumber, kind, siteId, budgetYear, fen, lines: lines.map((line) => line.lineId) } });
      return done({ noticeId, noticeNumber, lines: lines.length, fen });
    });
  }
}
