import type { Readable } from 'node:stream';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { FileFault } from './file-fault.js';

/** What a spreadsheet may come to when it is unpacked; beyond it a file is taken for a bomb. */
export interface ZipLimits {
  readonly entries: number;
  readonly inflatedBytes: number;
}

export const ZIP_LIMITS: ZipLimits = { entries: 2_000, inflatedBytes: 512 * 1024 * 1024 };

const ENCRYPTED = 1;
const DEEPEST_PATH = 12;

/** The entries of a zip file in memory, each inflated only as it is read and counted while it is. */
export class ZipSource {
  private constructor(private readonly zip: ZipFile, private readonly entries: ReadonlyMap<string, Entry>, private readonly limits: ZipLimits) {}

  /**
   * Reads the directory and looks at every entry's claims; nothing is inflated yet.
   * @throws FileFault `file-too-many-entries`, `file-bomb`, `file-encrypted`, `file-broken`
   */
  static async open(bytes: Buffer, limits = ZIP_LIMITS): Promise<ZipSource> {
    const zip = await new Promise<ZipFile>((resolve, reject) => {
      yauzl.fromBuffer(bytes, { lazyEntries: true, validateEntrySizes: true, strictFileNames: false }, (error, opened) => (opened ? resolve(opened) : reject(broken(error))));
    });
    if (zip.entryCount > limits.entries) throw new FileFault('file-too-many-entries', { limit: limits.entries });
    const entries = await new Promise<Map<string, Entry>>((resolve, reject) => {
      const found = new Map<string, Entry>();
      let claimed = 0;
      zip.on('entry', (entry: Entry) => {
        claimed += entry.uncompressedSize;
        if (claimed > limits.inflatedBytes) return reject(new FileFault('file-bomb', { mib: limits.inflatedBytes / 1024 / 1024 }));
        if ((entry.generalPurposeBitFlag & ENCRYPTED) !== 0) return reject(new FileFault('file-encrypted'));
        if (entry.fileName.split('/').length > DEEPEST_PATH) return reject(new FileFault('file-broken'));
        found.set(entry.fileName.replace(/^\//, ''), entry);
        return zip.readEntry();
      });
      zip.on('end', () => resolve(found));
      zip.on('error', (error: Error) => reject(broken(error)));
      zip.readEntry();
    });
    return new ZipSource(zip, entries, limits);
  }

  get names(): IterableIterator<string> {
    return this.entries.keys();
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /**
   * Inflates an entry piece by piece. What really comes out is counted.
   * @throws FileFault `file-bomb` past the limit, `file-broken` where the entry is not what it claims
   */
  async *read(name: string): AsyncGenerator<Buffer> {
    const entry = this.entries.get(name);
    if (entry === undefined) throw new FileFault('file-broken');
    const stream = await new Promise<Readable>((resolve, reject) => {
      this.zip.openReadStream(entry, (error, opened) => (opened ? resolve(opened) : reject(broken(error))));
    });
    let inflated = 0;
    try {
      for await (const piece of stream) {
        inflated += (piece as Buffer).length;
        if (inflated > this.limits.inflatedBytes) throw new FileFault('file-bomb', { mib: this.limits.inflatedBytes / 1024 / 1024 });
        yield piece as Buffer;
      }
    } catch (error) {
      throw error instanceof FileFault ? error : broken(error);
    } finally {
      stream.destroy();
    }
  }

  /** A small entry as text; empty where there is none. */
  async text(name: string, most = 16 * 1024 * 1024): Promise<string> {
    if (!this.has(name)) return '';
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of this.read(name)) {
      size += piece.length;
      if (size > most) throw new FileFault('file-bomb', { mib: most / 1024 / 1024 });
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString('utf8');
  }
}

function broken(error: unknown): FileFault {
  return error instanceof FileFault ? error : new FileFault('file-broken');
}
