import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { CivilDate } from '../kernel/index.js';
import { JobBoard, type Tx } from '../platform/index.js';

/** The job that every publication stages. */
export const POLICY_PUBLISHED = 'policy.published';

/** A version that was published. */
export interface PublishedPolicy {
  readonly cityCode: string;
  readonly pack: string;
  readonly version: string;
  readonly from: CivilDate;
}

/** Acts on a publication, in the transaction that marks the job as done. It may be called again after a failure. */
type PolicyListener = (tx: Tx, published: PublishedPolicy) => Promise<void>;

/** Tells later rooms of publications, some moments after they were made. They write themselves in when their modules start. */
@Injectable()
export class PolicyNews implements OnModuleInit {
  private readonly listeners: PolicyListener[] = [];

  constructor(private readonly board: JobBoard) {}

  heardBy(listener: PolicyListener): void {
    this.listeners.push(listener);
  }

  onModuleInit(): void {
    this.board.handle(POLICY_PUBLISHED, async (tx, { cityCode, payload }) => {
      const published = { cityCode, pack: String(payload['pack']), version: String(payload['version']), from: String(payload['from']) as CivilDate };
      for (const listener of this.listeners) await listener(tx, published);
    });
  }
}
