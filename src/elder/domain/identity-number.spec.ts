import { civilDate } from '../../kernel/index.js';
import { checkDigit, readIdentityNumber } from './identity-number.js';

const TODAY = civilDate('2024-12-03');
const read = (text: string) => readIdentityNumber(text, TODAY);

describe('resident identity numbers (GB 11643)', () => {
  it.each([
    ['11010519491231002X', '1949-12-31', 'female'],
    ['440524188001010014', '1880-01-01', 'male'],
  ])('reads the standard’s own examples: %s', (number, born, sex) => {
    expect(read(number)).toEqual({ ok: true, value: { number, born, sex } });
  });

  it.each(['11010519491231002x', ' 110105 19491231 002X ', '１１０１０５１９４９１２３１００２ｘ', '110105\u300019491231\u00a0002Ｘ', '\ufeff11010519491231002X'])(
    'reads %j as the same number', (text) => {
      expect(read(text)).toMatchObject({ ok: true, value: { number: '11010519491231002X' } });
    });

  it.each([
    ['810000', 'a residence permit of Hong Kong'], ['512221', 'an area that was abolished'], ['110199', 'an area that never was'], ['911124', 'a permanent resident from abroad'],
  ])('takes the area code %s, %s', (area) => {
    const first17 = `${area}19400601001`;
    expect(read(first17 + checkDigit(first17))).toMatchObject({ ok: true, value: { born: '1940-06-01', sex: 'male' } });
  });

  it.each([
    ['110105194912310021', 'a wrong check digit'], ['11010519491231002', 'too short'], ['11010519491231002XX', 'too long'],
    ['1101051949123100X2', 'X inside'], ['', 'nothing'], ['abcdefghijklmnopqr', 'letters'], ['01010519491231002X', 'a leading zero'],
  ])('refuses %j: %s', (text) => expect(read(text)).toEqual({ ok: false, code: 'identity-number-wrong' }));

  it.each(['19490229', '19490431', '19491301', '19490000', '20241204', '99990101'])('refuses the birth date %s whatever the check digit', (born) => {
    const first17 = `110105${born}002`;
    expect(read(first17 + checkDigit(first17))).toEqual({ ok: false, code: 'identity-number-wrong' });
  });

  it('takes a birth today and on 29 February of a leap year', () => {
    for (const born of ['20241203', '19480229']) {
      const first17 = `110105${born}002`;
      expect(read(first17 + checkDigit(first17)).ok).toBe(true);
    }
  });

  it('tells a number of the old form apart', () => {
    expect(read('110105491231002')).toEqual({ ok: false, code: 'identity-number-old' });
  });
});
