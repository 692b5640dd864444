import { LONGEST_WAIT_MS, waitLeft, waitMs, waitWords } from './waits.js';

const MINUTE = 60_000;

it.each([[0, 0], [4, 0], [5, 1], [6, 2], [7, 4], [9, 16], [11, 60], [40, 60]])('%d wrong PINs cost %d minutes', (wrong, minutes) => {
  expect(waitMs(wrong)).toBe(minutes * MINUTE);
});

it('ends when its time is over, and a clock that was set back makes nobody wait longer', () => {
  const tries = { wrong: 6, at: 1_000_000 };
  expect(waitLeft(tries, 1_000_000)).toBe(2 * MINUTE);
  expect(waitLeft(tries, 1_000_000 + 2 * MINUTE - 1)).toBe(1);
  expect(waitLeft(tries, 1_000_000 + 2 * MINUTE)).toBe(0);
  expect(waitLeft(tries, 0)).toBe(2 * MINUTE);
  expect(waitLeft({ wrong: 99, at: 1_000_000 }, 0)).toBe(LONGEST_WAIT_MS);
});

it('is told in whole minutes, at its end in seconds', () => {
  expect([61_000, 60_000, 1_500, 1].map(waitWords)).toEqual(['2 分钟', '60 秒', '2 秒', '1 秒']);
});
