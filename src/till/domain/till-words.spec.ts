import { generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { done } from '../../kernel/index.js';
import { metresBetween, openPass, passMessage, pinHolds, readReceiptCode, receiptCode, rosterStanding, rowOfPass, takePage, writePass, type Pass, type PassDesk, type RosterPage, type TillRow } from './index.js';

const HOUR = 3_600_000;
const NOW = 1_733_200_000_000;

describe('a roster', () => {
  it.each([[0, 'guaranteed'], [24 * HOUR - 1, 'guaranteed'], [24 * HOUR, 'review'], [72 * HOUR - 1, 'review'], [72 * HOUR, 'full-price'], [-2 * HOUR, 'full-price']])('of age %d ms stands as %s', (age, standing) => {
    expect(rosterStanding(NOW, NOW + age)).toBe(standing);
  });

  const row = (h: string, n = '张'): TillRow => ({ h, n, t: 'f', s: [], u: [] });
  const page = (over: Partial<RosterPage>): RosterPage => ({
    format: 1, siteId: 's', terminalId: 't', generation: 1, version: 1, since: null, asOf: NOW, guaranteedUntil: NOW, expiresAt: NOW, coversTo: '2024-12-31', countedTo: 0, versionKeys: [], rows: [], gone: [], next: null, ...over,
  });

  it('begins anew with the first page of a whole one, and takes changes into what is there', () => {
    const held = takePage(new Map([['old', row('old')]]), page({ rows: [row('a'), row('b')] }), true);
    takePage(held, page({ rows: [row('c')] }), false);
    expect([...held.keys()]).toEqual(['a', 'b', 'c']);
    takePage(held, page({ since: 1, rows: [row('a', '李')], gone: ['b'] }), true);
    expect([...held.values()].map(({ h, n }) => h + n)).toEqual(['a李', 'c张']);
  });
});

describe('a PIN', () => {
  it.each([['482913', true], ['111111', false], ['123456', false], ['890123', false], ['654321', false], ['210987', false], ['121212', false], ['482482', false], ['48291', false], ['4829133', false], ['48291a', false]])('%s: %s', (pin, holds) => {
    expect(pinHolds(pin)).toBe(holds);
  });
});

describe("a receipt's code", () => {
  const terminal = '3f9a0000-0000-4000-8000-000000000000';

  it('is read back as it was written, in any case', () => {
    const code = receiptCode(terminal, 2_023, `9e41b07a${'0'.repeat(56)}`);
    expect(code).toBe('3F9A-1K7-9E41B07A');
    expect(readReceiptCode(` ${code.toLowerCase()} `)).toEqual({ terminalHead: '3f9a', journalNumber: 2_023, hashHead: '9e41b07a' });
    expect(readReceiptCode('3F9A 1K7 9E41B07A')).toEqual(readReceiptCode(code));
  });

  it.each(['', '3F9A-0-9E41B07A', '3F9A-1K7', '3F9A-1K7-9E41B07', 'XYZW-1K7-9E41B07A', '3F9A-1K7-9E41B07A-1', '3F9A-zzzzzzzzzzz-9E41B07A'])('%p is none', (text) => {
    expect(readReceiptCode(text)).toBeNull();
  });
});

describe('a distance', () => {
  it('is that over the ground', () => {
    expect(metresBetween({ longitude: 115.98, latitude: 36.45 }, { longitude: 115.98, latitude: 36.46 })).toBe(1112);
    expect(metresBetween({ longitude: 115.98, latitude: 36.45 }, { longitude: 115.98, latitude: 36.45 })).toBe(0);
  });
});

describe('a pass', () => {
  const keys = generateKeyPairSync('ed25519');
  const pass: Pass = { cityCode: '371500', siteId: 'site', digest: 'd', surname: '张', title: 'f', stretches: [['', 'k', 'f0']], uses: [], issuedAt: NOW, expiresAt: NOW + 2 * HOUR, nonce: 'n' };
  const signed = (value: unknown, key: KeyObject = keys.privateKey): string => {
    const body = Buffer.from(JSON.stringify(value)).toString('base64url');
    return writePass(body, sign(null, Buffer.from(passMessage(body)), key).toString('base64url'));
  };
  const desk: PassDesk = {
    cityCode: '371500', siteId: 'site', now: NOW + 1, fromBase64: (text) => Buffer.from(text, 'base64url').toString('utf8'),
    verify: (message, signature) => verify(null, Buffer.from(message), keys.publicKey, Buffer.from(signature, 'base64url')),
  };

  it('is taken with the public key alone, and makes a row', async () => {
    expect(await openPass(`${signed(pass)}\n`, desk)).toEqual(done(pass));
    expect(rowOfPass(pass, 'handle')).toEqual({ h: 'handle', n: '张', t: 'f', s: pass.stretches, u: [] });
  });

  it.each([
    ['another key', signed(pass, generateKeyPairSync('ed25519').privateKey), 'pass-forged'],
    ['a changed text', signed(pass).replace('.', '.e'), 'pass-forged'],
    ['more than a day', signed({ ...pass, expiresAt: NOW + 25 * HOUR }), 'pass-forged'],
    ['something else that was signed', signed({ hello: 1 }), 'pass-forged'],
    ['half of it', signed(pass).slice(0, 40), 'pass-torn'],
    ['another prefix', signed(pass).replace('xf1', 'xf2'), 'pass-torn'],
    ['another site', signed({ ...pass, siteId: 'other' }), 'pass-other-site'],
    ['another city', signed({ ...pass, cityCode: '371600' }), 'pass-other-site'],
    ['an end that has come', signed({ ...pass, expiresAt: NOW + 1 }), 'pass-expired'],
    ['a beginning far ahead', signed({ ...pass, issuedAt: NOW + HOUR }), 'pass-expired'],
  ])('with %s is refused', async (_, text, code) => {
    expect(await openPass(text, desk)).toMatchObject({ ok: false, code });
  });
});
