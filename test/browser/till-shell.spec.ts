import { createPublicKey, verify } from 'node:crypto';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, BrowserContext, Route } from 'playwright-core';
import { sessionMessage } from '../../src/access/domain/index.js';
import { builtPages, openBrowser } from '../support/browser.js';
import { TappingCity } from '../support/tapping-city.js';
import { TillPage, type TillBrowser } from '../support/till-page.js';

let city: TappingCity;
let browser: Browser;
let ticking: NodeJS.Timeout;
const open: TillPage[] = [];

beforeAll(async () => {
  const pages = await builtPages();
  city = await TappingCity.start(undefined, pages);
  const [noon, begun] = [city.clock.now(), Date.now()];
  ticking = setInterval(() => city.clock.set(noon + Date.now() - begun), 100);
  browser = await openBrowser();
}, 120_000);

afterEach(async () => {
  for (const till of open.splice(0)) {
    expect(till.complaints).toEqual([]);
    await till.close();
  }
});

afterAll(async () => {
  clearInterval(ticking);
  await browser?.close();
  await city?.close();
});

async function till(options?: TillBrowser, at: TappingCity = city): Promise<TillPage> {
  const opened = await TillPage.open(at, browser, options);
  open.push(opened);
  return opened;
}

/** Passes everything on to the service; the till's worker comes as a newer one once it is told to. */
class Front {
  newer = false;
  private server: Server | undefined;

  async start(): Promise<TappingCity> {
    const service = new URL(city.service.url);
    this.server = createServer((asked, answered) => {
      const passed = request({ host: service.hostname, port: service.port, path: asked.url, method: asked.method, headers: asked.headers }, (answer) => {
        const isNewer = this.newer && asked.url === '/till-sw.js';
        const { 'content-length': length, ...headers } = answer.headers;
        answered.writeHead(answer.statusCode ?? 502, isNewer ? headers : { ...headers, ...(length === undefined ? {} : { 'content-length': length }) });
        if (isNewer) answered.write('// newer\n');
        answer.pipe(answered);
      });
      asked.pipe(passed);
    });
    await new Promise<void>((done) => this.server?.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return Object.create(city, { service: { value: { ...city.service, url } } }) as TappingCity;
  }

  close(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }
}

const WORKERS = `navigator.serviceWorker.getRegistration('/till').then((one) => ({ waits: one.waiting !== null, rules: navigator.serviceWorker.controller !== null, scope: new URL(one.scope).pathname }))`;

it('is installed by Chrome from its manifest, with pictures as icons', async () => {
  const counter = await till({ worker: true });
  await counter.page.getByLabel('登记码').waitFor();
  const session = await counter.context.newCDPSession(counter.page);
  const { data = '{}', errors, url } = await session.send('Page.getAppManifest');
  expect(new URL(url).pathname).toBe('/till.webmanifest');
  expect(errors).toEqual([]);
  const manifest = JSON.parse(data) as { icons: { src: string; sizes: string; type: string; purpose: string }[]; start_url: string; id: string };
  expect([manifest.id, manifest.start_url]).toEqual(['/till', '/till']);
  for (const { src, sizes, type } of manifest.icons) {
    const drawn = (await counter.page.evaluate(`fetch(${JSON.stringify(src)}).then(async (one) => ({ type: one.headers.get('content-type'), blob: await one.blob() })).then(async ({ type, blob }) => {
      const url = URL.createObjectURL(blob);
      const picture = type.startsWith('image/png') ? await createImageBitmap(blob) : { width: 0 };
      URL.revokeObjectURL(url);
      return { type, width: picture.width };
    })`)) as { type: string; width: number };
    expect([src, drawn.type.split(';')[0], drawn.width]).toEqual([src, type, type === 'image/png' ? Number(sizes.split('x')[0]) : 0]);
  }
  expect(manifest.icons.filter(({ type }) => type === 'image/png').map(({ sizes, purpose }) => `${sizes} ${purpose}`)).toEqual(['192x192 any', '512x512 any', '512x512 maskable']);
}, 60_000);

it('keeps its own files alone, and takes a newer version only when the page says so', async () => {
  const front = new Front();
  const counter = await till({ worker: true }, await front.start());
  try {
    await counter.enrol();
    await counter.page.evaluate('navigator.serviceWorker.ready.then(() => true)');
    const kept = (await counter.page.evaluate(`caches.keys().then((names) => Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)))).then((all) => all.flat())`)) as string[];
    expect(kept).toEqual(expect.arrayContaining(['/till', '/till.webmanifest', '/till-icon-192.png']));
    expect(kept.filter((path) => /^\/assets\/(front|console|echarts)|^\/v1|html$/.test(path))).toEqual([]);
    expect(kept.some((path) => path.endsWith('.wav'))).toBe(true);
    const update = counter.page.getByRole('button', { name: '更新到新版本' });
    expect(await update.count()).toBe(0);
    front.newer = true;
    await counter.page.evaluate(`navigator.serviceWorker.getRegistration('/till').then((one) => one.update()).then(() => true)`);
    await update.waitFor();
    // A shift goes on with the version that it began with, whatever is loaded anew meanwhile.
    await counter.page.getByRole('button', { name: '开始收款' }).click();
    await counter.sell();
    await counter.page.reload();
    await counter.page.getByRole('button', { name: /^散客/ }).waitFor();
    expect(await counter.page.evaluate(WORKERS)).toEqual({ waits: true, rules: true, scope: '/till' });
    expect(await update.count()).toBe(0);
    const other = await till({ worker: true }, city);
    await other.enrol();
    expect(await other.page.getByRole('button', { name: '更新到新版本' }).count()).toBe(0);
  } finally {
    front.close();
  }
}, 60_000);

it('loads the newer version between shifts when the cashier says so', async () => {
  const front = new Front();
  const counter = await till({ worker: true }, await front.start());
  try {
    await counter.enrol();
    await counter.page.evaluate('navigator.serviceWorker.ready.then(() => true)');
    front.newer = true;
    await counter.page.evaluate(`navigator.serviceWorker.getRegistration('/till').then((one) => one.update()).then(() => true)`);
    const update = counter.page.getByRole('button', { name: '更新到新版本' });
    await update.waitFor();
    await Promise.all([counter.page.waitForEvent('load'), update.click()]);
    await counter.page.getByRole('button', { name: '开始收款' }).waitFor();
    expect(await counter.page.evaluate(WORKERS)).toEqual({ waits: false, rules: true, scope: '/till' });
    expect(await counter.page.getByRole('button', { name: '更新到新版本' }).count()).toBe(0);
  } finally {
    front.close();
  }
}, 60_000);

/** Tells the till that its key's time is over, and keeps what it sends about keys. */
async function withKeyDue(context: BrowserContext, onKey: (route: Route, publicKey: string) => Promise<void>): Promise<void> {
  let told = false;
  await context.route('**/v1/till/openings', async (route) => {
    const response = await route.fetch();
    const body = (await response.json()) as object;
    await route.fulfill({ response, json: told ? body : { ...body, keyDueAt: '2024-01-01T00:00:00.000Z' } });
    told = true;
  });
  await context.route('**/v1/terminals/keys', (route) => onKey(route, (route.request().postDataJSON() as { publicKey: string }).publicKey));
}

const generation = async (terminalId: string): Promise<number> => (await city.rows<{ generation: number }>('SELECT key_generation AS generation FROM access_terminal WHERE terminal_id = $1', [terminalId]))[0]?.generation ?? 0;

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries += 1) {
    if (tries > 100) throw new Error('it did not come to that');
    await pause(100);
  }
}

it('changes its key when it is due, and sells on with the new one', async () => {
  const counter = await till();
  const keys: string[] = [];
  await withKeyDue(counter.context, async (route, publicKey) => {
    keys.push(publicKey);
    await route.fallback();
  });
  const terminalId = await counter.begin();
  await until(async () => (await generation(terminalId)) === 2);
  await counter.sell();
  await counter.uploaded();
  await counter.crash();
  await counter.page.getByRole('button', { name: /^散客/ }).waitFor();
  await counter.sell();
  await counter.uploaded();
  expect([keys.length, await generation(terminalId)]).toEqual([1, 2]);
  expect((await counter.served(terminalId)).map(({ outcome, signed }) => [outcome, signed])).toEqual([['accepted', true], ['accepted', true]]);
}, 60_000);

it.each([['while the old key still opens sessions', false], ['after the old key has ended', true]] as const)('is not locked out where the answer to a change of its key is lost, %s', async (_when, ended) => {
  const counter = await till();
  const keys: string[] = [];
  let answers = 0;
  await withKeyDue(counter.context, async (route, publicKey) => {
    keys.push(publicKey);
    const answer = await route.fetch();
    answers += 1;
    // Twice the service has taken the key, and the till has heard nothing of it.
    if (answers <= 2) await route.abort('connectionreset');
    else await route.fulfill({ response: answer });
  });
  const terminalId = await counter.begin();
  await until(async () => answers === 1);
  expect(await generation(terminalId)).toBe(2);
  await counter.sell();
  await counter.uploaded();
  const signers: boolean[] = [];
  await counter.context.route('**/v1/terminals/sessions', async (route) => {
    const asked = route.request().postDataJSON() as { terminalId: string; time: number; signature: string };
    const key = { key: createPublicKey({ key: Buffer.from(keys[0] ?? '', 'base64'), format: 'der', type: 'spki' }), dsaEncoding: 'ieee-p1363' } as const;
    const byNew = verify('sha256', Buffer.from(sessionMessage(asked.terminalId, asked.time)), key, Buffer.from(asked.signature, 'base64'));
    signers.push(byNew);
    // As the service answers a week later: it knows the new key alone.
    if (ended && !byNew) await route.fulfill({ status: 401, json: { code: 'terminal-unknown', title: '终端未登记，或签名无效' } });
    else await route.fallback();
  });
  await counter.crash();
  await counter.page.getByRole('button', { name: /^散客/ }).waitFor();
  await counter.sell();
  await counter.uploaded();
  await until(async () => signers.at(-1) === true || answers >= 2);
  await counter.crash();
  await counter.sell();
  await counter.uploaded();
  await counter.crash();
  await counter.sell();
  await counter.uploaded();
  expect(signers[0]).toBe(false);
  expect(signers.at(-1)).toBe(true);
  expect([new Set(keys).size, await generation(terminalId)]).toEqual([1, 2]);
  expect((await counter.served(terminalId)).map(({ number, outcome }) => [number, outcome])).toEqual([1, 2, 3, 4].map((number) => [number, 'accepted']));
}, 60_000);

it('tells where it stands when the cashier allows it, and sells where nobody does', async () => {
  const places: (object | null)[] = [];
  const listen = async (counter: TillPage): Promise<void> => {
    await counter.context.route('**/v1/till/openings', (route) => {
      places.push((route.request().postDataJSON() as { place?: object }).place ?? null);
      return route.fallback();
    });
  };
  const silent = await till();
  await listen(silent);
  await silent.begin();
  await silent.sell();
  expect(places).toEqual([null]);
  const telling = await till();
  await listen(telling);
  await telling.enrol();
  await until(async () => places.length === 2);
  await telling.context.setGeolocation({ longitude: 115.98765432, latitude: 36.45678912 });
  await telling.context.grantPermissions(['geolocation']);
  await telling.page.getByRole('button', { name: '开始收款' }).click();
  await until(async () => places.length === 3);
  expect(places.slice(1)).toEqual([null, { longitude: 115.9877, latitude: 36.4568 }]);
  const policy = (path: string): Promise<unknown> => telling.page.evaluate(`fetch(${JSON.stringify(path)}).then((answer) => answer.headers.get('permissions-policy'))`);
  expect([await policy('/till'), await policy('/')]).toEqual(['camera=(), geolocation=(self), microphone=()', 'camera=(), geolocation=(), microphone=()']);
}, 60_000);
