type Element = string | number | boolean | null | Buffer;

/** Texts that stand in an array literal as they are: ids, dates, moments, codes. `NULL` without quotes is nothing at all. */
const PLAIN = /^(?!null$)[\w@:./+-]+$/i;

function elementOf(value: Element): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return PLAIN.test(value) ? value : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  if (typeof value === 'object') return `"\\\\x${value.toString('hex')}"`;
  return String(value);
}

/**
 * A list as PostgreSQL reads arrays. The driver's own way of writing them takes most of the time of a batch: it asks of
 * every element again what it may be.
 */
export function arrayLiteral(values: readonly Element[]): string {
  let text = '';
  for (let index = 0; index < values.length; index += 1) text += index === 0 ? elementOf(values[0] as Element) : `,${elementOf(values[index] as Element)}`;
  return `{${text}}`;
}
