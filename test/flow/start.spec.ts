import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshDatabase, runDirectory, type TestDatabase } from '../support/database.js';
import { databaseStands, ServiceProcess, stopProcesses } from '../support/processes.js';
import { freePort } from '../support/servers.js';

function freshDirectory(): string {
  const directory = mkdtempSync(join(runDirectory(), 'start-'));
  chmodSync(directory, 0o711);
  return join(directory, 'data');
}

const json = async (url: string, init?: RequestInit): Promise<{ status: number; body: Record<string, unknown> }> => {
  const response = await fetch(url, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const post = (url: string, body: object, token = '') => json(url, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify(body) });

afterAll(stopProcesses);

describe('npm start on a machine with nothing', () => {
  const dataDir = freshDirectory();
  const settings = { DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'trace' };
  const overview = async (address: string): Promise<string> => JSON.stringify((await json(`${address}/v1/public/371500/overview?asOf=2024-12-31`)).body);
  /** The password that the start prints, tried on an account that it prints. */
  const logIn = async (address: string, { out }: ServiceProcess) => {
    const [password, account] = [/密码均为 (\S+?)）/.exec(out)?.[1] ?? '', /^ {4}(city\.\S+)/m.exec(out)?.[1] ?? ''];
    return post(`${address}/v1/sessions`, { account, password });
  };
  let service: ServiceProcess;
  let address: string;
  let first: string;
  /** The overview of the simulated WeChat, by the line that names it; null where none is said or it is not there. */
  const simulatedWechat = async ({ out }: ServiceProcess): Promise<string | null> => {
    const [, url] = /^ {2}模拟微信 +(http:\/\/127\.0\.0\.1:\d+\/_sim\/) /m.exec(out) ?? [];
    return url === undefined ? null : fetch(url).then((answer) => answer.text(), () => null);
  };
  const wechatKeys = (): string => readFileSync(join(dataDir, 'wechat-sim-keys.json'), 'utf8');
  let keys: string;

  it('brings the demo city up, and says where it is, where its data lie and who may log in', async () => {
    service = ServiceProcess.start('main', settings);
    address = await service.address();
    expect(service.out).toContain('演示城市已装入');
    expect(service.out).toContain(`数据目录        ${dataDir}`);
    expect(await simulatedWechat(service)).toContain('不是真的微信');
    keys = wechatKeys();
    expect((await json(`${address}/readyz`)).status).toBe(200);
    expect((await json(`${address}/openapi.json`)).body).toMatchObject({ openapi: expect.stringMatching(/^3/) });
    expect(await logIn(address, service)).toMatchObject({ status: 201, body: { token: expect.any(String) } });
    first = await overview(address);
    expect(JSON.parse(first)).toMatchObject({ city: { cityCode: '371500' }, targets: [expect.anything()], days: expect.any(Array) });
  }, 180_000);

  it('writes no word of what it is sent to any of its outputs', async () => {
    const seeds = ['卡纳瑞', '371502193112124', '13987654321', 'LCCANARY01', 'Canary-word-1'];
    const body = { account: seeds[0], name: seeds[0], identityNumber: '371502193112124338', phone: seeds[2], cardNumber: seeds[3], password: seeds[4] };
    for (const route of ['sessions', 'elders', 'taps', 'elders/371502193112124338/cards', 'terminals/enrolment']) expect((await post(`${address}/v1/${route}?q=13987654321`, body)).status).toBeGreaterThanOrEqual(400);
    await fetch(`${address}/v1/elders`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name":"卡纳瑞" "phone":"13987654321"}' });
    const said = (service.out + service.err + readFileSync(join(dataDir, 'postgres.log'), 'utf8')).split('\n');
    expect(service.err).toContain('"route":"/v1/sessions"');
    for (const seed of [...seeds, '[phone]', '[id-number]']) expect(said.filter((line) => line.includes(seed))).toEqual([]);
  });

  it('refuses a second start on the same port or the same data with one line', async () => {
    const onPort = ServiceProcess.start('main', { DATA_DIR: freshDirectory(), PORT: new URL(address).port });
    const onData = ServiceProcess.start('main', settings);
    expect([await onPort.end(), onPort.out, onPort.complaints]).toEqual([{ code: 1, signal: null }, '', [expect.stringMatching(/^PORT \d+ is taken/)]]);
    expect([await onData.end(), onData.complaints]).toEqual([{ code: 1, signal: null }, [expect.stringMatching(/ in use by process \d+; .*DATA_DIR/)]]);
    expect((await json(`${address}/readyz`)).status).toBe(200);
  });

  it('keeps its data over a restart and loads nothing twice', async () => {
    expect(await service.stop('SIGINT')).toEqual({ code: 0, signal: null });
    expect(service.err.match(/"msg":"stopped"/g)).toHaveLength(1);
    expect(databaseStands(dataDir)).toBe(false);
    expect(await simulatedWechat(service)).toBeNull();
    service = ServiceProcess.start('main --demo', settings);
    address = await service.address();
    expect(service.out).not.toContain('演示城市已装入');
    expect(service.out).toContain('没有再装入演示城市');
    expect(await overview(address)).toBe(first);
    expect(await simulatedWechat(service)).toContain('不是真的微信');
    expect(wechatKeys()).toBe(keys);
    expect((await logIn(address, service)).status).toBe(201);
  }, 60_000);

  it('leaves when its database dies under it, so that whoever watches starts it again', async () => {
    process.kill(Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n', 1)[0]), 'SIGQUIT');
    expect(await service.end()).toEqual({ code: 1, signal: null });
    expect(service.err).toContain('the embedded database ended');
  }, 60_000);
});

describe('a wrong setting stops the start with one line that names it', () => {
  let database: TestDatabase;
  /** Settings that would be right. */
  let right: { DATABASE_URL: string; DATA_DIR: string; PORT: string };

  beforeAll(async () => {
    database = await freshDatabase();
    right = { DATABASE_URL: database.ownerUrl, DATA_DIR: freshDirectory(), PORT: '0' };
  }, 60_000);
  afterAll(() => database?.drop());

  async function refused(change: Record<string, string>, program = 'main'): Promise<string> {
    const process = ServiceProcess.start(program, { ...right, ...change });
    const end = await process.end();
    expect({ end, complaints: process.complaints }).toEqual({ end: { code: 1, signal: null }, complaints: [expect.any(String)] });
    return process.complaints[0] as string;
  }

  it.each<[string, Record<string, string>]>([
    ['PORT', { PORT: '80a' }], ['HOST', { HOST: '192.0.2.1' }], ['JOBS', { JOBS: 'elsewhere', DATABASE_URL: '' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://u:secret@127.0.0.1/d' }], ['DATABASE_URL', { DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/d' }],
    ['REDIS_URL', { REDIS_URL: 'redis://:secret@127.0.0.1:1' }], ['DATA_DIR', { DATA_DIR: '/dev/null/data' }],
  ])('%s %j', async (name, change) => {
    const line = await refused(change);
    expect(line).toContain(name);
    expect(line).not.toContain('secret');
  });

  it('DATABASE_URL with a wrong password, or of a database that is not there', async () => {
    for (const [part, value] of [['password', 'secret'], ['pathname', '/none']] as const) {
      const address = new URL(database.ownerUrl);
      address[part] = value;
      expect(await refused({ DATABASE_URL: address.href })).toMatch(/^DATABASE_URL (?!.*secret)/);
    }
  });

  it('REDIS_URL, after which the embedded database is down again', async () => {
    const dataDir = freshDirectory();
    expect(await refused({ DATABASE_URL: '', DATA_DIR: dataDir, REDIS_URL: `redis://127.0.0.1:${await freePort()}` })).toContain('REDIS_URL');
    expect(databaseStands(dataDir)).toBe(false);
  });

  it('DATA_DIR with the key of another installation, or a damaged one', async () => {
    const served = ServiceProcess.start('main', right);
    await served.address();
    await served.stop('SIGINT');
    expect(await refused({ DATA_DIR: freshDirectory() })).toMatch(/^DATA_DIR .*not this database's/);
    const damaged = freshDirectory();
    mkdirSync(damaged);
    writeFileSync(join(damaged, 'master.key'), 'x');
    expect(await refused({ DATA_DIR: damaged })).toMatch(/^DATA_DIR .*damaged master\.key/);
  });

  it('DATA_DIR that cannot be written, for root neither', async () => {
    const file = freshDirectory();
    writeFileSync(file, '');
    for (const change of [{}, { DATABASE_URL: '' }]) {
      const line = await refused({ DATA_DIR: join(file, 'data'), ...change });
      expect(line).toContain('DATA_DIR');
      expect(line).toContain('ENOTDIR');
    }
  });

  it('DATABASE_URL that a worker lacks, and options that nobody knows', async () => {
    expect(await refused({ DATABASE_URL: '' }, 'worker')).toMatch(/^DATABASE_URL /);
    expect(await refused({}, 'main --dmeo')).toContain('--dmeo');
    expect(await refused({ JOBS: 'elsewhere' }, 'main --demo')).toMatch(/^JOBS/);
  });
});

describe('--help', () => {
  it.each(['main', 'cli', 'cli demo', 'cli policy', 'cli invariants', 'cli regenerate'])('of %s says how it is used', async (program) => {
    const process = ServiceProcess.start(`${program} --help`);
    expect(await process.end()).toEqual({ code: 0, signal: null });
    expect(process.out).toMatch(/--|checkout/);
    expect(process.err).toBe('');
  });

  it('is what an unknown command gets, with code 2', async () => {
    const process = ServiceProcess.start('cli dance');
    expect(await process.end()).toEqual({ code: 2, signal: null });
    expect(process.err).toContain('npm run -s demo');
  });
});
