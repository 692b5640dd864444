import fc from 'fast-check';
import { createCipheriv, createPublicKey, createSign, createVerify, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { authorization, holds, openSealed, paySign, serialOf } from './pay-signing.js';
import type { SignedHeaders } from './types.js';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const NOW = Date.UTC(2024, 11, 3, 4);
const NOW_S = String(NOW / 1000);

/** Signs a body as WeChat Pay does, by its own description and not by our code. */
function signed(body: Buffer, key: KeyObject, change: { timestamp?: string; nonce?: string } = {}): SignedHeaders {
  const { timestamp = NOW_S, nonce = '5K8264ILTKCH16CQ2502SI8ZNMTM67VS' } = change;
  const signature = createSign('RSA-SHA256').update(Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from('\n')])).sign(key, 'base64');
  return { 'wechatpay-timestamp': timestamp, 'wechatpay-nonce': nonce, 'wechatpay-signature': signature, 'wechatpay-serial': 'PUB_KEY_ID_1' };
}

describe('a request', () => {
  it('is signed over its five lines', () => {
    fc.assert(fc.property(fc.constantFrom('GET' as const, 'POST' as const), fc.webPath(), fc.string({ unit: 'grapheme' }), (method, path, body) => {
      const header = authorization({ mchId: '1900000100', serial: '3DD3', key: privateKey }, method, path, body, NOW, 'NONCE');
      const [, signature] = /signature="([^"]+)"$/.exec(header) ?? [];
      expect(header).toMatch(new RegExp(`^WECHATPAY2-SHA256-RSA2048 mchid="1900000100",nonce_str="NONCE",timestamp="${NOW_S}",serial_no="3DD3",signature="`));
      expect(createVerify('RSA-SHA256').update(`${method}\n${path}\n${NOW_S}\nNONCE\n${body}\n`).verify(publicKey, signature ?? '', 'base64')).toBe(true);
    }), { numRuns: 30 });
  });

  it('lets the phone show the sheet by four lines', () => {
    const sign = paySign(privateKey, 'wx1', NOW_S, 'NONCE', 'prepay_id=wx2');
    expect(createVerify('RSA-SHA256').update(`wx1\n${NOW_S}\nNONCE\nprepay_id=wx2\n`).verify(publicKey, sign, 'base64')).toBe(true);
  });
});

describe('an answer or a notice', () => {
  it('holds by its bytes, whatever they are', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const body = Buffer.from(bytes);
      expect(holds(signed(body, privateKey), body, publicKey, NOW)).toBe(true);
    }), { numRuns: 30 });
  });

  it('does not hold with any one byte changed', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (bytes, place, change) => {
      const body = Buffer.from(bytes);
      const altered = Buffer.from(body);
      altered[place % body.length] = (altered[place % body.length] ?? 0) ^ change;
      expect(holds(signed(body, privateKey), altered, publicKey, NOW)).toBe(false);
    }), { numRuns: 50 });
  });

  const body = Buffer.from('{"id":"EV-1"}');
  it.each<[string, SignedHeaders, boolean]>([
    ['five minutes old', signed(body, privateKey, { timestamp: String(NOW / 1000 - 300) }), true],
    ['a second older', signed(body, privateKey, { timestamp: String(NOW / 1000 - 301) }), false],
    ['five minutes ahead', signed(body, privateKey, { timestamp: String(NOW / 1000 + 300) }), true],
    ['a second further', signed(body, privateKey, { timestamp: String(NOW / 1000 + 301) }), false],
    ['no number for a time', signed(body, privateKey, { timestamp: `${NOW_S}.0` }), false],
    ['of another key', signed(body, other.privateKey), false],
    ['of another time than it says', { ...signed(body, privateKey), 'wechatpay-timestamp': String(NOW / 1000 + 1) }, false],
    ['of another nonce', { ...signed(body, privateKey), 'wechatpay-nonce': 'OTHER' }, false],
    ['with a probe for a signature', { ...signed(body, privateKey), 'wechatpay-signature': `WECHATPAY/SIGNTEST/${String(signed(body, privateKey)['wechatpay-signature'])}` }, false],
    ['with nothing for a signature', { ...signed(body, privateKey), 'wechatpay-signature': '' }, false],
    ['with a header twice', { ...signed(body, privateKey), 'wechatpay-signature': ['a', 'b'] }, false],
    ['without a time', { ...signed(body, privateKey), 'wechatpay-timestamp': undefined }, false],
  ])('%s', (_, headers, expected) => {
    expect(holds(headers, body, publicKey, NOW)).toBe(expected);
  });

  it('names its key', () => {
    expect(serialOf({ 'wechatpay-serial': 'PUB_KEY_ID_1' })).toBe('PUB_KEY_ID_1');
    expect([serialOf({}), serialOf({ 'wechatpay-serial': 'a b' }), serialOf({ 'wechatpay-serial': ['a'] })]).toEqual([null, null, null]);
    expect(createPublicKey(privateKey).equals(publicKey)).toBe(true);
  });
});

describe('what is sealed', () => {
  const KEY = '0123456789abcdef0123456789abcdef';
  const seal = (text: Buffer, nonce: string, associatedData: string): string => {
    const cipher = createCipheriv('aes-256-gcm', Buffer.from(KEY), Buffer.from(nonce)).setAAD(Buffer.from(associatedData));
    return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('base64');
  };

  it('opens, with and without data beside it', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), fc.stringMatching(/^[0-9a-zA-Z]{12}$/), fc.constantFrom('', 'transaction', 'refund'), (bytes, nonce, associatedData) => {
      const ciphertext = seal(Buffer.from(bytes), nonce, associatedData);
      expect(openSealed(KEY, { ciphertext, nonce, associatedData })).toEqual(Buffer.from(bytes));
    }));
  });

  it('does not open cut, altered, or beside other data', () => {
    const [nonce, associatedData] = ['abcdefghijkl', 'transaction'];
    const ciphertext = seal(Buffer.from('{"total":1}'), nonce, associatedData);
    const bytes = Buffer.from(ciphertext, 'base64');
    const altered = Buffer.from(bytes);
    altered[0] = (altered[0] ?? 0) ^ 1;
    const sealed = { ciphertext, nonce, associatedData };
    expect(openSealed(KEY, sealed)).not.toBeNull();
    for (const wrong of [
      { ...sealed, ciphertext: bytes.subarray(0, -1).toString('base64') }, { ...sealed, ciphertext: bytes.subarray(0, 8).toString('base64') }, { ...sealed, ciphertext: altered.toString('base64') },
      { ...sealed, associatedData: '' }, { ...sealed, nonce: 'abcdefghijkm' }, { ...sealed, nonce: '' },
    ]) expect(openSealed(KEY, wrong)).toBeNull();
    expect(openSealed(KEY.toUpperCase(), sealed)).toBeNull();
  });
});
