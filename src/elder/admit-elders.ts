import { chinaDate, done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, canonicalJson, type FieldCipher, type StaffActor, type Tx } from '../platform/index.js';
import { recordAudits } from '../access/index.js';
import { pathsOf } from '../region/index.js';
import { cardHandle } from './card-holder.store.js';
import { mayRecord, readRegistration, type Registration, type RegistrationForm } from './domain/index.js';
import { refuseOthers } from './record-category.js';
import { firstCardId, insertElders, knownCards, knownIdentities, queueUp } from './register.store.js';
import { identityIndex } from './sealed-elder.js';

/** What a registration answers, and what its deed keeps. */
export interface Registered {
  readonly elderId: string;
  /** The card that was issued with it, if one was. */
  readonly cardId: string | null;
}

/** What admitting elders takes from the platform. */
export interface ElderParts {
  readonly clock: Clock;
  readonly cipher: FieldCipher;
}

/** A form without its personal data in clear: a keyed digest of all of it, for comparing a repeat with the first. */
export function formDigest(cipher: FieldCipher, form: RegistrationForm): string {
  return cipher.blindIndex('elder.form', canonicalJson(form));
}

/** Whether a code that this city does not list is another city's. */
export function isElsewhere(cityCode: string, code: string): boolean {
  const length = cityCode.endsWith('0000') ? 2 : 4;
  return code.slice(0, length) !== cityCode.slice(0, length);
}

/**
 * Decides over the places of a registration: the residence is a division of this city, the hukou may be another
 * city's, and one of the two lies in the actor's scope.
 */
export function checkPlaces(
  actor: StaffActor,
  places: { readonly hukouCode: string | null; readonly residenceCode: string | null },
  paths: ReadonlyMap<string, readonly string[]>,
): ReturnType<typeof refuse> | null {
  const { hukouCode, residenceCode } = places;
  if (residenceCode !== null && !paths.has(residenceCode)) return refuse('division-unknown', { code: residenceCode });
  if (hukouCode !== null && !paths.has(hukouCode) && !isElsewhere(actor.cityCode, hukouCode)) return refuse('division-unknown', { code: hukouCode });
  const inScope = [hukouCode, residenceCode].some((code) => code !== null && paths.get(code)?.includes(actor.divisionCode));
  return inScope ? null : refuse('outside-scope');
}

/**
 * Registers elders, each on its own: set-based, whatever their number, and in the order given, so that of two forms
 * with one identity number or card the first is taken.
 * @returns the outcome of each form by its id: what `readRegistration` refuses, `category-not-yours`, `division-unknown`, `outside-scope`,
 *   `identity-known`, `card-known`
 */
export async function admitElders(tx: Tx, { clock, cipher }: ElderParts, actor: StaffActor, forms: readonly RegistrationForm[]): Promise<Map<string, Outcome<Registered>>> {
  const now = clock.now();
  const outcomes = new Map<string, Outcome<Registered>>();
  const read: Registration[] = [];
  for (const form of forms) {
    const registration = readRegistration(form, chinaDate(now));
    if (registration.ok) read.push(registration.value);
    else outcomes.set(form.id, registration);
  }
  await queueUp(tx, actor.cityCode);
  const taken = await takenMarks(tx, cipher, actor, read);
  const paths = await pathsOf(tx, actor.cityCode, read.flatMap((elder) => [elder.hukouCode, elder.residenceCode]).filter((code) => code !== null));
  const admitted: Registration[] = [];
  for (const elder of read) {
    const marks = { identity: identityIndex(cipher, elder.identity.number), card: elder.cardNumber === null ? null : cardHandle(cipher, elder.cardNumber) };
    const foreign = elder.categories.find(({ code }) => !mayRecord(actor.roles, code));
    const wrong = (foreign === undefined ? null : refuseOthers(foreign.code))
      ?? checkPlaces(actor, elder, paths)
      ?? (taken.identities.has(marks.identity) ? refuse('identity-known') : null)
      ?? (marks.card !== null && taken.cards.has(marks.card) ? refuse('card-known') : null);
    if (wrong) {
      outcomes.set(elder.elderId, wrong);
      continue;
    }
    taken.identities.add(marks.identity);
    if (marks.card !== null) taken.cards.add(marks.card);
    admitted.push(elder);
    outcomes.set(elder.elderId, done({ elderId: elder.elderId, cardId: elder.cardNumber === null ? null : firstCardId(elder.elderId) }));
  }
  await insertElders(tx, cipher, { cityCode: actor.cityCode, by: actorName(actor), now }, admitted);
  await recordAudits(tx, clock, actor.cityCode, admitted.map((elder) => ({
    cityCode: actor.cityCode, actor, action: 'elder.register', objectKind: 'elder', objectId: elder.elderId,
    after: { hukouCode: elder.hukouCode, residenceCode: elder.residenceCode, born: elder.identity.born, categories: elder.categories, card: elder.cardNumber !== null },
  })));
  return outcomes;
}

async function takenMarks(tx: Tx, cipher: FieldCipher, actor: StaffActor, elders: readonly Registration[]): Promise<{ identities: Set<string>; cards: Set<string> }> {
  const cards = elders.flatMap((elder) => (elder.cardNumber === null ? [] : [cardHandle(cipher, elder.cardNumber)]));
  return {
    identities: await knownIdentities(tx, actor.cityCode, elders.map((elder) => identityIndex(cipher, elder.identity.number))),
    cards: cards.length === 0 ? new Set() : await knownCards(tx, actor.cityCode, cards),
  };
}
