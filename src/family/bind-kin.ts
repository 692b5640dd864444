import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit, Tries } from '../access/index.js';
import { contactsInClear, enterConsent, insertContact, type Relation } from '../elder/index.js';
import { normaliseName, readPhone } from '../elder/domain/index.js';
import { actorName, canonicalJson, CLOCK, derivedId, doDeed, FieldCipher, Transactor, type MiniActor, type Tx } from '../platform/index.js';
import { phoneOf, type AccountPhone } from './account.store.js';
import { useCode, type CodeRow } from './code.store.js';
import { CONSENT_NOTICE, readCode } from './domain/index.js';
import { FamilyEvents } from './family-events.js';
import { boundOfAccount, boundOfElder, insertKin, type KinRow } from './kin.store.js';
import { lockCode } from './lock-code.js';

const MOST_ELDERS = 8;
const MOST_RELATIVES = 10;

/** How a relative says who they are, with the code that the elder gave them. */
export interface KinForm {
  readonly id: string;
  readonly bindingCode: string;
  readonly name: string;
  readonly relation: Relation;
  /** Where WeChat has told no number. */
  readonly phone: string | null;
  readonly address: string;
}

interface Person {
  readonly name: string;
  readonly relation: Relation;
  readonly phone: AccountPhone;
}

/** Binds an account to an elder as a relative's. It may see and do nothing by that alone, only what the elder consents to. */
@Injectable()
export class BindKin {
  constructor(
    private readonly transactor: Transactor, private readonly cipher: FieldCipher, private readonly tries: Tries, private readonly events: FamilyEvents,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * @returns the elder and the contact; `binding-code-wrong`, `name-wrong`, `kin-phone-needed`, `contact-phone-wrong`,
   *   `account-is-self`, `kin-too-many`, `contact-bound`, `id-taken`
   * @throws ProblemException `bind-throttled`
   */
  async run(actor: MiniActor, form: KinForm): Promise<Outcome<{ elderId: string; contactId: string }>> {
    const { cityCode, accountId } = actor;
    const { id, address, ...facts } = form;
    const name = normaliseName(form.name);
    if (!/\p{L}/u.test(name)) return refuse('name-wrong');
    const tried = await this.tries.admit([{ kind: 'bind', subject: accountId, address }], 'bind-throttled');
    const deed = { cityCode, id, kind: 'family.bind-kin', body: this.cipher.blindIndex('family.bind-kin', canonicalJson({ accountId, facts })) };
    // An id that is taken, or the kept answer of a repeat, says nothing about this try.
    let isProven = false;
    const bound = await doDeed(this.transactor, this.clock, deed, async (tx) => {
      const digits = readCode(form.bindingCode);
      const code = digits === null ? undefined : await lockCode(tx, this.cipher, cityCode, digits, this.clock.now());
      isProven = code?.purpose === 'kin';
      if (code?.purpose !== 'kin') return refuse('binding-code-wrong');
      const phone = await this.phoneFor(tx, actor, form.phone);
      return phone.ok ? this.bind(tx, actor, id, code, { name, relation: code.relation ?? form.relation, phone: phone.value }) : phone;
    });
    if (isProven) await this.tries.succeeded(tried);
    return bound;
  }

  private async phoneFor(tx: Tx, { cityCode, accountId }: MiniActor, given: string | null): Promise<Outcome<AccountPhone>> {
    const known = await phoneOf(tx, this.cipher, cityCode, accountId);
    if (known !== null) return done(known);
    if (given === null) return refuse('kin-phone-needed');
    const phone = readPhone(given);
    return phone === null ? refuse('contact-phone-wrong') : done({ phone, verified: false });
  }

  private async bind(tx: Tx, actor: MiniActor, id: string, code: CodeRow, person: Person): Promise<Outcome<{ elderId: string; contactId: string }>> {
    const { cityCode, accountId } = actor;
    const { elderId } = code;
    const [mine, others, now] = [await boundOfAccount(tx, cityCode, accountId), await boundOfElder(tx, cityCode, elderId), this.clock.now()];
    const same = mine.find((row) => row.elderId === elderId);
    if (same !== undefined && same.contactId === null) return refuse('account-is-self');
    if (same === undefined && (mine.filter((row) => row.contactId !== null).length >= MOST_ELDERS || others.length > MOST_RELATIVES)) return refuse('kin-too-many');
    const contactId = same?.contactId ?? (await this.contactFor(tx, actor, id, code, person, others));
    if (contactId === null) return refuse('contact-bound');
    if (same === undefined) await insertKin(tx, cityCode, { bindingId: id, accountId, elderId, contactId, how: code.madeHow }, now);
    await useCode(tx, cityCode, code.codeId, accountId, now);
    await this.events.tell(tx, { cityCode, elderId, kind: 'kin-bound', eventId: id, accountId, contactId });
    await recordAudit(tx, this.clock, { cityCode, actor, action: 'family.bind-kin', objectKind: 'elder', objectId: elderId, after: { bindingId: same?.bindingId ?? id, contactId, how: code.madeHow, codeId: code.codeId } });
    const consented = await this.consent(tx, cityCode, code, contactId, id);
    return consented.ok ? done({ elderId, contactId }) : consented;
  }

  /**
   * The contact that somebody is: the one whom staff made the code for, one with the number that WeChat or staff vouch for,
   * or a new one. A number that was only typed makes nobody an earlier contact, who may have consents. Null where it is bound.
   */
  private async contactFor(tx: Tx, actor: MiniActor, id: string, code: CodeRow, { name, relation, phone }: Person, others: readonly KinRow[]): Promise<string | null> {
    const { cityCode } = actor;
    const { elderId } = code;
    const isFree = (contactId: string): boolean => !others.some((row) => row.contactId === contactId);
    const contacts = await contactsInClear(tx, this.cipher, cityCode, elderId);
    if (code.contactId !== null) return isFree(code.contactId) && contacts.some((one) => one.contactId === code.contactId) ? code.contactId : null;
    const known = phone.verified ? contacts.find((one) => one.phone === phone.phone && isFree(one.contactId)) : undefined;
    if (known !== undefined) return known.contactId;
    const contactId = derivedId(id, 'contact');
    const writing = { cityCode, by: actorName(actor), now: this.clock.now() };
    await insertContact(tx, this.cipher, writing, { entryId: contactId, contactId, elderId, name, phone: phone.phone, relation, emergency: false, corrects: null, withdrawn: false });
    return contactId;
  }

  /** What the elder agreed to when asking for the code. */
  private async consent(tx: Tx, cityCode: string, { elderId, scopes, until, madeHow, madeBy }: CodeRow, contactId: string, id: string): Promise<Outcome<unknown>> {
    if (until === null || scopes.length === 0) return done(null);
    const consentId = derivedId(id, 'consent');
    await this.events.tell(tx, { cityCode, elderId, kind: 'consented', eventId: consentId, accountId: null, contactId });
    return enterConsent(tx, this.clock, {
      cityCode, elderId, consentId, by: madeBy, grantee: 'relative', contactId, scopes, until, givenOn: today(this.clock),
      givenHow: madeHow === 'tillCode' ? 'till' : 'miniProgram', notice: CONSENT_NOTICE.version,
    });
  }
}
