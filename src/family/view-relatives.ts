import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { consentVersions, contactsMasked, reachElder, type Relation } from '../elder/index.js';
import { latestConsents } from '../elder/domain/index.js';
import { CLOCK, FieldCipher, Transactor, type MiniActor, type StaffActor, type TerminalActor, type Tx } from '../platform/index.js';
import { isKinRight, type KinRight } from './domain/index.js';
import { boundOfElder } from './kin.store.js';
import { elderByCard } from './make-code.js';
import { reachSelf } from './reach-kin.js';

/** A relative as the elder sees one. */
export interface RelativeView {
  readonly contactId: string;
  /** All but the surname starred out. */
  readonly name: string;
  readonly phone: string;
  readonly relation: Relation;
  /** Whether an account is bound as theirs. */
  readonly bound: boolean;
  /** What holds today. */
  readonly rights: readonly KinRight[];
  readonly until: CivilDate | null;
}

/** A relative as a till shows one: the word alone. */
export type TillRelative = Pick<RelativeView, 'contactId' | 'relation' | 'rights' | 'until'>;

/** Who is bound to an elder, for the desk. */
export interface BoundView {
  readonly self: boolean;
  readonly relatives: readonly RelativeView[];
}

/** Shows an elder who may see and do what. */
@Injectable()
export class ViewRelatives {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** In the elder's own app. @returns `not-found`, `elder-alone` */
  ofElder(actor: MiniActor, elderId: string): Promise<Outcome<readonly RelativeView[]>> {
    return this.transactor.run(async (tx) => {
      const self = await reachSelf(tx, actor, elderId);
      return self.ok ? done((await this.bound(tx, actor.cityCode, elderId)).relatives) : self;
    });
  }

  /** At the desk. @returns `not-found`, `outside-scope` */
  forStaff(actor: StaffActor, elderId: string): Promise<Outcome<BoundView>> {
    return this.transactor.run(async (tx) => {
      const elder = await reachElder(tx, actor, elderId);
      return elder.ok ? done(await this.bound(tx, actor.cityCode, elderId)) : elder;
    });
  }

  /** At a till with the card laid on it: those who are bound or hold a consent, no names. @returns `kin-card-unknown` */
  atTill(actor: TerminalActor, handle: string): Promise<Outcome<{ self: boolean; relatives: readonly TillRelative[] }>> {
    return this.transactor.run(async (tx) => {
      const elderId = await elderByCard(tx, actor.cityCode, handle);
      if (elderId === undefined) return refuse('kin-card-unknown');
      const { self, relatives } = await this.bound(tx, actor.cityCode, elderId);
      const shown = relatives.filter((one) => one.bound || one.rights.length > 0);
      return done({ self, relatives: shown.map(({ contactId, relation, rights, until }) => ({ contactId, relation, rights, until })) });
    });
  }

  private async bound(tx: Tx, cityCode: string, elderId: string): Promise<BoundView> {
    const on = today(this.clock);
    const [contacts, versions, bound] = [await contactsMasked(tx, this.cipher, cityCode, elderId), await consentVersions(tx, cityCode, elderId), await boundOfElder(tx, cityCode, elderId)];
    const consents = latestConsents(versions).filter((one) => one.grantee === 'relative' && !one.withdrawn && on <= one.until);
    return {
      self: bound.some((row) => row.contactId === null),
      relatives: contacts.map(({ contactId, name, phone, relation }) => {
        const consent = consents.find((one) => one.contactId === contactId);
        return { contactId, name, phone, relation, bound: bound.some((row) => row.contactId === contactId), rights: consent?.scopes.filter(isKinRight) ?? [], until: consent?.until ?? null };
      }),
    };
  }
}
