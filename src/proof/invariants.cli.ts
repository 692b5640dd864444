import { layGround } from '../boot.js';
import { systemClock } from '../kernel/index.js';
import { readSettings } from '../platform/index.js';
import { runInvariants } from './run-invariants.js';
import { verdictJson, verdictTable } from './verdict-text.js';

const HELP = `npm run -s invariants -- [options]

Looks at every invariant of the database that DATABASE_URL names, or of the embedded one while the service is down.
Changes nothing. Ends with 1 where something is broken.

  --city CODE   one city (all)
  --json        one JSON object as the last line: {checked, violations, list}, violations the number of broken things
`;

/** `npm run invariants`. @returns 0 where all hold, 1 where something is broken, 2 for wrong arguments */
export async function invariantsCommand(args: string[]): Promise<number> {
  const rest = args.filter((word, index) => word !== '--json' && word !== '--city' && args[index - 1] !== '--city');
  if (args.includes('--help')) return print(HELP, 0);
  const city = args.includes('--city') ? args[args.indexOf('--city') + 1] : 'all';
  if (rest.length > 0 || city === undefined || (city !== 'all' && !/^\d{6}$/.test(city))) {
    process.stderr.write(HELP);
    return 2;
  }
  const ground = await layGround(readSettings(process.env), systemClock, (line) => void process.stderr.write(`${line}\n`));
  try {
    const verdict = await ground.parts.transactor.run((tx) => runInvariants(tx, city));
    const text = args.includes('--json') ? `${JSON.stringify(verdictJson(verdict))}\n` : '';
    return print(verdictTable(verdict) + text, verdict.violations.length === 0 ? 0 : 1);
  } finally {
    await ground.close();
  }
}

function print(text: string, code: number): number {
  process.stdout.write(text);
  return code;
}
