import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { checkDigit, type Registration } from '../../src/elder/domain/index.js';
import { insertElders } from '../../src/elder/index.js';
import { civilDate } from '../../src/kernel/index.js';
import { builtPages, openBrowser } from '../support/browser.js';
import { CITY, TappingCity } from '../support/tapping-city.js';
import { TillPage } from '../support/till-page.js';

const TAPS = 200;
const PRICE = 1500;
/** What an elder of 80 to 89 pays of the first meal of a day. */
const OWN = 1200;

/** What somebody does at the counter: eats as a guest, with a card, or takes the last sale back. */
type Step = { readonly is: 'guest' } | { readonly is: 'card'; readonly card: string } | { readonly is: 'void' };

let city: TappingCity;
let browser: Browser;
let ticking: NodeJS.Timeout;
const cards: string[] = [];

beforeAll(async () => {
  const pages = await builtPages();
  city = await TappingCity.start(undefined, pages);
  const [noon, begun] = [city.clock.now(), Date.now()];
  ticking = setInterval(() => city.clock.set(noon + Date.now() - begun), 100);
  await settle(140);
  browser = await openBrowser();
}, 180_000);

/** So many elders of 84 with a card each, who live in the canteen's street. */
async function settle(count: number): Promise<void> {
  const { transactor, cipher } = city.service.parts;
  const people = Array.from({ length: count }, (_, index): Registration => {
    const first17 = `37150219400601${String(index + 100)}`;
    const identity = { number: first17 + checkDigit(first17), born: civilDate('1940-06-01'), sex: 'female' } as const;
    return { elderId: randomUUID(), name: '王秀英', identity, phone: null, hukouCode: null, residenceCode: '371502001', cardNumber: `LU${String(index).padStart(8, '0')}`, categories: [] };
  });
  await transactor.run((tx) => insertElders(tx, cipher, { cityCode: CITY, by: 'test', now: city.clock.now() }, people));
  cards.push(...people.map(({ cardNumber }) => cardNumber ?? ''));
}

afterAll(async () => {
  clearInterval(ticking);
  await browser?.close();
  await city?.close();
});

/** A lunch: mostly new faces, a guest now and then, some who come again, and a sale taken back each so often. */
function lunch(): Step[] {
  const fresh = [...cards];
  const seen: string[] = [];
  return Array.from({ length: TAPS }, (_, index): Step => {
    if (index % 12 === 11) return { is: 'void' };
    if (index % 5 === 3) return { is: 'guest' };
    const again = index % 11 === 7 ? seen[(index * 7) % seen.length] : undefined;
    const card = again ?? fresh.pop() ?? '';
    seen.push(card);
    return { is: 'card', card };
  });
}

/** What everybody is to pay by the rule: the first meal of the day that stands is the subsidised one. Null for what is no sale. */
function owed(steps: readonly Step[]): (number | null)[] {
  const standing: { card: string | null; isOwn: boolean }[] = [];
  return steps.map((step) => {
    if (step.is === 'void') {
      standing.pop();
      return null;
    }
    const card = step.is === 'card' ? step.card : null;
    const isOwn = card !== null && !standing.some((one) => one.card === card && one.isOwn);
    standing.push({ card, isOwn });
    return isOwn ? OWN : PRICE;
  });
}

it('sells a lunch of 200 taps through cut networks, lost answers and killed pages, and the books are the till\'s to the fen', async () => {
  const steps = lunch();
  const counter = await TillPage.open(city, browser, { worker: true });
  const terminalId = await counter.begin();
  await counter.hasRoster();
  await counter.page.evaluate('navigator.serviceWorker.ready.then(() => true)');
  const play = async (from: number, to: number): Promise<void> => {
    for (const step of steps.slice(from, to)) {
      if (step.is === 'void') {
        await counter.press('-', '1');
        await counter.says('已撤销');
      } else await counter.sell(step.is === 'card' ? step.card : undefined);
      expect(await counter.page.locator('.alert-panel').count()).toBe(0);
    }
  };
  const reopened = async (): Promise<void> => {
    await counter.crash();
    await counter.page.getByRole('button', { name: /^散客/ }).waitFor();
  };

  await play(0, 40);
  // The service has taken these, and the till hears nothing of it.
  const faults = { committed: 0, uploads: 0, killed: 0 };
  await counter.context.route('**/v1/taps', async (route) => {
    if (faults.committed >= 3) return route.fallback();
    faults.committed += 1;
    await route.fetch();
    await route.abort('connectionreset');
  });
  await play(40, 50);
  await counter.context.setOffline(true);
  await play(50, 100);
  await reopened();
  await play(100, 150);
  expect((await counter.served(terminalId)).length).toBeLessThanOrEqual(50);

  // The network is back, but not for good: one parcel does not arrive, one arrives and its answer does not, one is sent by a page that dies.
  let dies: () => void = () => undefined;
  const dying = new Promise<void>((done) => {
    dies = done;
  });
  await counter.context.route('**/v1/taps/upload', async (route) => {
    faults.uploads += 1;
    if (faults.uploads === 1) return route.abort('connectionreset');
    if (faults.uploads > 3) return route.fallback();
    await route.fetch();
    if (faults.uploads === 2) return route.abort('connectionreset');
    faults.killed += 1;
    dies();
  });
  await counter.context.setOffline(false);
  const going = play(150, 160);
  await Promise.all([going, dying]);
  await reopened();
  await play(160, TAPS);
  await counter.uploaded();
  expect([faults.committed, faults.killed, faults.uploads >= 4]).toEqual([3, 1, true]);

  const entries = await counter.entries();
  const numbers = Array.from({ length: TAPS }, (_, index) => index + 1);
  const expected = owed(steps);
  expect(entries.map(({ number }) => number)).toEqual(numbers);
  expect(entries.slice(1).map(({ prevHash }) => prevHash)).toEqual(entries.slice(0, -1).map(({ hash }) => hash));
  // What was said at the counter is what the rule says, whatever the network was.
  expect(entries.map(({ about, takenFen }) => (about.kind === 'sale' ? takenFen : null))).toEqual(expected);
  expect(entries.flatMap(({ fate }) => fate.review ?? [])).toEqual([]);
  const served = await counter.served(terminalId);
  expect(served.map(({ number }) => number)).toEqual(numbers);
  expect(served.map(({ kind, selfPayFen }) => (kind === 'tap' ? selfPayFen : null))).toEqual(expected);
  expect(served.every(({ signed }) => signed)).toBe(true);
  const voids = steps.filter(({ is }) => is === 'void').length;
  expect(served.filter(({ voided }) => voided)).toHaveLength(voids);
  // Everything that was moved, moved once: each sale and each void has its own transfer, and the counters are the standing meals'.
  const [money] = await city.rows<{ meals: number; uses: number; moved: number }>(
    `SELECT (SELECT count(*)::int FROM meal) AS meals, (SELECT coalesce(sum(count), 0)::int FROM subsidy_use) AS uses,
       (SELECT coalesce(sum(CASE WHEN t.kind = 'meal' THEN t.fen ELSE 0 END), 0)::int FROM ledger_transfer t) AS moved`);
  expect(money?.meals).toBe(TAPS - voids);
  expect(money?.moved).toBe((TAPS - voids) * PRICE);
  expect(counter.complaints).toEqual([]);
  await counter.close();
}, 180_000);
