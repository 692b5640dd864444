import { inflateSync } from 'node:zlib';

const HEAD_BYTES = 44;
const ENTRY_BYTES = 20;
const SFNT_HEAD_BYTES = 12;
const SFNT_ENTRY_BYTES = 16;

/**
 * A font for web pages (WOFF 1.0, W3C 2012) as the plain font that it packs: the same tables, inflated. Libraries do it
 * too, in JavaScript and anew for every paper.
 */
export function unpackWoff(packed: Buffer): Buffer {
  const tables = Array.from({ length: packed.readUInt16BE(12) }, (_, index) => {
    const at = HEAD_BYTES + index * ENTRY_BYTES;
    const [offset, packedLength, length] = [packed.readUInt32BE(at + 4), packed.readUInt32BE(at + 8), packed.readUInt32BE(at + 12)];
    const bytes = packed.subarray(offset, offset + packedLength);
    return { tag: packed.subarray(at, at + 4), checksum: packed.readUInt32BE(at + 16), bytes: packedLength < length ? inflateSync(bytes) : bytes };
  });
  const head = Buffer.alloc(SFNT_HEAD_BYTES + tables.length * SFNT_ENTRY_BYTES);
  packed.copy(head, 0, 4, 8);
  const power = Math.floor(Math.log2(tables.length));
  head.writeUInt16BE(tables.length, 4);
  head.writeUInt16BE(16 * 2 ** power, 6);
  head.writeUInt16BE(power, 8);
  head.writeUInt16BE(16 * (tables.length - 2 ** power), 10);
  const chunks: Buffer[] = [head];
  let offset = head.length;
  tables.forEach(({ tag, checksum, bytes }, index) => {
    const at = SFNT_HEAD_BYTES + index * SFNT_ENTRY_BYTES;
    tag.copy(head, at);
    head.writeUInt32BE(checksum, at + 4);
    head.writeUInt32BE(offset, at + 8);
    head.writeUInt32BE(bytes.length, at + 12);
    const padding = Buffer.alloc((4 - (bytes.length % 4)) % 4);
    chunks.push(bytes, padding);
    offset += bytes.length + padding.length;
  });
  return Buffer.concat(chunks);
}
