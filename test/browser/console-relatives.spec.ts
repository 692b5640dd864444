import type { Browser, Page } from 'playwright-core';
import { axeFindings, builtPages, openBrowser, openPage, settled, sizeFindings } from '../support/browser.js';
import { childPhone, strangerPhone } from '../support/mini.js';
import { PASSWORD } from '../support/staffed-city.js';
import { TappingCity } from '../support/tapping-city.js';

let city: TappingCity;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  city = await TappingCity.start(undefined, await builtPages());
  await city.staffed.add('worker', ['communityWorker'], '371502001');
  browser = await openBrowser();
  page = await openPage(browser, 390);
  page.setDefaultTimeout(8_000);
  // By the service's clock.
  await page.clock.setFixedTime(city.clock.now());
}, 240_000);

afterAll(async () => {
  await browser?.close();
  await city?.close();
});

async function holds(): Promise<void> {
  await settled(page);
  expect([await axeFindings(page), await sizeFindings(page)]).toEqual([[], []]);
}

it('a worker reads an elder a code on the telephone, sees who is let in, and takes it back', async () => {
  const { elderId, card } = await city.elder();
  const [child, own] = [await childPhone(city, elderId, ['meals']), await strangerPhone(city)];
  await page.goto(`${city.service.url}/console`);
  await page.getByLabel('账号').fill('worker');
  await page.getByLabel('密码').fill(PASSWORD);
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('link', { name: '微信与家人' }).click();
  await page.getByLabel('助餐卡号').fill('LC99999999');
  await page.getByRole('button', { name: '查找老人' }).click();
  await page.getByText('没有查到这位老人').waitFor();
  await page.getByLabel('助餐卡号').fill(card);
  await page.getByRole('button', { name: '查找老人' }).click();
  await page.getByText('老人本人没有绑定微信').waitFor();
  await page.getByRole('row', { name: /张\*\*（子女）/ }).waitFor();
  await holds();
  await page.getByRole('button', { name: '开绑定码' }).click();
  const said = await page.getByText(/绑定码 \d{4} \d{4}/).innerText();
  const bindingCode = /\d{4} \d{4}/.exec(said)?.[0] ?? '';
  expect(await own.post('/v1/mini/bind-self', { id: crypto.randomUUID(), bindingCode })).toMatchObject({ status: 200, body: { elderId } });
  await page.getByLabel('给谁').selectOption('new');
  await page.getByRole('button', { name: '开绑定码' }).click();
  await page.getByText(/绑定码 \d{4} \d{4}/).filter({ hasNotText: bindingCode }).waitFor();
  // The elder is there, and agrees to another thing than before.
  await page.getByText('登记老人当面同意').click();
  await page.getByText(/念给老人听：您同意后/).waitFor();
  await page.getByLabel('同意哪位家人').selectOption({ label: '张**（子女）' });
  await page.getByLabel('老人本人在场').check();
  await page.getByRole('button', { name: '登记同意' }).click();
  await page.getByText('请至少勾一项').waitFor();
  await page.getByLabel('订餐').check();
  await page.getByLabel('到哪天为止').fill('2025-03-03');
  await holds();
  await page.getByRole('button', { name: '登记同意' }).click();
  await page.getByRole('row', { name: /张\*\*（子女）.*已绑定 订餐 2025-03-03/ }).waitFor();
  expect((await child.get('/v1/mini/me')).body.kin).toMatchObject([{ elderId, rights: ['ordering'] }]);
  await page.getByRole('button', { name: '登记同意' }).click();
  expect(await page.locator('.tick input:invalid').count()).toBe(1);
  await page.getByText('应老人要求收回').click();
  await page.getByLabel('收回谁的').selectOption({ label: '张**（子女）' });
  await page.getByRole('button', { name: '收回', exact: true }).click();
  await page.getByText('已收回，当场生效。').waitFor();
  await page.getByText('老人本人已绑定微信').waitFor();
  expect((await child.get('/v1/mini/me')).body.kin).toEqual([]);
  expect(await page.getByRole('main').innerText()).not.toMatch(new RegExp(`三丰|${card}|13800001234`));
  await holds();
}, 60_000);
