import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openPage } from './browser.js';
import type { TappingCity } from './tapping-city.js';

/** What a test changes of the browser that a till runs in. */
export interface TillBrowser {
  readonly width?: number;
  readonly height?: number;
  /** Whether the browser promises to keep what the till writes. */
  readonly kept?: boolean;
  /** Whether the page may keep itself for a start without network. */
  readonly worker?: boolean;
  /** How far the device's clock runs ahead of the service's. */
  readonly aheadMs?: number;
}

/** What the service has of a terminal's journal. */
export interface ServedTap {
  readonly number: number;
  readonly kind: 'tap' | 'void';
  readonly selfPayFen: number | null;
  readonly outcome: string | null;
  readonly voided: boolean;
  readonly signed: boolean;
}

/** An entry as the browser has it on its disk. */
export interface KeptEntry {
  readonly number: number;
  readonly prevHash: string;
  readonly hash: string;
  readonly about: { readonly kind: 'sale' | 'void' };
  readonly takenFen: number | null;
  readonly shown?: { readonly selfPayFen: number };
  readonly fate: { readonly is: string; readonly review?: readonly string[] };
}

/** A till in a real browser, and the hand of its cashier. */
export class TillPage {
  private constructor(private readonly city: TappingCity, readonly context: BrowserContext, public page: Page, readonly complaints: string[]) {}

  static async open(city: TappingCity, browser: Browser, { width = 1280, height = 800, kept = true, worker = false, aheadMs = 0 }: TillBrowser = {}): Promise<TillPage> {
    const page = await openPage(browser, width, { viewport: { width, height }, serviceWorkers: worker ? 'allow' : 'block' });
    const context = page.context();
    const shift = city.clock.now() - Date.now() + aheadMs;
    await context.addInitScript(`{
      const Real = Date;
      globalThis.Date = class extends Real {
        constructor(...given) { if (given.length === 0) super(Real.now() + ${shift} + (globalThis.laterMs ?? 0)); else super(...given); }
        static now() { return Real.now() + ${shift} + (globalThis.laterMs ?? 0); }
      };
      const keeps = () => Promise.resolve(${kept});
      StorageManager.prototype.persist = keeps;
      StorageManager.prototype.persisted = keeps;
    }`);
    const till = new TillPage(city, context, page, []);
    till.listen(page);
    await page.goto(`${city.service.url}/till`);
    return till;
  }

  /** Collects what a page complains of, its policy for content included. Requests that a test itself cuts off complain by design. */
  private listen(page: Page): void {
    page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
  }

  /** A one-time code for a new terminal of the first site. */
  async code(): Promise<{ code: string; terminalId: string }> {
    const { status, body } = await this.city.staffed.call('POST', '/v1/terminals', { token: this.city.county, body: { id: randomUUID(), siteId: this.city.sites[0], label: '一号收银台' } });
    expect(status).toBe(201);
    return body;
  }

  /** Enrols with a fresh code. @returns the terminal's id */
  async enrol(): Promise<string> {
    const { code, terminalId } = await this.code();
    await this.page.getByLabel('登记码').fill(code);
    await this.page.getByRole('button', { name: '登记', exact: true }).click();
    await this.page.getByRole('heading', { name: /开班检查/ }).waitFor();
    return terminalId;
  }

  /** Enrols and begins a shift. */
  async begin(): Promise<string> {
    const terminalId = await this.enrol();
    await this.page.getByRole('button', { name: '开始收款' }).click();
    await this.page.getByRole('button', { name: /^散客/ }).waitFor();
    return terminalId;
  }

  /** Reads a card as a reader types it: fast, with Enter at its end, wherever the focus is. */
  scan(number: string): Promise<void> {
    return this.page.evaluate(`for (const key of [...${JSON.stringify(number)}, 'Enter']) (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))`);
  }

  /** Puts the device's clock ahead, for this page. */
  later(ms: number): Promise<void> {
    return this.page.evaluate(`void (globalThis.laterMs = ${ms})`);
  }

  /** Presses keys of the number pad as a hand does. */
  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      // An Enter right after a card is the reader's own.
      if (key === 'Enter') await this.page.waitForTimeout(260);
      await this.page.keyboard.press(key);
      await this.page.waitForTimeout(70);
    }
  }

  /** Waits until the zone of the eater says so. */
  async says(words: string): Promise<void> {
    await this.page.locator('.person .says', { hasText: words }).waitFor({ timeout: 8_000 });
  }

  /** Waits until a part of the page says so: what a key does is drawn a moment after it. */
  shows(part: string, words: RegExp): Promise<void> {
    return this.page.locator(part, { hasText: words }).waitFor({ timeout: 8_000 });
  }

  /** Puts a sentence that asks for a person away. */
  async dismiss(): Promise<void> {
    await this.press('Enter');
    await this.page.locator('.alert-panel').waitFor({ state: 'detached', timeout: 8_000 });
  }

  /** Sells, and waits until the sale is done. */
  async sell(card?: string): Promise<void> {
    const before = await this.count();
    if (card === undefined) await this.press('Enter');
    else await this.scan(card);
    await this.page.waitForSelector(`.amount[data-sale="${before + 1}"], .alert-panel`, { timeout: 8_000 });
  }

  /** How many entries the browser has on its disk. */
  async count(): Promise<number> {
    return (await this.page.evaluate(`(${COUNT})()`)) as number;
  }

  /** All entries on the browser's disk, as text. */
  async stored(): Promise<string> {
    return (await this.page.evaluate(`(${ALL})()`)) as string;
  }

  /** The entries on the browser's disk. */
  async entries(): Promise<KeptEntry[]> {
    return JSON.parse(await this.stored()) as KeptEntry[];
  }

  /** Everything on the browser's disk, bytes read as text. */
  async disk(): Promise<string> {
    return (await this.page.evaluate(`(${DISK})()`)) as string;
  }

  /** What is known of the roster as a whole; null where there is none. */
  async rosterHead(): Promise<{ readonly asOf: number; readonly rows: number } | null> {
    return (await this.page.evaluate(`(${HEAD})()`)) as { asOf: number; rows: number } | null;
  }

  /** Waits until the till has a roster. */
  async hasRoster(): Promise<void> {
    await expect(this.until(async () => (await this.rosterHead()) !== null)).resolves.toBe(true);
  }

  async hasNoRoster(): Promise<void> {
    await expect(this.until(async () => (await this.rosterHead()) === null)).resolves.toBe(true);
  }

  /** Waits until the roster was made after a moment. */
  async rosterYoungerThan(moment: number): Promise<void> {
    await expect(this.until(async () => ((await this.rosterHead())?.asOf ?? 0) > moment)).resolves.toBe(true);
  }

  private async until(holds: () => Promise<boolean>): Promise<boolean> {
    for (let tries = 0; tries < 100; tries += 1) {
      if (await holds()) return true;
      await this.page.waitForTimeout(100);
    }
    return false;
  }

  badge(): Promise<string> {
    return this.page.locator('.badge').innerText();
  }

  async uploaded(): Promise<void> {
    await this.page.locator('.badge.green').waitFor({ timeout: 60_000 });
  }

  /** What the service has of a terminal, by number. */
  served(terminalId: string): Promise<ServedTap[]> {
    return this.city.rows<ServedTap>(
      `SELECT c.journal_number::int AS number, c.kind, m.self_pay_fen::int AS "selfPayFen", m.outcome, c.signature IS NOT NULL AS signed,
         EXISTS (SELECT FROM meal_void v WHERE v.city_code = c.city_code AND v.tap_id = c.tap_id) AS voided
       FROM tap_claim c LEFT JOIN meal m ON m.city_code = c.city_code AND m.tap_id = c.tap_id
       WHERE c.terminal_id = $1 ORDER BY c.journal_number`, [terminalId]);
  }

  /** Kills the page as a crash does, and opens it again. */
  async crash(): Promise<void> {
    const session = await this.context.newCDPSession(this.page);
    const gone = this.page.waitForEvent('crash');
    session.send('Page.crash').catch(() => undefined);
    await gone;
    const dead = this.page;
    await this.another();
    await dead.close();
  }

  /** Opens the till in one more window of the same browser. */
  async another(): Promise<Page> {
    const page = await this.context.newPage();
    this.listen(page);
    await page.goto(`${this.city.service.url}/till`);
    this.page = page;
    return page;
  }

  close(): Promise<void> {
    return this.context.close();
  }
}

const COUNT = `() => new Promise((done) => {
  const request = indexedDB.open('xingfu-till');
  request.onsuccess = () => {
    const counting = request.result.transaction('entries').objectStore('entries').count();
    counting.onsuccess = () => { request.result.close(); done(counting.result); };
  };
})`;

const ALL = COUNT.replace('.count()', '.getAll()').replace('done(counting.result)', 'done(JSON.stringify(counting.result))');

const HEAD = COUNT.replaceAll('entries', 'roster').replace('.count()', ".get('head')").replace('done(counting.result)', 'done(counting.result ?? null)');

const DISK = `async () => {
  const db = await new Promise((done) => { const request = indexedDB.open('xingfu-till'); request.onsuccess = () => done(request.result); });
  const all = (store, what) => new Promise((done) => { const request = db.transaction(store).objectStore(store)[what](); request.onsuccess = () => done(request.result); });
  const text = (value) => JSON.stringify(value, (_key, one) => {
    const bytes = one instanceof ArrayBuffer ? new Uint8Array(one) : ArrayBuffer.isView(one) ? new Uint8Array(one.buffer) : null;
    return bytes === null ? one : new TextDecoder('utf-8').decode(bytes) + new TextDecoder('latin1').decode(bytes);
  });
  const parts = [];
  for (const store of db.objectStoreNames) parts.push(store, text(await all(store, 'getAllKeys')), text(await all(store, 'getAll')));
  db.close();
  return parts.join('\\n');
}`;
