import type { Browser, Page } from 'playwright-core';
import { cleanPhoto } from '../../src/elder/domain/index.js';
import { openBrowser } from '../support/browser.js';

/** Draws something with many colours and gives it as a browser writes it, in base64. */
const MAKE = `async ({ type, clear }) => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [201, 167];
  const context = canvas.getContext('2d');
  for (let index = 0; index < 400; index += 1) {
    context.fillStyle = 'hsla(' + (index * 37) % 360 + ' 70% 50% / ' + (clear ? 0.3 : 1) + ')';
    context.fillRect((index * 53) % 201, (index * 29) % 167, 23, 17);
  }
  const blob = await new Promise((done) => canvas.toBlob(done, type, 0.8));
  return [...new Uint8Array(await blob.arrayBuffer())];
}`;

/** What a browser sees in a file: its size, and every pixel. */
const SEE = `async ({ bytes, type }) => {
  const picture = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type }));
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext('2d');
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, picture.width, picture.height);
  return [picture.width, picture.height, await crypto.subtle.digest('SHA-256', data).then((hash) => [...new Uint8Array(hash)].join(' '))];
}`;

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
  page = await browser.newPage();
  // What is asked for stands in a place that browsers trust, as the product's pages do.
  await page.route('http://localhost/', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>x</title>' }));
  await page.goto('http://localhost/');
}, 60_000);

afterAll(() => browser?.close());

test.each([['image/jpeg', false], ['image/png', false], ['image/webp', false], ['image/png', true], ['image/webp', true]])(
  'a picture that a browser wrote as %s (transparent: %s) looks the same to it after cleaning', async (type, clear) => {
    const file = (await page.evaluate(`(${MAKE})(${JSON.stringify({ type, clear })})`)) as number[];
    const cleaned = cleanPhoto(Uint8Array.from(file));
    if (!cleaned.ok) throw new Error(cleaned.code);
    const { mediaType, width, height, bytes } = cleaned.value;
    expect([mediaType, width, height]).toEqual([type, 201, 167]);
    const see = (some: readonly number[]) => page.evaluate(`(${SEE})(${JSON.stringify({ bytes: some, type })})`);
    const before = (await see(file)) as unknown[];
    expect(before.slice(0, 2)).toEqual([201, 167]);
    expect(await see([...bytes])).toEqual(before);
    expect(bytes.length).toBeLessThanOrEqual(file.length);
  });
