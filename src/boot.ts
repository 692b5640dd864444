import { FieldCipher, belongsToKey, checkoutRoot, defaultDataDir, masterKey, migrateToHead, openDataSource, openLog, startPostgres, Transactor, WrongSetting, type Log, type Parts, type Settings } from './platform/index.js';
import type { Clock } from './kernel/index.js';

/** The ground a process stands on: its parts, and the way to put them away again. */
export interface Ground {
  readonly parts: Parts;
  /** The database owner's connection string; secret. */
  readonly ownerUrl: string;
  readonly dataDir: string;
  /** Whether the database is the embedded one, which the process brought up itself. */
  readonly embedded: boolean;
  close(): Promise<void>;
}

const POOL_SIZE = 16;

/**
 * Brings up what every process needs: data directory, master key, database (embedded or by `DATABASE_URL`), schema
 * at its newest version, pool under the weaker role.
 * @param onLine told about each step, one line
 * @throws WrongSetting with one line that names the setting, when something there is wrong
 */
export async function layGround(settings: Settings, clock: Clock, onLine: (line: string) => void, log: Log = openLog(settings.logLevel)): Promise<Ground> {
  const dataDir = defaultDataDir(checkoutRoot(), { DATA_DIR: settings.dataDir });
  const server = settings.databaseUrl === undefined ? await startPostgres({ dataDir, onLine }) : undefined;
  const ownerUrl = settings.databaseUrl ?? server?.url ?? '';
  try {
    const cipher = new FieldCipher(await masterKey(dataDir));
    await reach(ownerUrl, settings);
    const dataSource = await openDataSource(ownerUrl, POOL_SIZE);
    const transactor = new Transactor(dataSource);
    if (!(await transactor.run((tx) => belongsToKey(tx, cipher.check, clock.now())))) {
      await dataSource.destroy();
      throw new WrongSetting(`DATA_DIR ${dataDir} holds a master.key that is not this database's: put the right one there`);
    }
    const close = async (): Promise<void> => {
      await dataSource.destroy();
      await server?.stop();
    };
    return { parts: { settings, transactor, clock, log, cipher }, ownerUrl, dataDir, embedded: server !== undefined, close };
  } catch (error) {
    await server?.stop();
    throw error;
  }
}

async function reach(ownerUrl: string, settings: Settings): Promise<void> {
  try {
    await migrateToHead(ownerUrl);
  } catch (error) {
    const { code, severity } = error as { code?: string; severity?: string };
    // An error of a migration's own SQL has a severity; what has none never reached the server.
    if (settings.databaseUrl !== undefined && (severity === undefined || severity === 'FATAL')) {
      throw new WrongSetting(`DATABASE_URL cannot be reached or refuses the log-in (${code ?? 'no code'}): check host, port, user and password`);
    }
    throw error;
  }
}
