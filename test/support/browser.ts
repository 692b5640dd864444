import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { runDirectory } from './database.js';

const ROOT = process.cwd();
const require = createRequire(join(ROOT, 'package.json'));

interface Unpacked {
  readonly path: string;
  readonly libraryPath: string | null;
}

/**
 * Does something once for the whole run: the first suite that asks does it, the others wait for its record.
 * @param folder below the run's directory; what is done may write into it
 */
async function once<T>(name: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(runDirectory(), name);
  const record = join(folder, 'record.json');
  mkdirSync(folder, { recursive: true });
  for (;;) {
    if (existsSync(record)) return JSON.parse(readFileSync(record, 'utf8')) as T;
    try {
      mkdirSync(join(folder, 'working'));
    } catch {
      await pause(100);
      continue;
    }
    try {
      const result = await work(folder);
      writeFileSync(`${record}.new`, JSON.stringify(result));
      renameSync(`${record}.new`, record);
    } finally {
      rmSync(join(folder, 'working'), { recursive: true });
    }
  }
}

/** The run's one unpacked Chromium. */
function unpacked(): Promise<Unpacked> {
  return once('chromium', async (folder) => {
    const environment = { ...process.env, NODE_OPTIONS: '', TMPDIR: folder };
    const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, 'test/support/chromium.mjs')], { env: environment, cwd: ROOT });
    return JSON.parse(stdout) as Unpacked;
  });
}

/** The folder of the pages, built from the sources as they are, once a run. */
export function builtPages(): Promise<string> {
  return once('pages', async (folder) => {
    const output = join(folder, 'web');
    const arguments_ = [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', 'web', '--config', 'web/vite.config.ts', '--logLevel', 'warn', '--outDir', output];
    await promisify(execFile)(process.execPath, arguments_, { env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: 'production' }, cwd: ROOT });
    return output;
  });
}

/** Starts a real Chromium out of npm's package, the same on every machine. */
export async function openBrowser(): Promise<Browser> {
  const { path, libraryPath } = await unpacked();
  return chromium.launch({
    executablePath: path,
    // The package's own arguments run all pages in one process without web security; only the sandbox is left out.
    args: ['--no-sandbox', '--disable-background-networking', '--font-render-hinting=none'],
    env: { ...process.env, NODE_OPTIONS: '', TMPDIR: join(runDirectory(), 'chromium'), ...(libraryPath === null ? {} : { LD_LIBRARY_PATH: libraryPath }) },
  });
}

/** Chinese glyphs for machines that have none: a test's font, never shipped. */
function fontCss(): string {
  const css = ['400.css', '700.css'].map((file) => readFileSync(require.resolve(`@fontsource/noto-sans-sc/${file}`), 'utf8')).join('\n');
  return `${css.replaceAll('./files/', '/test-font/').replace(/, url\([^)]*\.woff\) format\('woff'\)/g, '')}\n:root { --font: 'Noto Sans SC', sans-serif !important; }`;
}

/**
 * Opens a page that has Chinese glyphs, with the policies of the server in force.
 * @param width in pixels: 1280 for a desk, 820 for a tablet, 390 for a telephone
 */
export async function openPage(browser: Browser, width: number, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: width < 600 ? 844 : 1000 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  await giveChinese(page);
  return page;
}

/** Gives one more page of a context Chinese glyphs. */
export async function giveChinese(page: Page): Promise<void> {
  const fonts = fontCss();
  const files = join(require.resolve('@fontsource/noto-sans-sc/400.css'), '..', 'files');
  await page.route('**/assets/*.css', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${await response.text()}\n${fonts}` });
  });
  await page.route('**/test-font/*', (route) => route.fulfill({ path: join(files, route.request().url().split('/').at(-1) ?? ''), contentType: 'font/woff2' }));
}

/** Waits until the fonts are there and nothing is drawn any more. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.evaluate('document.fonts.ready.then(() => true)');
}

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly help: string; readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[] }[];
}

/** What axe finds on the page with its rules of A and AA, and those that are off by default: target size, enhanced contrast. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
  const result = (await page.evaluate(`axe.run(document, {
    rules: { 'target-size': { enabled: true }, 'color-contrast-enhanced': { enabled: true }, 'identical-links-same-purpose': { enabled: true }, 'meta-refresh-no-exceptions': { enabled: true } },
  })`)) as AxeResult;
  return result.violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 160)}: ${node.failureSummary ?? ''}`));
}

/** What the rules of the house find on the page: small text or lines, small targets, content wider than the screen; with `whole` also text that is cut off or runs over. */
export async function sizeFindings(page: Page, least: { readonly font: number; readonly target: number; readonly line?: number; readonly whole?: boolean } = { font: 18, target: 44 }): Promise<string[]> {
  const check = readFileSync(join(ROOT, 'test/support/page-sizes.js'), 'utf8');
  return (await page.evaluate(`(${check})(${JSON.stringify({ line: 1.19, ...least })})`)) as string[];
}
