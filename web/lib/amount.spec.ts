import { yuanText, yuanToFen } from './amount.js';

it.each([['75', 7500], ['123.5', 12350], ['0.05', 5], [' 12.00 ', 1200], ['12.345', null], ['-3', null], ['1e3', null], ['', null], ['十', null]])('reads %p as %p fen', (text, fen) => {
  expect(yuanToFen(text)).toBe(fen);
});

it('writes whole yuan without their zeros', () => {
  expect([yuanText(1200), yuanText(1250), yuanText(0)]).toEqual(['12', '12.50', '0']);
});
