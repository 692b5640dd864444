import { inflateSync } from 'node:zlib';
import jsqrModule from 'jsqr';

/** jsqr is CommonJS: its function is the module's default's default, or the default itself. */
const jsQR = ((jsqrModule as unknown as { default?: unknown }).default ?? jsqrModule) as (data: Uint8ClampedArray, width: number, height: number) => { readonly data: string } | null;

interface Picture {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

const near = (left: number, above: number, corner: number): number => {
  const guess = left + above - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? above : corner;
};

/** The pixels of a PNG of 8 bits and three or four channels, as browsers write their pictures. */
function pixelsOf(png: Buffer): Picture {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const channels = png[25] === 6 ? 4 : 3;
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const lines = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const plain = new Uint8Array(stride * height);
  const was = (y: number, x: number): number => (y < 0 || x < 0 ? 0 : (plain[y * stride + x] as number));
  for (let y = 0; y < height; y += 1) {
    const filter = lines[y * (stride + 1)] as number;
    for (let x = 0; x < stride; x += 1) {
      const [left, above, corner] = [was(y, x - channels), was(y - 1, x), x < channels ? 0 : was(y - 1, x - channels)];
      const added = [0, left, above, (left + above) >> 1, near(left, above, corner)][filter] as number;
      plain[y * stride + x] = ((lines[y * (stride + 1) + 1 + x] as number) + added) & 0xff;
    }
  }
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel += 1) for (let channel = 0; channel < 3; channel += 1) data[pixel * 4 + channel] = plain[pixel * channels + channel] as number;
  return { data, width, height };
}

/** What a scanner reads off a picture; null where it finds no QR code. */
export function readQr(png: Buffer): string | null {
  const { data, width, height } = pixelsOf(png);
  return jsQR(data, width, height)?.data ?? null;
}
