import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { RECORDED_CODES, categoryRule } from '../../src/elder/domain/index.js';
import { importMenus } from '../../src/menu/index.js';
import { builtPages, giveChinese, openBrowser, settled } from '../support/browser.js';
import { CITY, TappingCity } from '../support/tapping-city.js';
import { TillPage } from '../support/till-page.js';

/** One elder of each class of age of the city's pack, one below them all, and one of a hundred years. */
const AGES = { 'below the pack': '19630601', '70 to 74': '19520601', '75 to 79': '19470601', '80 to 89': '19390601', 'from 90': '19300601', 'of a hundred': '19220601' } as const;

let city: TappingCity;
let browser: Browser;
let ticking: NodeJS.Timeout;
let counter: TillPage;
let display: Page;
/** Those who are on the roster from the beginning. */
let known: Eater[];

/** Somebody who eats. */
interface Eater {
  readonly who: string;
  readonly card: string | undefined;
}

/** What everybody round the counter could notice of a sale. */
interface Noticed {
  readonly who: string;
  /** Pictures, as base64. */
  readonly sign: string;
  readonly customerScreen: string;
  readonly sounds: string;
  /** Every word and every place on the receipt, digits and code aside. */
  readonly receipt: string;
  /** The cashier's own part as it is written, for eaters who are addressed alike. */
  readonly addressed: string;
  readonly cashier: string;
}

beforeAll(async () => {
  const pages = await builtPages();
  city = await TappingCity.start(undefined, pages);
  await sellSoupToo();
  known = [...(await Promise.all((Object.keys(AGES) as (keyof typeof AGES)[]).map(aged))), await classified('minLivingRecipient')];
  const [noon, begun] = [city.clock.now(), Date.now()];
  ticking = setInterval(() => city.clock.set(noon + Date.now() - begun), 100);
  browser = await openBrowser();
  counter = await TillPage.open(city, browser);
  await counter.context.addInitScript(`{
    globalThis.heard = [];
    const { start } = AudioBufferSourceNode.prototype;
    AudioBufferSourceNode.prototype.start = function (...when) { globalThis.heard.push(this.buffer.length + '@' + (when[0] > 0 ? 'then' : 'now')); return start.apply(this, when); };
    globalThis.print = () => undefined;
  }`);
  await counter.page.reload();
  await counter.begin();
  const { page } = counter;
  await page.getByRole('button', { name: '设置' }).click();
  await page.locator('.settings').getByRole('button', { name: '58 毫米' }).click();
  await page.getByRole('button', { name: '设置' }).click();
  display = await counter.context.newPage();
  await giveChinese(display);
  await display.goto(`${city.service.url}/till?display`);
  await display.locator('.display .says').waitFor();
  await settled(page);
}, 120_000);

afterAll(async () => {
  clearInterval(ticking);
  await browser?.close();
  await city?.close();
});

/** A dish that costs less than the smallest subsidy: whoever is entitled eats it free of charge. */
async function sellSoupToo(): Promise<void> {
  const siteId = city.sites[0] as string;
  const soup = { itemCode: 'soup', name: '汤', kind: 'dish' as const, components: [], marks: [], allergens: [] };
  await city.service.parts.transactor.run((tx) => importMenus(tx, city.clock, CITY, [{ siteId, weeks: [], dishes: [soup], priceLists: [] }], 'register'));
  const prices = [{ itemCode: 'set', mealPeriod: 'lunch', fen: 1500, elderSet: false }, { itemCode: 'soup', mealPeriod: 'lunch', fen: 100, elderSet: false }];
  const { status, body } = await city.staffed.call('POST', `/v1/sites/${siteId}/price-lists`, { token: city.county, body: { id: randomUUID(), effectiveFrom: '2024-12-03', prices } });
  expect([status, body]).toEqual([expect.any(Number), expect.objectContaining({ version: 2 })]);
}

/** An elder of 75 to 79 years with one category more. */
async function classified(code: string): Promise<Eater> {
  const rule = categoryRule(code);
  const { elderId, card } = await city.elder(AGES['75 to 79']);
  const body = { id: randomUUID(), code, from: '2024-01-01', source: '名单', evidence: '测试文号', ...(rule?.grades === undefined ? {} : { grade: rule.grades[0] }) };
  expect(await city.staffed.call('POST', `/v1/elders/${elderId}/categories`, { token: city.county, body })).toMatchObject({ status: 200 });
  return { who: rule?.name ?? code, card };
}

const aged = async (name: keyof typeof AGES): Promise<Eater> => ({ who: name, card: (await city.elder(AGES[name])).card });

/** A picture of a part of the page, drawn anew as a whole: what is drawn in pieces differs by a shade along the pieces. */
async function shot(page: Page, selector: string): Promise<string> {
  await page.evaluate(`{ const part = document.querySelector(${JSON.stringify(selector)}); part.style.display = 'none'; void part.offsetHeight; part.style.display = ''; }`);
  return (await page.locator(selector).screenshot()).toString('base64');
}


const written = (page: Page): Promise<string> => page.evaluate("document.querySelector('.eater').outerHTML") as Promise<string>;

/** What the receipt of the last sale is like, wherever its digits are. */
const RECEIPT = `[...document.querySelectorAll('.paper, .paper *')].map((part) => {
  const { top, height } = part.getBoundingClientRect();
  const own = [...part.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join('');
  return [part.className, own.replace(/校验码 .*/, '校验码').replace(/[0-9]+/g, '0'), Math.round(top), Math.round(height)].join(' ');
}).join('\\n')`;

/** Sells to somebody, and notices what there is to notice. */
async function serve({ who, card }: Eater, ...keys: string[]): Promise<Noticed> {
  const { page } = counter;
  await page.evaluate('heard.length = 0');
  await counter.press(...keys);
  await counter.sell(card);
  await counter.says('谢谢，请用餐');
  await display.locator('.says', { hasText: '谢谢，请用餐' }).waitFor();
  const [sign, cashier, addressed, sounds] = [await shot(page, '[data-zone="bystander"]'), await written(page), await page.innerText('.called'), await page.evaluate('heard.join(" ")')];
  // What an elder pays is between them and the screen that is turned to them: its place is the same, its digits are not.
  await display.evaluate("document.querySelector('.due .figure').firstChild.data = '0'");
  const customerScreen = await shot(display, '.display');
  await counter.press('=');
  const receipt = (await page.evaluate(RECEIPT)) as string;
  // The digits of the second screen are written anew with the next outcome.
  await display.reload();
  await display.locator('.display .says').waitFor();
  return { who, sign, customerScreen, sounds: sounds as string, receipt, addressed, cashier };
}

/** Who was noticed otherwise than the first, and by what. */
function differences(noticed: readonly Noticed[]): string[] {
  const [first] = noticed;
  if (first === undefined) return ['nobody ate'];
  const telling = (['sign', 'customerScreen', 'sounds', 'receipt'] as const).flatMap((what) => noticed.filter((one) => one[what] !== first[what]).map(({ who }) => `${who}: ${what}`));
  const alike = noticed.flatMap((one) => {
    const before = noticed.find((other) => other.addressed === one.addressed);
    return before !== undefined && before.cashier !== one.cashier ? [`${one.who}: cashier`] : [];
  });
  return [...telling, ...alike];
}

it('looks, sounds and prints the same for every class of age, every category, a guest and a free meal', async () => {
  const noticed: Noticed[] = [];
  for (const name of Object.keys(AGES) as (keyof typeof AGES)[]) noticed.push(await serve(await aged(name)));
  for (const code of RECORDED_CODES) noticed.push(await serve(await classified(code)));
  noticed.push(await serve({ who: 'a guest', card: undefined }));
  const paid = async (): Promise<string> => (await counter.page.innerText('.amount .figure')).replace(/\s/g, '');
  for (const name of ['70 to 74', 'from 90'] as const) {
    noticed.push(await serve(await aged(name), '2'));
    expect(await paid()).toBe('0元');
  }
  noticed.push(await serve(await aged('below the pack'), '2'));
  expect(await paid()).toBe('1元');
  // The dish is on the receipt, and is the eater's own choice: the rest of the paper is the same.
  const asSet = noticed.map((one) => ({ ...one, receipt: one.receipt.replace('word 汤 ', 'word 套餐 ') }));
  expect(differences(asSet)).toEqual([]);
  expect(noticed).toHaveLength(Object.keys(AGES).length + RECORDED_CODES.length + 4);
  expect(noticed[0]?.sounds).toMatch(/^\d+@now \d+@then$/);
  expect(noticed[0]?.receipt).toMatch(/实付/);
  expect(noticed[0]?.receipt).not.toMatch(/补贴|原价|餐费/);
  expect(counter.complaints).toEqual([]);
}, 240_000);

it('is the same without a network', async () => {
  const eaters = [...known, { who: 'a guest', card: undefined }];
  const online = await serve(await aged('80 to 89'));
  await counter.page.locator('.status', { hasText: '补贴保证到' }).waitFor();
  const shares: string[] = [];
  // The second screen is opened anew for each eater: it stands in the browser already, the service alone is away.
  await counter.context.route('**/v1/**', (route) => route.abort('connectionrefused'));
  const noticed = [online];
  for (const eater of eaters) {
    noticed.push(await serve(eater));
    shares.push((await counter.page.innerText('.amount .figure')).replace(/\s/g, ''));
  }
  expect(shares).toEqual(['15元', '14元', '13元', '12元', '11元', '11元', '13元', '15元']);
  expect(await counter.badge()).toMatch(new RegExp(`^${eaters.length}\\s`));
  expect(differences(noticed)).toEqual([]);
  await counter.context.unroute('**/v1/**');
}, 120_000);

it('would be seen: a class beside the sign, another colour, one pixel more, another sound', async () => {
  const { page } = counter;
  await counter.says('请刷卡');
  const plain: Noticed = { who: 'first', sign: await shot(page, '[data-zone="bystander"]'), customerScreen: await shot(display, '.display'), sounds: '1', receipt: 'a', addressed: '', cashier: await written(page) };
  const again = { ...plain, who: 'again', sign: await shot(page, '[data-zone="bystander"]'), customerScreen: await shot(display, '.display') };
  expect(differences([plain, again])).toEqual([]);
  const planted = async (script: string, back: string): Promise<string[]> => {
    await page.evaluate(script);
    const sign = await shot(page, '[data-zone="bystander"]');
    await page.evaluate(back);
    return differences([plain, { ...plain, who: 'planted', sign }]);
  };
  const says = "document.querySelector('[data-zone=\"bystander\"] .says')";
  expect(await planted(`${says}.append('低保')`, `${says}.lastChild.remove()`)).toEqual(['planted: sign']);
  expect(await planted(`${says}.style.color = '#0b524c'`, `${says}.style.color = ''`)).toEqual(['planted: sign']);
  expect(await planted(`${says}.style.position = 'relative'; ${says}.style.left = '1px'`, `${says}.style.left = ''`)).toEqual(['planted: sign']);
  expect(differences([plain, { ...plain, who: 'planted', sounds: '2', receipt: 'a ' }])).toEqual(['planted: sounds', 'planted: receipt']);
}, 60_000);
