import { benchRoster, type RosterBenchFigures, type RosterBenchOptions } from './roster-bench.js';
import { ROSTER_FORMATS, writeRoster, type RosterFormat } from './roster-file.js';

const HELP = `npm run -s bench -- roster [options]

Brings a made-up roster in over HTTP in a throw-away database: hands the file over, checks every row, brings all of
them in, asks for the report, and does it again with the same file.

  --json         one JSON object as the last line of standard output
  --rows N       people in the file (100000)
  --format F     xlsx or csv (xlsx)
  --write FILE   only writes the file
  --help         this text
`;

interface Options extends RosterBenchOptions {
  readonly json: boolean;
  readonly write: string | null;
}

const MOST_ROWS = 250_000;

function readOptions(args: readonly string[]): Options | string {
  let [json, rows, format, write]: [boolean, number, RosterFormat, string | null] = [false, 100_000, 'xlsx', null];
  for (let index = 0; index < args.length; index += 1) {
    const [word, next = ''] = [args[index], args[index + 1]];
    if (word === '--json') {
      json = true;
      continue;
    }
    index += 1;
    if (word === '--rows' && /^[1-9]\d{0,5}$/.test(next) && Number(next) <= MOST_ROWS) rows = Number(next);
    else if (word === '--format' && ROSTER_FORMATS.includes(next as RosterFormat)) format = next as RosterFormat;
    else if (word === '--write' && next !== '') write = next;
    else return `unknown option ${word} ${next}: see npm run -s bench -- roster --help`;
  }
  return { json, rows, format, write };
}

function tell(figures: RosterBenchFigures): string {
  const { rows, format, fileBytes, seconds, uploadSeconds, checkSeconds, applySeconds, rowsPerSecond, peakMemoryMb, idleMemoryMb, reportSeconds, secondRunSeconds, changed } = figures;
  return [
    `roster        ${rows} rows, ${format}, ${fileBytes} bytes`,
    `brought in    ${seconds} s (goal 60 s for 100000): upload ${uploadSeconds}, check ${checkSeconds}, apply ${applySeconds}; ${rowsPerSecond} rows/s`,
    `memory        ${peakMemoryMb} MB at most, ${idleMemoryMb} MB before`,
    `report        ${reportSeconds} s`,
    `second time   ${secondRunSeconds} s, ${changed} elders changed`,
  ].join('\n');
}

/** `bench roster`; the exit code is 2 for wrong use. */
export async function rosterBenchCommand(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(HELP);
    return 0;
  }
  const options = readOptions(args);
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n`);
    return 2;
  }
  if (options.write !== null) {
    await writeRoster(options.write, options.format, options.rows);
    return 0;
  }
  const figures = await benchRoster(options);
  process.stdout.write(`${options.json ? JSON.stringify(figures) : tell(figures)}\n`);
  return figures.changed === 0 && figures.registered === options.rows ? 0 : 1;
}
