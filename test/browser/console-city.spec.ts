import type { Browser, Page } from 'playwright-core';
import { axeFindings, builtPages, openBrowser, settled, sizeFindings } from '../support/browser.js';
import { enterConsole } from '../support/console-page.js';
import { TappingCity } from '../support/tapping-city.js';

let city: TappingCity;
let browser: Browser;
const open: Page[] = [];

beforeAll(async () => {
  city = await TappingCity.start(undefined, await builtPages());
  await city.staffed.add('manager', ['canteenManager'], '371502001', city.sites[0]);
  await city.staffed.add('first', ['cityOfficer'], '371500');
  await city.staffed.add('second', ['cityOfficer'], '371500');
  browser = await openBrowser();
}, 240_000);

afterEach(async () => {
  for (const page of open.splice(0)) await page.context().close();
});

afterAll(async () => {
  await browser?.close();
  await city?.close();
});

/** Opens a room of the console as somebody. */
async function enter(account: string, room: string): Promise<Page> {
  const page = await enterConsole(browser, city, account, room, 1366);
  open.push(page);
  return page;
}

/** At a desk and on a tablet. */
async function holds(page: Page): Promise<void> {
  for (const width of [1366, 768]) {
    await page.setViewportSize({ width, height: 1000 });
    await settled(page);
    expect(await axeFindings(page)).toEqual([]);
    expect(await sizeFindings(page)).toEqual([]);
  }
  await page.setViewportSize({ width: 1366, height: 1000 });
}

it('sets what WeChat announces, and by when complaints are answered', async () => {
  const page = await enter('first', '通知与期限');
  await page.getByText('还没有设模板').waitFor();
  await holds(page);
  await page.getByRole('button', { name: '设定“工作日都订的一天没有订上”' }).click();
  await page.getByLabel('模板编号').fill('template-1');
  await page.getByRole('button', { name: '保存模板' }).click();
  expect(await page.getByRole('alert').innerText()).toMatch(/至少填一个字段/);
  await page.getByLabel('填“助餐点”的字段').fill('secret');
  await page.getByRole('button', { name: '保存模板' }).click();
  await page.getByText(/模板的字段名不对/).waitFor();
  await page.getByLabel('填“助餐点”的字段').fill('thing1');
  await page.getByLabel('填“时间”的字段').fill('thing2');
  await page.getByLabel('点开消息到').selectOption({ label: '我订的饭' });
  await holds(page);
  await page.getByRole('button', { name: '保存模板' }).click();
  await page.getByRole('cell', { name: 'template-1' }).waitFor();
  expect(await city.rows('SELECT kind, template_id AS "templateId", page, fields FROM care_template')).toEqual(
    [{ kind: 'notBooked', templateId: 'template-1', page: 'web/miniprogram/pages/screen/screen?page=bookings', fields: { thing1: 'site', thing2: 'time' } }]);
  await page.getByLabel('投诉几天内答复').fill('5');
  await page.getByRole('button', { name: '保存期限' }).click();
  // The form is drawn anew with what holds from now on.
  await page.locator('input[name="answerDays"][value="5"]').waitFor();
  expect(await city.rows('SELECT answer_days AS days FROM care_setting')).toEqual([{ days: 5 }]);
}, 120_000);

it('has a no-show rule recorded by one, and confirmed by another alone', async () => {
  const page = await enter('first', '未取餐规定');
  await page.getByText('还没有登记过规定').waitFor();
  await page.getByText('登记新的规定').click();
  await page.getByLabel('预付的餐费不退百分之几').fill('50');
  await page.getByLabel('每份最多不退（元）').fill('很多');
  await page.getByLabel('依据文件文号').fill('测民〔2024〕1号');
  await page.getByLabel('依据文件名称').fill('关于预订未取餐的通知');
  await page.getByLabel('首日').fill('2024-12-10');
  await page.getByRole('button', { name: '登记', exact: true }).click();
  expect(await page.getByRole('alert').innerText()).toMatch(/应为金额/);
  await page.getByLabel('每份最多不退（元）').fill('5');
  await page.getByRole('button', { name: '登记', exact: true }).click();
  await page.getByText('请另一位市级同事复核').waitFor();
  await holds(page);
  await page.getByRole('button', { name: '提交复核' }).click();
  await page.getByRole('alert').waitFor();
  expect(await city.rows('SELECT 1 FROM no_show_rule_decision')).toEqual([]);
  const other = await enter('second', '未取餐规定');
  await other.getByRole('button', { name: '提交复核' }).click();
  await other.getByRole('cell', { name: '已复核' }).waitFor();
  expect(await other.getByRole('main').innerText()).toMatch(/今天：没有规定[^]*预付的餐费不退 50%，每份最多不退 5\.00 元/);
}, 120_000);

it('books for an estate in one go, and says of each row what became of it', async () => {
  const [first, second] = [await city.elder(), await city.elder()];
  const page = await enter('manager', '集体订餐');
  await page.getByLabel('用餐日期').fill('2024-12-10');
  await page.getByText('这一天还没有集体订餐。').waitFor();
  await page.getByLabel('助餐卡号').fill(`${first.card}\nLC99999999\n${second.card}`);
  await page.getByLabel('怎样取').selectOption('deliver');
  await page.getByRole('button', { name: '一起订' }).click();
  await page.getByText('共 3 位，订上 2 位').waitFor();
  await page.getByText(/没有订上：没有查到这张助餐卡/).waitFor();
  await holds(page);
  const words = await page.getByRole('main').innerText();
  expect(words).not.toMatch(new RegExp(`三丰|${first.card}`));
  expect(words).toContain(first.card.slice(-4));
  expect(await page.getByRole('group', { name: /集体订餐/ }).getByRole('row').count()).toBe(3);
}, 120_000);
