import { done, refuse, type Instant, type Outcome } from '../../kernel/index.js';
import type { RosterUse, Stretch, TillRow } from './roster.js';

const LONGEST_MS = 24 * 3_600_000;
/** How far the clocks of the server and of a till may lie apart. */
const LEEWAY_MS = 5 * 60_000;
const PREFIX = 'xf1';
const PART = /^[A-Za-z0-9_-]+$/;

/** What a stranger shows at a till that is offline: who they are to it, and what their rights here are for some hours. */
export interface Pass {
  readonly cityCode: string;
  /** The site that the rights were worked out for: conditions may hang on where it lies. */
  readonly siteId: string;
  /** The card's digest, the same at every till, so that a pass and a lost-card list meet. */
  readonly digest: string;
  readonly surname: string;
  readonly title: 'f' | 'm';
  readonly stretches: readonly Stretch[];
  readonly uses: readonly RosterUse[];
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
  /** Random. */
  readonly nonce: string;
  /** Stands for the card at every till of the site, for one meal; left out where the card itself has to be put down. */
  readonly note?: string;
}

/** Checks an Ed25519 signature of the server over a text; where that is done is the caller's matter (node, WebCrypto). */
export type PassVerifier = (message: string, signature: string) => boolean | Promise<boolean>;

/** The text that is signed for a pass, and goes before its signature. @param body the pass as JSON in base64url */
export function passMessage(body: string): string {
  return `${PREFIX}.${body}`;
}

/** Three parts with dots between them: version, pass, signature. */
export function writePass(body: string, signature: string): string {
  return `${passMessage(body)}.${signature}`;
}

function isPass(value: unknown): value is Pass {
  if (typeof value !== 'object' || value === null) return false;
  const pass = value as Record<keyof Pass, unknown>;
  const texts = [pass.cityCode, pass.siteId, pass.digest, pass.surname, pass.nonce];
  const moments = [pass.issuedAt, pass.expiresAt];
  return texts.every((text) => typeof text === 'string' && text.length > 0) && moments.every(Number.isSafeInteger)
    && (pass.title === 'f' || pass.title === 'm') && (pass.note === undefined || typeof pass.note === 'string') && Array.isArray(pass.stretches) && Array.isArray(pass.uses);
}

function decoded(body: string, fromBase64: (text: string) => string): unknown {
  try {
    return JSON.parse(fromBase64(body));
  } catch {
    return null;
  }
}

/** Where a pass is shown, and how it is read there. */
export interface PassDesk {
  readonly cityCode: string;
  readonly siteId: string;
  readonly now: Instant;
  readonly verify: PassVerifier;
  /** Reads base64url as UTF-8. */
  readonly fromBase64: (text: string) => string;
}

/**
 * Reads a pass and checks it: the signature first, so that nothing unsigned is looked into.
 * @returns `pass-torn` (a bad scan), `pass-forged`, `pass-expired`, `pass-other-site`
 */
export async function openPass(text: string, desk: PassDesk): Promise<Outcome<Pass>> {
  const [prefix, body, signature, ...more] = text.trim().split('.');
  if (prefix !== PREFIX || body === undefined || signature === undefined || more.length > 0 || !PART.test(body) || !PART.test(signature)) return refuse('pass-torn');
  if (!(await desk.verify(passMessage(body), signature))) return refuse('pass-forged');
  const pass = decoded(body, desk.fromBase64);
  if (!isPass(pass) || pass.expiresAt - pass.issuedAt > LONGEST_MS) return refuse('pass-forged');
  if (desk.now >= pass.expiresAt || desk.now < pass.issuedAt - LEEWAY_MS) return refuse('pass-expired');
  return pass.cityCode === desk.cityCode && pass.siteId === desk.siteId ? done(pass) : refuse('pass-other-site');
}

/** A pass as a row of the roster, to decide a meal with. @param handle the card's handle at this till */
export function rowOfPass(pass: Pass, handle: string): TillRow {
  return { h: handle, n: pass.surname, t: pass.title, s: pass.stretches, u: pass.uses };
}
