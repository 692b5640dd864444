import { causeWords, momentWords, spanWords } from './words.js';

const at = (text: string): number => new Date(`${text}:00`).getTime();

it('names a moment beside today', () => {
  const now = at('2024-12-31T23:50');
  expect(['2024-12-31T11:05', '2025-01-01T11:05', '2024-12-30T11:05', '2025-01-02T00:00'].map((text) => momentWords(at(text), now))).toEqual(['11:05', '明天 11:05', '昨天 11:05', '1月2日 00:00']);
});

it('says what is left, and never less than nothing', () => {
  expect([-1, 59_999, 60_000, 3_600_000, 86_340_000].map(spanWords)).toEqual(['0 分', '0 分', '1 分', '1 小时 0 分', '23 小时 59 分']);
});

it('has a cause, what works and what to look at for whatever keeps the service away', () => {
  expect(causeWords({ is: 'online' })).toBeNull();
  for (const why of ['network', 'unreachable', 'server'] as const) expect(causeWords({ is: 'away', why, since: 0 })?.look.length).toBeGreaterThan(1);
  expect(causeWords({ is: 'stopped', code: 'terminal-revoked', sentence: '该终端已停用' })).toMatchObject({ cause: '该终端已停用', where: 'stopped' });
});
