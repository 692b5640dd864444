import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { checkoutRoot } from '../platform/index.js';

/** How much slower than this machine a cheap tablet is taken to be. */
const SLOWER = 4;

interface Unpacked {
  readonly path: string;
  readonly libraryPath: string | null;
}

/**
 * Run in each page before its own scripts: promises that the browser keeps what is written, and notes when a sound is
 * asked for, when the page can sell, and how long a card takes from the reader's Enter to the sound and the amount.
 */
const WATCH = `{
  const keeps = () => Promise.resolve(true);
  StorageManager.prototype.persist = keeps;
  StorageManager.prototype.persisted = keeps;
  const bench = (globalThis.bench = { ready: null, sounded: null });
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (...given) {
    bench.sounded ??= performance.now();
    return start.apply(this, given);
  };
  const look = new MutationObserver(() => {
    const confirm = document.querySelector('.confirm');
    if (confirm === null || confirm.disabled) return;
    bench.ready = performance.now();
    look.disconnect();
  });
  look.observe(document, { childList: true, subtree: true, attributes: true });
  bench.scan = (number) => new Promise((done, fail) => {
    const before = document.querySelector('.amount')?.dataset.sale;
    const late = setTimeout(() => fail(new Error('no answer to a card: ' + document.querySelector('.person')?.innerText)), 10000);
    let [amount, begun] = [null, 0];
    const seen = new MutationObserver(() => {
      const sale = document.querySelector('.amount')?.dataset.sale;
      if (amount === null && sale !== undefined && sale !== before) amount = performance.now();
      if (amount !== null) finish();
    });
    const finish = () => {
      if (bench.sounded === null) return void setTimeout(finish);
      seen.disconnect();
      clearTimeout(late);
      done({ ms: Math.max(amount, bench.sounded) - begun });
    };
    seen.observe(document.body, { childList: true, subtree: true, attributes: true });
    for (const key of [...number, 'Enter']) {
      if (key === 'Enter') [bench.sounded, begun] = [null, performance.now()];
      (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    }
  });
}`;

/** A real Chromium out of npm's package whose disk outlives it: a till that is switched off and on again. */
export class TillBrowser {
  private constructor(private readonly unpacked: Unpacked, private readonly folder: string, private context: BrowserContext) {}

  /** @param folder where the browser and its disk are put */
  static async open(folder: string): Promise<TillBrowser> {
    const { stdout } = await promisify(execFile)(process.execPath, [join(checkoutRoot(), 'test/support/chromium.mjs')], { env: { ...process.env, NODE_OPTIONS: '', TMPDIR: folder }, cwd: checkoutRoot() });
    const unpacked = JSON.parse(stdout) as Unpacked;
    return new TillBrowser(unpacked, folder, await launch(unpacked, folder));
  }

  /** A page of its own with the processor slowed. */
  async page(): Promise<Page> {
    const page = await this.context.newPage();
    const session = await this.context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    return page;
  }

  setOffline(isOffline: boolean): Promise<void> {
    return this.context.setOffline(isOffline);
  }

  /** Switches the device off and on again. */
  async restart(): Promise<void> {
    await this.context.close();
    this.context = await launch(this.unpacked, this.folder);
  }

  close(): Promise<void> {
    return this.context.close();
  }
}

async function launch({ path, libraryPath }: Unpacked, folder: string): Promise<BrowserContext> {
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: path,
    args: ['--no-sandbox', '--disable-background-networking', '--autoplay-policy=no-user-gesture-required'],
    env: { ...process.env, NODE_OPTIONS: '', TMPDIR: folder, ...(libraryPath === null ? {} : { LD_LIBRARY_PATH: libraryPath }) },
    viewport: { width: 1280, height: 800 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai',
  });
  await context.addInitScript(WATCH);
  return context;
}
