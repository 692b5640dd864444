import { miniError, type MiniAnswer } from './mini-program.js';
import { MINUTE_MS } from './sim-times.js';
import type { Delivered, SimWorld } from './sim-world.js';

type Fields = Readonly<Record<string, unknown>>;

/** What a parameter of a template takes, by the letters that its name begins with. */
const PARAMETERS: Readonly<Record<string, (value: string) => boolean>> = {
  thing: (value) => [...value].length <= 20,
  number: (value) => /^-?[\d.]{1,32}$/.test(value),
  letter: (value) => /^[A-Za-z]{1,32}$/.test(value),
  symbol: (value) => [...value].length <= 5 && /^[\p{P}\p{S}]+$/u.test(value),
  character_string: (value) => /^[\x21-\x7e]{1,32}$/.test(value),
  time: (value) => /\d{1,2}:\d{2}/.test(value),
  date: (value) => /^\d{4}年\d{1,2}月\d{1,2}日|^\d{4}-\d{1,2}-\d{1,2}|^\d{1,2}月\d{1,2}日/.test(value),
  amount: (value) => /^[¥￥$]?\d{1,10}(?:\.\d+)?元?$/.test(value),
  phone_number: (value) => value.length <= 17 && /^[\d\-+]+$/.test(value),
  car_number: (value) => [...value].length <= 8,
  name: (value) => (/\p{Script=Han}/u.test(value) ? [...value].length <= 10 : value.length <= 20),
  phrase: (value) => /^\p{Script=Han}{1,5}$/u.test(value),
};

/** Pages of the mini-program's live version, as its app.json has them: of others WeChat knows nothing. */
export const MINI_PAGES: readonly string[] = ['web/miniprogram/pages/screen/screen'];

const MOST_MESSAGES = 1_000;

/** A reader gives leave for one more message by this template. */
export function allowMessage(world: SimWorld, openid: string, templateId: string): void {
  const key = `${openid} ${templateId}`;
  world.consents.set(key, (world.consents.get(key) ?? 0) + 1);
}

/** `cgi-bin/message/subscribe/send`. One consent is one message; a refused message burns none. */
export function sendMessage(world: SimWorld, body: Fields): MiniAnswer {
  const { touser, template_id: templateId, page, data } = body;
  if (typeof touser !== 'string' || !world.people.has(touser)) return miniError(world, 40003);
  if (typeof templateId !== 'string' || !/^[\w-]{6,64}$/.test(templateId)) return miniError(world, 40037);
  if (page !== undefined && (typeof page !== 'string' || !MINI_PAGES.includes(page.replace(/\?.*$/, '')))) return miniError(world, 41030);
  const wrong = wrongData(data);
  if (wrong !== null) return miniError(world, 47003, `argument invalid! ${wrong}`);
  const key = `${touser} ${templateId}`;
  const left = world.consents.get(key) ?? 0;
  if (left === 0) return miniError(world, 43101);
  world.consents.set(key, left - 1);
  const message: Delivered = { openid: touser, templateId, page: page ?? null, data: data as Delivered['data'], at: world.clock.now() };
  world.messages.push(message);
  if (world.messages.length > MOST_MESSAGES) world.messages.shift();
  return { errcode: 0, errmsg: 'ok', msgid: Number(world.random.digits(15)) };
}

/** What of the data breaks its rule, in the service's words; a text in place of an object is wrong as a whole. */
function wrongData(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return 'data should be object';
  for (const [name, field] of Object.entries(data)) {
    const value = (field as { value?: unknown } | null)?.value;
    if (typeof value !== 'string' || value === '') return `data.${name}.value is empty`;
    const rule = PARAMETERS[name.replace(/\d+$/, '')];
    if (rule === undefined || !rule(value)) return `data.${name}.value invalid`;
  }
  return null;
}

/** The smallest PNG: one point. */
const IMAGE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==', 'base64');
const CODES_A_MINUTE = 5_000;

/** `wxa/getwxacodeunlimit`: an image, or an error as JSON. */
export function drawCode(world: SimWorld, body: Fields): MiniAnswer {
  const { scene, page, width = 430 } = body;
  if (!world.within('wxacode', MINUTE_MS, CODES_A_MINUTE)) return miniError(world, 45009);
  if (typeof scene !== 'string' || !/^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}$/.test(scene)) return miniError(world, 40129);
  if (page !== undefined && (typeof page !== 'string' || !MINI_PAGES.includes(page))) return miniError(world, 41030);
  if (typeof width !== 'number' || width < 280 || width > 1280) return miniError(world, 47001);
  return IMAGE;
}
