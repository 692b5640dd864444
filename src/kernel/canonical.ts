/**
 * One text for one value, whatever order its keys were written in: keys sorted, no blanks, absent fields left out
 * (RFC 8785 for the values this product uses: whole numbers, texts, booleans, null, lists and objects).
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return Array.isArray(value) ? canonicalList(value) : canonicalObject(value as Readonly<Record<string, unknown>>);
}

// Every tap is written out twice, so text is added to text instead of lists being made of lists.
function canonicalList(values: readonly unknown[]): string {
  let text = '';
  for (let index = 0; index < values.length; index += 1) text += `${index === 0 ? '' : ','}${canonicalJson(values[index] === undefined ? null : values[index])}`;
  return `[${text}]`;
}

function canonicalObject(value: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const entry = value[key];
    if (entry !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(entry)}`;
  }
  return `{${text}}`;
}
