import { deflateSync } from 'node:zlib';
import { crc32 } from '../../src/elder/domain/index.js';

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** A PNG of one grey. @param more chunks that draw nothing, by their names */
export function greyPng(width: number, height: number, more: Readonly<Record<string, string>> = {}, shade = 128): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  const lines = Buffer.alloc(height * (width + 1), shade);
  for (let line = 0; line < height; line += 1) lines[line * (width + 1)] = 0;
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', head),
    ...Object.entries(more).map(([name, text]) => chunk(name, Buffer.from(text))), chunk('IDAT', deflateSync(lines)), chunk('IEND', Buffer.alloc(0)),
  ]);
}

const segment = (marker: number, data: Buffer): Buffer => {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
};

/** A file with the parts of a JPEG. @param more segments by their markers, before the frame */
export function partsOfJpeg(width: number, height: number, more: readonly (readonly [marker: number, text: string])[] = [], behind = ''): Buffer {
  const frame = Buffer.from([8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0]);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]), ...more.map(([marker, text]) => segment(marker, Buffer.from(text))), segment(0xdb, Buffer.alloc(65)),
    segment(0xc0, frame), segment(0xc4, Buffer.alloc(20)), segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])), Buffer.from([1, 2, 0xff, 0, 3, 0xff, 0xd0, 4]),
    Buffer.from([0xff, 0xd9]), Buffer.from(behind),
  ]);
}

/** A file with the parts of a lossy WebP. @param more chunks by their names */
export function partsOfWebp(width: number, height: number, more: readonly (readonly [name: string, text: string])[] = []): Buffer {
  const picture = Buffer.alloc(12);
  picture.set([0x10, 0, 0, 0x9d, 0x01, 0x2a]);
  picture.writeUInt16LE(width, 6);
  picture.writeUInt16LE(height, 8);
  const riff = (name: string, data: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(data.length);
    return Buffer.concat([Buffer.from(name), length, data, Buffer.alloc(data.length % 2)]);
  };
  return riff('RIFF', Buffer.concat([Buffer.from('WEBP'), ...more.map(([name, text]) => riff(name, Buffer.from(text))), riff('VP8 ', picture)]));
}
