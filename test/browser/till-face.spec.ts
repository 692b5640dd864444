import type { Browser, Page } from 'playwright-core';
import { axeFindings, builtPages, openBrowser, openPage, settled, sizeFindings } from '../support/browser.js';
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
