/** What a JSON text may be made of before it is read into objects. */
export interface JsonLimits {
  /** How many brackets may be open at once. */
  readonly depth: number;
  /** Values, members of objects and of lists alike. */
  readonly values: number;
}

const [QUOTE, BACKSLASH, COMMA, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x22, 0x5c, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Walks once over the bytes of a JSON text, without making anything of them.
 * @returns which limit the text is beyond, or null; whether it is JSON at all is not looked at
 */
export function beyondLimits(bytes: Uint8Array, limits: JsonLimits): keyof JsonLimits | null {
  let [depth, values, quoted] = [0, 1, false];
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (quoted) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) quoted = false;
    } else if (byte === QUOTE) quoted = true;
    else if (byte === COMMA) {
      values += 1;
      if (values > limits.values) return 'values';
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      depth += 1;
      if (depth > limits.depth) return 'depth';
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth -= 1;
  }
  return null;
}

const FOREIGN = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Puts keys that name something of every object into brackets, so that the check of fields refuses each where it
 * stands, and no copy of the object takes it for what it names.
 */
export function bracketForeignKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bracketForeignKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [FOREIGN.has(key) ? `[${key}]` : key, bracketForeignKeys(member)]));
}
