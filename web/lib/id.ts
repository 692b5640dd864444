import { uuidV7, type Id } from '../../src/kernel/id.js';

/** A new id for a deed. @param now milliseconds since 1970 */
export function newId(now: number): Id {
  return uuidV7(now, crypto.getRandomValues(new Uint8Array(10)));
}
