import { crc32, deflateSync } from 'node:zlib';

const WIDTH = 160;
const HEIGHT = 200;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Colours by their place in a picture's palette. */
const COLOURS = { wall: 0, coat: 1, skin: 2, hair: 3, dark: 4 } as const;
type Ink = keyof typeof COLOURS;
const WALLS = ['dfe7ec', 'e9e4d8', 'dde8dc', 'e8dde4'];
const COATS = ['3f5b73', '6b4a3f', '44604a', '5a4668', '7a5b2f'];
const SKINS = ['e8c19a', 'ddb088', 'f0cda8'];
const HAIRS = ['d9d9d6', 'a8a8a4', '6f6f6c', '3c3a38'];

/** A drawn face that is nobody's: the same for the same number. */
export function portrait(number: number): Buffer {
  const pixels = Buffer.alloc(WIDTH * HEIGHT);
  const round = (ink: Ink, x: number, y: number, across: number, down: number): void => {
    for (let line = 0; line < HEIGHT; line += 1) {
      for (let column = 0; column < WIDTH; column += 1) if (((column - x) / across) ** 2 + ((line - y) / down) ** 2 <= 1) pixels[line * WIDTH + column] = COLOURS[ink];
    }
  };
  const broad = number % 4;
  round('coat', 80, 210, 66, 56);
  round('skin', 80, 146, 16, 26);
  round('hair', 80, 86, 46 + broad, number % 2 === 0 ? 58 : 50);
  round('skin', 80, 98, 38 + broad, 48);
  for (const eye of [64, 96]) {
    if (number % 3 === 0) round('dark', eye, 94, 13, 11);
    if (number % 3 === 0) round('skin', eye, 94, 11, 9);
    round('dark', eye, 94, 4, 4);
  }
  round('dark', 80, 124, 12 + broad, 4);
  round('skin', 80, 121, 12 + broad, 4);
  return png(pixels, [pick(WALLS, number), pick(COATS, number), pick(SKINS, number), pick(HAIRS, number), '2e2a27']);
}

function pick(colours: readonly string[], number: number): string {
  return colours[number % colours.length] as string;
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** @param palette colours in hexadecimal, by the numbers that the pixels name */
function png(pixels: Buffer, palette: readonly string[]): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(WIDTH, 0);
  head.writeUInt32BE(HEIGHT, 4);
  head.set([8, 3], 8);
  const lines = Array.from({ length: HEIGHT }, (_, line) => Buffer.concat([Buffer.of(0), pixels.subarray(line * WIDTH, (line + 1) * WIDTH)]));
  return Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('PLTE', Buffer.from(palette.join(''), 'hex')), chunk('IDAT', deflateSync(Buffer.concat(lines))), chunk('IEND', Buffer.alloc(0))]);
}
