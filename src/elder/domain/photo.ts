import { done, refuse, type Outcome } from '../../kernel/index.js';

/** The largest file of a photo, in bytes: a face at 480 pixels needs a fourth of it. */
export const MOST_PHOTO_BYTES = 128 * 1024;

/** How large a picture may be: its file in bytes, its sides in pixels. Whatever a file says of itself, nobody unpacks more than this. */
export interface PictureLimits {
  readonly bytes: number;
  readonly leastSide: number;
  readonly mostSide: number;
}

const FACE: PictureLimits = { bytes: MOST_PHOTO_BYTES, leastSide: 96, mostSide: 1200 };
/** A progressive picture of so many passes is made to keep a processor busy. */
const MOST_SCANS = 24;

/** A picture: nothing is left in it but what is needed to draw it. */
export interface Photo {
  readonly mediaType: 'image/jpeg' | 'image/png' | 'image/webp';
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

/** Thrown while a file is read and caught in `cleanPhoto`: it is no picture, or torn. */
class Unreadable extends Error {}

/**
 * Reads a picture part by part and writes it again from the parts that draw it: where and with what it was taken,
 * previews, comments and anything behind its end are gone, and so is what another reader would take for another file.
 * @param limits a face's, where they are left out
 * @returns `photo-too-large`, `photo-unreadable` (no JPEG, PNG or WebP, animated, or torn), `photo-size-wrong` (in pixels)
 */
export function cleanPhoto(file: Uint8Array, { bytes: most, leastSide, mostSide }: PictureLimits = FACE): Outcome<Photo> {
  if (file.length > most) return refuse('photo-too-large', { limit: most / 1024 });
  try {
    const photo = startsWith(file, [0xff, 0xd8, 0xff]) ? cleanJpeg(file) : startsWith(file, PNG_HEAD) ? cleanPng(file) : cleanWebp(file);
    const sides = [photo.width, photo.height];
    return sides.every((side) => side >= leastSide && side <= mostSide) ? done(photo) : refuse('photo-size-wrong', { least: leastSide, most: mostSide });
  } catch (error) {
    // A view reads beyond the end of a torn file: that is a RangeError.
    if (error instanceof Unreadable || error instanceof RangeError) return refuse('photo-unreadable');
    throw error;
  }
}

function startsWith(file: Uint8Array, head: readonly number[]): boolean {
  return head.every((byte, index) => file[index] === byte);
}

function must(holds: boolean): asserts holds {
  if (!holds) throw new Unreadable();
}

function viewOf(file: Uint8Array): DataView {
  return new DataView(file.buffer, file.byteOffset, file.byteLength);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Segments that draw: quantisation, Huffman tables, restarts, and Adobe's mark of the colours. Frames and scans come apart. */
const JPEG_DRAWS = [0xdb, 0xc4, 0xdd];
const ADOBE = 0xee;
const ADOBE_LENGTH = 14;
/** Baseline, extended and progressive: what browsers draw. */
const JPEG_FRAMES = [0xc0, 0xc1, 0xc2];

function cleanJpeg(file: Uint8Array): Photo {
  const view = viewOf(file);
  const kept: Uint8Array[] = [file.subarray(0, 2)];
  let size: { width: number; height: number } | undefined;
  let scans = 0;
  let at = 2;
  for (;;) {
    must(view.getUint8(at) === 0xff);
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xd9) break;
    const length = view.getUint16(at + 2);
    must(length >= 2 && at + 2 + length <= file.length);
    let end = at + 2 + length;
    if (JPEG_FRAMES.includes(marker)) {
      must(size === undefined && view.getUint8(at + 4) === 8);
      size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
      kept.push(file.subarray(at, end));
    } else if (marker === 0xda) {
      scans += 1;
      must(size !== undefined && scans <= MOST_SCANS);
      end = endOfScan(view, end);
      kept.push(file.subarray(at, end));
    } else if (JPEG_DRAWS.includes(marker) || (marker === ADOBE && length === ADOBE_LENGTH)) kept.push(file.subarray(at, end));
    else must(marker === 0xfe || (marker >= 0xe0 && marker <= 0xef));
    at = end;
  }
  must(size !== undefined && scans > 0);
  return { mediaType: 'image/jpeg', ...size, bytes: joined([...kept, Uint8Array.of(0xff, 0xd9)]) };
}

/** Where a scan's packed lines end: at the next marker that is neither a stuffed byte nor a restart. */
function endOfScan(view: DataView, from: number): number {
  let at = from;
  for (;;) {
    if (view.getUint8(at) === 0xff) {
      const next = view.getUint8(at + 1);
      if (next !== 0 && (next < 0xd0 || next > 0xd7)) return at;
    }
    at += 1;
  }
}

const PNG_HEAD = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const PNG_DRAWS = ['IHDR', 'PLTE', 'tRNS', 'IDAT'];

function cleanPng(file: Uint8Array): Photo {
  const view = viewOf(file);
  const kept: Uint8Array[] = [file.subarray(0, PNG_HEAD.length)];
  const names: string[] = [];
  let at = PNG_HEAD.length;
  for (;;) {
    const length = view.getUint32(at);
    const end = at + 12 + length;
    must(end <= file.length);
    const name = nameAt(view, at + 4);
    must(crc32(file.subarray(at + 4, end - 4)) === view.getUint32(end - 4));
    must((names.length === 0) === (name === 'IHDR') && (name !== 'IHDR' || length === 13));
    // An animated picture is none of a face.
    must(name !== 'acTL');
    names.push(name);
    if (PNG_DRAWS.includes(name) || name === 'IEND') kept.push(file.subarray(at, end));
    at = end;
    if (name === 'IEND') break;
  }
  must(names.includes('IDAT'));
  return { mediaType: 'image/png', width: view.getUint32(16), height: view.getUint32(20), bytes: joined(kept) };
}

function nameAt(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(at + index)));
}

/** CRC-32 as PNG has it (ISO 3309). */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
  }
  return (crc ^ 0xffff_ffff) >>> 0;
}

const ALPHA_FLAG = 0x10;

function cleanWebp(file: Uint8Array): Photo {
  const view = viewOf(file);
  must(file.length >= 20 && nameAt(view, 0) === 'RIFF' && nameAt(view, 8) === 'WEBP');
  const whole = view.getUint32(4, true) + 8;
  must(whole <= file.length);
  let picture: { width: number; height: number; part: Uint8Array } | undefined;
  let alpha: Uint8Array | undefined;
  for (let at = 12; at + 8 <= whole;) {
    const [name, length] = [nameAt(view, at), view.getUint32(at + 4, true)];
    const end = at + 8 + length + (length % 2);
    must(end <= whole && !['ANIM', 'ANMF'].includes(name));
    const part = file.subarray(at, end);
    if (name === 'ALPH') alpha = part;
    if (name === 'VP8 ' || name === 'VP8L') {
      must(picture === undefined);
      picture = { ...(name === 'VP8 ' ? lossySize(view, at + 8) : losslessSize(view, at + 8)), part };
    }
    at = end;
  }
  must(picture !== undefined);
  const { width, height, part } = picture;
  const parts = alpha === undefined ? [part] : [extendedHead(width, height), alpha, part];
  const body = joined(parts);
  const head = new Uint8Array(12);
  head.set([0x52, 0x49, 0x46, 0x46]);
  viewOf(head).setUint32(4, body.length + 4, true);
  head.set([0x57, 0x45, 0x42, 0x50], 8);
  return { mediaType: 'image/webp', width, height, bytes: joined([head, body]) };
}

/** Size by the head of a key frame (RFC 6386, 9.1). */
function lossySize(view: DataView, at: number): { width: number; height: number } {
  must((view.getUint8(at) & 1) === 0 && view.getUint8(at + 3) === 0x9d && view.getUint8(at + 4) === 0x01 && view.getUint8(at + 5) === 0x2a);
  return { width: view.getUint16(at + 6, true) & 0x3fff, height: view.getUint16(at + 8, true) & 0x3fff };
}

/** Size by the head of a lossless picture (RFC 9649, 3.4). */
function losslessSize(view: DataView, at: number): { width: number; height: number } {
  must(view.getUint8(at) === 0x2f);
  const bits = view.getUint32(at + 1, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** The head of a picture with transparency (RFC 9649, 2.7), without any other part. */
function extendedHead(width: number, height: number): Uint8Array {
  const head = new Uint8Array(18);
  const view = viewOf(head);
  head.set([0x56, 0x50, 0x38, 0x58]);
  view.setUint32(4, 10, true);
  view.setUint8(8, ALPHA_FLAG);
  view.setUint32(12, (width - 1) & 0xff_ffff, true);
  // The height's three bytes stand right behind the width's.
  view.setUint16(15, (height - 1) & 0xffff, true);
  view.setUint8(17, (height - 1) >>> 16);
  return head;
}
