import { arrayLiteral } from './array-literal.js';

test.each<[readonly (string | number | boolean | null | Buffer)[], string]>([
  [[], '{}'],
  [['a-1', '2024-12-03T11:42:00.000Z', 'county@371502'], '{a-1,2024-12-03T11:42:00.000Z,county@371502}'],
  [['', ' ', 'a,b', '{}', '套餐'], '{""," ","a,b","{}","套餐"}'],
  [['say "yes"', 'back\\slash'], '{"say \\"yes\\"","back\\\\slash"}'],
  [['NULL', 'null', 'nullable', null], '{"NULL","null",nullable,NULL}'],
  [[1, -2, 0.5, true, false], '{1,-2,0.5,true,false}'],
  [[Buffer.from([0, 255]), null], '{"\\\\x00ff",NULL}'],
])('%j becomes %s', (values, literal) => {
  expect(arrayLiteral(values)).toBe(literal);
});
