import { createHmac, randomBytes } from 'node:crypto';
import { digitsInFours, looksLikeEatingCode, offlineText, printedText, readEatingCode, shownText, stepOf, totp } from './index.js';

describe('a code that stands for the card', () => {
  it.each([
    ['a picture', shownText('0123456789ABCDEF0123456789ABCDEF'), { kind: 'shown', by: 'text', value: '0123456789ABCDEF0123456789ABCDEF' }],
    ['a picture in small letters', 'ym10123456789abcdef0123456789abcdef', { kind: 'shown', by: 'text', value: '0123456789ABCDEF0123456789ABCDEF' }],
    ['digits as read out', '1234 5678 9', { kind: 'shown', by: 'digits', value: '23456789' }],
    ['digits of full width', '１２３４５６７８９', { kind: 'shown', by: 'digits', value: '23456789' }],
    ['an offline picture', offlineText(123456789, '004567'), { kind: 'offline', locator: 123456789, otp: '004567' }],
    ['offline digits', '2123456789004567', { kind: 'offline', locator: 123456789, otp: '004567' }],
    ['paper', printedText('00000000000001'), { kind: 'printed', value: '00000000000001' }],
  ])('is read from %s', (_, text, code) => expect(readEatingCode(text)).toEqual(code));

  it.each(['', 'LC00000001', 'YD12040012KTRMX', '12345678', '1234567890', 'YM4123', '2012345678004567', '134567890123456789'])('is not %p', (text) => expect(readEatingCode(text)).toBeNull());

  it('is told from cards, pick-up codes and passes by its head', () => {
    expect(['YM1AB', 'ym 2123', 'LC00000001', 'YD1204', 'xf1.YM1', '130123456789012345'].map(looksLikeEatingCode)).toEqual([true, true, false, false, false, false]);
  });

  it('is read out in fours', () => expect([digitsInFours('123456789'), digitsInFours('2123456789004567')]).toEqual(['1234 5678 9', '2123 4567 8900 4567']));
});

describe('digits of the time', () => {
  // RFC 6238, appendix B: the last six of its eight digits.
  it.each([[59, '287082'], [1_111_111_109, '081804'], [1_111_111_111, '050471'], [1_234_567_890, '005924'], [2_000_000_000, '279037'], [20_000_000_000, '353130']])(
    'at second %i are those of RFC 6238', (second, digits) => expect(totp(Buffer.from('12345678901234567890'), stepOf(second * 1000))).toBe(digits));

  it('are those that node works out, whatever the secret', () => {
    for (let times = 0; times < 200; times += 1) {
      const secret = randomBytes(1 + (times % 90));
      const counter = Buffer.alloc(8);
      counter.writeBigUInt64BE(BigInt(times) * 10_000_000_019n);
      const digest = createHmac('sha1', secret).update(counter).digest();
      const word = digest.readUInt32BE((digest[19] as number) & 15) & 0x7fffffff;
      expect(totp(secret, times * 10_000_000_019)).toBe(String(word % 1_000_000).padStart(6, '0'));
    }
  });
});
