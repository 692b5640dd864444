import { Inject, Injectable } from '@nestjs/common';
import { recordAudit, terminalStanding } from '../access/index.js';
import { cardHandle, openEntered, photoForCanteen, shownToCanteens, type OpenPhoto } from '../elder/index.js';
import { done, invariant, refuse, today, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, FieldCipher, ProblemException, RateLimit, Transactor, type TerminalActor, type Tx } from '../platform/index.js';
import { handleOf, rosterKey } from './handles.js';
import { personByCard } from './person.store.js';
import { readRegulars, type Regular } from './photo.store.js';

/** As fast as a till may take in the photos of its regulars, and as fast as people may stand at it. */
const MOST_HANDLES = 240;
const MOST_STANDING = 40;
const MINUTE_MS = 60_000;

/** A regular's photo, by the till's own name for the card. */
export interface PhotoMark {
  readonly handle: string;
  /** Another one for another picture. */
  readonly photo: string;
}

/** Whose photo is asked for: somebody with a card, or somebody who was found without one. */
export type Standing = { readonly number: string } | { readonly note: string };

/**
 * Shows a till whom it serves: its regulars by its own handles, and whoever stands at it by the card or by the note of a
 * search. Only with the elder's consent to canteens, and only where the network is: what a till keeps is its own affair.
 */
@Injectable()
export class ShowPhoto {
  private readonly handles = new RateLimit(MOST_HANDLES, MINUTE_MS);
  private readonly standing = new RateLimit(MOST_STANDING, MINUTE_MS);

  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** Which regulars have a photo. @throws ProblemException `till-too-often` */
  async marks(actor: TerminalActor): Promise<PhotoMark[]> {
    this.slowDown(this.standing, actor);
    return this.transactor.run(async (tx) => {
      const [regulars, key] = await Promise.all([readRegulars(tx, actor.cityCode, actor.siteId), this.keyOf(tx, actor)]);
      const shown = await shownToCanteens(tx, actor.cityCode, regulars.map(({ elderId }) => elderId), today(this.clock));
      await recordAudit(tx, this.clock, { cityCode: actor.cityCode, actor, action: 'till.photos', objectKind: 'terminal', objectId: actor.terminalId, after: { listed: shown.size } });
      return regulars.flatMap(({ elderId, digest }) => {
        const photoId = shown.get(elderId);
        return photoId === undefined ? [] : [{ handle: handleOf(key, digest), photo: this.cipher.blindIndex('till-photo', photoId).slice(0, 16) }];
      });
    });
  }

  /** @returns `photo-none`: also for handles of other tills and of people who are no regulars @throws ProblemException `till-too-often` */
  async byHandle(actor: TerminalActor, handle: string): Promise<Outcome<OpenPhoto>> {
    this.slowDown(this.handles, actor);
    return this.transactor.run(async (tx) => {
      const [regulars, key] = await Promise.all([readRegulars(tx, actor.cityCode, actor.siteId), this.keyOf(tx, actor)]);
      return this.open(tx, actor, regulars.find((one: Regular) => handleOf(key, one.digest) === handle)?.elderId);
    });
  }

  /** @returns `photo-none` @throws ProblemException `till-too-often` */
  async ofStanding(actor: TerminalActor, who: Standing): Promise<Outcome<OpenPhoto>> {
    this.slowDown(this.standing, actor);
    const card = 'number' in who ? cardHandle(this.cipher, who.number) : openEntered(this.cipher, actor, who.note, this.clock.now());
    return this.transactor.run(async (tx) => {
      const person = card === null ? undefined : await personByCard(tx, actor.cityCode, card);
      return this.open(tx, actor, person?.elderId);
    });
  }

  private async open(tx: Tx, { cityCode }: TerminalActor, elderId: string | undefined): Promise<Outcome<OpenPhoto>> {
    const photo = elderId === undefined ? undefined : await photoForCanteen(tx, this.cipher, cityCode, elderId, today(this.clock));
    return photo === undefined ? refuse('photo-none') : done(photo);
  }

  private async keyOf(tx: Tx, { cityCode, terminalId }: TerminalActor): Promise<Buffer> {
    const terminal = await terminalStanding(tx, cityCode, terminalId);
    invariant(terminal !== undefined, 'a terminal with a session has a key');
    return rosterKey(this.cipher, terminalId, terminal.generation);
  }

  private slowDown(limit: RateLimit, { terminalId }: TerminalActor): void {
    const seconds = limit.wait(terminalId, this.clock.now());
    if (seconds > 0) throw new ProblemException('till-too-often', { seconds }, undefined, seconds);
  }
}
