import { oneUseCode } from './mini-program.js';
import { showPayCode } from './pay-codes.js';
import { payableOrder, settleOrder } from './pay-orders.js';
import type { SimAnswer, SimRequest } from './sim-server.js';
import type { SimParts } from './sim-services.js';
import { keyOf, type Order, type Person } from './sim-world.js';

const SHOWN_PEOPLE = 6;

const STYLE = `body{font:20px/1.6 system-ui,"Noto Sans SC",sans-serif;margin:0;background:#f4f4f2;color:#1a1a1a}main{max-width:32rem;margin:0 auto;padding:1rem}
p.note{background:#fff3cd;border:2px solid #7a5b00;border-radius:.5rem;padding:.5rem 1rem}h1{font-size:1.6rem}.sum{font-size:2.6rem;font-weight:700;margin:.5rem 0}
a.do,button{display:block;box-sizing:border-box;width:100%;min-height:64px;margin:.75rem 0;padding:.9rem 1rem;font:inherit;font-weight:600;text-align:center;text-decoration:none;border:2px solid #07632d;border-radius:.75rem;background:#fff;color:#07632d;cursor:pointer}
button.main{background:#07632d;color:#fff}code{font-size:1.8rem;letter-spacing:.1em}:focus-visible{outline:4px solid #0b57d0;outline-offset:2px}`;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replace(/[&<>"']/g, (letter) => escapes[letter] ?? letter);
const yuan = (fen: number): string => `${(fen / 100).toFixed(2)}`;

function page(title: string, body: string, status = 200): SimAnswer {
  const html = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title><style>${STYLE}</style></head>
<body><main><p class="note">模拟微信：这里不是真的微信，不会动用任何人的钱。</p><h1>${title}</h1>${body}</main></body></html>`;
  return { status, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'x-frame-options': 'DENY', 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'" }, body: html };
}

const sorry = (words: string): SimAnswer => page('打不开', `<p>${escape(words)}</p>`, 400);

/** An address of this machine or of the host that the page was asked from; the simulator sends nobody elsewhere. */
function backTo(text: string | null, request: SimRequest): URL | null {
  if (text === null || !URL.canParse(text)) return null;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && ['127.0.0.1', 'localhost', '[::1]', request.url.hostname].includes(url.hostname) ? url : null;
}

function go(url: URL, added: Readonly<Record<string, string>>): SimAnswer {
  for (const [name, value] of Object.entries(added)) url.searchParams.set(name, value);
  return { status: 303, headers: { location: url.href, 'cache-control': 'no-store' }, body: '' };
}

/** The phone number that a simulated person has; of a range that no one is given. */
const phoneOf = (person: Person): string => `1000000${String(person.number).padStart(4, '0')}`;

function people(parts: SimParts): Person[] {
  for (let number = 1; number <= SHOWN_PEOPLE; number += 1) parts.world.person(number);
  return [...parts.world.people.values()].sort((a, b) => a.number - b.number).slice(0, 30);
}

function choose(parts: SimParts, request: SimRequest, title: string, words: string): SimAnswer {
  const link = (person: Person): string => {
    const query = new URLSearchParams(request.url.searchParams);
    query.set('user', String(person.number));
    return `<a class="do" href="${escape(`${request.url.pathname}?${query.toString()}`)}">${escape(person.name)}</a>`;
  };
  return page(title, `<p>${words}</p>${people(parts).map(link).join('')}`);
}

/** Asks who is logging in, or whose number is given, and sends him back with a code. */
function authorize(parts: SimParts, request: SimRequest, kind: 'authorize' | 'phone'): SimAnswer {
  const query = request.url.searchParams;
  const back = backTo(query.get('redirect_uri'), request);
  if (back === null) return sorry('没有说明办完以后回到哪里。');
  const number = query.get('user');
  if (number === null || !/^[1-9]\d{0,5}$/.test(number)) return choose(parts, request, kind === 'authorize' ? '用哪个微信登录' : '用哪个微信的手机号', kind === 'authorize' ? '请选一位模拟的微信用户。' : '选一位，把他的手机号交给幸福食堂。');
  const person = parts.world.person(Number(number));
  const code = oneUseCode(parts.world, person, kind === 'phone' ? phoneOf(person) : undefined);
  const state = query.get('state');
  return go(back, { [kind === 'phone' ? 'phone_code' : 'code']: code, ...(state === null ? {} : { state }) });
}

/** The payment sheet of an order. */
function cashier(parts: SimParts, request: SimRequest): SimAnswer {
  const form = request.method === 'POST' ? new URLSearchParams(request.body.toString('utf8')) : request.url.searchParams;
  const [prepayId, returnUri] = [form.get('prepay_id') ?? '', form.get('return_uri')];
  const back = backTo(returnUri, request);
  if (back === null) return sorry('没有说明付完以后回到哪里。');
  if (request.method === 'POST' && form.get('deed') === 'cancel') return go(back, { pay: 'cancel' });
  const order = payableOrder(parts.world, prepayId);
  if (typeof order === 'string') return page('付不了', `<p>${order}。</p><a class="do" href="${escape(back.href)}">返回</a>`);
  if (request.method === 'POST') {
    const refused = settleOrder(parts.world, parts.callbacks, order);
    return refused === null ? go(back, { pay: 'ok' }) : page('付不了', `<p>${refused}。</p><a class="do" href="${escape(back.href)}">返回</a>`);
  }
  return page('微信支付', sheet(parts, order, prepayId, returnUri ?? ''));
}

function sheet({ world }: SimParts, order: Order, prepayId: string, returnUri: string): string {
  const payee = world.merchants.get(order.subMchid ?? order.mchid) ?? `特约商户 ${order.subMchid ?? order.mchid}`;
  const payer = world.people.get(order.openid ?? '')?.name ?? '';
  return `<p>付给：${escape(payee)}<br>内容：${escape(order.description)}<br>付款人：${escape(payer)}</p><p class="sum">${yuan(order.fen)}元</p>
<form method="post" action="/_sim/cashier"><input type="hidden" name="prepay_id" value="${escape(prepayId)}"><input type="hidden" name="return_uri" value="${escape(returnUri)}">
<button class="main" name="deed" value="pay">支付</button><button name="deed" value="cancel">取消</button></form>`;
}

/** The payment codes of the people, to type in at a till that has no scanner. */
function payCodes(parts: SimParts, request: SimRequest): SimAnswer {
  const number = request.url.searchParams.get('user');
  if (number === null || !/^[1-9]\d{0,5}$/.test(number)) return choose(parts, request, '出示付款码', '请选一位模拟的微信用户。');
  const person = parts.world.person(Number(number));
  return page('付款码', `<p>${escape(person.name)}，余额${yuan(person.balanceFen)}元</p><p><code>${showPayCode(parts.world, person)}</code></p><p>一分钟内有效，只能用一次。</p><a class="do" href="${escape(request.target)}">换一个</a>`);
}

/** What happened so far, for who tries it out. */
function overview(parts: SimParts): SimAnswer {
  const { world } = parts;
  const orders = [...world.orders.values()].slice(-20).reverse().map((order) => `<li>${escape(order.outTradeNo)}：${yuan(order.fen)}元，${escape(order.description)}，${order.state}${world.refunds.size > 0 && [...world.refunds.values()].some((one) => one.order === keyOf(order.subMchid ?? order.mchid, order.outTradeNo)) ? '（有退款）' : ''}</li>`);
  const messages = world.messages.slice(-10).reverse().map(({ data }) => `<li>${escape(Object.values(data).map(({ value }) => value).join('，'))}</li>`);
  return page('模拟微信', `<a class="do" href="/_sim/pay-codes">出示付款码</a><h2>最近的订单</h2><ul>${orders.join('') || '<li>还没有</li>'}</ul><h2>最近的订阅消息</h2><ul>${messages.join('') || '<li>还没有</li>'}</ul>`);
}

/** The pages for people; null for another address. */
export function answerPages(parts: SimParts, request: SimRequest): SimAnswer | null {
  switch (`${request.method} ${request.url.pathname}`) {
    case 'GET /':
    case 'GET /_sim/':
      return overview(parts);
    case 'GET /_sim/authorize':
      return authorize(parts, request, 'authorize');
    case 'GET /_sim/phone':
      return authorize(parts, request, 'phone');
    case 'GET /_sim/cashier':
    case 'POST /_sim/cashier':
      return cashier(parts, request);
    case 'GET /_sim/pay-codes':
      return payCodes(parts, request);
    default:
      return null;
  }
}
