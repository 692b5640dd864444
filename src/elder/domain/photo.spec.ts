import { greyPng, partsOfJpeg, partsOfWebp } from '../../../test/support/pictures.js';
import { cleanPhoto, MOST_PHOTO_BYTES, type Photo } from './photo.js';

const SECRET = 'GPS 36.45 115.98';
const photoOf = (file: Uint8Array): Photo => {
  const outcome = cleanPhoto(file);
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.value;
};
const codeOf = (file: Uint8Array): string => {
  const outcome = cleanPhoto(file);
  return outcome.ok ? 'taken' : outcome.code;
};

describe('a picture', () => {
  test.each<[string, Buffer, Buffer]>([
    ['image/jpeg', partsOfJpeg(200, 240, [[0xe1, SECRET], [0xfe, SECRET], [0xed, SECRET]], `${SECRET}<script>`), partsOfJpeg(200, 240)],
    ['image/png', greyPng(200, 240, { tEXt: SECRET, eXIf: SECRET, iTXt: SECRET }), greyPng(200, 240)],
    ['image/webp', partsOfWebp(200, 240, [['EXIF', SECRET], ['XMP ', `${SECRET}!`], ['ICCP', SECRET]]), partsOfWebp(200, 240)],
  ])('%s keeps what draws it and nothing else', (mediaType, file, bare) => {
    expect(file.includes(SECRET)).toBe(true);
    const photo = photoOf(file);
    expect(photo).toMatchObject({ mediaType, width: 200, height: 240 });
    expect(Buffer.from(photo.bytes).equals(bare)).toBe(true);
    expect(Buffer.from(photoOf(photo.bytes).bytes).equals(bare)).toBe(true);
  });

  test('with transparency keeps it, and its head says only that', () => {
    const { bytes, width, height } = photoOf(partsOfWebp(300, 1100, [['VP8X', '\u00ff'.repeat(5)], ['ALPH', 'abc'], ['EXIF', SECRET]]));
    expect([width, height, Buffer.from(bytes).includes(SECRET)]).toEqual([300, 1100, false]);
    expect([...bytes.subarray(12, 30)]).toEqual([0x56, 0x50, 0x38, 0x58, 10, 0, 0, 0, 0x10, 0, 0, 0, 43, 1, 0, 75, 4, 0]);
    expect(photoOf(bytes)).toMatchObject({ width: 300, height: 1100 });
  });

  test.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'photo-unreadable'],
    ['a page', Buffer.from('<html><script>alert(1)</script></html>'), 'photo-unreadable'],
    ['a drawing with script in it', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 'photo-unreadable'],
    ['a GIF', Buffer.from('GIF89a\u0001\u0001 and so on, long enough'), 'photo-unreadable'],
    ['a head of a JPEG and nothing more', Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'photo-unreadable'],
    ['a torn JPEG', partsOfJpeg(200, 200).subarray(0, -3), 'photo-unreadable'],
    ['a torn PNG', greyPng(200, 200).subarray(0, -20), 'photo-unreadable'],
    ['a torn WebP', partsOfWebp(200, 200).subarray(0, -4), 'photo-unreadable'],
    ['a PNG with one byte changed', greyPng(200, 200).map((byte, index) => (index === 60 ? byte ^ 1 : byte)), 'photo-unreadable'],
    ['a moving PNG', greyPng(200, 200, { acTL: '00000000' }), 'photo-unreadable'],
    ['a moving WebP', partsOfWebp(200, 200, [['ANIM', '000000']]), 'photo-unreadable'],
    ['a JPEG of two frames', partsOfJpeg(200, 200, [[0xc0, '\u0008\u0000\u00c8\u0000\u00c8\u0001\u0001\u0011\u0000']]), 'photo-unreadable'],
    ['a flood of pixels', partsOfJpeg(65_000, 65_000), 'photo-size-wrong'],
    ['a flood in one direction', greyPng(1_201, 96), 'photo-size-wrong'],
    ['a stamp', greyPng(95, 200), 'photo-size-wrong'],
    ['a large file', new Uint8Array(MOST_PHOTO_BYTES + 1), 'photo-too-large'],
  ])('%s is refused', (_, file, code) => {
    expect(codeOf(file)).toBe(code);
  });

  test('cut off anywhere is refused and never breaks the reader', () => {
    for (const whole of [partsOfJpeg(120, 120, [[0xe1, SECRET]]), greyPng(120, 120), partsOfWebp(120, 120, [['EXIF', SECRET]])]) {
      for (let length = 0; length < whole.length; length += 1) expect(codeOf(whole.subarray(0, length))).toBe('photo-unreadable');
    }
  });

  test('of too many passes is refused', () => {
    const pass = Buffer.concat([Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0]), Buffer.from([1, 2])]);
    const file = partsOfJpeg(200, 200).subarray(0, -2);
    const withPasses = (times: number) => Buffer.concat([file, ...Array.from({ length: times }, () => pass), Buffer.from([0xff, 0xd9])]);
    expect(codeOf(withPasses(23))).toBe('taken');
    expect(codeOf(withPasses(24))).toBe('photo-unreadable');
  });
});
