import fc from 'fast-check';
import { readTradeNumber, tradeNumber } from './trade-number.js';

const ids = fc.uuid({ version: [4, 7] });

it('names a city and an id in what WeChat Pay takes, and can be read again', () => {
  fc.assert(fc.property(fc.stringMatching(/^[1-8]\d{5}$/), ids, (cityCode, id) => {
    const number = tradeNumber(cityCode, id);
    expect(number).toMatch(/^[0-9A-Za-z_\-|*]{32}$/);
    expect(readTradeNumber(number)).toEqual({ cityCode, id });
  }));
});

it.each(['', '371500', '1217752501201407033233368018', `371500${'0'.repeat(25)}`, `371500${'z'.repeat(26)}`, `371500${'v'.repeat(26)}`, `37150X${'0'.repeat(26)}`])('is not “%s”', (text) => {
  expect(readTradeNumber(text)).toBeNull();
});
