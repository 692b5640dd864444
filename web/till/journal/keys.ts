import { requestMessage, sessionMessage, TERMINAL_HEADERS } from '../../../src/access/domain/terminal-words.js';
import type { Sealed } from './entry.js';

type Bytes = Uint8Array<ArrayBuffer>;

/** The device's own keys. None of them can be taken out of the browser. */
export interface DeviceKeys {
  /** Changed every 90 days; whoever signs looks here each time. */
  signing: CryptoKeyPair;
  readonly sealing: CryptoKey;
}

/** A session as the service opens it; its key stays in memory and ends with the page. */
export interface Session {
  readonly sessionId: string;
  readonly key: CryptoKey;
  readonly expiresAt: number;
}

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text) as Bytes;

export function toBase64(bytes: ArrayBuffer): string {
  return btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(''));
}

export function fromBase64(text: string): Bytes {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)) as Bytes;
}

export function toBase64Url(bytes: ArrayBuffer): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

export const toHex = (bytes: ArrayBuffer): string => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** A pair on P-256 to sign with. */
export function makeSigning(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
}

/** Makes the device's keys: P-256 to sign with, AES-GCM to seal what waits. */
export async function makeDeviceKeys(): Promise<DeviceKeys> {
  const [signing, sealing] = await Promise.all([makeSigning(), crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])]);
  return { signing, sealing };
}

/** SPKI DER in base64, as enrolment takes it. */
export async function publicKeyText(keys: Pick<DeviceKeys, 'signing'>): Promise<string> {
  return toBase64(await crypto.subtle.exportKey('spki', keys.signing.publicKey));
}

/** SHA-256 of a text, in lower-case hexadecimal. */
export async function sha256(text: string): Promise<string> {
  return toHex(await crypto.subtle.digest('SHA-256', utf8(text)));
}

function sign(keys: Pick<DeviceKeys, 'signing'>, data: Bytes): Promise<ArrayBuffer> {
  return crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, keys.signing.privateKey, data);
}

/** The signature over a text: r and s in base64. */
export async function signText(keys: Pick<DeviceKeys, 'signing'>, text: string): Promise<string> {
  return toBase64(await sign(keys, utf8(text)));
}

/** The signature over an entry's hash (32 bytes in hexadecimal): r and s in base64url. */
export async function signEntry(keys: DeviceKeys, hash: string): Promise<string> {
  const bytes = Uint8Array.from(hash.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) as Bytes;
  return toBase64Url(await sign(keys, bytes));
}

/** The body that opens a session. @param time milliseconds since 1970, later than the last time */
export async function sessionRequest(keys: Pick<DeviceKeys, 'signing'>, terminalId: string, time: number, version: string): Promise<object> {
  return { terminalId, time, version, signature: await signText(keys, sessionMessage(terminalId, time)) };
}

/** Takes the session's key (base64) in, for MACs only. */
export function sessionKey(text: string): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', fromBase64(text), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
}

/** The headers that prove a terminal's request. @param path with its query, as sent */
export async function requestHeaders(session: Session, method: string, path: string, time: number, body: string): Promise<Record<string, string>> {
  const message = requestMessage(method, path, time, await sha256(body));
  const mac = toBase64Url(await crypto.subtle.sign('HMAC', session.key, utf8(message)));
  return { [TERMINAL_HEADERS.session]: session.sessionId, [TERMINAL_HEADERS.time]: String(time), [TERMINAL_HEADERS.mac]: mac };
}

/** Encrypts bytes for this device alone. */
export async function sealBytes(keys: DeviceKeys, bytes: Bytes): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, keys.sealing, bytes) };
}

/** Reads sealed bytes again. @throws where they were changed or another device sealed them */
export function unsealBytes(keys: DeviceKeys, { iv, data }: Sealed): Promise<ArrayBuffer> {
  return crypto.subtle.decrypt({ name: 'AES-GCM', iv }, keys.sealing, data);
}

/** Encrypts a text for this device alone. */
export function seal(keys: DeviceKeys, text: string): Promise<Sealed> {
  return sealBytes(keys, utf8(text));
}

/** Reads a sealed text again. @throws where it was changed or another device sealed it */
export async function unseal(keys: DeviceKeys, sealed: Sealed): Promise<string> {
  return new TextDecoder().decode(await unsealBytes(keys, sealed));
}
