import { jest } from '@jest/globals';
import { benchCommand } from './bench.cli.js';

afterEach(() => jest.restoreAllMocks());

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => (out.push(String(text)), true));
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => (err.push(String(text)), true));
  const code = await benchCommand(args);
  return { code, out: out.join(''), err: err.join('') };
}

test('policy prints its figures as one object on the last line, after all three engines answered the same', async () => {
  const { code, out } = await run('policy', '--meals', '2000', '--replay', '5000', '--json');
  const figures = JSON.parse(out.trimEnd().split('\n').at(-1) ?? '') as Record<string, number>;
  expect(code).toBe(0);
  expect(figures).toMatchObject({ meals: 2000, replayMeals: 5000, on: expect.arrayContaining(['stored explanation', 'counters']) });
  for (const key of ['perSecond', 'ratioToRulesEngine', 'ratioToHandWritten', 'replaySeconds', 'subsidisedMeals']) expect([key, (figures[key] ?? 0) > 0]).toEqual([key, true]);
  expect(figures['subsidisedMeals']).toBeGreaterThan(500);
}, 60_000);

test.each([
  [[], 'none given'], [['polcy'], 'polcy'], [['policy', '--jsn'], '--jsn'], [['policy', '--meals'], '--meals'], [['policy', '--meals', 'x'], '--meals'], [['policy', '--meals', '7'], '100'], [['tap', '--sconds'], '--sconds'], [['tap', '--connections', '0'], '--connections'], [['tap', '--elders', 'many'], '--elders'],
])('wrong use %j gives one line that names it, and exit code 2', async (args, named) => {
  const { code, err } = await run(...args);
  expect(code).toBe(2);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
  expect(err).toContain(named);
});

test.each([[['--help'], 'policy'], [['policy', '--help'], '--meals N'], [['tap', '--help'], '--connections N']])('%j tells the use', async (args, told) => {
  expect(await run(...args)).toMatchObject({ code: 0, out: expect.stringContaining(told) });
});
