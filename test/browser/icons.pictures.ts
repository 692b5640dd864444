import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutRoot } from '../../src/platform/index.js';
import { openBrowser } from '../support/browser.js';

const PUBLIC = join(checkoutRoot(), 'web/public');

/** `npm run pictures`: draws the till's icons for devices that take no SVG. A maskable one fills its square: the device cuts its shape out. */
it.each([['till-icon-192', 192, false], ['till-icon-512', 512, false], ['till-icon-maskable', 512, true]] as const)('draws %s', async (name, size, fills) => {
  const drawn = readFileSync(join(PUBLIC, 'till-icon.svg'), 'utf8');
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${fills ? drawn.replace(' rx="10"', '') : drawn}`);
    await page.screenshot({ path: join(PUBLIC, `${name}.png`), omitBackground: true });
  } finally {
    await browser.close();
  }
}, 60_000);
