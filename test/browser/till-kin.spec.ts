import type { Browser } from 'playwright-core';
import { axeFindings, builtPages, openBrowser, settled, sizeFindings } from '../support/browser.js';
import { ElderCity } from '../support/elder-city.js';
import { ElderPage } from '../support/elder-page.js';
import { TillPage } from '../support/till-page.js';

/** The child is the second of the simulated people; the elder has no telephone. */
const CHILD = 2;
/** Text and targets that are read and touched from 80 cm. */
const FAR = { font: 20, target: 60 };

let ground: ElderCity;
let browser: Browser;
let counter: TillPage;
let child: ElderPage;
let elder: { elderId: string; card: string };

const panel = () => counter.page.getByRole('region', { name: '家人授权' });
const rules = async (): Promise<string[]> => {
  await settled(counter.page);
  return [...(await axeFindings(counter.page)), ...(await sizeFindings(counter.page, FAR))];
};

/** Opens consents as a cashier does, from the settings. */
async function open(): Promise<void> {
  await counter.page.getByRole('button', { name: '设置' }).click();
  await counter.page.getByRole('button', { name: /^老人刷卡/ }).click();
  await panel().waitFor();
  await counter.page.getByRole('button', { name: '设置' }).click();
}

beforeAll(async () => {
  ground = await ElderCity.start(await builtPages());
  elder = await ground.city.elder();
  browser = await openBrowser();
  counter = await TillPage.open(ground.city, browser);
  await counter.begin();
  child = await ElderPage.open(ground.city, browser);
}, 240_000);

afterAll(async () => {
  expect([counter?.complaints, child?.complaints]).toEqual([[], []]);
  await browser?.close();
  await ground?.close();
});

it('gives a child a code for what the elder agrees to, with the card laid down, and sells nothing by it', async () => {
  await open();
  await counter.scan(elder.card);
  await panel().getByText('没有家人绑定').waitFor();
  expect(await rules()).toEqual([]);
  await counter.press('0');
  await panel().getByText('您同意后，这位家人可以').waitFor();
  expect(await rules()).toEqual([]);
  // Nothing is agreed to by itself.
  expect(await panel().locator('[aria-pressed=true]').count()).toBe(0);
  expect(await counter.page.locator('.confirm').isDisabled()).toBe(true);
  await panel().getByRole('button', { name: '看吃的饭和账单' }).click();
  await counter.press('2', '2');
  expect(await panel().locator('[aria-pressed=true]').allInnerTexts()).toEqual([expect.stringContaining('看吃的饭和账单')]);
  await counter.press('Enter');
  const code = await panel().getByRole('status', { name: '给家人的绑定码' }).innerText();
  expect(code).toMatch(/^\d{4} \d{4}$/);
  expect(await rules()).toEqual([]);

  await child.on('欢迎来到幸福食堂');
  await child.logIn(CHILD);
  await child.on('这是谁的手机？');
  await child.press('我是家人，帮老人办');
  await child.press('用微信里的手机号');
  await child.page.locator('a.do').nth(CHILD - 1).click();
  await child.says(/^您的手机号 .*\*{4}.* 已经登记了。$/);
  await child.fill('八位绑定码', code);
  await child.fill('您的姓名', '张小明');
  await child.press('绑定老人');
  await child.says('正在帮 张** 办。');
  await child.press('吃过的饭和账单');
  await child.says(/没有用餐记录/);
  expect(await ground.city.rows('SELECT scopes, given_how AS how, until_date::text AS until FROM elder_consent WHERE elder_id = $1', [elder.elderId])).toEqual([{ scopes: ['meals'], how: 'till', until: '2025-03-04' }]);

  await counter.press('Enter');
  await panel().waitFor({ state: 'detached' });
  expect([await counter.count(), await counter.disk()]).toEqual([0, expect.not.stringContaining(code.replace(' ', ''))]);
}, 90_000);

it('refuses the child what the elder did not agree to', async () => {
  await child.home();
  await child.press('订今天的饭');
  await child.page.evaluate(`void (location.hash = 'menu?site=${ground.city.sites[0]}')`);
  await child.page.locator('.card').first().waitFor();
  await child.press(/^订这份/);
  await child.on('看一看，对不对');
  await child.press(/^订好，吃饭时再付/);
  await child.page.getByRole('alert').getByText('老人还没有同意').waitFor();
}, 60_000);

it('puts a code onto paper where the till has any, without saying whose it is', async () => {
  await counter.page.evaluate('void (window.print = () => { globalThis.prints = (globalThis.prints ?? 0) + 1; })');
  await counter.page.getByRole('button', { name: '设置' }).click();
  await counter.page.getByRole('button', { name: '58 毫米' }).click();
  await counter.page.getByRole('button', { name: '设置' }).click();
  await open();
  await counter.scan(elder.card);
  await panel().getByText('：看吃的饭和账单').waitFor();
  await panel().getByRole('button', { name: '同意一位家人，给绑定码' }).click();
  await counter.press('1', '2', '3', '4', 'Enter');
  const code = await panel().getByRole('status', { name: '给家人的绑定码' }).innerText();
  await panel().getByRole('button', { name: '打印绑定码' }).click();
  const paper = await counter.page.locator('.paper').textContent() ?? '';
  expect(paper).toContain(code);
  expect(paper).not.toMatch(/张|账单/);
  expect(await counter.page.evaluate('globalThis.prints')).toBe(1);
  await counter.press('Escape');
}, 60_000);

it('takes it back by the card, and the child sees nobody any more', async () => {
  await open();
  await counter.scan(elder.card);
  await panel().getByRole('button', { name: '看吃的饭和账单' }).waitFor();
  await counter.press('1');
  expect(await rules()).toEqual([]);
  await counter.press('Enter');
  await panel().getByText('已收回，马上生效。').waitFor();
  await panel().getByText('没有家人绑定').waitFor();
  await child.page.goto(`${ground.city.service.url}/elder`);
  await child.on('这是谁的手机？');
  expect(await child.page.locator('main').innerText()).not.toContain('张');
  await counter.press('Escape');
}, 60_000);

it('says clearly that nothing is given or taken back without a network, and goes on selling', async () => {
  await counter.context.setOffline(true);
  await open();
  await counter.scan(elder.card);
  await panel().getByRole('alert').getByText('没有联网，现在看不到，也不能同意和收回').waitFor();
  expect(await rules()).toEqual([]);
  await counter.press('Escape');
  await counter.sell();
  await counter.says('请用餐');
  await counter.context.setOffline(false);
  // The network goes once the elder has agreed: there is no code, and nothing is agreed to.
  await counter.uploaded();
  await open();
  await counter.scan(elder.card);
  await panel().getByText('没有家人绑定').waitFor();
  await counter.press('0', '1');
  await counter.page.route('**/v1/till/kin/code', (route) => route.abort('connectionrefused'));
  await counter.press('Enter');
  await panel().getByRole('alert').getByText('没有拿到绑定码').waitFor();
  await counter.page.unroute('**/v1/till/kin/code');
  await counter.press('Enter');
  await panel().getByRole('status', { name: '给家人的绑定码' }).waitFor();
}, 90_000);
