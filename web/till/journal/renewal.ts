import { keyMessage } from '../../../src/access/domain/terminal-words.js';
import type { Database } from './database.js';
import { makeSigning, publicKeyText, signText, type DeviceKeys } from './keys.js';
import { Refused, refusal, type Link } from './link.js';

const META = 'meta';
const NEXT = 'next-key';

/** A key that the service was asked to take, and of which this device does not know yet whether it did. */
interface NextKey {
  readonly signing: CryptoKeyPair;
  /** One more than that of the key in use when it was made. */
  readonly generation: number;
}

/** What the service says of this terminal's key when the till opens. */
export interface KeyStanding {
  readonly generation: number;
  readonly keyDueAt: string;
}

/**
 * Changes the device's key when its time has come. The new key is on the disk before it is sent, and the old one stays
 * until the service has said that it took it: whichever of the two the service knows, this device can open a session.
 */
export class KeyRenewal {
  constructor(private readonly db: Database, private readonly keys: DeviceKeys, private readonly link: Link, private readonly now: () => number) {
    link.spare = { signing: async () => (await this.next())?.signing ?? null, works: () => this.adopt() };
  }

  /**
   * Changes the key where it is due, and brings a change that was cut off to its end.
   * @returns whether another key signs from now on: rosters of the generation before are to be read anew
   * @throws Away, Refused
   */
  async renew({ generation, keyDueAt }: KeyStanding): Promise<boolean> {
    let next = await this.next();
    if (next === undefined) {
      if (this.now() < Date.parse(keyDueAt)) return false;
      next = { signing: await makeSigning(), generation: generation + 1 };
      await this.db.put(META, next, NEXT);
    }
    try {
      await this.send(next);
    } catch (error) {
      // The service has a third key, or took none: this one was for nothing.
      if (error instanceof Refused && ['terminal-key-behind', 'terminal-key-wrong'].includes(error.code)) await this.db.write([META], (open) => void open(META).delete(NEXT));
      throw error;
    }
    await this.adopt();
    return true;
  }

  private next(): Promise<NextKey | undefined> {
    return this.db.get<NextKey>(META, NEXT);
  }

  private async send({ signing, generation }: NextKey): Promise<void> {
    const signature = await signText({ signing }, keyMessage(this.link.terminal.terminalId, generation));
    const body = JSON.stringify({ publicKey: await publicKeyText({ signing }), generation, signature });
    const answer = await this.link.ask('POST', '/v1/terminals/keys', body, 8_000);
    if (answer.status !== 200 && answer.status !== 201) throw refusal(answer);
  }

  /** The service has the new key: from now on it signs, and the old one is gone. */
  private async adopt(): Promise<void> {
    const next = await this.next();
    if (next === undefined) return;
    await this.db.write([META], (open) => {
      open(META).put({ ...this.keys, signing: next.signing }, 'keys');
      open(META).delete(NEXT);
    });
    this.keys.signing = next.signing;
  }
}
