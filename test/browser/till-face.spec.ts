import type { Browser, Page } from 'playwright-core';
import { axeFindings, builtPages, giveChinese, openBrowser, openPage, settled, sizeFindings } from '../support/browser.js';
import { until } from '../support/signal.js';
import { TappingCity } from '../support/tapping-city.js';
import { TillPage, type TillBrowser } from '../support/till-page.js';

/** Text and targets that are read and touched from 80 cm. */
const FAR = { font: 20, target: 60 };

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

async function till(options?: TillBrowser): Promise<TillPage> {
  const opened = await TillPage.open(city, browser, options);
  open.push(opened);
  return opened;
}

const picture = async (page: Page, name: string): Promise<void> => {
  if (process.env['TILL_PICTURES']) await page.screenshot({ path: `${process.env['TILL_PICTURES']}/${name}.png`, fullPage: true });
};

/** Changes a setting as a cashier does. */
async function set(counter: TillPage, ...words: string[]): Promise<void> {
  await counter.page.getByRole('button', { name: '设置' }).click();
  for (const word of words) await counter.page.locator('.settings').getByRole('button', { name: word }).click();
  await counter.page.getByRole('button', { name: '设置' }).click();
}

it.each([[1280, 800], [800, 1280], [1024, 600], [390, 844]] as const)('stands up to axe and to the sizes for 80 cm at %i × %i, in every part', async (width, height) => {
  const counter = await till({ width, height });
  const name = `${width}x${height}`;
  const look = async (part: string, axe = false): Promise<void> => {
    await settled(counter.page);
    await picture(counter.page, `${name}-${part}`);
    expect([part, await sizeFindings(counter.page, FAR)]).toEqual([part, []]);
    if (axe) expect([part, await axeFindings(counter.page)]).toEqual([part, []]);
    // Where there is room for the whole screen, nothing of it is scrolled to.
    if (width > 760) expect([part, await counter.page.evaluate('document.documentElement.scrollHeight - window.innerHeight')]).toEqual([part, 0]);
  };
  await counter.begin();
  await look('selling', true);
  await counter.sell((await city.elder()).card);
  await look('sold');
  await counter.page.getByRole('button', { name: '设置' }).click();
  await counter.page.locator('.settings').getByRole('button', { name: '58 毫米' }).click();
  await look('settings', true);
  await counter.page.locator('.settings').getByRole('button', { name: '左手' }).click();
  await counter.page.getByRole('button', { name: '设置' }).click();
  await look('left-hand');
  await counter.page.locator('.badge').click();
  await look('records', true);
  await counter.context.setOffline(true);
  await counter.sell();
  await counter.page.locator('.badge').click();
  await look('away');
}, 120_000);

/** Notes in the page, in their order, what a sale does that can be heard or must be safe before. */
const LISTEN = `{
  globalThis.noted = [];
  const note = (what) => globalThis.noted.push({ what, at: performance.now() });
  const { start } = AudioBufferSourceNode.prototype;
  AudioBufferSourceNode.prototype.start = function (...when) { note(when[0] > 0 ? 'speech' : 'tone'); return start.apply(this, when); };
  const { createGain } = AudioContext.prototype;
  AudioContext.prototype.createGain = function () { return (globalThis.gain = createGain.call(this)); };
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = function (stores, mode, ...more) {
    const opened = transaction.call(this, stores, mode, ...more);
    if (mode === 'readwrite' && [stores].flat().includes('entries')) opened.addEventListener('complete', () => note('written'));
    return opened;
  };
  window.addEventListener('keydown', ({ key }) => key === 'Enter' && note('confirmed'), true);
}`;

interface Noted {
  readonly what: 'confirmed' | 'written' | 'tone' | 'speech';
  readonly at: number;
}

const noted = async (counter: TillPage): Promise<Noted[]> => (await counter.page.evaluate('noted.splice(0)')) as Noted[];

async function listening(): Promise<TillPage> {
  const counter = await till();
  await counter.context.addInitScript(LISTEN);
  await counter.page.reload();
  await counter.begin();
  return counter;
}

it('sounds as soon as the sale is on the disk, and waits for nothing else', async () => {
  const counter = await listening();
  await counter.sell();
  await counter.context.setOffline(true);
  await counter.sell();
  await counter.says('请刷卡');
  // Nobody answers any more, not even with a refusal: whatever waited for that would be silent.
  await counter.page.evaluate('globalThis.fetch = () => new Promise(() => undefined)');
  const shares: number[] = [];
  for (let sale = 0; sale < 5; sale += 1) {
    await noted(counter);
    await counter.sell();
    await counter.page.waitForTimeout(50);
    const all = await noted(counter);
    // Notes about earlier sales may be written at any time.
    const heard = all.slice(all.findIndex(({ what }) => what === 'confirmed'));
    const first = (wanted: Noted['what']): number => heard.findIndex(({ what }) => what === wanted);
    // Confirmed, on the disk, heard, in this order; and the sentence begins behind its tone.
    expect([first('confirmed'), first('written') > first('confirmed'), first('tone') > first('written'), first('speech') > first('tone')]).toEqual([0, true, true, true]);
    expect(heard.filter(({ what }) => what === 'tone')).toHaveLength(1);
    const at = (wanted: Noted['what']): number => heard[first(wanted)]?.at ?? 0;
    // What the till does after the disk has it takes a smaller part than what comes before: 60 ms of those are the reader's.
    shares.push((at('tone') - at('written')) / (at('tone') - at('confirmed')));
  }
  expect(shares.toSorted((a, b) => a - b)[2]).toBeLessThan(0.5);
}, 60_000);

it('is as loud as it is set to, and says nothing where it shall not', async () => {
  const counter = await listening();
  const loudness = async (): Promise<number> => (await counter.page.evaluate('gain.gain.value')) as number;
  await counter.sell();
  const middle = await loudness();
  await set(counter, '4', '只响提示音');
  await noted(counter);
  await counter.sell();
  expect((await noted(counter)).filter(({ what }) => what === 'tone' || what === 'speech').map(({ what }) => what)).toEqual(['tone']);
  expect(await loudness()).toBe(1);
  await set(counter, '1', '试：轻声');
  expect(await loudness()).toBeLessThan(middle / 2);
  // It is the device's, whoever opens the page.
  await counter.page.reload();
  await counter.page.getByRole('button', { name: '设置' }).click();
  expect(await counter.page.locator('.settings [aria-pressed=true]').allInnerTexts()).toEqual(['✓ 1', '✓ 只响提示音', '✓ 右手', '✓ 不打印'].map((words) => expect.stringMatching(words.replace(' ', '\\s*'))));
}, 60_000);

const paper = (counter: TillPage): Promise<string> => counter.page.evaluate("[...document.querySelectorAll('.paper > *')].map((line) => line.children.length === 0 ? line.textContent : [...line.children].map((part) => part.textContent).join(' ')).join('\\n')") as Promise<string>;

/** Prints the page as a file, and gives the pages' sizes in millimetres. */
async function printed(counter: TillPage, name: string): Promise<[number, number][]> {
  await settled(counter.page);
  const pdf = await counter.page.pdf({ preferCSSPageSize: true, printBackground: true, ...(process.env['TILL_PICTURES'] ? { path: `${process.env['TILL_PICTURES']}/${name}.pdf` } : {}) });
  const boxes = [...pdf.toString('latin1').matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/g)];
  return boxes.map(([, wide, high]) => [Math.round((Number(wide) / 72) * 25.4), Math.round((Number(high) / 72) * 25.4)]);
}

it('prints a receipt on its paper, marks copies, and keeps the subsidy for a slip of its own', async () => {
  const counter = await till();
  await counter.begin();
  await counter.hasRoster();
  await counter.sell((await city.elder()).card);
  await counter.press('=');
  // Nothing is printed where nobody has said that there is a printer.
  expect(await paper(counter)).toBe('');
  await set(counter, '58 毫米');
  await counter.press('=');
  const first = await paper(counter);
  expect(first).toMatch(/^测试幸福食堂\n时间 ?2024年12月3日 12:\d\d\n单号 ?第 1 笔\n套餐 ?×1\n付款 ?现金\n实付 ?12 元\n校验码 [0-9A-F]{4}-1-[0-9A-F]{8}\n/);
  expect(first).not.toMatch(/补|15|张|LC0/);
  const [[wide, high] = [0, 0], ...more] = await printed(counter, 'receipt-58');
  expect([wide, more]).toEqual([58, []]);
  expect(high).toBeLessThan(140);
  await counter.press('=');
  expect(await paper(counter)).toContain('补打 第 1 次');
  await counter.page.locator('.badge').click();
  await counter.page.getByRole('button', { name: '第 1 笔小票' }).click();
  expect((await paper(counter)).replace('\n补打 第 2 次', '')).toBe(first);
  await counter.page.getByRole('button', { name: '第 1 笔补贴明细' }).click();
  expect(await paper(counter)).toMatch(/餐费 ?15 元\n补贴 ?3 元\n个人支付 ?12 元/);
  await printed(counter, 'shares-58');
  await set(counter, '80 毫米', '打测试页');
  expect(await paper(counter)).toMatch(/测试页\n.*\n汉字 ?幸福食堂/);
  const [[wider] = [0]] = await printed(counter, 'test-80');
  expect(wider).toBe(80);
}, 60_000);

it('goes on selling whatever becomes of the paper', async () => {
  const counter = await till();
  await counter.begin();
  await set(counter, '58 毫米');
  await counter.page.evaluate("globalThis.prints = 0; globalThis.print = () => { prints += 1; throw new Error('no printer'); }");
  await set(counter, '每笔都打');
  await counter.sell();
  await counter.sell();
  expect(await counter.badge()).toMatch(/✓|已上传/);
  await counter.page.locator('.badge').click();
  await counter.page.getByText('没有打印出来，不影响收款').waitFor();
  // Paper comes after the sale, in its own time.
  await until(async () => (await counter.page.evaluate('prints')) === 2, 'both receipts were tried');
  // A browser that shows its window holds up the page: that happens once, and never by itself again.
  await counter.page.evaluate('globalThis.print = () => { prints += 1; const end = performance.now() + 1_600; while (performance.now() < end); }');
  await counter.sell();
  await counter.page.getByText('自动打印已关').waitFor();
  await counter.sell();
  await counter.sell();
  expect(await counter.page.evaluate('prints')).toBe(3);
  expect(await counter.count()).toBe(5);
}, 60_000);

it('lets anybody check a receipt by its code, and tells nothing of who ate', async () => {
  const counter = await till();
  await counter.begin();
  await set(counter, '58 毫米');
  await counter.sell((await city.elder()).card);
  await counter.uploaded();
  await counter.press('=');
  const [, code = ''] = /校验码 (\S+)/.exec(await paper(counter)) ?? [];
  const page = await openPage(browser, 390);
  const ask = async (text: string): Promise<void> => {
    await page.getByLabel('小票上的校验码').fill(text);
    await page.keyboard.press('Enter');
  };
  await page.goto(`${city.service.url}/receipt`);
  await ask(` ${code.toLowerCase().replaceAll('-', '－')} `);
  await page.locator('.card').waitFor();
  expect((await page.innerText('.card')).replace(/\s+/g, ' ')).toMatch(/有效 .*日期 2024年12月3日 地点 测试幸福食堂 实付 12.00 元/);
  expect(await page.innerText('[role=status]')).not.toMatch(/张三|张先|张女|LC|补贴|15/);
  await settled(page);
  await picture(page, 'receipt-page');
  expect([await axeFindings(page), await sizeFindings(page)]).toEqual([[], []]);
  await counter.press('-', '1');
  await counter.says('已撤销');
  await counter.uploaded();
  await ask(code);
  await page.locator('.card.voided').waitFor();
  await ask('3F9A-1K7');
  expect(await page.getByRole('alert').innerText()).toContain('校验码格式不对');
  await ask(`${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`);
  await page.getByText('没有查到这张小票').waitFor();
  expect([await axeFindings(page), await sizeFindings(page)]).toEqual([[], []]);
  await page.context().close();
}, 60_000);

it('names the cause, counts the guarantee down, and asks to look only when the service stays away', async () => {
  const counter = await till();
  await counter.begin();
  const { page } = counter;
  await page.locator('.status', { hasText: '补贴保证到' }).waitFor();
  expect(await page.innerText('.status')).toMatch(/联网正常\s+补贴保证到明天 12:0\d，还有 (24 小时 0|23 小时 59) 分/);
  await page.evaluate("{ const Now = Date; globalThis.ahead = 0; globalThis.Date = class extends Now { constructor(...given) { if (given.length === 0) super(Now.now() + ahead); else super(...given); } static now() { return Now.now() + ahead; } }; }");
  await counter.context.setOffline(true);
  await counter.sell();
  await page.locator('.status.here').waitFor();
  expect(await page.innerText('.status')).toMatch(/本机没有网络[^]*照常收款/);
  const dialog = page.getByRole('alertdialog');
  expect(await dialog.count()).toBe(0);
  await page.evaluate('globalThis.ahead = 41_000');
  await dialog.waitFor({ timeout: 8_000 });
  expect(await dialog.innerText()).toMatch(/路由器/);
  await settled(page);
  await picture(page, '1280x800-dialog');
  expect([await axeFindings(page), await sizeFindings(page, FAR)]).toEqual([[], []]);
  // It takes no key away: the next sale is made beneath it.
  await counter.sell();
  await page.getByRole('button', { name: '知道了，继续收款' }).click();
  expect(await dialog.count()).toBe(0);
  await page.evaluate('globalThis.ahead = 3 * 3_600_000');
  await page.getByText('还有 20 小时').waitFor({ timeout: 8_000 });
  await page.evaluate('globalThis.ahead = 0');
  await counter.context.setOffline(false);
  await counter.uploaded();
}, 60_000);

it('shows the eater on a second screen what they pay, and never sells there', async () => {
  const counter = await till();
  await counter.begin();
  const display = await counter.context.newPage();
  await giveChinese(display);
  await display.goto(`${city.service.url}/till?display`);
  await display.getByText('请刷卡').waitFor();
  await counter.sell((await city.elder()).card);
  await display.getByText('请付').waitFor();
  expect((await display.innerText('main')).replace(/\s+/g, ' ').trim()).toMatch(/^顾客屏 谢谢，请用餐 请付 12元$/);
  await display.setViewportSize({ width: 800, height: 480 });
  await settled(display);
  await picture(display, 'display');
  expect([await axeFindings(display), await sizeFindings(display, FAR)]).toEqual([[], []]);
  await counter.scan('NOBODY-9');
  await counter.says('请稍候');
  expect((await display.innerText('main')).replace(/\s+/g, ' ')).not.toMatch(/没有找到/);
  await counter.page.close();
  counter.page = display;
  await display.waitForTimeout(300);
  expect(await display.locator('.till').count()).toBe(0);
}, 60_000);

/** Goes on with the Tab key, as far as the one that is meant. */
async function walkTo(page: Page, name: RegExp): Promise<void> {
  for (let step = 0; step < 120; step += 1) {
    const at = (await page.evaluate("[document.activeElement?.getAttribute('aria-label'), document.activeElement?.textContent, document.activeElement?.closest('label')?.textContent].join(' ')")) as string;
    if (name.test(at) && (await page.evaluate("document.activeElement.matches('button, input')")) === true) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the Tab key does not reach ${String(name)}`);
}

it('is worked through a whole day by the keyboard alone', async () => {
  const counter = await till();
  const { page } = counter;
  const terminalId = await counter.enrol();
  await walkTo(page, /开始收款/);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^散客/ }).waitFor();
  for (let sale = 0; sale < 5; sale += 1) await counter.sell(sale % 2 === 0 ? (await city.elder()).card : undefined);
  await counter.press('-', '1');
  await counter.says('已撤销');
  await walkTo(page, /已上传|未上传/);
  expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe('solid');
  await page.keyboard.press('Enter');
  await page.locator('.records li').first().waitFor();
  expect(await page.locator('.records li').count()).toBe(6);
  await counter.uploaded();
  await walkTo(page, /设置/);
  await page.keyboard.press('Enter');
  await walkTo(page, /只响提示音/);
  await page.keyboard.press('Enter');
  await walkTo(page, /^ ?结班/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '结班' }).waitFor();
  // Two elders at 12 and two guests at 15: the last elder's meal was taken back.
  await walkTo(page, /^ ?\s*50 元/);
  await page.keyboard.type('1');
  await walkTo(page, /^ ?\s*1 元/);
  await page.keyboard.type('4');
  await walkTo(page, /点好了/);
  await page.keyboard.press('Enter');
  await page.getByText('现金相符').waitFor();
  await page.getByText('与服务器一致').waitFor();
  await walkTo(page, /完成/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /开班检查/ }).waitFor();
  expect((await counter.served(terminalId)).map(({ kind, voided }) => [kind, voided])).toEqual([['tap', false], ['tap', false], ['tap', false], ['tap', false], ['tap', true], ['void', false]]);
}, 90_000);
