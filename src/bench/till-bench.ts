import type { Page } from 'playwright-core';
import { percentile, round } from './tap-figures.js';
import type { TillBrowser } from './till-browser.js';
import type { TillCity } from './till-city.js';

export interface TillBenchOptions {
  readonly elders: number;
  readonly sales: number;
}

/** What `bench till` prints. Times of the page are with its processor slowed four times. */
export interface TillFigures {
  /** People on the till's roster. */
  readonly roster: number;
  /** From a card's Enter key to the amount on the screen and the call of the sound, without a network. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** From the navigation of a browser that was switched off, without a network, to a till that sells: the worst of several. */
  readonly coldOpenMs: number;
  readonly coldOpensMs: readonly number[];
  /** From the end of enrolment to a whole roster on the till's disk. */
  readonly fullRosterSeconds: number;
  /** Of these until the first page: the service makes the roster meanwhile. */
  readonly firstPageSeconds: number;
  /** Held by the page's scripts while it sells. */
  readonly heapMb: number;
  readonly sales: number;
  /** Sales of which the service, asked afterwards, has another amount than the till took. */
  readonly differing: number;
  /** Sales that the service does not have. */
  readonly missing: number;
}

const COLD_OPENS = 5;
const WARM_SALES = 20;
const PATIENCE_MS = 300_000;

/** Looks into the till's own database. */
const inStore = (store: string, ask: string): string => `new Promise((done) => {
  const request = indexedDB.open('xingfu-till');
  request.onsuccess = () => {
    const asking = request.result.transaction('${store}').objectStore('${store}').${ask};
    asking.onsuccess = () => { request.result.close(); done(asking.result); };
  };
})`;

interface Entry {
  readonly takenFen: number | null;
  readonly fate: { readonly is: string; readonly selfPayFen?: number };
}

async function until<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  for (const end = performance.now() + PATIENCE_MS; ;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (performance.now() > end) throw new Error('the till did not get there');
    await new Promise((done) => setTimeout(done, 250));
  }
}

/** Enrols the till, and waits for its worker and for everybody on its roster. */
async function bringUp(page: Page, code: string, elders: number): Promise<Pick<TillFigures, 'fullRosterSeconds' | 'firstPageSeconds'>> {
  await page.getByLabel('登记码').fill(code);
  await page.getByRole('button', { name: '登记', exact: true }).click();
  await page.getByRole('heading', { name: /开班检查/ }).waitFor();
  const [begun, begunThere] = [performance.now(), (await page.evaluate('performance.now()')) as number];
  await until(() => page.evaluate(inStore('roster', "get('head')")) as Promise<{ rows: number } | undefined>, (head) => head?.rows === elders);
  const fullRosterSeconds = round((performance.now() - begun) / 1_000, 1);
  const firstPage = (await page.evaluate("performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/v1/till/roster'))?.responseEnd ?? 0")) as number;
  await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
  await page.getByRole('button', { name: '开始收款' }).click();
  await page.locator('.confirm').waitFor();
  return { fullRosterSeconds, firstPageSeconds: round((firstPage - begunThere) / 1_000, 1) };
}

/** Measures a till in a browser at a running service. */
export async function measureTill(browser: TillBrowser, url: string, { code, cards }: TillCity, { elders, sales }: TillBenchOptions, say: (line: string) => void): Promise<TillFigures> {
  say(`a till is enrolled and reads ${elders} people`);
  let page = await browser.page();
  await page.goto(`${url}/till`);
  const reading = await bringUp(page, code, elders);
  const coldOpens: number[] = [];
  for (let open = 0; open < COLD_OPENS; open += 1) {
    await browser.restart();
    await browser.setOffline(true);
    page = await browser.page();
    await page.goto(`${url}/till`);
    coldOpens.push(await until(() => page.evaluate('bench.ready') as Promise<number | null>, (ready) => ready !== null) as number);
  }
  say(`opened cold in ${coldOpens.map((ms) => Math.round(ms)).join(', ')} ms; ${sales} cards without a network`);
  const times: number[] = [];
  // Neighbours on the list are seldom neighbours in a queue.
  const step = Math.max(1, Math.floor(cards.length / (WARM_SALES + sales)));
  for (let sale = 0; sale < WARM_SALES + sales; sale += 1) {
    const { ms } = (await page.evaluate(`bench.scan(${JSON.stringify(cards[(sale * step) % cards.length])})`)) as { ms: number };
    if (sale >= WARM_SALES) times.push(ms);
  }
  const { usedSize } = await (await page.context().newCDPSession(page)).send('Runtime.getHeapUsage');
  say('the network is back');
  await browser.setOffline(false);
  const entries = (await until(() => page.evaluate(inStore('entries', 'getAll()')) as Promise<Entry[]>, (all) => all.every(({ fate }) => fate.is !== 'unsent')));
  return {
    roster: elders, p50Ms: round(percentile(times, 50), 1), p95Ms: round(percentile(times, 95), 1), coldOpenMs: Math.round(Math.max(...coldOpens)), coldOpensMs: coldOpens.map((ms) => Math.round(ms)),
    ...reading, heapMb: round(usedSize / 1_048_576, 1), sales: entries.length,
    differing: entries.filter(({ fate, takenFen }) => fate.is === 'accepted' && fate.selfPayFen !== takenFen).length,
    missing: WARM_SALES + sales - entries.filter(({ fate }) => fate.is === 'accepted').length,
  };
}
