import { Inject, Injectable } from '@nestjs/common';
import { recordAudit, siteInScope } from '../access/index.js';
import { done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { account, toTransfers, type Posting } from '../ledger/domain/index.js';
import { bookingMonth, postTransfers } from '../ledger/index.js';
import { CLOCK, derivedId, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { adjustMeal } from '../tap/index.js';
import { noticeKindOf } from './domain/index.js';
import { linesOfNotice, takeOutOfNotice, type LineRow } from './line.store.js';
import { lockNotice, serialKnown, setRepaid, setSigned, setWithdrawn, type NoticeRow } from './notice.store.js';

/** What came back of a notice. */
export interface Repayment {
  readonly id: string;
  /** Serial number of the treasury's receipt. */
  readonly serial: string;
  readonly paidOn: CivilDate;
}

/**
 * Signs notices and notes what came back. The signature moves the money: a netting corrects each meal in the open
 * month, so that the next claim is lower and closed ones stay; any other notice books what the site owes beside its
 * claims, and the treasury's receipt says that it came back.
 */
@Injectable()
export class SignNotice {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @returns `not-found`, `outside-scope`, `notice-not-drafted`, `maker-is-checker` for who made it or decided a line of
   *   it, `notice-year-closed` where its year was closed since, `notice-line-gone` where a meal was voided or corrected
   *   since, `id-taken`
   */
  async sign(actor: StaffActor, noticeId: string, id: string): Promise<Outcome<{ noticeId: string; state: 'signed' }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'recovery.sign', body: { noticeId, by: actor.staffId } }, async (tx) => {
      const found = await this.reach(tx, actor, noticeId);
      if (!found.ok) return found;
      const notice = found.value;
      if (notice.state !== 'drafted') return refuse('notice-not-drafted');
      const lines = await linesOfNotice(tx, cityCode, noticeId);
      if (notice.madeStaff === actor.staffId || lines.some((line) => line.decidedStaff === actor.staffId)) return refuse('maker-is-checker');
      const booked = notice.kind === 'netting' ? await this.net(tx, actor, notice, lines) : await this.owe(tx, cityCode, notice, lines);
      if (!booked.ok) return booked;
      await setSigned(tx, cityCode, noticeId, actor.staffId, this.clock.now());
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'recovery.sign', objectKind: 'recoveryNotice', objectId: noticeId, after: { noticeNumber: notice.noticeNumber, kind: notice.kind, fen: notice.fen } });
      return done({ noticeId, state: 'signed' as const });
    });
  }

  /** Takes a draft back; its number stays used. @returns `not-found`, `outside-scope`, `notice-not-drafted`, `id-taken` */
  async withdraw(actor: StaffActor, noticeId: string, id: string, reason: string): Promise<Outcome<{ noticeId: string; state: 'withdrawn' }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'recovery.withdraw', body: { noticeId, reason } }, async (tx) => {
      const found = await this.reach(tx, actor, noticeId);
      if (!found.ok) return found;
      if (found.value.state !== 'drafted') return refuse('notice-not-drafted');
      await takeOutOfNotice(tx, cityCode, noticeId);
      await setWithdrawn(tx, cityCode, noticeId);
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'recovery.withdraw', objectKind: 'recoveryNotice', objectId: noticeId, reason, after: { noticeNumber: found.value.noticeNumber } });
      return done({ noticeId, state: 'withdrawn' as const });
    });
  }

  /** @returns `not-found`, `outside-scope`, `notice-not-signed`, `maker-is-checker`, `serial-known`, `paid-date-wrong`, `id-taken` */
  async repaid(actor: StaffActor, noticeId: string, form: Repayment): Promise<Outcome<{ noticeId: string; state: 'repaid' }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id: form.id, kind: 'recovery.repaid', body: { noticeId, form, by: actor.staffId } }, async (tx) => {
      const found = await this.reach(tx, actor, noticeId);
      if (!found.ok) return found;
      const notice = found.value;
      if (notice.state !== 'signed' || notice.kind === 'netting') return refuse('notice-not-signed');
      if (notice.signedStaff === actor.staffId) return refuse('maker-is-checker');
      if (form.paidOn > today(this.clock)) return refuse('paid-date-wrong');
      if (await serialKnown(tx, cityCode, form.serial)) return refuse('serial-known');
      const parts = sharesOf(await linesOfNotice(tx, cityCode, noticeId));
      await this.post(tx, cityCode, notice, 'repayment', parts.map(({ funderCode, fen }) => ({ debitAccount: account.owed(notice.siteId, funderCode), creditAccount: account.repaid(funderCode), fen })));
      await setRepaid(tx, cityCode, noticeId, { serial: form.serial, on: form.paidOn, staffId: actor.staffId });
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'recovery.repaid', objectKind: 'recoveryNotice', objectId: noticeId, after: { serial: form.serial, paidOn: form.paidOn, fen: notice.fen } });
      return done({ noticeId, state: 'repaid' as const });
    });
  }

  private async reach(tx: Tx, actor: StaffActor, noticeId: string): Promise<Outcome<NoticeRow>> {
    const notice = await lockNotice(tx, actor.cityCode, noticeId);
    if (!notice) return refuse('not-found');
    return (await siteInScope(tx, actor, notice.siteId, notice.divisionCode)) ? done(notice) : refuse('outside-scope');
  }

  private async net(tx: Tx, actor: StaffActor, notice: NoticeRow, lines: readonly LineRow[]): Promise<Outcome<null>> {
    const openYear = Number((await bookingMonth(tx, this.clock, actor.cityCode, today(this.clock))).slice(0, 4));
    if (noticeKindOf(notice.budgetYear, openYear, false) !== 'netting') return refuse('notice-year-closed');
    for (const line of lines) {
      const adjusted = await adjustMeal(tx, this.clock, actor, line.tapId, { id: derivedId(notice.noticeId, line.lineId), cause: line.stopKind === 'death' ? 'death' : 'eligibility', reason: `追缴 ${notice.noticeNumber}` });
      if (!adjusted.ok || adjusted.value.subsidyFen !== -line.fen) return refuse('notice-line-gone', { mealDate: line.mealDate });
    }
    return done(null);
  }

  private async owe(tx: Tx, cityCode: string, notice: NoticeRow, lines: readonly LineRow[]): Promise<Outcome<null>> {
    const parts = sharesOf(lines);
    await this.post(tx, cityCode, notice, 'recovery', parts.map(({ funderCode, fen }) => ({ debitAccount: account.recovery(notice.siteId), creditAccount: account.owed(notice.siteId, funderCode), fen })));
    return done(null);
  }

  private async post(tx: Tx, cityCode: string, { noticeId, siteId }: NoticeRow, kind: 'recovery' | 'repayment', postings: readonly Posting[]): Promise<void> {
    const bookedMonth = await bookingMonth(tx, this.clock, cityCode, today(this.clock));
    await postTransfers(tx, this.clock, toTransfers({ cityCode, bookedMonth, transferId: derivedId(noticeId, kind), kind, siteId, mealDate: null, causeId: noticeId }, postings));
  }
}

/** What each funder gets back, by code. */
export function sharesOf(lines: readonly LineRow[]): LineRow['shares'][number][] {
  const sums = new Map<string, number>();
  for (const { shares } of lines) for (const { funderCode, fen } of shares) sums.set(funderCode, (sums.get(funderCode) ?? 0) + fen);
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([funderCode, fen]) => ({ funderCode, fen: fen as LineRow['fen'] }));
}
