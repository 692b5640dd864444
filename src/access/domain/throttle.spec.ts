import { secondsToWait, TRY_WINDOW_MS, type FailedTries } from './throttle.js';

const NOW = 1_733_200_000_000;
const none: FailedTries = { pair: 0, address: 0, account: 0, addressKnown: false, oldest: null };

describe('secondsToWait', () => {
  it('lets the fifth try pass and stops the sixth until the oldest is a quarter of an hour old', () => {
    expect(secondsToWait({ ...none, pair: 4, address: 4, account: 4, oldest: NOW - 60_000 }, NOW)).toBe(0);
    expect(secondsToWait({ ...none, pair: 5, address: 5, account: 5, oldest: NOW - 60_000 }, NOW)).toBe(14 * 60);
  });

  it('slows a stranger who tries one account from many addresses, and not its owner', () => {
    expect(secondsToWait({ ...none, account: 20, oldest: NOW }, NOW)).toBe(TRY_WINDOW_MS / 1000);
    expect(secondsToWait({ ...none, account: 2000, address: 60, addressKnown: true, oldest: NOW }, NOW)).toBe(0);
  });

  it('slows an address that tries many accounts', () => {
    expect(secondsToWait({ ...none, address: 50, oldest: NOW }, NOW)).toBeGreaterThan(0);
  });
});
