import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutRoot } from '../../src/platform/index.js';
import { builtPages, openBrowser, settled } from '../support/browser.js';
import { TappingCity } from '../support/tapping-city.js';
import { TillPage } from '../support/till-page.js';

/** A menu as canteens have it: a set for elders, and what is sold beside it. */
const MENU = [
  ['set', '老年套餐', 1500, { guestFen: 1800, relativeFen: 1600, halfFen: 900 }], ['fish', '清蒸鱼', 1000, {}], ['pork', '红烧肉', 900, {}], ['egg', '番茄炒蛋', 500, {}],
  ['greens', '炒青菜', 400, {}], ['tofu', '豆腐汤', 300, {}], ['porridge', '小米粥', 150, {}], ['rice', '米饭', 100, {}], ['bun', '馒头', 80, {}],
] as const;

async function sellThese(city: TappingCity): Promise<void> {
  const post = async (path: string, body: object): Promise<void> => {
    expect((await city.staffed.call('POST', `/v1/sites/${city.sites[0]}/${path}`, { token: city.county, body: { id: randomUUID(), ...body } })).status).toBe(201);
  };
  await post('dishes', { dishes: MENU.filter(([itemCode]) => itemCode !== 'set').map(([itemCode, name]) => ({ itemCode, name, kind: 'dish', components: [], marks: [], allergens: [] })) });
  await post('dishes', { dishes: [{ itemCode: 'set', name: '老年套餐', kind: 'set', components: ['pork', 'greens', 'rice'], marks: [], allergens: [] }] });
  await post('price-lists', { effectiveFrom: '2024-12-03', filingNumber: '示例备案1号', filedOn: '2024-12-01', prices: MENU.map(([itemCode, , fen, kinds]) => ({ itemCode, mealPeriod: 'lunch', fen, elderSet: itemCode === 'set', ...kinds })) });
}

/** `npm run pictures`: takes the pictures of docs/till.md, of a made-up canteen at noon. */
it('takes the till as a cashier sees it', async () => {
  const folder = join(checkoutRoot(), 'docs/pictures');
  mkdirSync(folder, { recursive: true });
  const city = await TappingCity.start(undefined, await builtPages());
  const [noon, begun] = [city.clock.now(), Date.now()];
  const ticking = setInterval(() => city.clock.set(noon + Date.now() - begun), 100);
  const browser = await openBrowser();
  try {
    await sellThese(city);
    const cards: string[] = [];
    for (let index = 0; index < 6; index += 1) cards.push((await city.elder()).card);
    const counter = await TillPage.open(city, browser);
    const take = async (name: string, fullPage = false): Promise<void> => {
      await settled(counter.page);
      await counter.page.screenshot({ path: join(folder, `till-${name}.png`), fullPage });
    };
    await counter.page.getByLabel('登记码').waitFor();
    await take('enrol');
    await counter.enrol();
    await counter.hasRoster();
    await counter.page.getByRole('button', { name: '重新检查' }).click();
    await counter.page.locator('.checks').getByText('与服务器一致').waitFor();
    await take('opening', true);
    await counter.page.getByRole('button', { name: '开始收款' }).click();
    await counter.page.getByRole('button', { name: /^散客/ }).waitFor();
    await take('selling');
    await counter.sell(cards[0]);
    await take('sold');
    await counter.scan('NOBODY-1');
    await counter.says('请稍候');
    await take('wait');
    await counter.press('Enter');
    await counter.context.setOffline(true);
    for (const card of cards.slice(1, 4)) await counter.sell(card);
    await take('offline');
    await counter.context.setOffline(false);
    await counter.uploaded();
    await counter.page.locator('.badge').click();
    await take('records');
    await counter.page.getByRole('button', { name: '结班' }).click();
    await counter.page.locator('main input').first().waitFor();
    await take('closing');
    await counter.close();
  } finally {
    clearInterval(ticking);
    await browser.close();
    await city.close();
  }
}, 180_000);
