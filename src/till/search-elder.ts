import { Inject, Injectable } from '@nestjs/common';
import { chinaInstant, done, refuse, today, type Clock, type Instant, type Outcome } from '../kernel/index.js';
import { recordAudit } from '../access/index.js';
import { openSurname, sealEntered } from '../elder/index.js';
import { CLOCK, doDeed, FieldCipher, Transactor, type TerminalActor, type Tx } from '../platform/index.js';
import { PolicyLibrary } from '../subsidy/index.js';
import type { TillRow } from './domain/index.js';
import { readLimits } from './limit.store.js';
import { countSearches, insertSearch, personsByPhoneTail, type Person } from './person.store.js';
import { rowsOfPersons } from './person-rows.js';

/** So many at most are shown: more would be a list to leaf through. */
const MOST_SHOWN = 5;
/** Elders of a city with one telephone's end whom a search looks at. */
const MOST_LOOKED_AT = 500;
const LATELY_MS = 60_000;
const MOST_LATELY = 6;
/** How long what was found may be used for a tap. */
export const NOTE_LIFE_MS = 10 * 60_000;

/** What an elder without a card says of themselves. */
export interface SearchAsked {
  readonly id: string;
  readonly surname: string;
  /** The last four digits of the telephone. */
  readonly phoneTail: string;
}

/** Somebody it may be: enough to tell them apart face to face, and no more. */
export interface Candidate {
  readonly surname: string;
  readonly title: 'f' | 'm';
  /** The last four of the card's number. */
  readonly cardTail: string;
  /** What a tap names in place of a card's number; at this terminal, for ten minutes. */
  readonly note: string;
  readonly noteUntil: Instant;
  readonly row: TillRow;
}

/** Who was found; `more` where there were others too. */
export interface Found {
  readonly candidates: readonly Candidate[];
  readonly more: boolean;
}

/** Finds an elder whose card was forgotten. Online only, few times a day, and it is kept that it was done, not for whom. */
@Injectable()
export class SearchElder {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `search-too-often`, `search-day-limit`, `id-taken` */
  async run(actor: TerminalActor, asked: SearchAsked): Promise<Outcome<Found>> {
    const { cityCode, terminalId } = actor;
    const now = this.clock.now();
    // What was asked for goes into no row: the deed's hash is of a keyed digest, and its answer is only how many were found.
    const body = { terminalId, asked: this.cipher.blindIndex('till-search', `${asked.surname}\n${asked.phoneTail}`) };
    const counted = await doDeed(this.transactor, this.clock, { cityCode, id: asked.id, kind: 'till.search', body }, async (tx) => {
      const admitted = await this.admit(tx, actor, now);
      if (!admitted.ok) return admitted;
      const { length } = await this.persons(tx, cityCode, asked);
      await insertSearch(tx, cityCode, asked.id, terminalId, length, now);
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'till.search', objectKind: 'terminal', objectId: terminalId, after: { searchId: asked.id, found: length } });
      return done({ found: length });
    });
    if (!counted.ok) return counted;
    return this.transactor.run(async (tx) => this.show(tx, actor, await this.persons(tx, cityCode, asked), now));
  }

  private async admit(tx: Tx, { cityCode, terminalId }: TerminalActor, now: Instant): Promise<Outcome<null>> {
    const { enteredDayDevice } = await readLimits(tx, cityCode);
    const counts = await countSearches(tx, cityCode, terminalId, chinaInstant(today(this.clock), 0), now - LATELY_MS);
    if (counts.today >= enteredDayDevice) return refuse('search-day-limit', { limit: enteredDayDevice });
    return counts.lately >= MOST_LATELY ? refuse('search-too-often') : done(null);
  }

  private async persons(tx: Tx, cityCode: string, { surname, phoneTail }: SearchAsked): Promise<Person[]> {
    const near = await personsByPhoneTail(tx, cityCode, phoneTail, MOST_LOOKED_AT);
    return near.filter((person) => openSurname(this.cipher, cityCode, person) === surname);
  }

  private async show(tx: Tx, actor: TerminalActor, persons: readonly Person[], now: Instant): Promise<Outcome<Found>> {
    const shown = persons.slice(0, MOST_SHOWN);
    const rows = shown.length === 0 ? [] : await rowsOfPersons(tx, { cipher: this.cipher, policies: this.policies }, actor, shown, today(this.clock));
    const noteUntil = now + NOTE_LIFE_MS;
    const candidates = rows.map((row, index): Candidate => {
      const { handle, tail } = shown[index] as Person;
      // A lost card is no obstacle for somebody who is known by name: what is entered for them is looked at afterwards.
      const { x: _x, ...open } = row;
      return { surname: row.n, title: row.t, cardTail: tail, note: sealEntered(this.cipher, { ...actor, handle, until: noteUntil }), noteUntil, row: open };
    });
    return done({ candidates, more: persons.length > MOST_SHOWN });
  }
}
