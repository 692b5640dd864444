import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { uuidV7, type Clock } from '../kernel/index.js';
import { CLOCK, ProblemException, Transactor } from '../platform/index.js';
import { secondsToWait } from './domain/index.js';
import { countTry, insertTry, markSuccess, type Try } from './try.store.js';

/** What somebody tries to prove, for the throttle: which secret, as a keyed digest, from where. */
export type Attempt = Pick<Try, 'kind' | 'subject' | 'address'>;

/** Slows down guessing. Every try counts as failed until it is said to have succeeded, so many at once count each other. */
@Injectable()
export class Tries {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * Writes tries down before they are checked, all or none.
   * @param problem code to throw, with the seconds to wait
   * @returns their ids, for `succeeded` @throws ProblemException where there were too many
   */
  async admit(attempts: readonly Attempt[], problem: string): Promise<string[]> {
    return this.transactor.run(async (tx) => {
      const now = this.clock.now();
      const tries = attempts.map((attempt): Try => ({ ...attempt, tryId: uuidV7(now, randomBytes(10)), now }));
      for (const one of tries) {
        const seconds = secondsToWait(await countTry(tx, one), now);
        if (seconds > 0) throw new ProblemException(problem, { minutes: Math.ceil(seconds / 60) }, undefined, seconds);
        await insertTry(tx, one);
      }
      return tries.map((one) => one.tryId);
    });
  }

  /** Says that tries succeeded. */
  async succeeded(tryIds: readonly string[]): Promise<void> {
    await this.transactor.run(async (tx) => {
      for (const tryId of tryIds) await markSuccess(tx, tryId);
    });
  }
}
