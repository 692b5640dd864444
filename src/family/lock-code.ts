import type { Instant } from '../kernel/index.js';
import { lockElder } from '../elder/index.js';
import type { FieldCipher, Tx } from '../platform/index.js';
import { openCode, type CodeRow } from './code.store.js';

/** The open code behind digits, locked behind its elder: the order in which everything of an elder is locked. Undefined where it is wrong, used or expired, or its elder has died. */
export async function lockCode(tx: Tx, cipher: FieldCipher, cityCode: string, digits: string, now: Instant): Promise<CodeRow | undefined> {
  const seen = await openCode(tx, cipher, cityCode, digits, now);
  if (seen === undefined || (await lockElder(tx, cityCode, seen.elderId))?.died !== null) return undefined;
  const code = await openCode(tx, cipher, cityCode, digits, now, 'lock');
  return code?.codeId === seen.codeId ? code : undefined;
}
