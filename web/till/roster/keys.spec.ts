import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { RosterKeys, textOfBase64Url, type OpenedTill } from './keys.js';

const [cardKey, rosterKey] = [Buffer.alloc(32, 7), Buffer.alloc(32, 9)];
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const opened: OpenedTill = {
  terminalId: 't', generation: 1, cardKey: cardKey.toString('base64'), rosterKey: rosterKey.toString('base64'),
  signatureKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64url'), keyDueAt: '', serverTime: '', metresAway: null, far: false,
};
const signature = (text: string): string => sign(null, Buffer.from(text), privateKey).toString('base64url');

it('calls a card what the service calls it, however its number was typed', async () => {
  const keys = await RosterKeys.of(opened);
  const digest = createHmac('sha256', cardKey).update('LC10000001').digest('hex');
  const handle = createHmac('sha256', rosterKey).update(digest).digest('base64url').slice(0, 22);
  expect(await keys.handleOfCard('lc-1000 0001')).toBe(handle);
  expect(await keys.handleOf(digest)).toBe(handle);
  expect(await keys.handleOfCard('LC10000002')).not.toBe(handle);
});

it('believes what the service signed, to the letter, and nothing else', async () => {
  const keys = await RosterKeys.of(opened);
  const text = '{"rows":[{"n":"张"}]}';
  expect(await keys.isSigned(text, signature(text))).toBe(true);
  expect(await keys.isSigned(text.replace('张', '李'), signature(text))).toBe(false);
  const other = generateKeyPairSync('ed25519').privateKey;
  for (const wrong of ['', 'x', signature(`${text} `), sign(null, Buffer.from(text), other).toString('base64url')]) expect(await keys.isSigned(text, wrong)).toBe(false);
});

it('reads base64url as UTF-8, or not at all', () => {
  expect(textOfBase64Url(Buffer.from('{"n":"张?"}').toString('base64url'))).toBe('{"n":"张?"}');
  expect(() => textOfBase64Url(Buffer.from([0xff, 0xfe]).toString('base64url'))).toThrow();
});
