import { randomUUID, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { systemClock } from '../kernel/index.js';
import { signJournalEntry, signTerminalRequest, type TerminalSessionKey } from '../access/index.js';
import { entryHash, JOURNAL_START } from '../tap/index.js';
import type { LoadPlan } from './tap-load.js';

/** A till with an open session. */
export interface OpenTill {
  readonly terminalId: string;
  readonly session: TerminalSessionKey;
  readonly privateKey: KeyObject;
}

/** Requests for every connection, and the id of the tap in each. */
export interface TapOrders {
  readonly connections: LoadPlan['connections'];
  readonly ids: readonly (readonly string[])[];
}

/** Of a hundred taps so many are guests', so many are of elders who have eaten today, and so many are sent twice. The others are elders at their first meal. */
export const MIX = { guests: 8, again: 5, repeats: 2 } as const;

const PATH = '/v1/taps';

/** A till as it numbers and chains its sales. */
class BenchJournal {
  private number = 0;
  private previous = JOURNAL_START;

  constructor(private readonly till: OpenTill) {}

  /** The next sale as an HTTP request, signed. */
  request(card: string | null, now: number): { id: string; bytes: Buffer } {
    this.number += 1;
    const id = randomUUID();
    const deed = {
      id, credential: card === null ? { kind: 'guest' } : { kind: 'card', number: card }, items: [{ itemCode: 'set', quantity: 1 }], priceListVersion: 1, mealPeriod: 'lunch',
      deviceTime: new Date(now).toISOString(), journalNumber: this.number, tender: 'cash',
    };
    const prevHash = this.previous;
    this.previous = entryHash(prevHash, deed);
    const body = JSON.stringify({ ...deed, prevHash, signature: signJournalEntry(this.till.privateKey, this.previous) });
    const headers = { host: '127.0.0.1', 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)), ...signTerminalRequest(this.till.session, { method: 'POST', path: PATH, time: now, body }) };
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('');
    return { id, bytes: Buffer.from(`POST ${PATH} HTTP/1.1\r\n${head}\r\n${body}`) };
  }
}

/**
 * Builds and signs what every connection will send, ahead of the measurement: a till's work is not the server's.
 * Connections share no till and no elder, so each till's journal stays in order.
 * @param cards one for each elder; where they run out, elders come a second time
 * @param random from 0 up to but not including 1
 */
export function writeOrders(file: string, tills: readonly OpenTill[], cards: readonly string[], connections: number, perConnection: number, random: () => number): TapOrders {
  const now = systemClock.now();
  const chunks: Buffer[] = [];
  let offset = 0;
  const lists: LoadPlan['connections'][number][] = [];
  const ids: string[][] = [];
  for (let connection = 0; connection < connections; connection += 1) {
    const journals = tills.filter((_, index) => index % connections === connection).map((till) => new BenchJournal(till));
    const eaten: string[] = [];
    const [list, own]: [[number, number, 0 | 1][], string[]] = [[], []];
    for (let place = 0; place < perConnection; place += 1) {
      const dice = random() * 100;
      if (dice < MIX.repeats && place > 0) {
        const [from, length] = list[place - 1] as [number, number, 0 | 1];
        list.push([from, length, 1]);
        own.push(own[place - 1] as string);
        continue;
      }
      let card: string | null = null;
      if (dice >= MIX.repeats + MIX.guests) {
        const again = dice < MIX.repeats + MIX.guests + MIX.again && eaten.length > 0;
        card = again ? eaten[Math.floor(random() * eaten.length)] as string : cards[(connection + eaten.length * connections) % cards.length] as string;
        if (!again) eaten.push(card);
      }
      const { id, bytes } = (journals[place % journals.length] as BenchJournal).request(card, now);
      chunks.push(bytes);
      list.push([offset, bytes.length, 0]);
      own.push(id);
      offset += bytes.length;
    }
    lists.push(list);
    ids.push(own);
  }
  writeFileSync(file, Buffer.concat(chunks));
  return { connections: lists, ids };
}
