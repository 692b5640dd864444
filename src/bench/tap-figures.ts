/** Rate and processor time of one contender in one stretch of time. */
export interface Stretch {
  readonly seconds: number;
  readonly deeds: number;
  /** Processor time of servers and database, without the client. */
  readonly cpuMs: number;
}

/** What `bench tap` prints; see the README's table of commands. */
export interface TapFigures {
  readonly tapsPerSecond: number;
  readonly pgbenchTps: number;
  readonly ratio: number | null;
  readonly cpuMsPerTap: number | null;
  readonly cpuMsPerPgbenchTx: number | null;
  readonly cpuRatio: number | null;
  readonly sqlLimitPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p99At300Ms: number;
  readonly connections: number;
  readonly lost: number;
  readonly doubled: number;
  readonly on: readonly string[];
}

/** The value that so many of a hundred are not above (nearest rank); 0 of nothing. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0;
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** Several stretches as one. */
export function together(stretches: readonly Stretch[]): Stretch {
  const sum = (of: (one: Stretch) => number): number => stretches.reduce((total, one) => total + of(one), 0);
  return { seconds: sum((one) => one.seconds), deeds: sum((one) => one.deeds), cpuMs: sum((one) => one.cpuMs) };
}

/** The taps per transaction of pgbench, by rate and by processor time. */
export function ratios(taps: Stretch, pgbench: Stretch): { ratio: number; cpuRatio: number; cpuMsPerTap: number; cpuMsPerPgbenchTx: number } {
  const [cpuMsPerTap, cpuMsPerPgbenchTx] = [taps.cpuMs / taps.deeds, pgbench.cpuMs / pgbench.deeds];
  return {
    ratio: round(taps.deeds / taps.seconds / (pgbench.deeds / pgbench.seconds), 2),
    cpuRatio: round(cpuMsPerPgbenchTx / cpuMsPerTap, 2),
    cpuMsPerTap: round(cpuMsPerTap, 4), cpuMsPerPgbenchTx: round(cpuMsPerPgbenchTx, 4),
  };
}

/** Transactions done and transactions a second, from what pgbench printed. @throws Error when it printed neither */
export function readPgbench(printed: string): { deeds: number; tps: number } {
  const deeds = /number of transactions actually processed: (\d+)/.exec(printed)?.[1];
  const tps = /^tps = ([\d.]+)/m.exec(printed)?.[1];
  if (deeds === undefined || tps === undefined) throw new Error('pgbench printed no figures');
  return { deeds: Number(deeds), tps: Number(tps) };
}

/** The processor time in a line of `/proc/<pid>/stat`, in clock ticks: its own, and that of the children that have ended. */
export function readStat(line: string): { parent: number; own: number; children: number } {
  // The name stands in brackets and may hold blanks and brackets itself.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ').map(Number);
  const at = (index: number): number => fields[index] ?? 0;
  return { parent: at(1), own: at(11) + at(12), children: at(13) + at(14) };
}
