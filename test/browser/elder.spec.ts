import type { Browser } from 'playwright-core';
import { civilDate } from '../../src/kernel/index.js';
import { builtPages, openBrowser } from '../support/browser.js';
import { ElderPage } from '../support/elder-page.js';
import { TappingCity } from '../support/tapping-city.js';
import { startWechat, type TestWechat } from '../support/wechat.js';

let wechat: TestWechat;
let city: TappingCity;
let browser: Browser;
let ticking: NodeJS.Timeout;

beforeAll(async () => {
  const pages = await builtPages();
  wechat = await startWechat();
  city = await TappingCity.start(undefined, pages, { settings: wechat.settings });
  wechat.tells(city.service.url);
  city.clock.setTo(civilDate('2024-12-03'), 540);
  const [morning, begun] = [city.clock.now(), Date.now()];
  ticking = setInterval(() => city.clock.set(morning + Date.now() - begun), 100);
  browser = await openBrowser();
}, 180_000);

afterAll(async () => {
  clearInterval(ticking);
  await browser?.close();
  await city?.close();
  await wechat?.close();
});

it('takes an elder from the log-in to the menu', async () => {
  const elder = await city.elder();
  const phone = await ElderPage.open(city, browser);
  await phone.on('幸福食堂');
  await phone.page.screenshot({ path: '/tmp/e-login.png', fullPage: true });
  expect(await phone.findings()).toEqual([]);
  await phone.logIn(1);
  await phone.on('这是谁的手机？');
  await phone.page.screenshot({ path: '/tmp/e-bind.png', fullPage: true });
  expect(await phone.findings()).toEqual([]);
  await phone.fill('助餐卡号', elder.card.toLowerCase());
  await phone.fill('姓名', '张三丰');
  await phone.press('就是我，绑定');
  await phone.on('幸福食堂');
  await phone.says('张三丰，您好。');
  await phone.page.screenshot({ path: '/tmp/e-home.png', fullPage: true });
  expect(await phone.findings()).toEqual([]);
  await phone.press('订今天的饭');
  await phone.on('订饭');
  await phone.page.screenshot({ path: '/tmp/e-menu.png', fullPage: true });
  expect(await phone.findings()).toEqual([]);
  await phone.press(/^订这份/);
  await phone.on('看一看，对不对');
  await phone.page.screenshot({ path: '/tmp/e-order.png', fullPage: true });
  expect(phone.complaints).toEqual([]);
  await phone.close();
}, 120_000);
