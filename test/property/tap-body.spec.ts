import fc from 'fast-check';
import { checkedBody } from '../../src/platform/index.js';
import { isPlainTap } from '../../src/tap/quick-tap.js';
import { quickTexts, textsOf } from '../../src/tap/tap-texts.js';
import { TapBody } from '../../src/tap/tap.dto.js';

const RULES = checkedBody();
const HEX = '0123456789abcdef';
const hex = (length: number) => fc.string({ unit: fc.constantFrom(...HEX), minLength: length, maxLength: length });
const SPLIT = fc.record({ selfPayFen: fc.nat(), subsidyFen: fc.nat() });

/** What a till sends. */
const GOOD = fc.record({
  id: fc.uuid({ version: 4 }),
  credential: fc.oneof(fc.record({ kind: fc.constant('guest') }), fc.record({ kind: fc.constant('code'), note: fc.string({ unit: fc.constantFrom('a', 'Z', '0', '-', '_'), minLength: 1, maxLength: 400 }) }), fc.record({ kind: fc.constant('card'), number: fc.string({ unit: fc.constantFrom('L', 'C', '0', '9'), minLength: 1, maxLength: 40 }) })),
  items: fc.array(fc.record({ itemCode: fc.constantFrom('set', 'set-lunch', '套餐', 'a.b_c'), quantity: fc.integer({ min: 1, max: 200 }), half: fc.constant(true), for: fc.constantFrom('relative', 'guest') }, { requiredKeys: ['itemCode', 'quantity'] }), { minLength: 1, maxLength: 20 }),
  priceListVersion: fc.integer({ min: 1, max: 1_000_000_000 }), mealPeriod: fc.constantFrom('breakfast', 'lunch', 'dinner'),
  deviceTime: fc.date({ min: new Date('2000-01-01'), max: new Date('2099-01-01'), noInvalidDate: true }).map((date) => date.toISOString()),
  journalNumber: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), prevHash: hex(64), tender: fc.constantFrom('cash', 'code', 'balance', 'none'),
  packVersion: fc.constantFrom('sample-2023', '2024.1'), presence: fc.constantFrom('photo', 'companion', 'number'), bookingId: fc.uuid({ version: 4 }), shown: SPLIT, signature: fc.base64String({ minLength: 4, maxLength: 88 }).map((text) => text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')),
}, { requiredKeys: ['id', 'credential', 'items', 'priceListVersion', 'mealPeriod', 'deviceTime', 'journalNumber', 'prevHash', 'tender'] });

/** Values that a field of a body may be by mistake or by intent. */
const ODD = fc.oneof(
  fc.anything({ maxDepth: 2 }), fc.constantFrom<unknown>('', ' ', '0', '1', 'NaN', '2024-02-30T11:00:00+08:00', '2024-13-01T00:00:00Z', '套'.repeat(41), 'x\u0000y', -1, 0, 1.5, 201, 1e21, Number.MAX_SAFE_INTEGER + 2, null, undefined, [], {}, true),
);

type Body = Record<string, unknown>;
const FIELDS = ['id', 'credential', 'items', 'priceListVersion', 'mealPeriod', 'deviceTime', 'journalNumber', 'prevHash', 'tender', 'packVersion', 'presence', 'bookingId', 'shown', 'signature', 'colour', 'constructor', 'toString'];

/** A body with something changed at some depth. */
const BENT = fc.tuple(GOOD, fc.constantFrom(...FIELDS), ODD, fc.constantFrom('set', 'drop', 'inside'), fc.constantFrom('quantity', 'half', 'for')).map(([good, field, odd, how, inside]): unknown => {
  const body = structuredClone(good) as Body;
  if (how === 'drop') delete body[field];
  else if (how === 'set') Object.defineProperty(body, field, { value: odd, enumerable: true, configurable: true, writable: true });
  else if (field === 'items') (body['items'] as Body[])[0] = { ...(body['items'] as Body[])[0], [inside]: odd };
  else if (field === 'credential') body['credential'] = { ...(body['credential'] as Body), [inside === 'half' ? 'note' : 'number']: odd };
  else if (field === 'shown') body['shown'] = { selfPayFen: odd, subsidyFen: 1 };
  else body[field] = odd;
  return body;
});

/** The body as the rules leave it, or null where they refuse it. */
async function byRules(body: unknown): Promise<unknown> {
  // A body arrives as JSON: what JSON cannot say cannot arrive.
  return RULES.transform(body, { type: 'body', metatype: class extends TapBody {} }).then((value: unknown) => JSON.parse(JSON.stringify(value)) as unknown, () => null);
}

test('what tills send is plain at the first look', () => {
  fc.assert(fc.property(GOOD, (body) => isPlainTap(body)), { numRuns: 500 });
});

test('whatever the quick look accepts, the rules accept and leave as it is', async () => {
  let accepted = 0;
  await fc.assert(fc.asyncProperty(fc.oneof(GOOD, BENT), async (value) => {
    const text = JSON.stringify(value);
    if (text === undefined) return;
    const body: unknown = JSON.parse(text);
    if (!isPlainTap(body)) return;
    accepted += 1;
    expect(await byRules(body)).toEqual(body);
  }), { numRuns: 4_000 });
  expect(accepted).toBeGreaterThan(1_000);
});

test.each<[string, (body: Body) => void]>([
  ['a number as text, which the rules read', (body) => (body['journalNumber'] = '7')],
  ['a code with a blank, which the rules allow', (body) => (body['items'] = [{ itemCode: '大 份', quantity: 1 }])],
])('%s is left to the rules', async (_, change) => {
  const [good] = fc.sample(GOOD, 1) as unknown as [Body];
  const body = structuredClone(good);
  change(body);
  expect(isPlainTap(body)).toBe(false);
  expect(await byRules(body)).not.toBeNull();
});

test('the texts that are hashed are those of canonical JSON, whatever the rules accept', async () => {
  let compared = 0;
  await fc.assert(fc.asyncProperty(fc.oneof(GOOD, BENT), fc.option(hex(64)), fc.uuid(), async (value, handle, terminalId) => {
    const accepted = await byRules(JSON.parse(JSON.stringify(value)));
    if (accepted === null) return;
    const { signature: _over, ...deed } = accepted as TapBody;
    expect(quickTexts(deed, handle, terminalId)).toEqual(textsOf(deed, handle, terminalId));
    compared += 1;
  }), { numRuns: 3_000 });
  expect(compared).toBeGreaterThan(1_000);
});

test.each([['packVersion', null], ['shown', null], ['colour', 'red'], ['items', [{ itemCode: 'a"b\\', quantity: 1, note: 'x' }]], ['credential', { kind: 'card', number: '套"1' }]])(
  'a %s of %j is written out by the rules too', (field, value) => {
    const [good] = fc.sample(GOOD, { numRuns: 1, seed: 7 }) as unknown as [TapBody];
    const deed = { ...good, [field]: value } as TapBody;
    expect(quickTexts(deed, null, 'till')).toEqual(textsOf(deed, null, 'till'));
  });
