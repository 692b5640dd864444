import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { recordAudit } from '../access/index.js';
import { consentVersions, insertConsent, type ConsentRow } from './consent.store.js';
import { contactEntries } from './contact.store.js';
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

/** A consent about to be written down, whoever does so. */
export interface ConsentEntry extends Omit<ConsentForm, 'id'> {
  readonly cityCode: string;
  readonly elderId: string;
  readonly consentId: string;
  /** The name of who records it; see `actorName`. */
  readonly by: string;
}

/**
 * Writes down a consent as a whole new version, with its audit row; call it with the elder locked, and last.
 * @returns the version's number; `contact-needed`, `contact-unknown`, `consent-dates-wrong`, `consent-unknown`
 */
export async function enterConsent(tx: Tx, clock: Clock, entry: ConsentEntry): Promise<Outcome<{ consentId: string; version: number }>> {
  const { cityCode, elderId, consentId, by, grantee, until, givenOn, givenHow, notice } = entry;
  const contactId = entry.contactId ?? null;
  if ((grantee === 'relative') !== (contactId !== null)) return refuse('contact-needed');
  if (givenOn > today(clock) || until < givenOn) return refuse('consent-dates-wrong');
  // A relative who is no contact any more may still lose what was given.
  if (contactId !== null && entry.scopes.length > 0 && !(await holdsContact(tx, cityCode, elderId, contactId))) return refuse('contact-unknown');
  const before = latestConsents(await consentVersions(tx, cityCode, elderId)).find((state) => state.grantee === grantee && state.contactId === contactId);
  const withdrawn = entry.scopes.length === 0;
  if (withdrawn && (before === undefined || before.withdrawn)) return refuse('consent-unknown');
  const row = {
    consentId, elderId, grantee, contactId, version: (before?.version ?? 0) + 1, scopes: [...new Set(entry.scopes)], until,
    givenOn, givenHow, notice, helper: entry.helper ?? null, withdrawn,
  };
  const writing = { cityCode, by, now: clock.now() };
  await insertConsent(tx, writing, row);
  // What canteens may not use any more is not kept in wait.
  if (grantee === 'canteen' && !entry.scopes.includes('photo')) await dropPhoto(tx, writing, elderId, consentId, '照片授权已撤回');
  await recordAudit(tx, clock, {
    cityCode, actor: by, action: withdrawn ? 'elder.consent-withdrawn' : 'elder.consent', objectKind: 'elder', objectId: elderId,
    ...(before === undefined ? {} : { before }), after: row,
  });
  return done({ consentId, version: row.version });
}

async function holdsContact(tx: Tx, cityCode: string, elderId: string, contactId: string): Promise<boolean> {
  return (await contactEntries(tx, cityCode, elderId)).some((entry) => entry.contactId === contactId && !entry.withdrawn && !entry.corrected);
}

/**
 * Records what an elder consents to, as a whole new version; no scopes take everything back. Separate for each
 * relative and always until a day (PIPL 14-17, 23), and withdrawn in the moment it is recorded.
 */
@Injectable()
export class RecordConsent {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns the version's number; `not-found`, `outside-scope`, `id-taken` and what `enterConsent` refuses */
  async run(actor: StaffActor, elderId: string, form: ConsentForm): Promise<Outcome<{ consentId: string; version: number }>> {
    const { id, ...consent } = form;
    const deed = { cityCode: actor.cityCode, id, kind: 'elder.consent', body: { elderId, form } };
    return doDeed(this.transactor, this.clock, deed, async (tx) => {
      const elder = await reachElder(tx, actor, elderId);
      return elder.ok ? enterConsent(tx, this.clock, { ...consent, cityCode: actor.cityCode, elderId, consentId: id, by: actorName(actor) }) : elder;
    });
  }
}
