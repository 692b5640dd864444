import { readFace } from './face.js';

it('reads what was kept, and takes what it does not understand for a new till', () => {
  const plain = { volume: 3, speech: true, hand: 'right', paper: null, automatic: false };
  for (const text of [null, '', '{', '[]', '{"volume":9,"paper":57,"hand":"both","speech":"no"}']) expect(readFace(text)).toEqual(plain);
  const kept = { volume: 1, speech: false, hand: 'left', paper: 58, automatic: true };
  expect(readFace(JSON.stringify(kept))).toEqual(kept);
});
