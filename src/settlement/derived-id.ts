import { sha256 } from '../platform/index.js';

/** An id that follows from what it names, so that doing the same thing again gives the same id (UUID version 8, RFC 9562). */
export function derivedId(...parts: readonly string[]): string {
  const hex = sha256(parts.join('\n'));
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
