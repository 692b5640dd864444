import { readWechatSettings, type WechatSettings } from './wechat-settings.js';
import { WrongSetting } from './wrong-setting.js';

/** Everything that the environment may say. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  /** The owner's connection string of a real server; undefined means the embedded one. */
  readonly databaseUrl: string | undefined;
  /** Where BullMQ keeps its jobs; undefined means the same PostgreSQL. */
  readonly redisUrl: string | undefined;
  readonly dataDir: string | undefined;
  readonly logLevel: string;
  /** Whether this process does jobs itself, or leaves them to worker processes. */
  readonly jobs: 'here' | 'elsewhere';
  /** Port of this machine for `/metrics`; undefined shows none. */
  readonly metricsPort?: number | undefined;
  /** How WeChat is reached; undefined where it is off. */
  readonly wechat?: WechatSettings | undefined;
}

function whole(environment: NodeJS.ProcessEnv, name: string, fallback: number, max: number): number {
  const text = environment[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max) throw new WrongSetting(`${name} must be a whole number from 0 to ${max}, but is “${text}”`);
  return value;
}

function url(environment: NodeJS.ProcessEnv, name: string, protocols: readonly string[]): string | undefined {
  const text = environment[name];
  if (text === undefined || text === '') return undefined;
  const ok = URL.canParse(text) && protocols.includes(new URL(text).protocol);
  // The value may hold a password, so the line names the setting and the form, never the value.
  if (!ok) throw new WrongSetting(`${name} must be an address that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`);
  return text;
}

/**
 * Reads the settings.
 * @throws WrongSetting with one line that names the setting
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const logLevel = environment['LOG_LEVEL'] || 'info';
  if (!['trace', 'debug', 'info', 'warn', 'error', 'silent'].includes(logLevel)) {
    throw new WrongSetting('LOG_LEVEL must be one of trace, debug, info, warn, error, silent');
  }
  const jobs = environment['JOBS'] || 'here';
  if (jobs !== 'here' && jobs !== 'elsewhere') throw new WrongSetting('JOBS must be here or elsewhere');
  return {
    port: whole(environment, 'PORT', 3000, 65_535),
    host: environment['HOST'] || '127.0.0.1',
    databaseUrl: url(environment, 'DATABASE_URL', ['postgres:', 'postgresql:']),
    redisUrl: url(environment, 'REDIS_URL', ['redis:', 'rediss:']),
    dataDir: environment['DATA_DIR'] || undefined,
    logLevel,
    jobs,
    metricsPort: environment['METRICS_PORT'] ? whole(environment, 'METRICS_PORT', 0, 65_535) : undefined,
    wechat: readWechatSettings(environment),
  };
}
