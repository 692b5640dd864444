import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, FieldCipher, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { recordAudit } from '../access/index.js';
import { consentVersions, insertConsent, type ConsentRow } from './consent.store.js';
import { contactsInClear } from './contact.store.js';
import { latestConsents, type ConsentScope, type Grantee } from './domain/index.js';
import { dropPhoto } from './photo.store.js';
import { reachElder } from './reach-elder.js';

export interface ConsentForm {
  readonly id: string;
  readonly grantee: Grantee;
  readonly contactId?: string | null;
  /** Empty for a withdrawal. */
  readonly scopes: readonly ConsentScope[];
  readonly until: CivilDate;
  readonly givenOn: CivilDate;
  readonly givenHow: ConsentRow['givenHow'];
  readonly notice: string;
  readonly helper?: string | null;
}

/**
 * Records what an elder consents to, as a whole new version; no scopes take everything back. Separate for each
 * relative and always until a day (PIPL 14-17, 23), and withdrawn in the moment it is recorded.
 */
@Injectable()
export class RecordConsent {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns the version's number; `not-found`, `outside-scope`, `contact-needed`, `contact-unknown`, `consent-dates-wrong`, `consent-unknown`, `id-taken` */
  async run(actor: StaffActor, elderId: string, form: ConsentForm): Promise<Outcome<{ consentId: string; version: number }>> {
    const contactId = form.contactId ?? null;
    if ((form.grantee === 'relative') !== (contactId !== null)) return refuse('contact-needed');
    if (form.givenOn > today(this.clock) || form.until < form.givenOn) return refuse('consent-dates-wrong');
    const deed = { cityCode: actor.cityCode, id: form.id, kind: 'elder.consent', body: { elderId, form } };
    return doDeed(this.transactor, this.clock, deed, async (tx) => {
      const elder = await reachElder(tx, actor, elderId);
      if (!elder.ok) return elder;
      // A relative who is no contact any more may still lose what was given.
      if (contactId !== null && form.scopes.length > 0 && !(await this.knows(tx, actor.cityCode, elderId, contactId))) return refuse('contact-unknown');
      const before = latestConsents(await consentVersions(tx, actor.cityCode, elderId)).find((state) => state.grantee === form.grantee && state.contactId === contactId);
      const withdrawn = form.scopes.length === 0;
      if (withdrawn && (before === undefined || before.withdrawn)) return refuse('consent-unknown');
      const row = {
        consentId: form.id, elderId, grantee: form.grantee, contactId, version: (before?.version ?? 0) + 1, scopes: [...new Set(form.scopes)], until: form.until,
        givenOn: form.givenOn, givenHow: form.givenHow, notice: form.notice, helper: form.helper ?? null, withdrawn,
      };
      await insertConsent(tx, { cityCode: actor.cityCode, by: actorName(actor), now: this.clock.now() }, row);
      // What canteens may not use any more is not kept in wait.
      if (form.grantee === 'canteen' && !form.scopes.includes('photo')) {
        await dropPhoto(tx, { cityCode: actor.cityCode, by: actorName(actor), now: this.clock.now() }, elderId, form.id, '照片授权已撤回');
      }
      await recordAudit(tx, this.clock, {
        cityCode: actor.cityCode, actor, action: withdrawn ? 'elder.consent-withdrawn' : 'elder.consent', objectKind: 'elder', objectId: elderId,
        ...(before === undefined ? {} : { before }), after: row,
      });
      return done({ consentId: form.id, version: row.version });
    });
  }

  private async knows(tx: Tx, cityCode: string, elderId: string, contactId: string): Promise<boolean> {
    return (await contactsInClear(tx, this.cipher, cityCode, elderId)).some((contact) => contact.contactId === contactId);
  }
}
