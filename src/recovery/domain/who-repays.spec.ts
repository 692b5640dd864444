import { bearerOf, groundOf, noticeKindOf, type LateMeal } from './index.js';

const HOUR = 3_600_000;
const noon = Date.parse('2024-12-03T12:00:00+08:00');
const meal = (more: Partial<LateMeal> = {}): LateMeal => ({ stopRecordedAt: null, offline: false, deviceTime: noon, receivedAt: noon + 1_000, flags: [], ...more });

describe('who repays', () => {
  test.each([
    ['nobody knew', {}, 'not-reached', 'fund'],
    ['the registry knew after the sale', { stopRecordedAt: noon + 2_000 }, 'not-reached', 'fund'],
    ['the registry knew before the sale', { stopRecordedAt: noon }, 'list-reached', 'site'],
    ['offline, the list may have been from before', { offline: true, stopRecordedAt: noon - 23 * HOUR, receivedAt: noon + HOUR }, 'not-reached', 'fund'],
    ['offline, the list had a day to come', { offline: true, stopRecordedAt: noon - 24 * HOUR, receivedAt: noon + HOUR }, 'list-reached', 'site'],
    ['offline for longer than the list is good for', { offline: true, flags: ['review'] }, 'check-skipped', 'site'],
    ['out of a broken journal', { flags: ['chain-broken'] }, 'check-skipped', 'site'],
    ['with marks that say nothing about the list', { flags: ['clock-skew', 'fund-changed'] }, 'not-reached', 'fund'],
  ] as const)('%s', (_, more, ground, bearer) => {
    expect(groundOf(meal(more))).toBe(ground);
    expect(bearerOf(ground)).toBe(bearer);
  });
});

test.each([[2024, 2024, false, 'netting'], [2023, 2024, false, 'recovery'], [2024, 2024, true, 'fraud'], [2023, 2024, true, 'fraud']] as const)('money of %d in %d (fraud %s) is asked for by %s', (year, open, fraud, kind) => {
  expect(noticeKindOf(year, open, fraud)).toBe(kind);
});
