import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, FieldCipher, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { consentVersions } from './consent.store.js';
import { cleanPhoto, consentHolds, type Photo } from './domain/index.js';
import { readElder } from './elder.store.js';
import { dropPhoto, keepPhoto, pictureOf, shownToCanteens } from './photo.store.js';
import { mayReach, reachElder } from './reach-elder.js';

/** Binds a sealed picture to its elder. */
const place = (cityCode: string, elderId: string, photoId: string): string => `elder_photo.picture:${cityCode}:${elderId}:${photoId}`;

/** A picture in clear, to be sent and kept nowhere. */
export interface OpenPhoto extends Pick<Photo, 'mediaType'> {
  readonly photoId: string;
  readonly bytes: Buffer;
}

/** Keeps one photo of an elder who lets canteens use it. The picture is sealed, and is deleted when it is replaced or withdrawn. */
@Injectable()
export class RecordPhoto {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @param image the file in base64
   * @returns `photo-too-large`, `photo-unreadable`, `photo-size-wrong`, `not-found`, `outside-scope`, `holder-died`, `photo-consent-missing`, `id-taken`
   */
  async take(actor: StaffActor, elderId: string, form: { readonly id: string; readonly image: string }): Promise<Outcome<{ photoId: string; width: number; height: number }>> {
    const { cityCode } = actor;
    const cleaned = cleanPhoto(Buffer.from(form.image, 'base64'));
    if (!cleaned.ok) return cleaned;
    const photo = cleaned.value;
    const body = { elderId, image: this.cipher.blindIndex('photo', form.image) };
    return doDeed(this.transactor, this.clock, { cityCode, id: form.id, kind: 'elder.photo', body }, async (tx) => {
      const elder = await reachElder(tx, actor, elderId);
      if (!elder.ok) return elder;
      if (elder.value.died !== null) return refuse('holder-died');
      const consents = await consentVersions(tx, cityCode, elderId);
      if (!consentHolds(consents, { grantee: 'canteen', contactId: null, scope: 'photo' }, today(this.clock))) return refuse('photo-consent-missing');
      const sealed = this.cipher.seal(Buffer.from(photo.bytes).toString('base64'), place(cityCode, elderId, form.id));
      await keepPhoto(tx, { cityCode, by: actorName(actor), now: this.clock.now() }, elderId, form.id, photo, sealed);
      const { mediaType, width, height } = photo;
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'elder.photo', objectKind: 'elder', objectId: elderId, after: { photoId: form.id, mediaType, width, height } });
      return done({ photoId: form.id, width, height });
    });
  }

  /** @returns `not-found`, `outside-scope`, `photo-none`, `id-taken` */
  async withdraw(actor: StaffActor, elderId: string, form: { readonly id: string; readonly reason: string }): Promise<Outcome<{ withdrawalId: string }>> {
    const { cityCode } = actor;
    return doDeed(this.transactor, this.clock, { cityCode, id: form.id, kind: 'elder.photo-withdrawn', body: { elderId, form } }, async (tx) => {
      const elder = await reachElder(tx, actor, elderId);
      if (!elder.ok) return elder;
      const writing = { cityCode, by: actorName(actor), now: this.clock.now() };
      if (!(await dropPhoto(tx, writing, elderId, form.id, form.reason))) return refuse('photo-none');
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'elder.photo-withdrawn', objectKind: 'elder', objectId: elderId, after: { withdrawalId: form.id } });
      return done({ withdrawalId: form.id });
    });
  }

  /** Shows staff the photo of an elder of theirs; each look is audited. @returns `not-found`, `outside-scope`, `photo-none` */
  async look(actor: StaffActor, elderId: string): Promise<Outcome<OpenPhoto>> {
    const { cityCode } = actor;
    return this.transactor.run<Outcome<OpenPhoto>>(async (tx) => {
      const elder = await readElder(tx, cityCode, elderId);
      if (!elder) return refuse('not-found');
      if (!(await mayReach(tx, actor, elder))) return refuse('outside-scope');
      const photo = await openPhoto(tx, this.cipher, cityCode, elderId);
      if (photo === undefined) return refuse('photo-none');
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'elder.photo-look', objectKind: 'elder', objectId: elderId, after: { photoId: photo.photoId } });
      return done(photo);
    });
  }
}

async function openPhoto(tx: Tx, cipher: FieldCipher, cityCode: string, elderId: string): Promise<OpenPhoto | undefined> {
  const kept = await pictureOf(tx, cityCode, elderId);
  if (kept === undefined) return undefined;
  const { photoId, mediaType, sealed } = kept;
  return { photoId, mediaType, bytes: Buffer.from(cipher.open(sealed, place(cityCode, elderId, photoId)), 'base64') };
}

/** The photo that a canteen may show of an elder on a day; undefined without one, without consent, and of the dead. */
export async function photoForCanteen(tx: Tx, cipher: FieldCipher, cityCode: string, elderId: string, on: CivilDate): Promise<OpenPhoto | undefined> {
  return (await shownToCanteens(tx, cityCode, [elderId], on)).has(elderId) ? openPhoto(tx, cipher, cityCode, elderId) : undefined;
}
