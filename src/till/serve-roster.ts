import { Injectable } from '@nestjs/common';
import { invariant, type Instant } from '../kernel/index.js';
import { terminalStanding } from '../access/index.js';
import { openSurname } from '../elder/index.js';
import { FieldCipher, fromCursor, ProblemException, toPage, Transactor, type TerminalActor } from '../platform/index.js';
import { EXPIRY_MS, GUARANTEED_MS, type RosterPage, type TillRow } from './domain/index.js';
import { handleOf, rosterKey } from './handles.js';
import { MakeRoster } from './make-roster.js';
import { readHead, readRows, type RosterHead, type ServedRow } from './roster.store.js';

/** Rows of one page, some hundred kilobytes: neither side ever holds a street as text, and no tap waits for one. */
const PAGE = 2_000;

/** What a till has of the roster already. */
export interface RosterAsked {
  /** The version that it has, with the generation of the key that its handles were made in; undefined: nothing. */
  readonly since?: number | undefined;
  readonly generation?: number | undefined;
  readonly cursor?: string | undefined;
}

/** Where a reading of several pages began: a roster that is made anew meanwhile does not move it. */
interface Reading {
  readonly version: number;
  readonly since: number | null;
  readonly asOf: Instant;
  readonly countedTo: number;
  readonly after: string | null;
}

/** Hands a terminal its site's roster, page by page, under handles of its own. */
@Injectable()
export class ServeRoster {
  constructor(private readonly transactor: Transactor, private readonly roster: MakeRoster, private readonly cipher: FieldCipher) {}

  /**
   * The next page as JSON text; whole where the till has nothing, or something that this roster did not make.
   * @throws ProblemException `cursor-wrong`
   */
  async page({ cityCode, siteId, terminalId }: TerminalActor, asked: RosterAsked): Promise<string> {
    const terminal = await this.transactor.read((tx) => terminalStanding(tx, cityCode, terminalId));
    invariant(terminal !== undefined, 'a terminal with a session has a key');
    const { generation } = terminal;
    const head = await this.headFor(cityCode, siteId, asked.cursor);
    const reading = asked.cursor === undefined ? begin(head, terminalId, asked, generation) : goOn(asked.cursor);
    const { version, since, asOf, countedTo, after } = reading;
    const key = rosterKey(this.cipher, terminalId, generation);
    const rows = await this.transactor.read((tx) => readRows(tx, cityCode, siteId, since, after, PAGE));
    const page = toPage(rows, PAGE, ({ cardId }) => [version, since ?? NOTHING, asOf, countedTo, cardId]);
    const rest: Omit<RosterPage, 'rows' | 'gone'> = {
      format: 1, siteId, terminalId, generation, version, since, asOf, guaranteedUntil: asOf + GUARANTEED_MS, expiresAt: asOf + EXPIRY_MS,
      coversTo: head.coversTo, countedTo, versionKeys: head.versionKeys, next: page.nextCursor,
    };
    const standing = page.items.filter(({ gone }) => !gone).map((row) => this.rowText(cityCode, key, row));
    const gone = page.items.filter((row) => row.gone).map(({ digest }) => handleOf(key, digest));
    return `${JSON.stringify(rest).slice(0, -1)},"rows":[${standing.join(',')}],"gone":${JSON.stringify(gone)}}`;
  }

  /** A reading that is under way does not make the roster anew. */
  private async headFor(cityCode: string, siteId: string, cursor: string | undefined): Promise<RosterHead> {
    const known = cursor === undefined ? undefined : await this.transactor.read((tx) => readHead(tx, cityCode, siteId));
    return known ?? this.roster.fresh(cityCode, siteId);
  }

  /** A row's text: the part that is kept as it was written, with the pseudonym and the address. */
  private rowText(cityCode: string, key: Buffer, { elderId, digest, body, regular, sex, nameSealed }: ServedRow): string {
    const head: Omit<TillRow, 's' | 'u'> = { h: handleOf(key, digest), n: openSurname(this.cipher, cityCode, { elderId, nameSealed }), t: sex === 'female' ? 'f' : 'm', ...(regular ? { r: 1 as const } : {}) };
    return `${JSON.stringify(head).slice(0, -1)},${body.slice(1)}`;
  }
}

/** In a cursor: the whole roster. */
const NOTHING = -1;

function begin(head: RosterHead, terminalId: string, { since, generation: known }: RosterAsked, generation: number): Reading {
  const usable = since !== undefined && known === generation && since <= head.seq;
  return { version: head.seq, since: usable ? since : null, asOf: head.asOf, countedTo: head.journals[terminalId] ?? 0, after: null };
}

function goOn(cursor: string): Reading {
  const [version, since, asOf, countedTo, after] = fromCursor(cursor, 5) as [number, number, number, number, string];
  if (!UUID.test(after)) throw new ProblemException('cursor-wrong');
  return { version, since: since === NOTHING ? null : since, asOf, countedTo, after };
}

const UUID = /^[0-9a-f-]{36}$/;
