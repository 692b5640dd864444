import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, uuidV7, type Clock, type Instant, type Outcome } from '../kernel/index.js';
import { CLOCK, FieldCipher, Transactor, type TerminalActor } from '../platform/index.js';
import { insertPinTry, lockCashier, markRight, wrongPins, type CashierSecret } from './cashier.store.js';
import { VERIFIER_LIFE_MS } from './domain/index.js';
import { verifierOf, verifierPlace } from './pins.js';

const MOST_WRONG = 5;
const WRONG_WINDOW_MS = 15 * 60_000;

/** A cashier who is in, with what lets the same terminal know them again without a network. */
export interface CashierIn {
  readonly cashierId: string;
  readonly name: string;
  /** base64 */
  readonly salt: string;
  readonly iterations: number;
  /** base64 */
  readonly verifier: string;
  readonly verifierUntil: Instant;
}

interface Attempt {
  readonly tryId: string;
  readonly cashier: CashierSecret;
}

/** Lets a cashier in by PIN at a terminal they are listed for. The PIN is worth nothing anywhere else. */
@Injectable()
export class LogInCashier {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `pin-wrong`, also for a cashier whom this terminal does not know; `pin-throttled` */
  async run(actor: TerminalActor, cashierId: string, pin: string): Promise<Outcome<CashierIn>> {
    const { cityCode } = actor;
    const admitted = await this.admit(actor, cashierId);
    if (!admitted.ok) return admitted;
    const { tryId, cashier } = admitted.value;
    const { salt, iterations, name } = cashier;
    const verifier = this.cipher.open(cashier.verifierSealed, verifierPlace(cityCode, cashierId));
    if (!timingSafeEqual(await verifierOf(pin, salt, iterations), Buffer.from(verifier, 'base64'))) return refuse('pin-wrong');
    await this.transactor.run((tx) => markRight(tx, cityCode, tryId));
    return done({ cashierId, name, salt: salt.toString('base64'), iterations, verifier, verifierUntil: this.clock.now() + VERIFIER_LIFE_MS });
  }

  /** Counts the try before the PIN is looked at, so that many at once count each other. */
  private admit({ cityCode, terminalId }: TerminalActor, cashierId: string): Promise<Outcome<Attempt>> {
    return this.transactor.run(async (tx) => {
      const cashier = await lockCashier(tx, cityCode, terminalId, cashierId);
      if (cashier === undefined) return refuse('pin-wrong');
      const now = this.clock.now();
      const { times, first } = await wrongPins(tx, cityCode, cashierId, now - WRONG_WINDOW_MS);
      if (times >= MOST_WRONG) return refuse('pin-throttled', { seconds: Math.ceil(((first ?? now) + WRONG_WINDOW_MS - now) / 1000) });
      const tryId = uuidV7(now, randomBytes(10));
      await insertPinTry(tx, cityCode, tryId, cashierId, now);
      return done({ tryId, cashier });
    });
  }
}
