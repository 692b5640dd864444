import { passwordHolds } from './password.js';

describe('passwordHolds', () => {
  it.each([
    ['Chun-feng 2024', true],
    ['春风又绿江南岸Aa1xyz', true],
    ['Short-1a', false],
    ['alllowercaseletters', false],
    ['My-Password-2024', false],
    ['Xx-123456-yy-zz', false],
    ['Wang.fang-2024', false],
    [`Aa1-${'x'.repeat(200)}`, false],
  ])('%s: %s', (password, holds) => {
    expect(passwordHolds(password, 'wang.fang')).toBe(holds);
  });
});
