import { beyondLimits, bracketForeignKeys } from './json-shape.js';

const LIMITS = { depth: 4, values: 6 };
const beyond = (text: string) => beyondLimits(Buffer.from(text), LIMITS);

describe('the shape of a JSON text', () => {
  it.each([
    ['{}', null], ['[[[[]]]]', null], ['[[[[[]]]]]', 'depth'], ['{"a":{"b":{"c":{"d":{}}}}}', 'depth'], ['[[],[],[],[[[]]]]', null],
    ['[1,2,3,4,5,6]', null], ['[1,2,3,4,5,6,7]', 'values'], ['{"a":1,"b":2,"c":[1,2],"d":3,"e":4,"f":5}', 'values'],
    ['"[[[[[[,,,,,,,,"', null], ['{"a":"\\"[[[[["}', null], ['{"a":"\\\\","b":[[[[]]]]}', 'depth'], ['{"价":"，，，，，，，，"}', null],
    ['', null], ['"', null], ['"\\', null], [']]]][[[[', null],
  ])('%s is beyond %p', (text, limit) => {
    expect(beyond(text)).toBe(limit);
  });

  it('is found in a text of megabytes before the end of it', () => {
    const started = performance.now();
    expect(beyond('['.repeat(4_000_000))).toBe('depth');
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('keys of every object', () => {
  it('stand in brackets, at any depth, and nothing else changes', () => {
    const body = JSON.parse('{"id":"x","__proto__":{"admin":true},"items":[{"constructor":{"prototype":{}}},null,1,"__proto__"]}');
    const bracketed = bracketForeignKeys(body) as Record<string, unknown>;
    expect(Object.keys(bracketed)).toEqual(['id', '[__proto__]', 'items']);
    expect(bracketed['items']).toEqual([{ '[constructor]': { '[prototype]': {} } }, null, 1, '__proto__']);
    expect(Object.getPrototypeOf(bracketed)).toBe(Object.prototype);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});
