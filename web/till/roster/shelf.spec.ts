import type { TillRow } from '../../../src/till/domain/roster.js';
import { bundle, bundleOf, mended } from './shelf.js';
import { strangerOf, withStranger } from './strangers.js';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const row = (h: string, n = '张'): TillRow => ({ h, n, t: 'f', s: [], u: [] });

it('spreads handles over all bundles, each the same time after time', () => {
  const places = [...LETTERS].flatMap((a) => [...LETTERS].map((b) => bundleOf(`${a}${b}cdefghijklmnopqrstuv`)));
  expect(new Set(places).size).toBe(1_024);
  expect(Math.min(...places)).toBe(0);
  expect(Math.max(...places)).toBe(1_023);
});

it('holds rows as texts, those of one bundle together', () => {
  const whole = bundle([row('AAx'), row('AAy'), row('ABx')], new Map());
  expect([...whole.values()].map((rows) => rows.length)).toEqual([2, 1]);
  expect(JSON.parse(`[${whole.get(bundleOf('AAx'))?.join(',')}]`)).toEqual([row('AAx'), row('AAy')]);
});

it('takes changes in: what came is there once, what went is not', () => {
  expect(mended([row('a'), row('b')], [row('b', '李'), row('c')], new Set(['a']))).toEqual([row('b', '李'), row('c')]);
  expect(mended([row('a')], [], new Set(['x']))).toEqual([row('a')]);
});

it('knows a stranger for as long as it was told, by the newest word, and not more of them than it can hold', () => {
  const one = (h: string, until: number, countedTo = 0) => ({ row: row(h), until, countedTo });
  const known = withStranger(withStranger([], one('a', 10), 0), one('a', 20, 3), 1);
  expect(known).toEqual([one('a', 20, 3)]);
  expect(strangerOf(known, 'a', 19)).toEqual(one('a', 20, 3));
  expect(strangerOf(known, 'a', 20)).toBeNull();
  expect(withStranger(known, one('b', 40), 20)).toEqual([one('b', 40)]);
  let many = known;
  for (let index = 0; index < 600; index += 1) many = withStranger(many, one(`s${index}`, 100), 1);
  expect(many).toHaveLength(500);
});
