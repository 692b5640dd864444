import { Inject, Injectable } from '@nestjs/common';
import { invariant, type Clock, type Instant } from '../kernel/index.js';
import { terminalStanding } from '../access/index.js';
import { CLOCK, FieldCipher, fromCursor, toPage, Transactor, type TerminalActor } from '../platform/index.js';
import { handleOf, rosterKey } from './handles.js';
import { readMovedCards } from './lost-card.store.js';

const PAGE = 5_000;
/** A report that was under way when the list before was read is in the next one: what is told twice does no harm. */
const OVERLAP_MS = 10 * 60_000;

/** The cards of the city that a till must not take as cards, as of a moment; lists since an earlier one add to it. */
export interface LostCardPage {
  readonly format: 1;
  readonly terminalId: string;
  readonly generation: number;
  readonly since: Instant | null;
  /** What to ask for next time. */
  readonly version: Instant;
  readonly lost: readonly string[];
  /** Found again, or unfrozen. */
  readonly cleared: readonly string[];
  readonly next: string | null;
}

/** What a till has of the list already. */
export interface LostCardsAsked {
  readonly since?: number | undefined;
  readonly generation?: number | undefined;
  readonly cursor?: string | undefined;
}

/** Hands a terminal the list of lost cards under its own handles. */
@Injectable()
export class ServeLostCards {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @throws ProblemException `cursor-wrong` */
  async page({ cityCode, terminalId }: TerminalActor, asked: LostCardsAsked): Promise<string> {
    const terminal = await this.transactor.read((tx) => terminalStanding(tx, cityCode, terminalId));
    invariant(terminal !== undefined, 'a terminal with a session has a key');
    const { generation } = terminal;
    const place = fromCursor(asked.cursor, 3);
    const now = this.clock.now();
    const usable = asked.since !== undefined && asked.generation === generation && asked.since <= now ? asked.since : null;
    const since = place === null ? usable : Number(place[1]) < 0 ? null : Number(place[1]);
    const version = place === null ? now : Number(place[0]);
    const after = place === null ? null : String(place[2]);
    const rows = await this.transactor.read((tx) => readMovedCards(tx, cityCode, since === null ? null : since - OVERLAP_MS, after, PAGE));
    const page = toPage(rows, PAGE, ({ cardId }) => [version, since ?? -1, cardId]);
    const key = rosterKey(this.cipher, terminalId, generation);
    const handles = (active: boolean): string[] => page.items.filter((card) => card.active === active).map(({ digest }) => handleOf(key, digest));
    const body: LostCardPage = { format: 1, terminalId, generation, since, version, lost: handles(false), cleared: handles(true), next: page.nextCursor };
    return JSON.stringify(body);
  }
}
