import fc from 'fast-check';
import { verify, createPublicKey } from 'node:crypto';
import { BODY_KEPT_MS, bodyOf, bodyTelling, EMPTY, firstBreak, pastTheirTime, saleDeed, textToHash, voidDeed, type Sale } from './entry.js';
import { makeDeviceKeys, publicKeyText, seal, sha256, signEntry, unseal } from './keys.js';

/** The service's own, loaded by its path: its types are the server's, and stay out of the pages' check. */
const SERVER: string = '../../../src/tap/journal.js';
let entryHash: (prevHash: string, deed: object) => string;
beforeAll(async () => {
  ({ entryHash } = (await import(SERVER)) as { entryHash: typeof entryHash });
});

const sale: Sale = { credential: { kind: 'card', number: 'LC00000001' }, items: [{ itemCode: 'set', quantity: 1 }], priceListVersion: 3, mealPeriod: 'lunch', tender: 'cash' };
const NOON = Date.UTC(2024, 11, 3, 4);

const anySale: fc.Arbitrary<Sale> = fc.record({
  credential: fc.oneof(fc.constant({ kind: 'guest' as const }), fc.string({ maxLength: 40, unit: 'grapheme' }).map((number) => ({ kind: 'card' as const, number }))),
  items: fc.array(fc.record({ itemCode: fc.string({ maxLength: 40 }), quantity: fc.integer({ min: 1, max: 200 }) }), { minLength: 1, maxLength: 5 }),
  priceListVersion: fc.nat(), mealPeriod: fc.constantFrom('breakfast' as const, 'lunch' as const, 'dinner' as const), tender: fc.constantFrom('cash' as const, 'code' as const),
  shown: fc.record({ selfPayFen: fc.nat(), subsidyFen: fc.nat() }),
}, { requiredKeys: ['credential', 'items', 'priceListVersion', 'mealPeriod', 'tender'] });

describe('the hash of an entry', () => {
  it('is the one that the service computes from the body that it gets, whatever was sold', async () => {
    await fc.assert(fc.asyncProperty(anySale, fc.uuid(), fc.nat({ max: 1_000_000 }), async (sold, id, number) => {
      const head = { number, hash: await sha256(String(number)) };
      const deed = saleDeed(head, id, NOON, sold);
      const received = JSON.parse(bodyOf(head, deed, 'x')) as { prevHash: string };
      expect(await sha256(textToHash(head, deed))).toBe(entryHash(received.prevHash, received));
    }), { numRuns: 100 });
  });

  it('covers the sale that a void names, though the body leaves it to the address', async () => {
    const deed = voidDeed(EMPTY, 'id', NOON, { tapId: 'the-sale', reason: '按错键' });
    const { tapId, ...received } = { tapId: 'the-sale', ...(JSON.parse(bodyOf(EMPTY, deed, 'x')) as { prevHash: string; signature: string }) };
    expect(received).not.toHaveProperty('tapId');
    expect(await sha256(textToHash(EMPTY, deed))).toBe(entryHash(received.prevHash, { tapId, ...received }));
    expect(await sha256(textToHash(EMPTY, deed))).not.toBe(entryHash(received.prevHash, received));
  });

  it('is signed so that the enrolled key verifies it', async () => {
    const keys = await makeDeviceKeys();
    const hash = await sha256(textToHash(EMPTY, saleDeed(EMPTY, 'id', NOON, sale)));
    const key = createPublicKey({ key: Buffer.from(await publicKeyText(keys), 'base64'), format: 'der', type: 'spki' });
    const signature = Buffer.from(await signEntry(keys, hash), 'base64url');
    expect(signature).toHaveLength(64);
    expect(verify('sha256', Buffer.from(hash, 'hex'), { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
  });
});

describe('what lies in the till', () => {
  it('can be read by its own key only, and no key leaves the device', async () => {
    const [keys, others] = await Promise.all([makeDeviceKeys(), makeDeviceKeys()]);
    const sealed = await seal(keys, 'LC00000001');
    expect(Buffer.from(sealed.data).toString('utf8')).not.toContain('LC0');
    expect(await unseal(keys, sealed)).toBe('LC00000001');
    await expect(unseal(others, sealed)).rejects.toThrow();
    await expect(crypto.subtle.exportKey('pkcs8', keys.signing.privateKey)).rejects.toThrow();
    await expect(crypto.subtle.exportKey('raw', keys.sealing)).rejects.toThrow();
  });

  it('says where its chain breaks', () => {
    const chain = [{ number: 4, prevHash: 'a', hash: 'b' }, { number: 5, prevHash: 'b', hash: 'c' }, { number: 6, prevHash: 'c', hash: 'd' }];
    expect(firstBreak(chain)).toBeNull();
    expect(firstBreak([])).toBeNull();
    expect(firstBreak([chain[0], chain[2]] as typeof chain)).toBe(6);
    expect(firstBreak([chain[0], { number: 5, prevHash: 'x', hash: 'c' }] as typeof chain)).toBe(5);
  });
});

it('tells what was said beside the deed, and leaves the deed to the letter as it is', () => {
  const body = bodyOf(EMPTY, saleDeed(EMPTY, 'i', NOON, sale), 'sig');
  const told = { selfPayFen: 1200, subsidyFen: 300 };
  expect(bodyTelling(body, undefined)).toBe(body);
  expect(JSON.parse(bodyTelling(body, told))).toEqual({ ...(JSON.parse(body) as object), told });
  expect(bodyTelling(body, told).startsWith(body.slice(0, -1))).toBe(true);
});

it('keeps bodies for three days and entries for a week, but whatever waits for somebody as long as it waits', () => {
  const taken = { is: 'taken-back', returnedFen: 0 } as const;
  const entry = (ageMs: number, fate: object, sealed: object | null = {}) => ({ madeAt: NOON - ageMs, fate, sealed }) as unknown as Parameters<typeof pastTheirTime>[0][number];
  const of = (...entries: ReturnType<typeof entry>[]) => {
    const { gone, silent } = pastTheirTime(entries, NOON);
    return [gone.length, silent.length];
  };
  const week = 7 * 24 * 3_600_000;
  expect(of(entry(BODY_KEPT_MS, taken), entry(0, taken))).toEqual([0, 0]);
  expect(of(entry(BODY_KEPT_MS + 1, taken), entry(BODY_KEPT_MS + 1, taken, null))).toEqual([0, 1]);
  expect(of(entry(week + 1, taken), entry(week, taken))).toEqual([1, 1]);
  expect(of(entry(2 * week, { is: 'unsent', tries: 3 }), entry(2 * week, { is: 'blocked', code: 'x', sentence: '' }))).toEqual([0, 0]);
});
