import { totp } from '../../../src/till/domain/totp.js';
import type { Host } from './host.js';
import type { Kin, OfflineSecret } from './shapes.js';

/** A secret of this log-in on this machine, for one elder. Nothing in it says who that is. */
interface KeptSecret {
  readonly elderId: string;
  /** Whether it is the elder's own telephone. */
  readonly self: boolean;
  readonly secret: string;
  readonly locator: number;
  readonly stepSeconds: number;
  /** How far the service's clock is ahead of this one. */
  readonly aheadMs: number;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Bytes of base64url text: no mini-program has `atob`. */
function bytesOf(text: string): Uint8Array {
  const bytes: number[] = [];
  let [held, bits] = [0, 0];
  for (const letter of text) {
    held = ((held << 6) | ALPHABET.indexOf(letter)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
  }
  return Uint8Array.from(bytes);
}

/** All that are kept here: whoever looks after several elders has one for each. */
function keptSecrets(host: Host): readonly KeptSecret[] {
  const text = host.kept('offline-code');
  return text === null ? [] : [JSON.parse(text) as KeptSecret | KeptSecret[]].flat();
}

function keptSecret(host: Host, elderId: string): KeptSecret | null {
  return keptSecrets(host).find((one) => one.elderId === elderId) ?? null;
}

export const hasSecret = (host: Host, elderId: string): boolean => keptSecret(host, elderId) !== null;

/** For whom codes can be worked out here. No name is kept, so they are told apart by their place. */
export function keptElders(host: Host): readonly Kin[] {
  return keptSecrets(host).map(({ elderId, self }, at) => ({ elderId, name: self ? '我' : `第 ${at + 1} 位老人`, called: null, self, relation: null, rights: ['ordering'] }));
}

/** Keeps the secret for a day without network. */
export function keepSecret(host: Host, { elderId, self }: Kin, { secret, locator, stepSeconds, serverTime }: OfflineSecret): void {
  const kept: KeptSecret = { elderId, self, secret, locator, stepSeconds, aheadMs: Date.parse(serverTime) - host.now() };
  host.keep('offline-code', JSON.stringify([...keptSecrets(host).filter((one) => one.elderId !== elderId), kept]));
}

/** The code of this moment, worked out without anybody; null where there is no secret. `leftMs`: until the next one. */
export function offlineCode(host: Host, elderId: string): { readonly text: string; readonly digits: string; readonly leftMs: number } | null {
  const kept = keptSecret(host, elderId);
  if (kept === null) return null;
  const [now, step] = [host.now() + kept.aheadMs, kept.stepSeconds * 1_000];
  const digits = `2${kept.locator}${totp(bytesOf(kept.secret), Math.floor(now / step))}`;
  return { text: `YM${digits}`, digits, leftMs: step - (now % step) };
}
