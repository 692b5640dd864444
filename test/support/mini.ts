import { randomUUID } from 'node:crypto';
import { MiniSessions, type MiniTokens } from '../../src/access/index.js';
import { insertConsent } from '../../src/elder/consent.store.js';
import { insertContact } from '../../src/elder/contact.store.js';
import { keepAccount } from '../../src/family/account.store.js';
import type { KinRight } from '../../src/family/domain/index.js';
import { insertKin, insertSelf } from '../../src/family/kin.store.js';
import { civilDate, today, type CivilDate } from '../../src/kernel/index.js';
import type { MiniActor, Tx } from '../../src/platform/index.js';
import type { TestApp } from './app.js';
import { CITY } from './staffed-city.js';

/** The service that a test talks to: a city of tests. */
interface Served {
  readonly service: TestApp;
}

/** Somebody logged in to the mini-program. */
export class TestPhone {
  constructor(private readonly city: Served, readonly accountId: string, readonly openid: string, public tokens: MiniTokens) {}

  get actor(): MiniActor {
    return { kind: 'mini', cityCode: CITY, accountId: this.accountId, sessionId: this.accountId };
  }

  async call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: object, from = '127.0.0.1') {
    const response = await this.city.service.app.inject({
      method, url, remoteAddress: from, headers: { authorization: `Bearer ${this.tokens.accessToken}` }, ...(body === undefined ? {} : { payload: body }),
    });
    return { status: response.statusCode, body: response.json(), headers: response.headers };
  }

  get(url: string) {
    return this.call('GET', url);
  }

  post(url: string, body: object) {
    return this.call('POST', url, body);
  }

  /** New tokens as after a log-in: a test that moves the clock calls it. */
  async logInAgain(): Promise<void> {
    this.tokens = await inTx(this.city, (tx) => this.city.service.app.get(MiniSessions).open(tx, CITY, this.accountId));
  }
}

function inTx<T>({ service }: Served, work: (tx: Tx) => Promise<T>): Promise<T> {
  return service.parts.transactor.run(work);
}

/** An account that is bound to nobody, logged in. Written straight into the stores; the log-in itself has tests of its own. */
export async function strangerPhone(city: Served, openid = `o${randomUUID().replaceAll('-', '').slice(0, 27)}`): Promise<TestPhone> {
  const { parts, app } = city.service;
  return inTx(city, async (tx) => {
    const accountId = await keepAccount(tx, parts.cipher, CITY, { accountId: randomUUID(), openid }, parts.clock.now());
    return new TestPhone(city, accountId, openid, await app.get(MiniSessions).open(tx, CITY, accountId));
  });
}

/** The elder's own telephone. */
export async function elderPhone(city: Served, elderId: string, openid?: string): Promise<TestPhone> {
  const phone = await strangerPhone(city, openid);
  await inTx(city, (tx) => insertSelf(tx, CITY, { bindingId: randomUUID(), accountId: phone.accountId, elderId, how: 'staffCode' }, city.service.parts.clock.now()));
  return phone;
}

/** The telephone of an elder's child with what the elder consented to; no scopes is bound without any consent. */
export async function childPhone(city: Served, elderId: string, scopes: readonly KinRight[], until: CivilDate = civilDate('2099-12-31'), openid?: string): Promise<TestPhone & { contactId: string }> {
  const phone = await strangerPhone(city, openid);
  const { parts } = city.service;
  const [contactId, now] = [randomUUID(), parts.clock.now()];
  const writing = { cityCode: CITY, by: 'test', now };
  await inTx(city, async (tx) => {
    await insertContact(tx, parts.cipher, writing, { entryId: contactId, contactId, elderId, name: '张小明', phone: '13800001234', relation: 'child', emergency: false, corrects: null, withdrawn: false });
    await insertKin(tx, CITY, { bindingId: randomUUID(), accountId: phone.accountId, elderId, contactId, how: 'elderCode' }, now);
    if (scopes.length > 0) {
      await insertConsent(tx, writing, {
        consentId: randomUUID(), elderId, grantee: 'relative', contactId, version: 1, scopes, until, givenOn: today(parts.clock), givenHow: 'miniProgram', notice: '家人授权说明', helper: null, withdrawn: false,
      });
    }
  });
  return Object.assign(phone, { contactId });
}
