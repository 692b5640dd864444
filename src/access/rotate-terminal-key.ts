import { createPublicKey, verify } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, type Clock, type Instant, type Outcome } from '../kernel/index.js';
import { CLOCK, Transactor, type TerminalActor } from '../platform/index.js';
import { recordAudit } from './audit.store.js';
import { keyMessage, OVERLAP_MS } from './domain/index.js';
import { p256Key } from './p256-key.js';
import { currentKey, replaceKey } from './terminal-key.store.js';

/** A key that a terminal wants to have from now on, with the proof that it holds it. */
export interface KeyAsked {
  /** SPKI DER in base64. */
  readonly publicKey: string;
  /** The generation that the new key is: one more than that of the key in use. */
  readonly generation: number;
  /** By the new key over `keyMessage`; 64 bytes (r and s) in base64. */
  readonly signature: string;
}

/** A key that was taken. */
export interface KeyTaken {
  readonly generation: number;
  /** Until when the key before opens sessions too. */
  readonly overlapUntil: Instant;
}

/** Changes a terminal's key while it works: the old key vouches by the session, the new one signs for itself. */
@Injectable()
export class RotateTerminalKey {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * The same key again is answered as the first time.
   * @returns `terminal-key-wrong`, `terminal-key-behind`, `terminal-revoked`
   */
  async run({ cityCode, terminalId }: TerminalActor, asked: KeyAsked): Promise<Outcome<KeyTaken>> {
    const publicKey = p256Key(asked.publicKey);
    if (publicKey === undefined || !proves(publicKey, terminalId, asked)) return refuse('terminal-key-wrong');
    return this.transactor.run(async (tx) => {
      const before = await currentKey(tx, cityCode, terminalId);
      if (before === undefined) return refuse('terminal-revoked');
      const now = this.clock.now();
      if (before.publicKey.equals(publicKey)) return done({ generation: before.generation, overlapUntil: before.since + OVERLAP_MS });
      if (asked.generation !== before.generation + 1) return refuse('terminal-key-behind');
      await replaceKey(tx, cityCode, terminalId, before, publicKey, now, now + OVERLAP_MS);
      await recordAudit(tx, this.clock, {
        cityCode, actor: `terminal:${terminalId}`, action: 'terminal.rotate', objectKind: 'terminal', objectId: terminalId,
        before: { generation: before.generation }, after: { generation: asked.generation, publicKey: asked.publicKey },
      });
      return done({ generation: asked.generation, overlapUntil: now + OVERLAP_MS });
    });
  }
}

function proves(publicKey: Buffer, terminalId: string, { generation, signature }: KeyAsked): boolean {
  const key = createPublicKey({ key: publicKey, format: 'der', type: 'spki' });
  return verify('sha256', Buffer.from(keyMessage(terminalId, generation)), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64'));
}
