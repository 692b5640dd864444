import type { Browser, Page } from 'playwright-core';
import { openPage } from './browser.js';
import { PASSWORD } from './staffed-city.js';
import type { TappingCity } from './tapping-city.js';

/** Opens a room of the console as somebody, on the service's day. */
export async function enterConsole(browser: Browser, city: TappingCity, account: string, room: string, width = 1280): Promise<Page> {
  const page = await openPage(browser, width);
  page.setDefaultTimeout(20_000);
  await page.clock.setFixedTime(city.clock.now());
  await page.goto(`${city.service.url}/console`);
  await page.getByLabel('账号').fill(account);
  await page.getByLabel('密码').fill(PASSWORD);
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('link', { name: room, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: room, exact: true }).waitFor();
  return page;
}
