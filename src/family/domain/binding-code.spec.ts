import { codeDigits, readCode } from './binding-code.js';

describe('a binding code', () => {
  it('has eight digits, whatever the digest', () => {
    expect(codeDigits('0'.repeat(64))).toBe('00000000');
    expect(codeDigits('f'.repeat(64))).toBe('43950335');
    expect(codeDigits(`${'0'.repeat(23)}7${'f'.repeat(40)}`)).toBe('00000007');
  });

  it('is read as people type it', () => {
    expect(readCode('1234 5678')).toBe('12345678');
    expect(readCode(' １２３４-５６７８ ')).toBe('12345678');
    for (const wrong of ['1234567', '123456789', '1234567a', '']) expect(readCode(wrong)).toBeNull();
  });
});
