import { Inject, Injectable } from '@nestjs/common';
import { invariant, type Clock, type Instant } from '../kernel/index.js';
import { KEY_LIFE_MS } from '../access/domain/index.js';
import { terminalStanding } from '../access/index.js';
import { cardDigestKey } from '../elder/index.js';
import { CLOCK, FieldCipher, Transactor, type TerminalActor } from '../platform/index.js';
import { FAR_METRES, metresBetween, type Point } from './domain/index.js';
import { rosterKey } from './handles.js';
import { JournalChest } from './journal-chest.js';
import { insertOpening, sitePlace } from './opening.store.js';
import { TillSigner } from './signing.js';

/** A till that opens says how it is. */
export interface TillReport {
  readonly id: string;
  readonly version: string;
  /** By the till's clock. */
  readonly time: Instant;
  /** Sales that wait to be sent. */
  readonly unsent: number;
  /** Where the device thinks it is; left out where it does not know or may not tell. */
  readonly place: Point | null;
}

/** What a till gets when it opens: who it is, the keys of its roster, and what a person should know. */
export interface OpenedTill {
  readonly serverTime: Instant;
  readonly terminalId: string;
  readonly label: string;
  readonly siteId: string;
  readonly siteName: string;
  readonly generation: number;
  /** When the terminal's key is to be changed. */
  readonly keyDueAt: Instant;
  /** base64; for the digest of a card's number. */
  readonly cardKey: string;
  /** base64; for this terminal's handle of a digest. */
  readonly rosterKey: string;
  /** base64url; the server's Ed25519 key over rosters, lists and passes. */
  readonly signatureKey: string;
  /** base64url; what journals that cannot be sent are sealed to. */
  readonly exportKey: string;
  readonly metresAway: number | null;
  readonly far: boolean;
}

/** Opens a till for work: keys for the session, and its report for those who watch over terminals. */
@Injectable()
export class OpenTill {
  private readonly signer: TillSigner;
  private readonly chest: JournalChest;

  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {
    this.signer = new TillSigner(cipher);
    this.chest = new JournalChest(cipher);
  }

  async run({ cityCode, terminalId, siteId }: TerminalActor, report: TillReport): Promise<OpenedTill> {
    const now = this.clock.now();
    return this.transactor.run(async (tx) => {
      const [terminal, site] = await Promise.all([terminalStanding(tx, cityCode, terminalId), sitePlace(tx, cityCode, siteId)]);
      invariant(terminal !== undefined && site !== undefined, 'a terminal with a session has a key and a site');
      const metresAway = report.place === null || site.point === null ? null : metresBetween(report.place, site.point);
      await insertOpening(tx, cityCode, { openingId: report.id, terminalId, version: report.version, metresAway, clockOffMs: report.time - now, unsent: report.unsent, now });
      const { label, generation, keySince } = terminal;
      return {
        serverTime: now, terminalId, label, siteId, siteName: site.name, generation, keyDueAt: keySince + KEY_LIFE_MS,
        cardKey: cardDigestKey(this.cipher, cityCode).toString('base64'), rosterKey: rosterKey(this.cipher, terminalId, generation).toString('base64'),
        signatureKey: this.signer.publicKey, exportKey: this.chest.publicKey, metresAway, far: metresAway !== null && metresAway > FAR_METRES,
      };
    });
  }
}
