import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { consentVersions, contactsInClear, contactsMasked, reachElder, RELATIONS, type Relation } from '../elder/index.js';
import { latestConsents } from '../elder/domain/index.js';
import { CLOCK, FieldCipher, Transactor, type MiniActor, type StaffActor, type TerminalActor, type Tx } from '../platform/index.js';
import { isKinRight, tellApart, type KinRight } from './domain/index.js';
import { boundOfElder } from './kin.store.js';
import { elderByCard } from './make-code.js';
import { reachSelf } from './reach-kin.js';

/** A relative as the elder sees one. */
export interface RelativeView {
  readonly contactId: string;
  /** All but the surname starred out; in the elder's own app so much more that no two read the same. */
  readonly name: string;
  readonly phone: string;
  readonly relation: Relation;
  /** Whether an account is bound as theirs. */
  readonly bound: boolean;
  /** What holds today. */
  readonly rights: readonly KinRight[];
  readonly until: CivilDate | null;
}

/** A relative as a till shows one: the word alone, and what tells those of one word apart. */
export interface TillRelative extends Pick<RelativeView, 'contactId' | 'relation' | 'rights' | 'until'> {
  readonly mark: string | null;
}

/** Who is bound to an elder, for the desk. */
export interface BoundView {
  readonly self: boolean;
  readonly relatives: readonly RelativeView[];
}

/** `138****5678` gives `尾号 5678`. */
const tailOf = (phone: string): string => `尾号 ${phone.slice(-4)}`;

/** Shows an elder who may see and do what. */
@Injectable()
export class ViewRelatives {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** In the elder's own app. @returns `not-found`, `elder-alone` */
  ofElder(actor: MiniActor, elderId: string): Promise<Outcome<readonly RelativeView[]>> {
    return this.transactor.run(async (tx) => {
      const self = await reachSelf(tx, actor, elderId);
      return self.ok ? done(await this.named(tx, actor.cityCode, elderId)) : self;
    });
  }

  /** Where several would read the same, the last letter of each name or the end of the number says which is which. */
  private async named(tx: Tx, cityCode: string, elderId: string): Promise<RelativeView[]> {
    const { relatives } = await this.bound(tx, cityCode, elderId);
    const names = new Map((await contactsInClear(tx, this.cipher, cityCode, elderId)).map(({ contactId, name }) => [contactId, name]));
    const words = tellApart(relatives, ({ name }) => name, [
      ({ contactId, name }) => `${name.slice(0, -1)}${[...(names.get(contactId) ?? '')].at(-1) ?? ''}`, ({ name, phone }) => `${name}（${tailOf(phone)}）`,
    ]);
    return relatives.map((one, index) => ({ ...one, name: words[index] ?? one.name }));
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
      const marks = new Map(RELATIONS.flatMap((relation) => {
        const alike = shown.filter((one) => one.relation === relation);
        return tellApart(alike, () => '', [({ phone }) => tailOf(phone)]).map((mark, index) => [alike[index]?.contactId, mark === '' ? null : mark] as const);
      }));
      return done({ self, relatives: shown.map(({ contactId, relation, rights, until }) => ({ contactId, relation, mark: marks.get(contactId) ?? null, rights, until })) });
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
