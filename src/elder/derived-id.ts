import { sha256 } from '../platform/index.js';

/** The id of what follows from a deed: the same parts give the same UUID (version 8), so a repeat changes nothing. */
export function derivedId(...parts: readonly string[]): string {
  const hex = sha256(parts.join('\n'));
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
