import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { ProblemException } from '../platform/index.js';

/** argon2id as OWASP asks for at least: 19 MiB, two passes, one lane. The library's algorithm 2 is argon2id. */
const COST = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Work at once, and waiting behind it: a flood of log-ins may not eat the memory or the processors of the tills. */
const AT_ONCE = 2;
const WAITING = 100;

/** Hashes and checks passwords, few at a time. */
@Injectable()
export class Passwords {
  private running = 0;
  private readonly queue: (() => void)[] = [];
  private decoy: Promise<string> | undefined;

  /** @throws ProblemException `busy` when too many wait */
  async hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password, COST));
  }

  /**
   * Whether the password is the one of the hash. Without a hash it takes as long and says no, so that the time does not
   * tell which accounts exist.
   * @throws ProblemException `busy` when too many wait
   */
  async matches(passwordHash: string | undefined, password: string): Promise<boolean> {
    this.decoy ??= hash('no account has this password', COST);
    const against = passwordHash ?? (await this.decoy);
    const same = await this.inTurn(() => verify(against, password));
    return same && passwordHash !== undefined;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= AT_ONCE) {
      if (this.queue.length >= WAITING) throw new ProblemException('busy', undefined, undefined, 2);
      // Who leaves hands the place over, so the count does not change here.
      await new Promise<void>((turn) => this.queue.push(turn));
    } else {
      this.running += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}
