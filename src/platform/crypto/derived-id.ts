import { sha256 } from './canonical.js';

/**
 * The id of what follows from something that has an id: the same parts give the same UUID (version 8, RFC 9562), so
 * doing it again changes nothing.
 */
export function derivedId(...parts: readonly string[]): string {
  const hex = sha256(parts.join('\n'));
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
