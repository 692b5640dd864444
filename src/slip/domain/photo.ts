/** What a photo of paper may be. */
export const PHOTO_KINDS = ['jpeg', 'png', 'webp'] as const;
export type PhotoKind = (typeof PHOTO_KINDS)[number];

/** A page photographed by a telephone, scaled down by the page that sends it. */
export const MOST_PHOTO_BYTES = 2 * 1024 * 1024;

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const PNG_END = [0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82];

function isAt(bytes: Uint8Array, from: number, wanted: readonly number[]): boolean {
  return from >= 0 && wanted.every((byte, index) => bytes[from + index] === byte);
}

function text(word: string): number[] {
  return [...word].map((sign) => sign.charCodeAt(0));
}

/** What the bytes are by their first and last; null for anything else, and for a photo that did not come whole. */
export function photoKind(bytes: Uint8Array): PhotoKind | null {
  if (isAt(bytes, 0, [0xff, 0xd8, 0xff])) return isAt(bytes, bytes.length - 2, [0xff, 0xd9]) ? 'jpeg' : null;
  if (isAt(bytes, 0, PNG)) return isAt(bytes, bytes.length - PNG_END.length, PNG_END) ? 'png' : null;
  if (!isAt(bytes, 0, text('RIFF')) || !isAt(bytes, 8, text('WEBP'))) return null;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  return length + 8 === bytes.length ? 'webp' : null;
}
