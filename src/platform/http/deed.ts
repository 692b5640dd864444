import { done, refuse, type Clock, type Outcome } from '../../kernel/index.js';
import { hashOf } from '../crypto/index.js';
import { at, type Transactor, type Tx } from '../db/index.js';

/** A change that somebody asks for: its id comes from the client, and is stored with a hash of what was asked. */
export interface Deed {
  readonly cityCode: string;
  /** Made by the client; the same id and body gets the first answer for ever. */
  readonly id: string;
  /** What is asked, e.g. `site.open`. */
  readonly kind: string;
  /** Everything that makes it this change and no other, the actor included where it matters. */
  readonly body: unknown;
}

/** Thrown inside the transaction to take everything back when the rules refuse; never leaves this file. */
class Refused extends Error {
  constructor(readonly outcome: Outcome<never>) {
    super('refused');
  }
}

/**
 * The corridor of every change that staff ask for: one transaction that claims the id, does the work and keeps the
 * answer. A repeat gets the kept answer, byte for byte; another body under the same id is refused with `id-taken`. A refusal writes
 * nothing and frees the id, so that the corrected request may use it.
 * @param work does the change; its answer must be JSON
 */
export async function doDeed<T>(transactor: Transactor, clock: Clock, deed: Deed, work: (tx: Tx) => Promise<Outcome<T>>): Promise<Outcome<T>> {
  const bodyHash = bodyHashOf(deed);
  try {
    return await transactor.run(async (tx) => {
      const claimed = await tx.query(
        `INSERT INTO deed (city_code, deed_id, kind, body_hash, done_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (city_code, deed_id) DO NOTHING RETURNING deed_id`,
        [deed.cityCode, deed.id, deed.kind, bodyHash, at(clock.now())], 'deed.claim',
      );
      if (claimed.length === 0) return repeat<T>(tx, deed, bodyHash);
      const outcome = await work(tx);
      if (!outcome.ok) throw new Refused(outcome);
      await tx.query('UPDATE deed SET answer = $3 WHERE city_code = $1 AND deed_id = $2', [deed.cityCode, deed.id, JSON.stringify(outcome.value ?? null)], 'deed.answer');
      return outcome;
    });
  } catch (error) {
    if (error instanceof Refused) return error.outcome;
    throw error;
  }
}

/**
 * The corridor of many changes in one transaction, first half: what is kept of deeds that were done before, in their
 * order; undefined for those that are to be done. Whatever makes a repeat wait for the first must be locked already.
 */
export async function keptDeeds<T>(tx: Tx, cityCode: string, deeds: readonly Deed[]): Promise<(Outcome<T> | undefined)[]> {
  const rows = await tx.query<{ id: string; bodyHash: string; answer: T }>(
    'SELECT deed_id AS id, body_hash AS "bodyHash", answer FROM deed WHERE city_code = $1 AND deed_id = ANY ($2::uuid[])', [cityCode, deeds.map(({ id }) => id)], 'deed.kept');
  const kept = new Map(rows.map((row) => [row.id, row]));
  return deeds.map((deed) => {
    const first = kept.get(deed.id);
    return first === undefined ? undefined : first.bodyHash === bodyHashOf(deed) ? done(first.answer) : refuse('id-taken');
  });
}

/**
 * The second half: keeps the answers of those that were done. A refused one is not to be among them, and must have written nothing.
 * @throws where somebody else has taken one of the ids meanwhile: nothing may be committed then
 */
export async function keepDeeds(tx: Tx, clock: Clock, cityCode: string, deeds: readonly { readonly deed: Deed; readonly answer: unknown }[]): Promise<void> {
  if (deeds.length === 0) return;
  await tx.query(
    `INSERT INTO deed (city_code, deed_id, kind, body_hash, done_at, answer)
     SELECT $1, d.id, d.kind, d.hash, $2, d.answer::jsonb FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[]) AS d (id, kind, hash, answer)`,
    [cityCode, at(clock.now()), deeds.map(({ deed }) => deed.id), deeds.map(({ deed }) => deed.kind), deeds.map(({ deed }) => bodyHashOf(deed)), deeds.map(({ answer }) => JSON.stringify(answer))], 'deed.keep');
}

function bodyHashOf({ kind, body }: Deed): string {
  return hashOf({ kind, body });
}

async function repeat<T>(tx: Tx, deed: Deed, bodyHash: string): Promise<Outcome<T>> {
  const [first] = await tx.query<{ bodyHash: string; answer: T }>(
    'SELECT body_hash AS "bodyHash", answer FROM deed WHERE city_code = $1 AND deed_id = $2',
    [deed.cityCode, deed.id],
  );
  return first?.bodyHash === bodyHash ? done(first.answer) : refuse('id-taken');
}
