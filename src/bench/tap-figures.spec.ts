import { percentile, ratios, readPgbench, readStat, together } from './tap-figures.js';

test.each<[number[], number, number]>([[[], 99, 0], [[7], 50, 7], [[3, 1, 2], 50, 2], [[1, 2, 3, 4], 50, 2], [Array.from({ length: 100 }, (_, index) => 100 - index), 99, 99], [[1, 2, 3], 100, 3]])(
  'of %j so many as %d of a hundred are not above %d', (values, percent, value) => {
    expect(percentile(values, percent)).toBe(value);
  });

test('stretches before and after count as one, and the ratios say how much more is done with the same', () => {
  const pgbench = together([{ seconds: 10, deeds: 30_000, cpuMs: 12_000 }, { seconds: 10, deeds: 20_000, cpuMs: 8_000 }]);
  expect(pgbench).toEqual({ seconds: 20, deeds: 50_000, cpuMs: 20_000 });
  expect(ratios({ seconds: 10, deeds: 50_000, cpuMs: 10_000 }, pgbench)).toEqual({ ratio: 2, cpuRatio: 2, cpuMsPerTap: 0.2, cpuMsPerPgbenchTx: 0.4 });
});

test('what pgbench prints is read, and nothing is made up where it printed nothing', () => {
  expect(readPgbench('number of transactions actually processed: 34123\nlatency average = 9.4 ms\ntps = 3412.345678 (without initial connection time)\n')).toEqual({ deeds: 34_123, tps: 3412.345678 });
  expect(() => readPgbench('pgbench: error: connection refused')).toThrow('no figures');
});

test("a process's time is read whatever its name holds, that of children that have ended apart", () => {
  expect(readStat('4711 (postgres: a) b) S 12 4711 4711 0 -1 4194304 100 200 0 0 150 50 30 20 20 0 1 0 12345 0 0')).toEqual({ parent: 12, own: 200, children: 50 });
});
