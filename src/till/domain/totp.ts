// RFC 6238 with HMAC-SHA-1 and six digits, as phones without a network work it out. Plain arithmetic, since the same file
// runs in the service, in browsers and in WeChat, which has no cryptography of its own.

/** A step of time. */
export const STEP_MS = 30_000;
const DIGITS = 1_000_000;
const BLOCK = 64;

const turn = (word: number, bits: number): number => ((word << bits) | (word >>> (32 - bits))) >>> 0;

/** SHA-1 of bytes (FIPS 180-4). */
function sha1(bytes: Uint8Array): Uint8Array {
  const length = Math.ceil((bytes.length + 9) / BLOCK) * BLOCK;
  const padded = new Uint8Array(length);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(length - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(length - 4, (bytes.length << 3) >>> 0);
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  const words = new Uint32Array(80);
  for (let from = 0; from < length; from += BLOCK) {
    for (let index = 0; index < 16; index += 1) words[index] = view.getUint32(from + index * 4);
    for (let index = 16; index < 80; index += 1) words[index] = turn(at(words, index - 3) ^ at(words, index - 8) ^ at(words, index - 14) ^ at(words, index - 16), 1);
    mix(state, words);
  }
  const digest = new DataView(new ArrayBuffer(20));
  state.forEach((word, index) => digest.setUint32(index * 4, word));
  return new Uint8Array(digest.buffer);
}

const at = (words: Uint32Array, index: number): number => words[index] as number;

function mix(state: number[], words: Uint32Array): void {
  let [a, b, c, d, e] = state as [number, number, number, number, number];
  for (let index = 0; index < 80; index += 1) {
    const [f, k] = index < 20 ? [(b & c) | (~b & d), 0x5a827999] : index < 40 ? [b ^ c ^ d, 0x6ed9eba1] : index < 60 ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc] : [b ^ c ^ d, 0xca62c1d6];
    const next = (turn(a, 5) + f + e + k + at(words, index)) >>> 0;
    [e, d, c, b, a] = [d, c, turn(b, 30), a, next];
  }
  [a, b, c, d, e].forEach((word, index) => {
    state[index] = ((state[index] as number) + word) >>> 0;
  });
}

/** HMAC (RFC 2104) over SHA-1. */
function hmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const short = key.length > BLOCK ? sha1(key) : key;
  const pad = (mask: number): Uint8Array => Uint8Array.from({ length: BLOCK }, (_, index) => (short[index] ?? 0) ^ mask);
  return sha1(joined(pad(0x5c), sha1(joined(pad(0x36), message))));
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** The step of time that a moment lies in. @param moment milliseconds since 1970 */
export function stepOf(moment: number): number {
  return Math.floor(moment / STEP_MS);
}

/** The six digits of a step. @param secret as it was handed out */
export function totp(secret: Uint8Array, step: number): string {
  const counter = new DataView(new ArrayBuffer(8));
  counter.setUint32(0, Math.floor(step / 0x100000000));
  counter.setUint32(4, step >>> 0);
  const digest = hmac(secret, new Uint8Array(counter.buffer));
  const offset = (digest[19] as number) & 0x0f;
  const word = new DataView(digest.buffer).getUint32(offset) & 0x7fffffff;
  return String(word % DIGITS).padStart(6, '0');
}
