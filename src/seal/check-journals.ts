import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { terminalKeys } from '../access/index.js';
import type { CivilMonth } from '../kernel/index.js';
import type { Tx } from '../platform/index.js';
import { entriesToLookAt, type Finding, type LookedAt } from './finding.store.js';
import type { SiteDate } from './leaf.store.js';

type Check = (algorithm: string, data: Buffer, key: { key: KeyObject; dsaEncoding: 'ieee-p1363' }, signature: Buffer) => Promise<boolean>;
/** With a callback node checks on its thread pool, beside what else the process does. */
const check = promisify(verify) as unknown as Check;
const SIGNATURE_BYTES = 64;
/** So many checks are under way at once: enough for every processor, few enough for the memory. */
const AT_ONCE = 256;

/** By the terminal's key, or by one that it had before: a till changes its key, and what it sold under the old one stays signed. */
async function holds({ entryHash, signature }: LookedAt, keys: readonly KeyObject[]): Promise<boolean> {
  if (signature?.length !== SIGNATURE_BYTES) return false;
  for (const key of keys) if (await check('sha256', Buffer.from(entryHash, 'hex'), { key, dsaEncoding: 'ieee-p1363' }, signature)) return true;
  return false;
}

/**
 * Looks at the journals behind some days before they are sealed: tills' signatures in bulk, numbers without gaps, each
 * entry after the one that it names. What is wrong is told and holds up nothing.
 */
export async function checkJournals(tx: Tx, cityCode: string, month: CivilMonth, days: readonly SiteDate[]): Promise<Finding[]> {
  const looked = await entriesToLookAt(tx, cityCode, month, days);
  const entries = looked.filter(({ signature }) => signature !== null);
  const keys = new Map<string, KeyObject[]>();
  for (const [terminalId, ders] of await terminalKeys(tx, cityCode, [...new Set(entries.map((entry) => entry.terminalId))])) {
    keys.set(terminalId, ders.map((key) => createPublicKey({ key, format: 'der', type: 'spki' })));
  }
  const findings = looked.flatMap(({ kind, terminalId, journalNumber, tapId }): Finding[] => (kind === null ? [] : [{ kind, terminalId, journalNumber, tapId }]));
  for (let from = 0; from < entries.length; from += AT_ONCE) {
    const some = entries.slice(from, from + AT_ONCE);
    const right = await Promise.all(some.map((entry) => holds(entry, keys.get(entry.terminalId) ?? [])));
    for (const [index, { terminalId, journalNumber, tapId }] of some.entries()) if (right[index] !== true) findings.push({ kind: 'signature-wrong', terminalId, journalNumber, tapId });
  }
  return findings;
}
