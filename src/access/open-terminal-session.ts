import { createPublicKey, verify } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, type Clock, type Instant, type Outcome } from '../kernel/index.js';
import { CLOCK, FieldCipher, readEpoch, TAP_TRANSACTOR, type Transactor, type Tx } from '../platform/index.js';
import { sessionMessage, TERMINAL_SESSION_LIFE_MS } from './domain/index.js';
import { findTerminalKey, openSession, type TerminalKey } from './terminal.store.js';
import { overlappingKeys } from './terminal-key.store.js';
import { CLOCK_LEEWAY_MS } from './terminal-sessions.js';
import { sessionKeyOf, terminalSessionId } from './tokens.js';

/** A terminal's wish for a session, signed with its own key. */
export interface SessionAsked {
  readonly terminalId: string;
  /** Milliseconds since 1970 by the terminal's clock. */
  readonly time: number;
  /** 64 bytes (r and s) in base64. */
  readonly signature: string;
  readonly version: string | null;
}

/** A terminal's session with its key. */
export interface OpenedTerminalSession {
  readonly sessionId: string;
  readonly sessionKey: string;
  readonly expiresAt: Instant;
  /** Which history the database tells: see `readEpoch`. */
  readonly epoch: string;
}

/** Opens a terminal's session; the one before it ends. A signature opens one session, and an older one none. */
@Injectable()
export class OpenTerminalSession {
  constructor(@Inject(TAP_TRANSACTOR) private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `terminal-unknown`, `terminal-revoked`, `terminal-clock-wrong`, `terminal-replayed` */
  async run(asked: SessionAsked): Promise<Outcome<OpenedTerminalSession>> {
    const now = this.clock.now();
    return this.transactor.run(async (tx) => {
      const terminal = await findTerminalKey(tx, asked.terminalId);
      if (!terminal || !(await this.isSigned(tx, terminal, asked))) return refuse('terminal-unknown');
      if (terminal.revokedAt !== null) return refuse('terminal-revoked');
      if (Math.abs(asked.time - now) > CLOCK_LEEWAY_MS) return refuse('terminal-clock-wrong');
      const [sessionId, expiresAt] = [terminalSessionId(terminal.cityCode), now + TERMINAL_SESSION_LIFE_MS];
      const { cityCode } = terminal;
      const opened = await openSession(tx, { cityCode, terminalId: asked.terminalId, sessionId, signedAt: asked.time, version: asked.version, now, expiresAt });
      if (!opened) return refuse('terminal-replayed');
      return done({ sessionId, sessionKey: sessionKeyOf(this.cipher, sessionId).toString('base64'), expiresAt, epoch: await readEpoch(tx) });
    });
  }

  /** By the terminal's key, or by one that it changed a few days ago. */
  private async isSigned(tx: Tx, { cityCode, publicKey }: TerminalKey, asked: SessionAsked): Promise<boolean> {
    if (signatureHolds(publicKey, asked)) return true;
    return (await overlappingKeys(tx, cityCode, asked.terminalId, this.clock.now())).some((key) => signatureHolds(key, asked));
  }
}

function signatureHolds(publicKey: Buffer, asked: SessionAsked): boolean {
  const key = createPublicKey({ key: publicKey, format: 'der', type: 'spki' });
  return verify('sha256', Buffer.from(sessionMessage(asked.terminalId, asked.time)), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(asked.signature, 'base64'));
}
