import { createHash, createHmac, createPublicKey, randomUUID, verify } from 'node:crypto';
import type { CompiledVersion, MealFacts, OfflineSplit, SiteFacts } from '../../src/subsidy/domain/index.js';
import { decideAtTill, takePage, type HeldRoster, type RosterPage, type TillRow } from '../../src/till/domain/index.js';
import type { TestTill } from './tapping-city.js';

/** An Ed25519 public key in DER (SPKI, RFC 8410) without its 32 bytes. */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

interface Keys {
  readonly generation: number;
  readonly cardKey: string;
  readonly rosterKey: string;
  readonly signatureKey: string;
}

/** What the web till does with rosters, written down once more: keys, handles, signatures, pages, decisions. */
export class OfflineTill {
  keys: Keys | undefined;
  readonly held: HeldRoster = new Map();
  page: RosterPage | undefined;

  constructor(readonly till: TestTill) {}

  /** Reports at the server and gets the keys of the session. */
  async open(more: object = {}) {
    const answer = await this.till.send('/v1/till/openings', { id: randomUUID(), version: '1.0.0', time: this.till.now(), unsent: 0, ...more });
    if (answer.status === 200) this.keys = answer.body as Keys;
    return answer;
  }

  /** The handle under which this till knows a card. */
  handle(cardNumber: string): string {
    const { cardKey, rosterKey } = this.keys as Keys;
    const digest = createHmac('sha256', Buffer.from(cardKey, 'base64')).update(cardNumber).digest('hex');
    return createHmac('sha256', Buffer.from(rosterKey, 'base64')).update(digest).digest('base64url').slice(0, 22);
  }

  /** Gets something that the server signs; throws where the signature does not hold. */
  async signed<T>(path: string): Promise<T> {
    const answer = await this.till.send(path);
    expect(answer.status).toBe(200);
    if (!this.isSigned(answer.text, String(answer.headers['x-till-signature']))) throw new Error('the signature does not hold');
    return answer.body as T;
  }

  isSigned(text: string, signature: string): boolean {
    const key = createPublicKey({ key: Buffer.concat([SPKI_HEAD, Buffer.from((this.keys as Keys).signatureKey, 'base64url')]), format: 'der', type: 'spki' });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'));
  }

  /** Brings the held roster up to now: all of it the first time, then what changed. @returns the pages that came */
  async refresh(): Promise<RosterPage[]> {
    const pages: RosterPage[] = [];
    let query = this.page === undefined ? '' : `?since=${this.page.version}&generation=${this.page.generation}`;
    for (;;) {
      const page = await this.signed<RosterPage>(`/v1/till/roster${query}`);
      takePage(this.held, page, pages.length === 0);
      pages.push(page);
      this.page = page;
      if (page.next === null) return pages;
      query = `?cursor=${encodeURIComponent(page.next)}`;
    }
  }

  row(cardNumber: string): TillRow | null {
    return this.held.get(this.handle(cardNumber)) ?? null;
  }

  /** Decides a meal by itself, as of the roster that it holds. */
  async decide(cardNumber: string, meal: MealFacts): Promise<OfflineSplit> {
    const catalogue = await this.signed<{ versions: Record<string, CompiledVersion>; site: { facts: SiteFacts } }>('/v1/till/catalogue');
    return decideAtTill({ row: this.row(cardNumber), versions: new Map(Object.entries(catalogue.versions)), site: catalogue.site.facts, meal, ownUses: [] });
  }
}

/** The held roster as one text, whatever the order in which its rows came. */
export function rosterText(held: HeldRoster): string {
  return createHash('sha256').update(JSON.stringify([...held.entries()].sort(([a], [b]) => (a < b ? -1 : 1)))).digest('hex');
}
