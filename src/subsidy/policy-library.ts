import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/index.js';
import type { Calendar, FundEnd } from './domain/index.js';
import { compileDraft } from './draft-texts.js';
import { loadCalendars, type Pack } from './load-packs.js';
import { PackLibrary } from './pack-library.js';
import { publishedFundEnds } from './fund-end.store.js';
import { citiesWithPolicies, policyHead, publishedTexts, readDraft } from './policy.store.js';

interface Kept {
  readonly head: string;
  readonly library: PackLibrary;
}

/**
 * What rules in each city: the versions that were published there, and nothing else. A city's library is kept for as
 * long as its last publication is the last one; every use names that publication as the database has it, so another
 * process's publication is seen by the very next transaction. Announced ends of funds are part of that state.
 */
@Injectable()
export class PolicyLibrary {
  private readonly kept = new Map<string, Kept>();
  private calendars: ReadonlyMap<number, Calendar> | undefined;

  /** What is published in a city, as the transaction sees it; an empty library before the first publication. */
  async of(tx: Tx, cityCode: string): Promise<PackLibrary> {
    return this.at(tx, cityCode, await policyHead(tx, cityCode));
  }

  /**
   * The same, where the caller has read the head along with something else (`policyHeadSql`): no statement at all
   * unless something was published since.
   */
  async at(tx: Tx, cityCode: string, head: string | null): Promise<PackLibrary> {
    if (head === null) return this.libraryOf([]);
    const known = this.kept.get(cityCode);
    if (known?.head === head) return known.library;
    const [rows, ends] = await Promise.all([publishedTexts(tx, cityCode), publishedFundEnds(tx, cityCode)]);
    const library = this.libraryOf(rows.map((texts) => compileDraft(texts).pack), ends);
    const last = rows.at(-1);
    // Rows may be newer than the head that was asked for; they are kept under the name of the last of them.
    if (last !== undefined) this.kept.set(cityCode, { head: `${last.seq} ${last.draftId} ${ends.at(-1)?.seq ?? 0}`, library });
    return library;
  }

  /**
   * What is published, by city.
   * @param cityCode one city, null for all that published anything
   */
  async ofAll(tx: Tx, cityCode: string | null): Promise<ReadonlyMap<string, PackLibrary>> {
    const libraries = new Map<string, PackLibrary>();
    for (const code of cityCode === null ? await citiesWithPolicies(tx) : [cityCode]) libraries.set(code, await this.of(tx, code));
    return libraries;
  }

  private libraryOf(packs: readonly Pack[], ends: readonly FundEnd[] = []): PackLibrary {
    this.calendars ??= loadCalendars();
    return new PackLibrary(packs, this.calendars, ends);
  }
}

/** A draft's texts as a pack of one version, whether or not it was signed; null where the city has no such draft. */
export async function draftOf(tx: Tx, cityCode: string, draftId: string): Promise<Pack | null> {
  const draft = await readDraft(tx, cityCode, draftId);
  return draft === undefined ? null : compileDraft(draft).pack;
}
