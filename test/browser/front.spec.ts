import type { Browser, Page } from 'playwright-core';
import { addDays, civilDate, SettableClock } from '../../src/kernel/index.js';
import { loadCity } from '../../src/region/index.js';
import { LoadTargets, noteData } from '../../src/target/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { axeFindings, builtPages, openBrowser, openPage, settled, sizeFindings } from '../support/browser.js';
import { bringCanteens } from '../support/canteens.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { sampleOverview } from '../support/overview.js';

const CITY = '371500';
const WIDTHS = [['a desk', 1280], ['a tablet', 820], ['a telephone', 390]] as const;

let database: TestDatabase;
let service: TestApp;
let browser: Browser;
const open: Page[] = [];

beforeAll(async () => {
  const clock = SettableClock.at(civilDate('2024-12-31'), 12 * 60);
  const [pages] = await Promise.all([builtPages(), freshDatabase().then((fresh) => (database = fresh))]);
  service = await startApp({ databaseUrl: database.ownerUrl, clock, pages });
  const { parts } = service;
  await parts.transactor.run((tx) => loadCity(tx, CITY, clock));
  await service.app.get(LoadTargets).load(CITY);
  await parts.transactor.run((tx) => noteData(tx, CITY, [{ code: 'demo', kind: 'demo', sentence: '开业日期为编造的演示数据。' }]));
  await bringCanteens(parts, clock, CITY, Array.from({ length: 40 }, (_, index) => ({
    divisionCode: ['371502', '371521', '371581'][index % 3] ?? '371502', life: `open ${addDays(civilDate('2024-01-10'), index * 8)}`,
  })));
  browser = await openBrowser();
}, 120_000);

afterEach(async () => {
  for (const page of open.splice(0)) await page.context().close();
});

afterAll(async () => {
  await browser?.close();
  await service?.close();
  await database?.drop();
});

/** Opens the first page at a width. Whatever it complains of on the console, its policy for content included, is collected. */
async function visit(width: number, search = '', before: (page: Page) => Promise<unknown> = async () => undefined): Promise<{ page: Page; complaints: string[] }> {
  const page = await openPage(browser, width);
  open.push(page);
  const complaints: string[] = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await before(page);
  await page.goto(`${service.url}/${search}`);
  return { page, complaints };
}

const drawn = async (page: Page): Promise<void> => {
  await page.waitForSelector('.chart[data-drawn]');
  await settled(page);
};

const answerOverview = (answer: { status: number; body: object }) => (page: Page): Promise<unknown> =>
  page.route('**/overview*', (route) => route.fulfill({ status: answer.status, contentType: 'application/json', body: JSON.stringify(answer.body) }));

const everything = answerOverview({ status: 200, body: sampleOverview() });

/** Opens every folded table, so that the checks see it. */
const unfold = (page: Page): Promise<unknown> => page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })");

describe.each(WIDTHS)('the first page on %s', (_, width) => {
  it('shows what the service counted, and what kind of data it is', async () => {
    const { page, complaints } = await visit(width);
    await drawn(page);
    const text = await page.innerText('main');
    expect(text).toContain('2024年全市新增幸福食堂');
    expect(text).toContain('聊政办字〔2024〕11号');
    expect(text).toMatch(/40\s*／100 处/);
    expect(text).toContain('演示数据');
    expect(text).toContain('基数为假定');
    expect(text).toContain('这个月还没有就餐记录');
    expect(await page.locator('h1').innerText()).toBe('幸福食堂');
    expect(await page.evaluate("[...document.querySelectorAll('nav a')].map((link) => link.getAttribute('href'))")).toEqual(['/receipt', '/api', '/openapi.json']);
    expect(complaints).toEqual([]);
  });

  it('stands up to axe and to the sizes of the house, everything unfolded', async () => {
    const { page, complaints } = await visit(width, '', everything);
    await drawn(page);
    expect(await sizeFindings(page)).toEqual([]);
    await unfold(page);
    expect(await sizeFindings(page)).toEqual([]);
    expect(await axeFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
  }, 120_000);
});

describe('the first page', () => {
  it('stands up to axe as long as nobody has eaten', async () => {
    const { page } = await visit(820);
    await drawn(page);
    expect(await axeFindings(page)).toEqual([]);
    expect(await sizeFindings(page)).toEqual([]);
  }, 60_000);

  it('has every picture in words and in a table too', async () => {
    const { page } = await visit(1280, '', everything);
    await drawn(page);
    expect(await page.locator('.chart').count()).toBe(3);
    const labels = (await page.evaluate("[...document.querySelectorAll('.chart')].map((chart) => chart.getAttribute('aria-label'))")) as string[];
    for (const label of labels) expect(label).toMatch(/\d/);
    await page.getByText('数据表：2024年12月每日就餐与补贴').focus();
    await page.keyboard.press('Enter');
    const table = page.getByRole('table', { name: '2024年12月每日就餐与补贴' });
    expect(await table.locator('tbody tr').count()).toBe(31);
    expect(await table.locator('tbody tr').first().innerText()).toMatch(/2024年12月1日\s+[\d,]+\s+[\d,]+\s+[\d,.]+ 元/);
  });

  it('asks for another day', async () => {
    const { page } = await visit(820);
    await drawn(page);
    await page.getByLabel('查询日').fill('2024-03-31');
    await page.getByRole('button', { name: '查看' }).click();
    await page.waitForURL(/asOf=2024-03-31/);
    await drawn(page);
    expect(await page.innerText('main')).toMatch(/11\s*／100 处/);
    expect(await page.innerText('main')).toContain('此后每月需新增');
  });

  it('says the sentence of the service when it refuses, and reads again on demand', async () => {
    let refusals = 1;
    const { page } = await visit(390, '', (fresh) => fresh.route('**/overview*', (route) => {
      refusals -= 1;
      return refusals < 0 ? route.fallback() : route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ code: 'busy', title: '系统暂时繁忙，请稍候。' }) });
    }));
    expect(await page.getByRole('alert').innerText()).toContain('系统暂时繁忙，请稍候。');
    expect(await axeFindings(page)).toEqual([]);
    expect(await sizeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '重新读取' }).click();
    await drawn(page);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('says that it is reading, keeps still for who asked for that, and says when the service is away', async () => {
    const { page } = await visit(390, '', (fresh) => fresh.route('**/overview*', async (route) => {
      await new Promise((done) => setTimeout(done, 1_000));
      await route.abort();
    }));
    await page.getByText('正在读取数据').waitFor();
    expect(await page.evaluate("parseFloat(getComputedStyle(document.querySelector('.waiting-bowl')).animationDuration)")).toBeLessThan(0.01);
    expect(await page.getByRole('alert').innerText()).toContain('连接不上服务');
  });

  it('fits a screen of 320 pixels, and one whose letters are twice as large', async () => {
    const { page } = await visit(320, '', everything);
    await drawn(page);
    expect(await sizeFindings(page)).toEqual([]);
    const { page: large } = await visit(820, '', everything);
    await drawn(large);
    await large.evaluate("document.documentElement.style.fontSize = '200%'");
    await settled(large);
    expect(await large.evaluate('document.documentElement.scrollWidth <= window.innerWidth + 1')).toBe(true);
  });

  it('leads to the page of the API, which works under its policy', async () => {
    const { page, complaints } = await visit(1280);
    await page.getByRole('link', { name: '接口说明' }).click();
    await page.getByRole('link', { name: '年度任务' }).click();
    await page.getByText('/v1/targets', { exact: false }).first().waitFor();
    expect(complaints).toEqual([]);
  });
});

describe('the checks themselves', () => {
  it('see small text, small targets, poor contrast and content that leaves the screen', async () => {
    const { page } = await visit(390);
    await drawn(page);
    await page.evaluate(`document.querySelector('main').insertAdjacentHTML('beforeend',
      '<p id="small">小字</p><a id="tiny" href="/x">小</a><p id="pale">浅字</p><div id="wide">宽</div>');
      const style = (id, more) => Object.assign(document.getElementById(id).style, more);
      style('small', { fontSize: '12px' }); style('tiny', { display: 'inline-block', width: '20px', height: '20px' });
      style('pale', { color: '#666', background: '#fff' }); style('wide', { width: '900px' });`);
    const sizes = await sizeFindings(page);
    expect(sizes).toContainEqual(expect.stringContaining('text of 12 px'));
    expect(sizes).toContainEqual(expect.stringMatching(/target of 20 × 20 px/));
    expect(sizes).toContainEqual(expect.stringContaining('content is'));
    expect((await axeFindings(page)).join('\n')).toMatch(/color-contrast-enhanced/);
  });
});
