import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit, SitePlaces } from '../access/index.js';
import { cleanPhoto, type PictureLimits } from '../elder/domain/index.js';
import { actorName, CLOCK, FieldCipher, sha256, Transactor, type StaffActor } from '../platform/index.js';
import { insertPhoto, readPhoto, readPicture, type Photo } from './entry.store.js';
import { readPaperSite } from './paper-site.store.js';

const MIB = 1024 * 1024;
/** A page photographed by a telephone, scaled down by the page that sends it. */
const PAPER: PictureLimits = { bytes: 2 * MIB, leastSide: 200, mostSide: 4_096 };

/** Binds a picture to its row. */
function place(cityCode: string, photoId: string): string {
  return `slip_photo:${cityCode}:${photoId}`;
}

/** Keeps photos of filled-in paper, encrypted; nobody changes or removes one. */
@Injectable()
export class KeepPhoto {
  constructor(private readonly transactor: Transactor, private readonly places: SitePlaces, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @param pieces the photo as it comes in
   * @returns `outside-scope`, `slip-site-not-paper`, `slip-photo-large`, `slip-photo-wrong`, `id-taken`; the same again gets the same answer
   */
  async run(actor: StaffActor, asked: { readonly photoId: string; readonly siteId: string; readonly mealDate: CivilDate }, pieces: AsyncIterable<Buffer>): Promise<Outcome<Photo>> {
    const { cityCode } = actor;
    const open = await this.transactor.read((tx) => this.places.openTo(tx, actor, asked.siteId));
    if (!open.ok) return open;
    const file = await collect(pieces);
    if (file === null) return refuse('slip-photo-large', { mib: PAPER.bytes / MIB });
    const cleaned = cleanPhoto(file, PAPER);
    if (!cleaned.ok) return refuse('slip-photo-wrong');
    const bytes = Buffer.from(cleaned.value.bytes);
    const photo: Photo = { ...asked, kind: cleaned.value.mediaType, bytes: bytes.length, sha256: sha256(bytes) };
    const sealed = this.cipher.seal(bytes.toString('base64'), place(cityCode, asked.photoId));
    return this.transactor.run(async (tx) => {
      if ((await readPaperSite(tx, cityCode, asked.siteId)) === undefined) return refuse('slip-site-not-paper');
      if (!(await insertPhoto(tx, cityCode, photo, sealed, actorName(actor), this.clock.now()))) {
        const known = await readPhoto(tx, cityCode, asked.photoId);
        return known?.sha256 === photo.sha256 && known.siteId === photo.siteId && known.mealDate === photo.mealDate ? done(known) : refuse('id-taken');
      }
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'slip.photo', objectKind: 'slipPhoto', objectId: photo.photoId, after: photo });
      return done(photo);
    });
  }

  /** A photo with its picture; that somebody looked at it is written down. @returns `not-found`, `outside-scope` */
  show(actor: StaffActor, photoId: string): Promise<Outcome<{ photo: Photo; picture: Buffer }>> {
    const { cityCode } = actor;
    return this.transactor.run(async (tx) => {
      const found = await readPicture(tx, cityCode, photoId);
      if (found === undefined) return refuse('not-found');
      const open = await this.places.openTo(tx, actor, found.siteId);
      if (!open.ok) return open;
      const { sealed, ...photo } = found;
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'slip.photo-seen', objectKind: 'slipPhoto', objectId: photoId });
      return done({ photo, picture: Buffer.from(this.cipher.open(sealed, place(cityCode, photoId)), 'base64') });
    });
  }
}

/** The whole photo; null as soon as it is too large. What then still comes is not taken in. */
async function collect(pieces: AsyncIterable<Buffer>): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > PAPER.bytes) return null;
    parts.push(piece);
  }
  return Buffer.concat(parts);
}
