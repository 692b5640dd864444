import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutRoot } from '../../src/platform/index.js';
import { builtPages, openBrowser, settled } from '../support/browser.js';
import { ElderCity } from '../support/elder-city.js';
import { ElderPage } from '../support/elder-page.js';
import type { TappingCity } from '../support/tapping-city.js';

const DISHES = [['pork', '红烧肉', []], ['greens', '炒青菜', []], ['rice', '米饭', []], ['fish', '清蒸鱼', ['fish']], ['tofu', '豆腐汤', ['soya']]] as const;
const SETS = [['set', '红烧肉套餐', ['pork', 'greens', 'rice'], ['lowSalt']], ['soft', '清蒸鱼软食套餐', ['fish', 'tofu', 'rice'], ['softDiet']]] as const;

async function sellThese(city: TappingCity): Promise<void> {
  for (const siteId of city.sites) {
    const post = async (path: string, body: object): Promise<void> => {
      const { status, body: told } = await city.staffed.call('POST', `/v1/sites/${siteId}/${path}`, { token: city.county, body: { id: randomUUID(), ...body } });
      expect({ status, told }).toMatchObject({ status: 201 });
    };
    await post('dishes', { dishes: DISHES.map(([itemCode, name, allergens]) => ({ itemCode, name, kind: 'dish', components: [], marks: [], allergens })) });
    await post('dishes', { dishes: SETS.map(([itemCode, name, components, marks]) => ({ itemCode, name, kind: 'set', components, marks, allergens: [] })) });
    await post('price-lists', { effectiveFrom: '2024-12-03', filingNumber: '示例备案1号', filedOn: '2024-12-01', prices: SETS.map(([itemCode]) => ({ itemCode, mealPeriod: 'lunch', fen: 1500, elderSet: true })) });
  }
}

/** `npm run pictures`: takes the pictures of docs/elder.md, of a made-up elder and canteen. */
it('takes the pages as an elder sees them', async () => {
  const folder = join(checkoutRoot(), 'docs/pictures');
  mkdirSync(folder, { recursive: true });
  const ground = await ElderCity.start(await builtPages());
  const browser = await openBrowser();
  try {
    const { city } = ground;
    await sellThese(city);
    const elder = await city.elder();
    const phone = await ElderPage.open(city, browser);
    const take = async (name: string, page = phone.page): Promise<void> => {
      await settled(page);
      await page.evaluate('window.scrollTo(0, 0)');
      await page.screenshot({ path: join(folder, `elder-${name}.png`), fullPage: true });
    };
    await phone.on('欢迎来到幸福食堂');
    await take('log-in');
    await phone.logIn(1);
    await phone.fill('助餐卡号', elder.card);
    await phone.fill('姓名', '张三丰');
    await take('bind');
    await phone.press('就是我，绑定');
    await phone.says('张三丰，您好。');
    await take('home');
    await phone.press('订今天的饭');
    await phone.on('订饭');
    await take('menu');
    await phone.press(/^订这份/);
    await phone.on('看一看，对不对');
    await take('order');
    await phone.press(/^订好，现在付/);
    await phone.page.getByRole('button', { name: '支付' }).waitFor();
    await phone.page.getByRole('button', { name: '支付' }).click();
    for (let tries = 0; tries < 40 && !(await phone.page.getByText(/已经付了/).first().isVisible()); tries += 1) {
      await ground.work();
      await phone.page.waitForTimeout(250);
    }
    await take('booked');
    await phone.home();
    await phone.press('我的用餐码');
    await phone.on('我的用餐码');
    await phone.page.locator('.code svg').waitFor();
    await take('code');

    await phone.home();
    await phone.press('家人和授权');
    await phone.on('家人和授权');
    await phone.press('给家人一个绑定码');
    const code = await phone.page.locator('.card .figure').innerText();
    const child = await ElderPage.open(city, browser);
    await child.on('欢迎来到幸福食堂');
    await child.logIn(2);
    await child.press('我是家人，帮老人办');
    await child.fill('八位绑定码', code);
    await child.fill('您的姓名', '张小明');
    await child.fill('您的手机号', '13800001234');
    await take('child', child.page);
    await child.press('绑定老人');
    await child.says(/正在帮/);
    await phone.home();
    await phone.press('家人和授权');
    await phone.on('家人和授权');
    await phone.press(/^同意.*看我吃的饭和账单$/);
    await phone.says('看我吃的饭和账单：同意了');
    await take('family');

    await phone.home();
    await phone.press(/^大字/);
    await phone.press(/^大字/);
    await take('large');
  } finally {
    await browser.close();
    await ground.close();
  }
}, 240_000);
