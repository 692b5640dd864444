import { Inject, Injectable } from '@nestjs/common';
import { addDays, chinaInstant, invariant, today, type Clock } from '../kernel/index.js';
import { terminalStanding } from '../access/index.js';
import { codeOf, sealBooked } from '../booking/index.js';
import { CLOCK, FieldCipher, sha256, Transactor, type TerminalActor } from '../platform/index.js';
import { bookedFrom, type BookedRow } from './booked.store.js';
import type { TillBooking, TillBookings } from './domain/index.js';
import { handleOf, rosterKey } from './handles.js';

/** Hands a terminal what is booked at its site today and tomorrow, under handles of its own. */
@Injectable()
export class ServeBookings {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns a tag of what is booked, and the JSON text, which is made where it is asked for: it tells its time, and seals anew what the tag stays the same for */
  async page({ cityCode, siteId, terminalId }: TerminalActor): Promise<{ tag: string; text: () => string }> {
    const from = today(this.clock);
    const [terminal, rows] = await this.transactor.read((tx) => Promise.all([terminalStanding(tx, cityCode, terminalId), bookedFrom(tx, cityCode, siteId, from, addDays(from, 1))]));
    invariant(terminal !== undefined, 'a terminal with a session has a key');
    const key = rosterKey(this.cipher, terminalId, terminal.generation);
    const { generation } = terminal;
    const page = (): TillBookings => ({
      format: 1, siteId, terminalId, generation, asOf: this.clock.now(),
      rows: rows.map((row) => this.row(row, { cityCode, siteId, terminalId }, key)),
    });
    return { tag: `"${sha256(JSON.stringify([terminalId, generation, rows])).slice(0, 32)}"`, text: () => JSON.stringify(page()) };
  }

  private row({ bookingId, number, mealDate, mealPeriod, way, state, items, heldFen, handle, digest }: BookedRow, at: Pick<TerminalActor, 'cityCode' | 'siteId' | 'terminalId'>, key: Buffer): TillBooking {
    const until = chinaInstant(addDays(mealDate, 1), 0);
    return {
      id: bookingId, h: handleOf(key, digest), c: handleOf(key, codeOf(this.cipher, { ...at, mealDate, number })), no: number, d: mealDate, p: mealPeriod, w: way, s: state,
      i: items.map(({ itemCode, quantity, name }) => ({ itemCode, quantity, name })), f: heldFen, n: sealBooked(this.cipher, { ...at, bookingId, handle, until }),
    };
  }
}
