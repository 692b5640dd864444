import type { Browser, BrowserContext, Page } from 'playwright-core';
import { axeFindings, openPage, settled, sizeFindings } from './browser.js';
import type { TappingCity } from './tapping-city.js';

/** What an elder's page is held to, above the rules of the other pages. */
const LEAST = { font: 20, target: 64, line: 1.3, whole: true };

/** How large somebody has their type: their own browser's (16 px for most), and how often they touched 大字. */
export interface TypeSize {
  readonly own: number;
  readonly touches: number;
}

/** The elder's page on a telephone, and the thumb of whoever holds it. */
export class ElderPage {
  private constructor(private readonly city: TappingCity, readonly context: BrowserContext, readonly page: Page, readonly complaints: string[]) {}

  /** Opens the elder's page in a telephone's browser of its own, by the service's clock. */
  static async open(city: TappingCity, browser: Browser, { own, touches }: TypeSize = { own: 16, touches: 0 }): Promise<ElderPage> {
    const page = await openPage(browser, 390, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 1 });
    page.setDefaultTimeout(15_000);
    const context = page.context();
    if (own !== 16) await (await context.newCDPSession(page)).send('Page.setFontSizes', { fontSizes: { standard: own } });
    const shift = city.clock.now() - Date.now();
    await context.addInitScript(`{ const Real = Date;
      globalThis.Date = class extends Real { constructor(...given) { if (given.length === 0) super(Real.now() + ${shift}); else super(...given); } static now() { return Real.now() + ${shift}; } }; }`);
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    const phone = new ElderPage(city, context, page, complaints);
    await page.goto(`${city.service.url}/elder`);
    for (let touched = 0; touched < touches; touched += 1) await phone.press(/^大字/);
    return phone;
  }

  /** Touches a button by its words. */
  async press(words: string | RegExp): Promise<void> {
    await this.page.getByRole('button', { name: words, ...(typeof words === 'string' ? { exact: true } : {}) }).first().click();
  }

  /** Waits until the page of a title is there and has read what it shows. */
  async on(title: string): Promise<void> {
    await this.page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
    await this.page.getByText('正在读取，请稍等…').waitFor({ state: 'detached' });
  }

  async says(words: string | RegExp): Promise<void> {
    await this.page.locator('main').getByText(words).first().waitFor();
  }

  fill(label: string, value: string): Promise<void> {
    return this.page.getByLabel(label, { exact: true }).fill(value);
  }

  /** Logs in as one of the simulated people of WeChat. */
  async logIn(person: number): Promise<void> {
    await this.press('微信登录');
    await this.page.locator('a.do').nth(person - 1).click();
    await this.page.waitForURL(`${this.city.service.url}/elder`);
  }

  /** Opens the first page anew, as a bookmark does. */
  async home(): Promise<void> {
    await this.page.goto(`${this.city.service.url}/elder`);
    await this.on('幸福食堂');
  }

  /** What the rules find on the page as it stands: axe with its rules of enhanced contrast, and the sizes for elders. */
  async findings(): Promise<string[]> {
    await settled(this.page);
    // From the top: what has been scrolled lies partly below the bar, and comes out again.
    await this.page.evaluate('window.scrollTo(0, 0)');
    return [...(await axeFindings(this.page)), ...(await sizeFindings(this.page, LEAST))];
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
