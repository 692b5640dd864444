import { FieldCipher, belongsToKey, checkoutRoot, defaultDataDir, masterKey, migrateToHead, openDataSource, openLog, POOLS, remakeDatabase, startPostgres, Transactor, WrongSetting, type Log, type Parts, type PoolLimits, type Settings } from './platform/index.js';
import type { Clock } from './kernel/index.js';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The ground a process stands on: its parts, and the way to put them away again. */
export interface Ground {
  readonly parts: Parts;
  /** The database owner's connection string; secret. */
  readonly ownerUrl: string;
  readonly dataDir: string;
  /** Whether the database is the embedded one, which the process brought up itself. */
  readonly embedded: boolean;
  /** Settles when the embedded database ends without being told to; never for a server's. */
  readonly databaseEnded: Promise<void>;
  close(): Promise<void>;
}

/** In the data directory from before the first demo row until after the last. */
export const DEMO_UNFINISHED = 'demo-unfinished';

/**
 * Brings up what every process needs: data directory, master key, database (embedded or by `DATABASE_URL`), schema
 * at its newest version, pools under the weaker role. What came up before a failure is put away again.
 * @param onLine told about each step, one line
 * @throws WrongSetting with one line that names the setting, when something there is wrong
 */
export async function layGround(settings: Settings, clock: Clock, onLine: (line: string) => void, log: Log = openLog(settings.logLevel), pools: typeof POOLS = POOLS): Promise<Ground> {
  const dataDir = defaultDataDir(checkoutRoot(), { DATA_DIR: settings.dataDir });
  const undo: (() => Promise<void>)[] = [];
  let told = false;
  const close = async (): Promise<void> => {
    told = true;
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const server = settings.databaseUrl === undefined ? await embedded(dataDir, onLine) : undefined;
    if (server !== undefined) undo.push(() => server.stop());
    const ownerUrl = settings.databaseUrl ?? server?.url ?? '';
    const cipher = new FieldCipher(await masterKey(dataDir));
    await reach(ownerUrl, settings);
    const pool = async (limits: PoolLimits): Promise<Transactor> => {
      const dataSource = await openDataSource(ownerUrl, limits);
      undo.push(() => dataSource.destroy());
      return new Transactor(dataSource);
    };
    const [transactor, tapTransactor, jobTransactor] = [await pool(pools.work), await pool(pools.taps), await pool(pools.jobs)];
    if (!(await transactor.run((tx) => belongsToKey(tx, cipher.check, clock.now())))) {
      throw new WrongSetting(`DATA_DIR ${dataDir} holds a master.key that is not this database's: put the right one there`);
    }
    const never = new Promise<void>(() => undefined);
    const databaseEnded = server === undefined ? never : server.exited.then(() => (told ? never : undefined));
    return { parts: { settings, transactor, tapTransactor, jobTransactor, clock, log, cipher }, ownerUrl, dataDir, embedded: server !== undefined, databaseEnded, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Starts the embedded database. What a demo left that was stopped while it loaded is thrown away: nobody used it yet. */
async function embedded(dataDir: string, onLine: (line: string) => void) {
  try {
    const server = await startPostgres({ dataDir, onLine });
    const unfinished = join(dataDir, DEMO_UNFINISHED);
    if (!existsSync(unfinished)) return server;
    onLine('上次装入演示城市时中断，清空后重来');
    await remakeDatabase(server).catch((error: unknown) => server.stop().then(() => Promise.reject(error)));
    rmSync(unfinished);
    return server;
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (path?.startsWith(dataDir) === true) throw new WrongSetting(`DATA_DIR ${dataDir} cannot be used: ${code ?? 'unknown'} at ${path}`);
    throw error;
  }
}

async function reach(ownerUrl: string, settings: Settings): Promise<void> {
  try {
    await migrateToHead(ownerUrl);
  } catch (error) {
    if (error instanceof WrongSetting) throw error;
    const { code, severity } = error as { code?: string; severity?: string };
    // An error of a migration's own SQL has a severity; what has none never reached the server.
    if (settings.databaseUrl !== undefined && (severity === undefined || severity === 'FATAL')) {
      throw new WrongSetting(`DATABASE_URL cannot be reached or refuses the log-in (${code ?? 'no code'}): check host, port, user and password`);
    }
    if (settings.databaseUrl !== undefined && code === '42501') {
      throw new WrongSetting('DATABASE_URL names a user who may not make tables, or the role xingfu_app: the owner of the database needs CREATEROLE');
    }
    throw error;
  }
}
