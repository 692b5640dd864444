import { createDecipheriv, createSign, createVerify, randomBytes, type KeyObject } from 'node:crypto';
import type { Instant } from '../../kernel/index.js';
import type { SignedHeaders } from './types.js';

const SCHEME = 'WECHATPAY2-SHA256-RSA2048';
/** Both of WeChat Pay's own kits refuse what is further off. */
const MOST_OFF_S = 300;
const GCM_TAG_BYTES = 16;

/** Lines that are signed: each one ends with a line break, the last one as well. */
function lines(...parts: readonly string[]): string {
  return parts.map((part) => `${part}\n`).join('');
}

/** A signature as WeChat Pay has it: RSA with SHA-256, in base64. */
function signLines(key: KeyObject, parts: readonly string[]): string {
  return createSign('sha256').update(lines(...parts)).sign(key, 'base64');
}

/** Letters and digits, as WeChat Pay's samples have them. */
export function nonce(): string {
  return randomBytes(16).toString('hex').toUpperCase();
}

/** Who signs requests. */
export interface Signer {
  readonly mchId: string;
  readonly serial: string;
  readonly key: KeyObject;
}

/**
 * The Authorization header of a request.
 * @param path with its query, as it is sent
 * @param body as it is sent; empty for GET
 */
export function authorization(signer: Signer, method: 'GET' | 'POST', path: string, body: string, now: Instant, random = nonce()): string {
  const timestamp = String(Math.floor(now / 1000));
  const signature = signLines(signer.key, [method, path, timestamp, random, body]);
  return `${SCHEME} mchid="${signer.mchId}",nonce_str="${random}",timestamp="${timestamp}",serial_no="${signer.serial}",signature="${signature}"`;
}

/** Signs what `wx.requestPayment` takes. */
export function paySign(key: KeyObject, appId: string, timestamp: string, random: string, packageText: string): string {
  return signLines(key, [appId, timestamp, random, packageText]);
}

/** The serial that a notice or an answer names, null where its headers are not WeChat Pay's. */
export function serialOf(headers: SignedHeaders): string | null {
  const serial = headers['wechatpay-serial'];
  return typeof serial === 'string' && /^\w{1,80}$/.test(serial) ? serial : null;
}

/**
 * Whether bytes are WeChat Pay's own and of now. Their signature is over the bytes as they came.
 * Probes that WeChat sends with a wrong signature on purpose fail here like any other.
 */
export function holds(headers: SignedHeaders, body: Buffer, key: KeyObject, now: Instant): boolean {
  const [timestamp, random, signature] = ['timestamp', 'nonce', 'signature'].map((name) => headers[`wechatpay-${name}`]);
  if (typeof timestamp !== 'string' || typeof random !== 'string' || typeof signature !== 'string') return false;
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(Number(timestamp) - now / 1000) > MOST_OFF_S) return false;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(signature)) return false;
  return createVerify('sha256').update(`${timestamp}\n${random}\n`).update(body).update('\n').verify(key, signature, 'base64');
}

/** What is sealed inside a notice or a certificate list. */
export interface SealedResource {
  readonly ciphertext: string;
  readonly nonce: string;
  readonly associatedData: string;
}

/** Opens what is sealed with the APIv3 key (AES-256-GCM, the tag behind the text). @returns null where it does not open */
export function openSealed(apiV3Key: string, sealed: SealedResource): Buffer | null {
  const bytes = Buffer.from(sealed.ciphertext, 'base64');
  if (bytes.length < GCM_TAG_BYTES) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(sealed.nonce), { authTagLength: GCM_TAG_BYTES });
    decipher.setAAD(Buffer.from(sealed.associatedData)).setAuthTag(bytes.subarray(-GCM_TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(0, -GCM_TAG_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
}
