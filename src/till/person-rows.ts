import { invariant, type CivilDate } from '../kernel/index.js';
import { terminalStanding } from '../access/index.js';
import { openSurname } from '../elder/index.js';
import type { FieldCipher, TerminalActor, Tx } from '../platform/index.js';
import { readSitesOn } from '../site/index.js';
import type { PolicyLibrary } from '../subsidy/index.js';
import type { RowBody, TillRow } from './domain/index.js';
import { handleOf, rosterKey } from './handles.js';
import type { Person } from './person.store.js';
import { RosterKitchen } from './roster-kitchen.js';
import { keepVersions } from './roster.store.js';

/** What making rows takes besides the transaction. */
export interface RowTools {
  readonly cipher: FieldCipher;
  readonly policies: PolicyLibrary;
}

/** Rows of a few people as of now, as the site's roster would have them; in the order given. */
export async function rowsOfPersons(tx: Tx, { cipher, policies }: RowTools, actor: TerminalActor, persons: readonly Person[], on: CivilDate): Promise<TillRow[]> {
  const { cityCode, siteId, terminalId } = actor;
  const terminal = await terminalStanding(tx, cityCode, terminalId);
  const site = (await readSitesOn(tx, cityCode, [siteId], on)).get(siteId);
  invariant(terminal !== undefined && site !== undefined, 'a terminal with a session has a key and a site');
  const kitchen = new RosterKitchen(await policies.of(tx, cityCode), site, on);
  const bodies = new Map((await kitchen.rowsOf(tx, cityCode, persons)).map(({ cardId, body }) => [cardId, JSON.parse(body) as RowBody]));
  await keepVersions(tx, cityCode, [...kitchen.versions.values()]);
  const key = rosterKey(cipher, terminalId, terminal.generation);
  return persons.flatMap((person): TillRow[] => {
    const body = bodies.get(person.cardId);
    return body === undefined ? [] : [{ h: handleOf(key, person.digest), n: openSurname(cipher, cityCode, person), t: person.sex === 'female' ? 'f' : 'm', ...body }];
  });
}
