import { JOURNAL_FILE_FORMAT, JOURNAL_FILE_INFO, journalFileSeal, type FiledEntry, type JournalFile } from '../../src/till/domain/journal-file.js';
import type { Entry } from './journal/entry.js';
import type { Journal } from './journal/journal.js';

type Bytes = Uint8Array<ArrayBuffer>;

const utf8 = (text: string): Bytes => new TextEncoder().encode(text) as Bytes;
const CHUNK = 8_192;

function base64Url(buffer: ArrayBuffer): string {
  const bytes = new Uint8Array(buffer);
  let text = '';
  for (let from = 0; from < bytes.length; from += CHUNK) text += String.fromCharCode(...bytes.subarray(from, from + CHUNK));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function bytesOf(text: string): Bytes {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0)) as Bytes;
}

/** Entries that the service has not taken: those that wait, and those that a person has to look into. */
function openEntries(entries: readonly Entry[]): Entry[] {
  return entries.filter(({ fate, sealed }) => (fate.is === 'unsent' || fate.is === 'blocked') && sealed !== null);
}

/**
 * Seals what the service has not taken, so that the service alone reads it: the way out of a till that cannot send.
 * @param exportKey the service's P-256 point in base64url, as it came with the opening
 */
export async function sealJournal(exportKey: string, terminalId: string, now: number, journal: Pick<Journal, 'entries' | 'body'>): Promise<JournalFile> {
  const entries = await Promise.all(openEntries(await journal.entries()).map(async (entry): Promise<FiledEntry> => ({
    kind: entry.about.kind, ...(entry.about.kind === 'void' ? { tapId: entry.about.tapId } : {}), body: JSON.parse(await journal.body(entry)) as object,
  })));
  const curve = { name: 'ECDH', namedCurve: 'P-256' };
  const [service, moment] = await Promise.all([crypto.subtle.importKey('raw', bytesOf(exportKey), curve, false, []), crypto.subtle.generateKey(curve, false, ['deriveBits'])]);
  const secret = await crypto.subtle.importKey('raw', await crypto.subtle.deriveBits({ name: 'ECDH', public: service }, moment.privateKey, 256), 'HKDF', false, ['deriveKey']);
  const kdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: utf8(JOURNAL_FILE_INFO) };
  const key = await crypto.subtle.deriveKey(kdf, secret, { name: 'AES-GCM', length: 256 }, false, ['encrypt']);
  const head = { format: JOURNAL_FILE_FORMAT, terminalId, madeAt: new Date(now).toISOString() };
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(journalFileSeal(head)) }, key, utf8(JSON.stringify({ entries })));
  return { ...head, key: base64Url(await crypto.subtle.exportKey('raw', moment.publicKey)), iv: base64Url(iv.buffer), sealed: base64Url(sealed) };
}
