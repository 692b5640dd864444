import { randomBytes } from 'node:crypto';
import { sha256, type FieldCipher } from '../platform/index.js';

const TOKEN = /^(\d{6})\.[A-Za-z0-9_-]{22,64}$/;

/** A secret that its holder shows: the city, then random bytes. The city finds the row, the bytes prove the right. */
function makeToken(cityCode: string, bytes: number): string {
  return `${cityCode}.${randomBytes(bytes).toString('base64url')}`;
}

/** The token of a staff session: 256 random bits. */
export function staffToken(cityCode: string): string {
  return makeToken(cityCode, 32);
}

/** The id of a terminal's session. */
export function terminalSessionId(cityCode: string): string {
  return makeToken(cityCode, 16);
}

/** The head that tells a mini-program's token from others. */
const MINI_HEAD = 'm.';

/** A token of a mini-program session: 256 random bits. */
export function miniToken(cityCode: string): string {
  return `${MINI_HEAD}${makeToken(cityCode, 32)}`;
}

/** The city of a mini-program's token, or undefined where the text is none. */
export function cityOfMiniToken(token: string): string | undefined {
  return token.startsWith(MINI_HEAD) ? cityOfToken(token.slice(MINI_HEAD.length)) : undefined;
}

/**
 * The token that follows a refresh token: made from it by the installation's key. Who lost the answer can be given the
 * same one again, and neither the rows nor the token before are enough to make it.
 */
export function heirOfToken(cipher: FieldCipher, kind: 'mini-access' | 'mini-refresh', token: string): string {
  return `${MINI_HEAD}${cityOfMiniToken(token)}.${Buffer.from(cipher.blindIndex(kind, token), 'hex').toString('base64url')}`;
}

/** The one-time code of a terminal: 128 bits made from its id by the installation's key, so that no row holds it. */
export function terminalCode(cipher: FieldCipher, cityCode: string, terminalId: string): string {
  return `${cityCode}.${Buffer.from(cipher.blindIndex('terminal-code', terminalId), 'hex').subarray(0, 16).toString('base64url')}`;
}

/** The city that a token names, or undefined where the text is no token. */
export function cityOfToken(token: string): string | undefined {
  return TOKEN.exec(token)?.[1];
}

/** What is kept of a token. */
export function tokenHash(token: string): string {
  return sha256(token);
}

/** The key of a terminal's session: made from its id by the installation's key, so that no row holds it. */
export function sessionKeyOf(cipher: FieldCipher, sessionId: string): Buffer {
  return Buffer.from(cipher.blindIndex('terminal-session-key', sessionId), 'hex');
}
