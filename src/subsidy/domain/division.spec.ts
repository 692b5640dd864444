import { codeAt, levelOf, pathOf } from './index.js';

test.each([
  ['370000', 'province'], ['371500', 'city'], ['371502', 'county'], ['371502001', 'township'], ['371502001001', 'village'],
  ['371502000000', 'county'], ['371502001000', 'township'], ['120000', 'province'],
])('%s is a %s', (code, level) => expect(levelOf(code)).toBe(level));

test('a path by digits alone; a municipality has no city between', () => {
  expect(pathOf('371502001')).toEqual(['370000', '371500', '371502', '371502001']);
  expect(pathOf('120101')).toEqual(['120000', '120101']);
});

test('the code at a level, or the nearest above where there is none', () => {
  expect(codeAt(pathOf('371502001'), 'county')).toBe('371502');
  expect(codeAt(pathOf('120101'), 'city')).toBe('120000');
  expect(codeAt(['440000', '441900'], 'county')).toBe('441900');
  expect(codeAt(null, 'county')).toBeNull();
  expect(codeAt([], 'county')).toBeNull();
});
