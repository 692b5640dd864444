import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateStaff } from '../access/index.js';
import { layGround } from '../boot.js';
import { systemClock } from '../kernel/index.js';
import { makeOwnDatabase, readSettings, type Settings } from '../platform/index.js';
import { loadCity } from '../region/index.js';
import { putUp } from '../service.js';
import { benchOf } from './bench-of.js';
import { COUNTY, measureRoster, RosterClient, type RosterBenchFigures, type RosterBenchOptions } from './roster-bench.js';
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
const CITY = '371500';
const PASSWORD = 'Bench-roster 2024';

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

/** Writes the file in a process of its own, so that its memory is not counted. */
async function makeFile(path: string, { rows, format }: RosterBenchOptions): Promise<Buffer> {
  await promisify(execFile)(process.execPath, [process.argv[1] as string, 'bench', 'roster', '--write', path, '--rows', String(rows), '--format', format]);
  return readFile(path);
}

/** Brings a roster in over HTTP twice, in a throw-away database with everything on. */
async function benchRoster(options: RosterBenchOptions): Promise<RosterBenchFigures> {
  const dataDir = await mkdtemp(join(tmpdir(), 'xingfu-bench-'));
  const given = readSettings(process.env);
  const own = given.databaseUrl === undefined ? undefined : await makeOwnDatabase(given.databaseUrl, 'xingfu_bench');
  try {
    const bytes = await makeFile(join(dataDir, `roster.${options.format}`), options);
    const settings: Settings = { ...given, port: 0, host: '127.0.0.1', databaseUrl: own?.url, dataDir, jobs: 'here', logLevel: 'error' };
    const ground = await layGround(settings, systemClock, () => undefined);
    const { transactor } = ground.parts;
    const service = await putUp(ground, true);
    try {
      await transactor.run((tx) => loadCity(tx, CITY, systemClock));
      const person = (account: string, role: 'securityAdministrator' | 'countyOfficer', divisionCode: string) => ({ id: randomUUID(), account, displayName: account, password: PASSWORD, roles: [role], divisionCode, siteId: null });
      await service.app.get(CreateStaff).runFirst(CITY, 'cli', person('security', 'securityAdministrator', CITY));
      await service.app.listen(0, '127.0.0.1');
      const url = `http://127.0.0.1:${(service.app.getHttpServer().address() as AddressInfo).port}`;
      const logIn = async (account: string): Promise<RosterClient> => new RosterClient(url, (await new RosterClient(url, '').call<{ token: string }>('POST', '/v1/sessions', { account, password: PASSWORD })).token);
      await (await logIn('security')).call('POST', '/v1/staff', person('county', 'countyOfficer', COUNTY));
      return await measureRoster(await logIn('county'), bytes, options);
    } finally {
      await service.close();
    }
  } finally {
    await own?.drop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** `bench roster`; the exit code is 2 for wrong use. */
export const rosterBenchCommand = benchOf(HELP, readOptions, async (options) => {
  if (options.write !== null) {
    await writeRoster(options.write, options.format, options.rows);
    return 0;
  }
  const figures = await benchRoster(options);
  process.stdout.write(`${options.json ? JSON.stringify(figures) : tell(figures)}\n`);
  return figures.changed === 0 && figures.registered === options.rows ? 0 : 1;
});
