import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { sha256 } from '../platform/index.js';
import { keyMessage, requestMessage, sessionMessage, TERMINAL_HEADERS } from './domain/index.js';

/** A terminal's key pair: the private half never leaves the device. */
export interface TerminalKeys {
  readonly privateKey: KeyObject;
  /** SPKI DER in base64, as enrolment takes it. */
  readonly publicKey: string;
}

/** Makes a terminal's keys, as a browser's WebCrypto would. */
export function makeTerminalKeys(): TerminalKeys {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64') };
}

/** The body of `POST /v1/terminals/sessions`. @param time milliseconds since 1970, later than the last time */
export function signSessionRequest(privateKey: KeyObject, terminalId: string, time: number): { terminalId: string; time: number; signature: string } {
  const signature = sign('sha256', Buffer.from(sessionMessage(terminalId, time)), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return { terminalId, time, signature: signature.toString('base64') };
}

/**
 * The `signature` of an entry of the terminal's journal.
 * @param entryHash 32 bytes in hexadecimal
 * @returns r and s, 64 bytes in base64url
 */
export function signJournalEntry(privateKey: KeyObject, entryHash: string): string {
  return sign('sha256', Buffer.from(entryHash, 'hex'), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
}

/** The body of `POST /v1/terminals/keys`. @param keys the new ones @param generation one more than that in use */
export function signKeyRequest(keys: TerminalKeys, terminalId: string, generation: number): { publicKey: string; generation: number; signature: string } {
  const signature = sign('sha256', Buffer.from(keyMessage(terminalId, generation)), { key: keys.privateKey, dsaEncoding: 'ieee-p1363' });
  return { publicKey: keys.publicKey, generation, signature: signature.toString('base64') };
}

/** A session as `POST /v1/terminals/sessions` answers it. */
export interface TerminalSessionKey {
  readonly sessionId: string;
  /** base64 */
  readonly sessionKey: string;
}

/** A request that a terminal is about to send. */
export interface TerminalRequestToSign {
  readonly method: string;
  /** With the query, as sent. */
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The raw body as sent; absent without one. */
  readonly body?: string | Uint8Array;
}

/** The headers that prove a terminal's request. */
export function signTerminalRequest(session: TerminalSessionKey, request: TerminalRequestToSign): Record<string, string> {
  const message = requestMessage(request.method, request.path, request.time, sha256(request.body ?? ''));
  const mac = createHmac('sha256', Buffer.from(session.sessionKey, 'base64')).update(message).digest('base64url');
  return { [TERMINAL_HEADERS.session]: session.sessionId, [TERMINAL_HEADERS.time]: String(request.time), [TERMINAL_HEADERS.mac]: mac };
}
