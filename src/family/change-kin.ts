import { Inject, Injectable } from '@nestjs/common';
import { addDays, done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit } from '../access/index.js';
import { consentVersions, enterConsent, reachElder } from '../elder/index.js';
import { latestConsents } from '../elder/domain/index.js';
import { actorName, CLOCK, derivedId, doDeed, Transactor, type AnyActor, type MiniActor, type StaffActor, type TerminalActor, type Tx } from '../platform/index.js';
import { CONSENT_NOTICE, MOST_CONSENT_DAYS, type KinRight } from './domain/index.js';
import { FamilyEvents } from './family-events.js';
import { boundOfElder, boundPairs, endBinding } from './kin.store.js';
import { elderByCard } from './make-code.js';
import { reachSelf } from './reach-kin.js';

/** What an elder agrees to for one relative, as a whole. */
export interface KinConsentForm {
  readonly id: string;
  readonly scopes: readonly KinRight[];
  readonly until: CivilDate;
}

/** Whom an elder takes everything back from: one contact, or their own account. */
export type Withdrawn = { readonly contactId: string } | { readonly self: true };

/** Lets elders give and take back what relatives may do. Whatever is taken back is over with the answer. */
@Injectable()
export class ChangeKin {
  constructor(private readonly transactor: Transactor, private readonly events: FamilyEvents, @Inject(CLOCK) private readonly clock: Clock) {}

  /** Consents in the elder's own app. @returns `not-found`, `elder-alone`, `contact-unknown`, `consent-dates-wrong`, `id-taken` */
  async consent(actor: MiniActor, elderId: string, contactId: string, { id, scopes, until }: KinConsentForm): Promise<Outcome<{ contactId: string }>> {
    const { cityCode } = actor;
    if (until > addDays(today(this.clock), MOST_CONSENT_DAYS)) return refuse('consent-dates-wrong');
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'family.consent', body: { by: actor.accountId, elderId, contactId, scopes, until } }, async (tx) => {
      const self = await reachSelf(tx, actor, elderId, 'lock');
      if (!self.ok) return self;
      const bound = (await boundOfElder(tx, cityCode, elderId)).find((row) => row.contactId === contactId);
      await this.events.tell(tx, { cityCode, elderId, kind: 'consented', eventId: id, accountId: bound?.accountId ?? null, contactId });
      const entered = await enterConsent(tx, this.clock, {
        cityCode, elderId, consentId: id, by: actorName(actor), grantee: 'relative', contactId, scopes, until, givenOn: today(this.clock), givenHow: 'miniProgram', notice: CONSENT_NOTICE.version,
      });
      return entered.ok ? done({ contactId }) : entered;
    });
  }

  /** Takes everything back in the elder's own app. @returns `not-found`, `elder-alone`, `kin-unknown`, `id-taken` */
  async withdraw(actor: MiniActor, elderId: string, contactId: string, id: string): Promise<Outcome<{ contactId: string }>> {
    return doDeed(this.transactor, this.clock, { cityCode: actor.cityCode, id, kind: 'family.withdraw', body: { by: actor.accountId, elderId, contactId } }, async (tx) => {
      const self = await reachSelf(tx, actor, elderId, 'lock');
      if (!self.ok) return self;
      const taken = await this.take(tx, actor, elderId, { contactId }, id, 'miniProgram');
      return taken.ok ? done({ contactId }) : taken;
    });
  }

  /** Takes everything back at a till with the elder's card laid on it. @returns `kin-card-unknown`, `kin-unknown`, `id-taken` */
  async withdrawAtTill(actor: TerminalActor, handle: string, whom: Withdrawn, id: string): Promise<Outcome<{ withdrawn: true }>> {
    return doDeed(this.transactor, this.clock, { cityCode: actor.cityCode, id, kind: 'family.withdraw-till', body: { handle, whom } }, async (tx) => {
      const elderId = await elderByCard(tx, actor.cityCode, handle);
      return elderId === undefined ? refuse('kin-card-unknown') : this.take(tx, actor, elderId, whom, id, 'till');
    });
  }

  /** Takes everything back for an elder who asks staff to. @returns `not-found`, `outside-scope`, `kin-unknown`, `id-taken` */
  async withdrawByStaff(actor: StaffActor, elderId: string, whom: Withdrawn, id: string): Promise<Outcome<{ withdrawn: true }>> {
    return doDeed(this.transactor, this.clock, { cityCode: actor.cityCode, id, kind: 'family.withdraw-staff', body: { elderId, whom } }, async (tx) => {
      const elder = await reachElder(tx, actor, elderId);
      return elder.ok ? this.take(tx, actor, elderId, whom, id, 'paper') : elder;
    });
  }

  /** Lets an account go from an elder by its own wish. @returns `not-found`, `id-taken` */
  async leave(actor: MiniActor, elderId: string, id: string): Promise<Outcome<{ elderId: string }>> {
    const { cityCode, accountId } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id, kind: 'family.leave', body: { by: accountId, elderId } }, async (tx) => {
      const [row] = await boundPairs(tx, cityCode, [{ accountId, elderId }]);
      if (row === undefined) return refuse('not-found');
      await endBinding(tx, cityCode, { bindingId: row.bindingId, by: actorName(actor), reason: '本人解除绑定' }, this.clock.now());
      await this.events.tell(tx, { cityCode, elderId, kind: 'unbound', eventId: row.bindingId, accountId, contactId: row.contactId });
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'family.leave', objectKind: 'elder', objectId: elderId, before: { bindingId: row.bindingId, contactId: row.contactId } });
      return done({ elderId });
    });
  }

  private async take(tx: Tx, actor: AnyActor, elderId: string, whom: Withdrawn, id: string, how: 'miniProgram' | 'till' | 'paper'): Promise<Outcome<{ withdrawn: true }>> {
    const { cityCode } = actor;
    const contactId = 'self' in whom ? null : whom.contactId;
    const bound = (await boundOfElder(tx, cityCode, elderId)).find((row) => row.contactId === contactId);
    const consent = contactId === null ? undefined : latestConsents(await consentVersions(tx, cityCode, elderId)).find((one) => one.contactId === contactId && !one.withdrawn);
    if (bound === undefined && consent === undefined) return refuse('kin-unknown');
    if (bound !== undefined) await endBinding(tx, cityCode, { bindingId: bound.bindingId, by: actorName(actor), reason: '老人撤回' }, this.clock.now());
    await this.events.tell(tx, { cityCode, elderId, kind: 'withdrawn', eventId: id, accountId: bound?.accountId ?? null, contactId });
    await recordAudit(tx, this.clock, { cityCode, actor, action: 'family.withdraw', objectKind: 'elder', objectId: elderId, before: { contactId, bindingId: bound?.bindingId ?? null } });
    if (consent === undefined || contactId === null) return done({ withdrawn: true });
    const on = today(this.clock);
    const entered = await enterConsent(tx, this.clock, {
      cityCode, elderId, consentId: derivedId(id, 'withdrawn'), by: actorName(actor), grantee: 'relative', contactId, scopes: [], until: on, givenOn: on, givenHow: how, notice: CONSENT_NOTICE.version,
    });
    return entered.ok ? done({ withdrawn: true }) : entered;
  }
}
