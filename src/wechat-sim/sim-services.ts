import type { Callbacks } from './callbacks.js';
import type { Met, Route } from './faults.js';
import { drawCode, sendMessage } from './mini-messages.js';
import { codeToSession, miniError, phoneNumber, type MiniAnswer, type StableTokens } from './mini-program.js';
import { refusal, type Fields, type PayReply } from './pay-answer.js';
import { chargeCode, reverseCharge } from './pay-codes.js';
import { closeOrder, placeOrder, queryOrder, settleOrder } from './pay-orders.js';
import { askRefund, endRefunds, queryRefund } from './pay-refunds.js';
import type { SimAnswer, SimRequest } from './sim-server.js';
import type { SimSigning } from './sim-signing.js';
import { keyOf, type SimWorld } from './sim-world.js';
import type { TradeBills } from './trade-bill.js';

/** What the services share. */
export interface SimParts {
  readonly world: SimWorld;
  readonly signing: SimSigning;
  readonly callbacks: Callbacks;
  readonly tokens: StableTokens;
  readonly bills: TradeBills;
  /** Body of `/v3/certificates`. */
  readonly certificates: () => Fields;
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
const CUT: SimAnswer = { status: 0, headers: {}, body: '', cut: true };

function fieldsOf(body: Buffer): Fields | null {
  try {
    const value: unknown = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
  } catch {
    return null;
  }
}

const MINI: Readonly<Record<string, { readonly route: Route; readonly method: 'GET' | 'POST'; readonly withToken: boolean }>> = {
  '/sns/jscode2session': { route: 'code2session', method: 'GET', withToken: false },
  '/cgi-bin/stable_token': { route: 'stableToken', method: 'POST', withToken: false },
  '/wxa/business/getuserphonenumber': { route: 'phone', method: 'POST', withToken: true },
  '/cgi-bin/message/subscribe/send': { route: 'message', method: 'POST', withToken: true },
  '/wxa/getwxacodeunlimit': { route: 'wxacode', method: 'POST', withToken: true },
};

/** The mini-program's services: status 200 whatever happens, JSON that calls itself plain text. Null for another address. */
export function answerMini(parts: SimParts, request: SimRequest): SimAnswer | null {
  const entry = MINI[request.url.pathname];
  if (!entry) return null;
  const met = parts.world.faults.meet(entry.route);
  if (met.lost === true) return CUT;
  const early = met.failsBefore === true ? -1 : met.errcode;
  const answer = early === undefined ? miniAnswer(parts, entry, request, met) : miniError(parts.world, early);
  if (met.dropsAnswer === true) return CUT;
  const told = met.failsAfter === true ? miniError(parts.world, -1) : answer;
  const delay = met.delayMs === undefined ? {} : { delayMs: met.delayMs };
  if (Buffer.isBuffer(told)) return { status: 200, headers: { 'content-type': 'image/png' }, body: told, ...delay };
  return { status: 200, headers: { 'content-type': entry.route === 'code2session' ? 'text/plain' : JSON_TYPE['content-type'] }, body: JSON.stringify(told), ...delay };
}

function miniAnswer({ world, tokens }: SimParts, { route, method, withToken }: (typeof MINI)[string], request: SimRequest, met: Met): MiniAnswer {
  // With another method the address's own parameters are not seen.
  if (request.method !== method) return miniError(world, route === 'code2session' ? 41002 : 43002, route === 'code2session' ? undefined : 'require POST method');
  const query = request.url.searchParams;
  const refused = withToken ? tokens.refusal(query.get('access_token')) : null;
  if (refused !== null) return miniError(world, refused);
  const body = fieldsOf(request.body);
  if (body === null) return miniError(world, 47001);
  if (route === 'code2session') return codeToSession(world, query, met);
  if (route === 'stableToken') return tokens.answer(body);
  if (route === 'phone') return phoneNumber(world, body, met);
  return route === 'message' ? sendMessage(world, body) : drawCode(world, body);
}

type PayCall = (parts: SimParts, request: SimRequest, found: RegExpExecArray, body: Fields, met: Met) => PayReply;

const TRADES = '^/v3/pay(/partner)?/transactions';
const ofPartner = (found: RegExpExecArray): boolean => found[1] !== undefined;
const queryOf = (request: SimRequest): Fields => Object.fromEntries(request.url.searchParams);

const PAY: readonly { readonly route: Route; readonly method: 'GET' | 'POST'; readonly path: RegExp; readonly call: PayCall }[] = [
  { route: 'jsapi', method: 'POST', path: new RegExp(`${TRADES}/jsapi$`), call: ({ world }, _request, found, body) => placeOrder(world, ofPartner(found), body) },
  { route: 'codepay', method: 'POST', path: new RegExp(`${TRADES}/codepay$`), call: ({ world }, _request, found, body, met) => chargeCode(world, ofPartner(found), body, met) },
  {
    route: 'query', method: 'GET', path: new RegExp(`${TRADES}/(out-trade-no|id)/([^/]+)$`),
    call: ({ world }, request, found) => queryOrder(world, ofPartner(found), found[2] === 'id' ? 'id' : 'out-trade-no', decodeURIComponent(found[3] ?? ''), queryOf(request)),
  },
  { route: 'close', method: 'POST', path: new RegExp(`${TRADES}/out-trade-no/([^/]+)/close$`), call: ({ world }, _request, found, body) => closeOrder(world, ofPartner(found), decodeURIComponent(found[2] ?? ''), body) },
  { route: 'reverse', method: 'POST', path: new RegExp(`${TRADES}/out-trade-no/([^/]+)/reverse$`), call: ({ world }, _request, found, body) => reverseCharge(world, ofPartner(found), decodeURIComponent(found[2] ?? ''), body) },
  { route: 'refund', method: 'POST', path: /^\/v3\/refund\/domestic\/refunds$/, call: ({ world }, _request, _found, body, met) => askRefund(world, body, met) },
  { route: 'refundQuery', method: 'GET', path: /^\/v3\/refund\/domestic\/refunds\/([^/]+)$/, call: ({ world }, request, found) => queryRefund(world, decodeURIComponent(found[1] ?? ''), queryOf(request)) },
  { route: 'bill', method: 'GET', path: /^\/v3\/bill\/tradebill$/, call: ({ bills }, request, _found, _body, met) => bills.ask(queryOf(request), met) },
  { route: 'certificates', method: 'GET', path: /^\/v3\/certificates$/, call: ({ certificates }) => ({ status: 200, body: certificates() }) },
];

/** WeChat Pay: every request signed by the merchant, every answer but a bill's file signed by WeChat. Null for another address. */
export async function answerPay(parts: SimParts, request: SimRequest): Promise<SimAnswer | null> {
  const { pathname } = request.url;
  if (!pathname.startsWith('/v3/')) return null;
  const { world, signing } = parts;
  const refused = signing.refusal(request.headers.authorization, request.method, request.target, request.body, world.clock.now());
  // To who cannot be known by a signature it answers without one.
  if (refused !== null) return { status: 401, headers: JSON_TYPE, body: JSON.stringify({ code: 'SIGN_ERROR', message: refused }) };
  if (pathname === '/v3/billdownload/file') return answerFile(parts, request);
  if (!request.headers['user-agent'] || !/application\/json|\*\/\*/.test(request.headers.accept ?? '')) return signed(parts, refusal(400, 'PARAM_ERROR', 'Http头须有User-Agent，Accept须为application/json'), {});
  for (const { route, method, path, call } of PAY) {
    const found = path.exec(pathname);
    if (found && request.method === method) return perform(parts, request, route, (body, met) => call(parts, request, found, body, met));
  }
  return signed(parts, refusal(404, 'RESOURCE_NOT_EXISTS', '无此接口'), {});
}

async function perform(parts: SimParts, request: SimRequest, route: Route, call: (body: Fields, met: Met) => PayReply): Promise<SimAnswer> {
  const { world, callbacks } = parts;
  const met = world.faults.meet(route);
  const systemError = refusal(500, 'SYSTEM_ERROR', '系统异常，请用相同参数重新调用');
  if (met.lost === true) return CUT;
  if (met.failsBefore === true) return signed(parts, systemError, met);
  if (met.code !== undefined) return signed(parts, refusal(met.status ?? 400, met.code, '模拟的错误'), met);
  const body = fieldsOf(request.body);
  if (body === null) return signed(parts, refusal(400, 'PARAM_ERROR', '请求内容不是JSON'), met);
  const reply = call(body, met);
  if (met.callbackFirst === true && reply.status === 200) await tellFirst(parts, route, body);
  else if (route === 'refund') endRefunds(world, callbacks);
  if (met.dropsAnswer === true) return CUT;
  return signed(parts, met.failsAfter === true ? systemError : reply, met);
}

/** The payer is quicker than the answer: pays at once, and the callback is out before the merchant knows of its order. */
async function tellFirst({ world, callbacks }: SimParts, route: Route, body: Fields): Promise<void> {
  if (route === 'jsapi') {
    const order = world.orders.get(keyOf(String(body['sub_mchid'] ?? body['mchid']), String(body['out_trade_no'])));
    if (order?.state === 'NOTPAY') settleOrder(world, callbacks, order);
  }
  if (route === 'refund') endRefunds(world, callbacks);
  await callbacks.deliver();
}

function signed({ world, signing }: SimParts, reply: PayReply, met: Met): SimAnswer {
  const body = Buffer.from(reply.body === null ? '' : JSON.stringify(reply.body));
  const headers = { ...(reply.body === null ? {} : JSON_TYPE), ...signing.headers(body, world.clock.now(), met) };
  return { status: reply.status, headers, body, ...(met.delayMs === undefined ? {} : { delayMs: met.delayMs }) };
}

function answerFile(parts: SimParts, request: SimRequest): SimAnswer {
  const met = parts.world.faults.meet('billFile');
  if (met.lost === true || met.dropsAnswer === true) return CUT;
  if (met.failsBefore === true) return signed(parts, refusal(500, 'SYSTEM_ERROR', '系统异常'), met);
  const file = parts.bills.file(request.url.searchParams.get('token'), met);
  return file === null ? signed(parts, refusal(404, 'RESOURCE_NOT_EXISTS', '账单文件不存在'), met) : { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: file };
}
