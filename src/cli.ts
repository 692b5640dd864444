import { WrongSetting } from './platform/index.js';

/** A command: takes its arguments, answers its exit code. */
type Command = (args: string[]) => Promise<number>;

interface CommandEntry {
  readonly about: string;
  /** Loaded when called, so that a pure command does not load the service. */
  readonly load: () => Promise<Command>;
}

const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  demo: { about: 'plays a whole month of a city through the HTTP API in a throw-away database', load: async () => (await import('./demo.cli.js')).demoCommand },
  policy: { about: 'verifies and explains policy packs', load: async () => (await import('./subsidy/policy.cli.js')).policyCommand },
  bench: { about: 'measures what the product must reach, against something known', load: async () => (await import('./bench/bench.cli.js')).benchCommand },
  simulate: { about: 'plays months of faults on real processes and compares them with books of its own', load: async () => (await import('./simulate/simulate.cli.js')).simulateCommand },
  'wechat-sim': { about: 'a simulated WeChat on a port of this machine, for the service to take for the real one', load: async () => (await import('./wechat-sim/wechat-sim.cli.js')).wechatSimCommand },
  invariants: { about: 'runs every invariant on the database in use', load: async () => (await import('./proof/index.js')).invariantsCommand },
  partitions: { about: 'lists the months of the books, takes old ones out and in again', load: async () => (await import('./ledger/index.js')).partitionsCommand },
  regenerate: { about: 'writes the OpenAPI document, the typed client, the error table and the room graph', load: async () => (await import('./openapi.cli.js')).regenerateCommand },
};

function help(): string {
  const lines = Object.entries(COMMANDS).map(([name, { about }]) => `  npm run -s ${name.padEnd(12)} ${about}`);
  return `幸福食堂: commands (each with -- --help)\n${lines.join('\n')}\n`;
}

async function main([name, ...args]: string[]): Promise<number> {
  const entry = name === undefined ? undefined : COMMANDS[name];
  if (!entry) {
    const asked = name === undefined || name === '--help';
    (asked ? process.stdout : process.stderr).write(help());
    return asked ? 0 : 2;
  }
  const command = await entry.load();
  return command(args);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof WrongSetting ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
