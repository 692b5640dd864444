import { done, refuse, type Outcome } from '../kernel/index.js';
import { sha256 } from '../platform/index.js';
import type { ScanRow } from './policy.store.js';

/** Most bytes of a scanned paper; in Base64 it fits a request together with the texts. */
const SCAN_LIMIT = 2 * 1024 * 1024;
/** Characters of Base64 that are looked at: more than the limit comes to, so that a scan too large hears so. */
export const SCAN_BASE64_LIMIT = Math.ceil(SCAN_LIMIT / 3) * 5;

/** How the kinds of files that may be handed in begin. What a client calls a file is not asked. */
const KINDS: readonly { readonly mediaType: string; readonly extension: string; readonly magic: readonly number[] }[] = [
  { mediaType: 'application/pdf', extension: 'pdf', magic: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { mediaType: 'image/jpeg', extension: 'jpg', magic: [0xff, 0xd8, 0xff] },
  { mediaType: 'image/png', extension: 'png', magic: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
];

/** Reads a scanned paper out of Base64. Refuses `scan-too-large`, or `scan-unknown` for what is no PDF, JPEG or PNG. */
export function readScanFile(base64: string): Outcome<ScanRow> {
  const content = Buffer.from(base64, 'base64');
  if (content.length > SCAN_LIMIT) return refuse('scan-too-large', { mib: SCAN_LIMIT / 1024 / 1024 });
  const kind = KINDS.find(({ magic }) => content.length > magic.length && magic.every((byte, index) => content[index] === byte));
  return kind === undefined ? refuse('scan-unknown') : done({ sha256: sha256(content), mediaType: kind.mediaType, content });
}

/** The ending of a scan's file name. */
export function scanExtension(mediaType: string): string {
  return KINDS.find((kind) => kind.mediaType === mediaType)?.extension ?? 'bin';
}
