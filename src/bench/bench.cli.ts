import type { Bench } from './bench-of.js';

const HELP = `npm run -s bench -- <what> [options]

  policy   the policy engine against json-rules-engine and against functions written by hand
  tap      taps over HTTP against pgbench on the same PostgreSQL, and what was lost or doubled
  booking  bookings of elders over HTTP against pgbench on the same PostgreSQL
  growth   taps a second with few and with very many meals stored
  settle   day seals and the closing of a month, against the bare aggregate over the same meals
  roster   a roster of 100,000 elders brought in from a spreadsheet, and the same file once more
  till     the till's page on a slow device without a network, with 50,000 elders on its roster

Each with --help. The figures to reach and those measured are in docs/performance.md.
`;

/** Loaded when called, so that a pure bench does not load the service. */
const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  policy: async () => (await import('./policy-bench.cli.js')).policyBenchCommand,
  tap: async () => (await import('./tap-bench.cli.js')).tapBenchCommand,
  booking: async () => (await import('./booking-bench.cli.js')).bookingBenchCommand,
  growth: async () => (await import('./growth-bench.cli.js')).growthBenchCommand,
  settle: async () => (await import('./settle-bench.cli.js')).settleBenchCommand,
  roster: async () => (await import('./roster-bench.cli.js')).rosterBenchCommand,
  till: async () => (await import('./till-bench.cli.js')).tillBenchCommand,
};

/** Runs one bench by its name; the exit code is 2 for wrong use. */
export async function benchCommand([name, ...args]: string[]): Promise<number> {
  const bench = name === undefined ? undefined : BENCHES[name];
  if (bench !== undefined) return (await bench())(args);
  const asked = name === '--help';
  (asked ? process.stdout : process.stderr).write(asked ? HELP : `unknown bench ${name ?? '(none given)'}: see npm run -s bench -- --help\n`);
  return asked ? 0 : 2;
}
