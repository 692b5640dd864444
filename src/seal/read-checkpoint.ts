import { Injectable } from '@nestjs/common';
import { done, refuse, type Outcome } from '../kernel/index.js';
import { at, FieldCipher, Transactor, type Tx } from '../platform/index.js';
import { consistencyProof, originOf } from './domain/index.js';
import { sha256 } from './seal-days.js';
import { logHashes, readCheckpoint } from './seal.store.js';

/** A checkpoint with the key that it is checked with. */
export interface CheckpointView {
  readonly origin: string;
  readonly verifierKey: string;
  readonly size: number;
  readonly madeAt: string;
  readonly checkpoint: string;
}

/** That one checkpoint's log begins with all of another's. */
export interface ConsistencyView {
  readonly earlier: string;
  readonly later: string;
  readonly proof: string[];
}

/** Shows checkpoints to whoever wants to keep them outside the house, and proves that the log only grew. */
@Injectable()
export class ReadCheckpoint {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher) {}

  /** The city's newest checkpoint. @returns refused with `checkpoint-none` before the first seal */
  newest(cityCode: string): Promise<Outcome<CheckpointView>> {
    return this.transactor.run(async (tx) => {
      const row = await readCheckpoint(tx, cityCode);
      if (row === undefined) return refuse('checkpoint-none');
      const origin = originOf(cityCode);
      return done({ origin, verifierKey: this.cipher.notes.verifierKey(origin), size: row.size, madeAt: at(row.madeAt), checkpoint: row.note });
    });
  }

  /** @param to the newest where it is left out @returns refused with `checkpoint-none` for a size that is no checkpoint's, or where `from` is the later one */
  consistency(cityCode: string, from: number, to: number | null): Promise<Outcome<ConsistencyView>> {
    return this.transactor.run(async (tx) => {
      const view = await consistencyOf(tx, cityCode, from, to);
      return view === undefined ? refuse('checkpoint-none') : done(view);
    });
  }
}

/** The same inside a transaction; undefined where one of the checkpoints is not there. */
export async function consistencyOf(tx: Tx, cityCode: string, from: number, to: number | null): Promise<ConsistencyView | undefined> {
  const [earlier, later] = [await readCheckpoint(tx, cityCode, from), await readCheckpoint(tx, cityCode, to)];
  if (earlier === undefined || later === undefined || earlier.size > later.size) return undefined;
  const proof = consistencyProof(sha256, await logHashes(tx, cityCode, later.size), earlier.size);
  return { earlier: earlier.note, later: later.note, proof: proof.map((hash) => Buffer.from(hash).toString('base64')) };
}
