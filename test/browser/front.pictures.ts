import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { layGround } from '../../src/boot.js';
import { seedDemo } from '../../src/demo.seed.js';
import { SwitchableClock } from '../../src/kernel/index.js';
import { checkoutRoot } from '../../src/platform/index.js';
import { putUp } from '../../src/service.js';
import { openBrowser, openPage, settled } from '../support/browser.js';
import { freshDatabase, runDirectory } from '../support/database.js';

/** `npm run pictures`: takes the README's pictures of the demo city, as a person would see it. */
it.each([1280, 820, 390])('takes the first page at %p pixels', async (width) => {
  const folder = join(checkoutRoot(), 'docs/pictures');
  mkdirSync(folder, { recursive: true });
  const database = await freshDatabase();
  const clock = new SwitchableClock();
  const settings = { port: 0, host: '127.0.0.1', databaseUrl: database.ownerUrl, redisUrl: undefined, dataDir: join(runDirectory(), `pictures-${width}`), logLevel: 'silent', jobs: 'here' } as const;
  const ground = await layGround(settings, clock, () => undefined);
  const service = await putUp(ground, true);
  const browser = await openBrowser();
  try {
    await seedDemo(service, ground, clock, true, () => undefined);
    await service.app.listen(0, '127.0.0.1');
    const page = await openPage(browser, width);
    await page.goto(`http://127.0.0.1:${(service.app.getHttpServer().address() as AddressInfo).port}/`);
    await page.waitForSelector('.chart[data-drawn]');
    await settled(page);
    await page.screenshot({ path: join(folder, `front-${width}.png`), fullPage: true });
  } finally {
    await browser.close();
    await service.close();
    await database.drop();
  }
}, 180_000);
