import { setTimeout as pause } from 'node:timers/promises';
import { layGround } from '../boot.js';
import { civilMonth, isCivilMonth, systemClock, type CivilMonth } from '../kernel/index.js';
import { openOwner, readSettings, sqlState, type Tx } from '../platform/index.js';
import { attachMonth, detachMonth, storedMonths, type StoredMonth } from './detach.store.js';

const HELP = `npm run -s partitions -- [what] [options]

The months of the books, each in tables of its own, on the database that DATABASE_URL names (or the embedded one while
the service is down). Tills go on meanwhile.

  list                      months with their sizes (what is done when nothing is said)
  detach --before YYYY-MM   takes months before one out of the books: closed in every city only. Their tables stay, as
                            meal_YYYY_MM, meal_share_YYYY_MM and ledger_transfer_YYYY_MM, to be dumped and dropped
  attach --month YYYY-MM    takes a month whose tables stand there into the books again
  --json                    one JSON object as the last line of standard output
  --help                    this text
`;

/** A waiting statement on a table keeps those behind it waiting, so it gives up soon and comes back. */
const LOCK_MS = 3_000;
const TRIES = 5;
const PAUSE_MS = 2_000;

interface Asked {
  readonly what: 'list' | 'detach' | 'attach';
  readonly month: CivilMonth | null;
  readonly json: boolean;
}

function read(args: readonly string[]): Asked | null {
  const words = args.filter((word) => word !== '--json');
  const json = words.length < args.length;
  const [what = 'list', option, text, ...rest] = words;
  if (what === 'list') return option === undefined ? { what, month: null, json } : null;
  if (rest.length > 0 || text === undefined || !isCivilMonth(text)) return null;
  if ((what === 'detach' && option === '--before') || (what === 'attach' && option === '--month')) return { what, month: civilMonth(text), json };
  return null;
}

/** Does one month, again and again while somebody holds a lock. @returns whether it was done */
async function patiently(work: () => Promise<void>): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      await work();
      return true;
    } catch (error) {
      if (sqlState(error) !== '55P03') throw error;
      if (tries >= TRIES) return false;
      await pause(PAUSE_MS);
    }
  }
}

/** What became of the months that were asked for. */
interface Moved {
  readonly done: CivilMonth[];
  readonly open: CivilMonth[];
  readonly locked: CivilMonth[];
}

/** Takes closed months before one out of the books; open ones are left and named. */
async function detachBefore(tx: Tx, before: CivilMonth): Promise<Moved> {
  const moved: Moved = { done: [], open: [], locked: [] };
  for (const { month, state, openCities } of await storedMonths(tx)) {
    if (month >= before || state === 'detached') continue;
    if (openCities > 0) moved.open.push(month);
    else (await patiently(() => detachMonth(tx, month)) ? moved.done : moved.locked).push(month);
  }
  return moved;
}

async function attach(tx: Tx, month: CivilMonth): Promise<Moved | null> {
  const stored = (await storedMonths(tx)).find((one) => one.month === month);
  if (stored === undefined) return null;
  return (await patiently(() => attachMonth(tx, month))) ? { done: [month], open: [], locked: [] } : { done: [], open: [], locked: [month] };
}

function table(months: readonly StoredMonth[]): string {
  const lines = months.map(({ month, state, bytes, openCities }) => `${month}  ${state.padEnd(8)}  ${(bytes / 1_048_576).toFixed(1).padStart(9)} MB  ${openCities === 0 ? '' : `open in ${openCities} cities`}`.trimEnd());
  return `${lines.length === 0 ? 'no month yet' : lines.join('\n')}\n`;
}

function tell({ done, open, locked }: Moved, what: string): string {
  const line = (months: readonly CivilMonth[], text: string): string => (months.length === 0 ? '' : `${text}: ${months.join(', ')}\n`);
  return (line(done, `${what}ed`) + line(open, 'left, still open in some city') + line(locked, 'left, a transaction holds it: try again later')) || 'nothing to do\n';
}

async function run(tx: Tx, { what, month, json }: Asked): Promise<number> {
  const out = (text: string, object: object): void => void process.stdout.write(text + (json ? `${JSON.stringify(object)}\n` : ''));
  if (what === 'list' || month === null) {
    const months = await storedMonths(tx);
    out(table(months), { months });
    return 0;
  }
  const moved = what === 'detach' ? await detachBefore(tx, month) : await attach(tx, month);
  if (moved === null) {
    process.stderr.write(`no tables of ${month} stand in this database\n`);
    return 1;
  }
  out(tell(moved, what), moved);
  return moved.open.length + moved.locked.length === 0 ? 0 : 1;
}

/** `partitions`. @returns 0 where all was done, 1 where a month was left, 2 for wrong arguments */
export async function partitionsCommand(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(HELP);
    return 0;
  }
  const asked = read(args);
  if (asked === null) {
    process.stderr.write(HELP);
    return 2;
  }
  const ground = await layGround(readSettings(process.env), systemClock, (line) => void process.stderr.write(`${line}\n`));
  try {
    const owner = await openOwner(ground.ownerUrl, LOCK_MS);
    return await run(owner, asked).finally(() => owner.close());
  } finally {
    await ground.close();
  }
}
