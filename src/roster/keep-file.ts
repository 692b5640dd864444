import { Inject, Injectable } from '@nestjs/common';
import { addDays, done, refuse, today, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, FieldCipher, sha256, Transactor, type StaffActor } from '../platform/index.js';
import { inScope, recordAudit } from '../access/index.js';
import { FileFault } from './file/file-fault.js';
import { inspectFile } from './file/open-table.js';
import { sealFile } from './file/sealed-file.js';
import { insertFile, readFile, type FileRow } from './file.store.js';

/** Most bytes of a file; a roster of 300,000 rows has about 20 million. */
export const MOST_BYTES = 64 * 1024 * 1024;
/** Days after which a file and what was read in it are thrown away. */
const KEPT_DAYS = 90;
/** Files that are taken in at the same time by one process: each lies in memory while it is looked at. */
const MOST_AT_ONCE = 3;

/** Takes in a file that an office handed over: looks what it is, encrypts it, and keeps it for a while. */
@Injectable()
export class KeepFile {
  private inHand = 0;

  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @param pieces the file as it comes in
   * @returns the file; the same id and bytes again get the same answer. `outside-scope`, `file-too-large`,
   *   `files-in-hand`, `id-taken`, or why it is no table (`file-...`)
   */
  async run(actor: StaffActor, fileId: string, divisionCode: string, pieces: AsyncIterable<Buffer>): Promise<Outcome<FileRow>> {
    if (!(await this.transactor.run((tx) => inScope(tx, actor, divisionCode)))) return refuse('outside-scope');
    if (this.inHand >= MOST_AT_ONCE) return refuse('files-in-hand');
    this.inHand += 1;
    try {
      const bytes = await collect(pieces);
      return bytes === null ? refuse('file-too-large', { mib: MOST_BYTES / 1024 / 1024 }) : await this.keep(actor, fileId, divisionCode, bytes);
    } catch (error) {
      if (error instanceof FileFault) return refuse(error.code, error.detail);
      throw error;
    } finally {
      this.inHand -= 1;
    }
  }

  private async keep(actor: StaffActor, fileId: string, divisionCode: string, bytes: Buffer): Promise<Outcome<FileRow>> {
    const { cityCode } = actor;
    const hash = sha256(bytes);
    const known = await this.transactor.run((tx) => readFile(tx, cityCode, fileId));
    if (known !== undefined) return known.sha256 === hash && known.divisionCode === divisionCode ? done(known) : refuse('id-taken');
    const kind = await inspectFile(bytes);
    const now = this.clock.now();
    const file = { fileId, sha256: hash, bytes: bytes.length, ...kind, divisionCode, uploadedAt: now, purgeOn: addDays(today(this.clock), KEPT_DAYS), purgedAt: null };
    const sealed = sealFile(this.cipher, cityCode, fileId, bytes);
    return this.transactor.run(async (tx) => {
      if (!(await insertFile(tx, cityCode, { ...file, by: actorName(actor) }, sealed))) return refuse('id-taken');
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'roster.upload', objectKind: 'rosterFile', objectId: fileId, after: { sha256: hash, bytes: bytes.length, divisionCode } });
      return done(file);
    });
  }
}

/** The whole file; null as soon as it is too large. What then still comes is not taken in. */
async function collect(pieces: AsyncIterable<Buffer>): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > MOST_BYTES) return null;
    parts.push(piece);
  }
  return Buffer.concat(parts);
}
