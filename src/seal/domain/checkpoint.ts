import type { CivilDate } from '../../kernel/index.js';

/** The log of a city's seals at some time. Hashes are in base64. */
export interface Checkpoint {
  readonly cityCode: string;
  readonly size: number;
  readonly root: string;
  readonly date: CivilDate;
  /** SHA-256 of the text of the checkpoint before it; null for the first. */
  readonly before: string | null;
}

/** Whose log it is, and the name of the key that signs it. */
export function originOf(cityCode: string): string {
  return `xingfu-canteen/${cityCode}`;
}

/** The text that is signed (C2SP tlog-checkpoint): origin, size, root, then lines of our own for date and the one before. */
export function checkpointText({ cityCode, size, root, date, before }: Checkpoint): string {
  return [originOf(cityCode), String(size), root, `date ${date}`, ...(before === null ? [] : [`before ${before}`])].map((line) => `${line}\n`).join('');
}

/** The text of a signed note without its signatures. */
export function textOfNote(note: string): string {
  return note.slice(0, note.lastIndexOf('\n\n') + 1);
}
