import type { About, Entry } from './entry.js';
import type { EntryAnswer, Fate } from './fate.js';
import { Away } from './link.js';
import { Sender, type Kept, type Way } from './sender.js';

const NOON = Date.UTC(2024, 11, 3, 4);

function entry(number: number, about: Partial<About> = {}): Entry {
  const sale = { kind: 'sale', holder: 'guest', items: [], mealPeriod: 'lunch', tender: 'cash', priceFen: 1500, ...about } as About;
  return { number, id: `id-${number}`, madeAt: NOON, about: sale, prevHash: '', hash: '', sealed: null, fate: { is: 'unsent', tries: 0 }, takenFen: null, returned: false };
}

class Memory implements Kept {
  constructor(private rows: Entry[]) {}

  async entries(): Promise<Entry[]> {
    return [...this.rows];
  }

  async body(one: Entry): Promise<string> {
    return JSON.stringify({ id: one.id });
  }

  async settle(one: Entry, fate: Fate): Promise<Entry> {
    this.rows = this.rows.map((row) => (row.number === one.number ? { ...row, fate } : row));
    return { ...one, fate };
  }

  add(one: Entry): void {
    this.rows.push(one);
  }

  fates(): string[] {
    return this.rows.map((row) => row.fate.is);
  }

  fate(number: number): Fate | undefined {
    return this.rows.find((row) => row.number === number)?.fate;
  }
}

const tapAnswer = { outcome: 'accepted', code: null, sentence: '', priceFen: 1500, selfPayFen: 1500, flags: [] };

/** A service that knows each id once. `lose` drops the answer of a request after it was recorded. */
class Service implements Way {
  readonly asked: string[] = [];
  readonly known = new Map<string, number>();
  lose = 0;
  away = false;
  next: EntryAnswer | undefined;
  sessions = 0;

  forgetSession(): void {
    this.sessions += 1;
  }

  async probe(): Promise<void> {
    if (this.away) throw new Away('network');
  }

  async ask(_method: 'GET' | 'POST', path: string, body: string | null): Promise<EntryAnswer> {
    this.asked.push(path);
    if (this.away) throw new Away('network');
    if (this.next !== undefined) {
      const answer = this.next;
      this.next = undefined;
      return answer;
    }
    const sent = JSON.parse(body ?? '') as { id: string; taps?: { id: string }[] };
    const ids = sent.taps?.map((tap) => tap.id) ?? [sent.id];
    for (const id of ids) this.known.set(id, (this.known.get(id) ?? 0) + 1);
    if (this.lose > 0) {
      this.lose -= 1;
      throw new Away('unreachable');
    }
    if (path.endsWith('/void')) return { status: 200, body: { returnedFen: 1500 } };
    return sent.taps ? { status: 200, body: { results: ids.map(() => ({ status: 200, answer: tapAnswer, problem: null })) } } : { status: 200, body: tapAnswer };
  }
}

const stopped: Sender[] = [];
function sender(kept: Memory, way: Service, now = NOON): Sender {
  const made = new Sender(kept, way, () => now, () => undefined);
  stopped.push(made);
  return made;
}
afterEach(() => {
  for (const one of stopped.splice(0)) one.stop();
});

describe('the sender', () => {
  it('asks for a fresh sale by itself, and for held-back ones together', async () => {
    const service = new Service();
    await sender(new Memory([entry(1)]), service).kick();
    expect(service.asked).toEqual(['/v1/taps']);
    const later = new Service();
    await sender(new Memory([entry(1)]), later, NOON + 60_000).kick();
    expect(later.asked).toEqual(['/v1/taps/upload']);
  });

  it('keeps the order of the journal: a void goes after its sale and before what follows', async () => {
    const service = new Service();
    const kept = new Memory([entry(1), entry(2), { ...entry(3), about: { kind: 'void', tapId: 'id-2' } }, entry(4), entry(5)]);
    await sender(kept, service).kick();
    expect(service.asked).toEqual(['/v1/taps/upload', '/v1/taps/id-2/void', '/v1/taps/upload']);
    expect(kept.fates()).toEqual(['accepted', 'accepted', 'taken-back', 'accepted', 'accepted']);
  });

  it('sends again with the same id when an answer was lost, and says that it was known already', async () => {
    const service = new Service();
    service.lose = 1;
    const kept = new Memory([entry(1)]);
    const sends = sender(kept, service);
    await sends.kick();
    expect(sends.state).toMatchObject({ is: 'away', why: 'unreachable' });
    await sends.kick();
    expect(service.known).toEqual(new Map([['id-1', 2]]));
    expect(kept.fate(1)).toMatchObject({ is: 'accepted', repeated: true });
    expect(sends.state).toEqual({ is: 'online' });
  });

  it('goes in parcels, and loses nothing where one breaks off', async () => {
    const service = new Service();
    const kept = new Memory(Array.from({ length: 120 }, (_, index) => entry(index + 1)));
    service.lose = 1;
    const sends = sender(kept, service);
    await sends.kick();
    await sends.kick();
    expect(new Set(kept.fates())).toEqual(new Set(['accepted']));
    expect(service.known.size).toBe(120);
    expect(service.asked).toHaveLength(4);
  });

  it('opens a session anew where the old one ended, and gives up on one that ends again and again', async () => {
    const service = new Service();
    service.next = { status: 401, body: { code: 'terminal-session-ended', title: '…' } };
    const kept = new Memory([entry(1)]);
    await sender(kept, service).kick();
    expect(service.sessions).toBe(1);
    expect(kept.fates()).toEqual(['accepted']);
  });

  it('stops at a terminal that was taken out, and keeps its sales', async () => {
    const service = new Service();
    service.next = { status: 401, body: { code: 'terminal-revoked', title: '该终端已停用。' } };
    const kept = new Memory([entry(1), entry(2)]);
    const sends = sender(kept, service);
    await sends.kick();
    expect(sends.state).toEqual({ is: 'stopped', code: 'terminal-revoked', sentence: '该终端已停用。' });
    expect(kept.fates()).toEqual(['unsent', 'unsent']);
  });

  it('is not held up by one sale that the service cannot take', async () => {
    const service = new Service();
    service.next = { status: 200, body: { results: [{ status: 400, answer: null, problem: { code: 'fields-wrong', title: '内容有误。' } }, { status: 200, answer: tapAnswer, problem: null }] } };
    const kept = new Memory([entry(1), entry(2)]);
    await sender(kept, service).kick();
    expect(kept.fates()).toEqual(['blocked', 'accepted']);
  });

  it('lets nobody wait for an answer that does not come', async () => {
    const service = new Service();
    service.away = true;
    const sends = sender(new Memory([entry(1)]), service);
    const fate = sends.fateOf(1, 60_000);
    await sends.kick();
    expect(await fate).toMatchObject({ is: 'unsent' });
  });

  it('finds out by itself that the service is back, with nothing to send', async () => {
    const service = new Service();
    service.away = true;
    const sends = sender(new Memory([]), service);
    sends.lost(new Away('network'));
    await sends.kick();
    expect(sends.state).toMatchObject({ is: 'away' });
    service.away = false;
    await sends.kick();
    expect(sends.state).toEqual({ is: 'online' });
  });

  it('tells the fate to who waits, and takes what came in meanwhile', async () => {
    const service = new Service();
    const kept = new Memory([entry(1)]);
    const sends = sender(kept, service);
    const fate = sends.fateOf(2, 1_000);
    const going = sends.kick();
    kept.add(entry(2));
    await Promise.all([going, sends.kick()]);
    expect(await fate).toMatchObject({ is: 'accepted', selfPayFen: 1500 });
    expect(await sends.fateOf(9, 1)).toBeNull();
  });
});
