import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layGround } from './boot.js';
import { CITY_CODE, demoReport, FULL, overHttp, playMonth, Random, setStage, settleMonth, SMALL, startTillThread, type DemoFigures, type Scale } from './demo/index.js';
import { addDays, SettableClock } from './kernel/index.js';
import { makeOwnDatabase, readSettings, Transactor, WrongSetting, type Settings } from './platform/index.js';
import { runInvariants } from './proof/index.js';
import { imbalance } from './ledger/index.js';
import { putUp, type Service } from './service.js';

const HELP = `npm run -s demo -- [options]

Plays a whole month of the demo city through the HTTP API in a throw-away database: its own PostgreSQL, or with
DATABASE_URL a database of its own on that server, dropped at the end.

  --json        one JSON object as the last line of standard output; amounts in fen
  --seed N      another story (2024); the same seed gives the same figures
  --small       the small city of npm start instead of 25,000 elders and 212,000 meals
  --help        this text
`;

interface Options {
  readonly json: boolean;
  readonly seed: number;
  readonly scale: Scale;
}

function readOptions(args: readonly string[]): Options | string {
  let [json, seed, scale] = [false, 2024, FULL];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index];
    if (word === '--json') json = true;
    else if (word === '--small') scale = SMALL;
    else if (word === '--seed' && /^\d{1,9}$/.test(args[index + 1] ?? '')) seed = Number(args[(index += 1)]);
    else return `unknown option ${word}: see npm run -s demo -- --help`;
  }
  return { json, seed, scale };
}

/** Tells progress on standard error, which leaves standard output to the result: one line that is written over on a terminal. */
function teller(): (what: string, done: number, total: number) => void {
  let told = 0;
  return (what, done, total) => {
    if (performance.now() - told < 1_000) return;
    told = performance.now();
    process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${what} ${done}/${total}` : `${what} ${done}/${total}\n`);
  };
}

async function play(service: Service, transactor: Transactor, clock: SettableClock, { seed, scale }: Options): Promise<{ figures: DemoFigures; months: { month: string; counted: number }[] }> {
  const begun = performance.now();
  await service.app.listen(0, '127.0.0.1');
  const { port } = service.app.getHttpServer().address() as AddressInfo;
  const { send, close } = overHttp(port, 16);
  const tills = startTillThread({ port, connections: 400 }, clock);
  try {
    const random = new Random(seed);
    const stage = await setStage(service.app, { send, enrolTill: tills.enrolTill, clock, random, password: `Demo-${random.branch('password').id()}`, progress: teller() });
    const played = await playMonth(service.app, stage, scale);
    const settled = await settleMonth(stage, played, () => service.jobs?.waitUntilIdle(300_000) ?? Promise.resolve());
    const { tally } = played.canteens;
    const proof = await transactor.run((tx) => runInvariants(tx, CITY_CODE));
    const { report } = await played.bureaus.city.get<{ report: { required: number; counted: number; asOf: string; byMonth: { month: string; counted: number }[] } }>('/v1/targets/liaocheng-2024-new-canteens/report?asOf=2024-12-31');
    return {
      months: report.byMonth,
      figures: {
        seed,
        meals: tally.meals, subsidisedMeals: tally.subsidisedMeals, mealFen: tally.mealFen, subsidyFen: tally.subsidyFen, selfPayFen: tally.selfPayFen,
        refusedTaps: tally.refusedTaps, voidedMeals: tally.voidedMeals, voidedFen: tally.voidedFen, displacedMeals: tally.displacedMeals, displacedFen: tally.displacedFen, lateMeals: tally.lateMeals, bundledTaps: tally.bundledTaps,
        ...settled,
        ledgerImbalanceFen: await transactor.run((tx) => imbalance(tx, CITY_CODE)),
        invariantsChecked: proof.checked,
        violations: proof.violations.reduce((sum, violation) => sum + violation.count, 0),
        target: { required: report.required, counted: report.counted, asOf: report.asOf },
        tapsPerSecond: Math.round(tally.taps / tally.tapSeconds),
        seconds: Math.round((performance.now() - begun) / 100) / 10,
      },
    };
  } finally {
    await tills.close();
    close();
  }
}

/**
 * `npm run demo`: the main job on real input.
 * @returns 0, or 1 when the books do not hold
 */
export async function demoCommand(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(HELP);
    return 0;
  }
  const options = readOptions(args);
  if (typeof options === 'string') throw new WrongSetting(options);
  const given = readSettings(process.env);
  const own = given.databaseUrl === undefined ? undefined : await makeOwnDatabase(given.databaseUrl, 'xingfu_demo');
  const dataDir = await mkdtemp(join(tmpdir(), 'xingfu-demo-'));
  try {
    const settings: Settings = { ...given, port: 0, host: '127.0.0.1', databaseUrl: own?.url, dataDir, jobs: 'here', logLevel: given.logLevel === 'info' ? 'error' : given.logLevel };
    const clock = SettableClock.at(addDays(options.scale.from, -1));
    const ground = await layGround(settings, clock, () => undefined);
    const service = await putUp(ground, true);
    try {
      const { figures, months } = await play(service, ground.parts.transactor, clock, options);
      if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
      process.stdout.write(options.json ? `${JSON.stringify(figures)}\n` : demoReport(figures, months));
      return figures.ledgerImbalanceFen === 0 && figures.violations === 0 ? 0 : 1;
    } finally {
      await service.close();
    }
  } finally {
    await own?.drop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
