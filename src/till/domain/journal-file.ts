/** The only way in which journals are written to files so far. */
export const JOURNAL_FILE_FORMAT = 1;

/** Most entries of one file: days of a busy till. */
export const MOST_FILE_ENTRIES = 2_000;

/**
 * What a till writes to a file that it cannot send: sealed to the service, so that whoever carries it reads nothing.
 * A key of the moment and the service's own agree on a secret (ECDH on P-256), HKDF-SHA-256 makes an AES-256-GCM key of it.
 */
export interface JournalFile {
  readonly format: number;
  readonly terminalId: string;
  /** When it was made, by the till's clock. */
  readonly madeAt: string;
  /** The key of the moment: an uncompressed point, 65 bytes in base64url. */
  readonly key: string;
  /** 12 bytes in base64url. */
  readonly iv: string;
  /** Ciphertext and tag in base64url. */
  readonly sealed: string;
}

/** HKDF's `info`: what the shared secret is used for. */
export const JOURNAL_FILE_INFO = 'xingfu till journal file';

/** What the seal covers besides the entries: a file cannot be given to another terminal or another time. */
export function journalFileSeal({ format, terminalId, madeAt }: Pick<JournalFile, 'format' | 'terminalId' | 'madeAt'>): string {
  return `${format}\n${terminalId}\n${madeAt}`;
}

/** One entry in a file: the body as it would have been sent, and for a void the sale that stood in its address. */
export interface FiledEntry {
  readonly kind: 'sale' | 'void';
  readonly tapId?: string;
  readonly body: object;
}
