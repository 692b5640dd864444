import { isRoute, type Fault } from './faults.js';
import { oneUseCode } from './mini-program.js';
import { allowMessage } from './mini-messages.js';
import type { Fields } from './pay-answer.js';
import { showPayCode } from './pay-codes.js';
import { payableOrder, settleOrder } from './pay-orders.js';
import { refundByHand } from './pay-refunds.js';
import { answerPages } from './sim-pages.js';
import type { SimAnswer, SimRequest } from './sim-server.js';
import type { SimParts } from './sim-services.js';
import type { Person } from './sim-world.js';

function json(status: number, value: unknown): SimAnswer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) };
}

/** A person as control shows him: by openid, which the service alone should learn from WeChat. */
function shown({ number, name, openid, balanceFen, needsPassword }: Person): Fields {
  return { number, name, openid, balanceFen, needsPassword };
}

function fieldsOf(body: Buffer): Fields {
  try {
    return JSON.parse(body.toString('utf8')) as Fields;
  } catch {
    return {};
  }
}

/**
 * What stands beside WeChat's own services: pages for who has no WeChat here, and the control.
 *
 *     GET    /_sim/faults               counts of faults that were met
 *     PUT    /_sim/faults/{route}       switches one on
 *     DELETE /_sim/faults               switches all off
 *     POST   /_sim/users/{number}       {name?, balanceFen?, needsPassword?}, also makes him
 *     POST   /_sim/users/{number}/login-code | phone-code {phone} | pay-code | consent {templateId}
 *     POST   /_sim/pay                  {prepayId}
 *     POST   /_sim/refunds              {subMchid, outTradeNo, fen}: the merchant's own, on WeChat Pay's page
 *     POST   /_sim/kill-token
 */
export function answerControl(parts: SimParts, request: SimRequest): SimAnswer {
  const page = answerPages(parts, request);
  if (page !== null) return page;
  const { world, tokens, callbacks } = parts;
  const [, , what = '', name = '', deed] = request.url.pathname.split('/');
  const body = fieldsOf(request.body);
  if (!request.url.pathname.startsWith('/_sim/')) return json(404, { errcode: 404, errmsg: 'no such service' });
  if (what === 'faults') {
    if (request.method === 'PUT' && isRoute(name)) world.faults.set(name, body as Fault);
    else if (request.method === 'DELETE') world.faults.clear(isRoute(name) ? name : undefined);
    else if (request.method !== 'GET') return json(400, { message: '没有这个接口名' });
    return json(200, world.faults.tally());
  }
  if (request.method !== 'POST') return json(405, { message: '请用POST' });
  if (what === 'kill-token') {
    tokens.kill();
    return json(200, {});
  }
  if (what === 'pay') {
    const order = payableOrder(world, String(body['prepayId']));
    const refused = typeof order === 'string' ? order : settleOrder(world, callbacks, order);
    return refused === null ? json(200, {}) : json(409, { message: refused });
  }
  if (what === 'refunds') {
    const refused = refundByHand(world, String(body['subMchid']), String(body['outTradeNo']), Number(body['fen']));
    return refused === null ? json(200, {}) : json(409, { message: refused });
  }
  if (what !== 'users' || !/^[1-9]\d{0,5}$/.test(name)) return json(404, { message: '没有这个地址' });
  return answerUser(parts, world.person(Number(name)), deed, body);
}

function answerUser({ world }: SimParts, person: Person, deed: string | undefined, body: Fields): SimAnswer {
  const { name, balanceFen, needsPassword, phone, templateId } = body;
  switch (deed) {
    case undefined:
      if (typeof name === 'string') person.name = name.slice(0, 20);
      if (Number.isSafeInteger(balanceFen)) person.balanceFen = balanceFen as number;
      if (typeof needsPassword === 'boolean') person.needsPassword = needsPassword;
      return json(200, shown(person));
    case 'login-code':
      return json(200, { code: oneUseCode(world, person) });
    case 'phone-code':
      return typeof phone === 'string' && /^1\d{10}$/.test(phone) ? json(200, { code: oneUseCode(world, person, phone) }) : json(400, { message: '手机号应为11位' });
    case 'pay-code':
      return json(200, { code: showPayCode(world, person) });
    case 'consent':
      allowMessage(world, person.openid, String(templateId));
      return json(200, {});
    default:
      return json(404, { message: '没有这个地址' });
  }
}
