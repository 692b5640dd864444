import { canonicalJson, type FieldCipher, type Tx } from '../platform/index.js';
import { cardHandle, factsOf, identityIndex, nameIndex, openElder } from '../elder/index.js';
import { compareElder, type Comparison, type ElderRow, type RegistryEntry } from './domain/index.js';
import { cardOwners, knownElders, type KnownElder } from './known.store.js';

/** A row of a roster with its number. */
export interface NumberedRow {
  readonly rowNo: number;
  readonly row: ElderRow;
}

/** What comparing takes. */
export interface CompareParts {
  readonly cipher: FieldCipher;
  readonly cityCode: string;
  readonly within: (code: string, wider: string) => boolean;
  /** Whether a division lies in the file's. */
  readonly inside: (code: string) => boolean;
}

/** Compares rows with the registry as it is now: four statements for any number of rows. */
export async function compareRows(tx: Tx, { cipher, cityCode, within, inside }: CompareParts, rows: readonly NumberedRow[]): Promise<Comparison[]> {
  if (rows.length === 0) return [];
  const indexes = rows.map(({ row }) => identityIndex(cipher, row.registration.identity.number));
  const handles = rows.map(({ row: { registration } }) => (registration.cardNumber === null ? null : cardHandle(cipher, registration.cardNumber)));
  const known = await knownElders(tx, cityCode, indexes);
  const facts = known.size === 0 ? new Map() : await factsOf(tx, cityCode, [...known.values()].map((elder) => elder.elderId));
  const owners = await cardOwners(tx, cityCode, handles.filter((handle) => handle !== null));
  return rows.map(({ row }, index) => {
    const elder = known.get(indexes[index] as string);
    const entry = elder === undefined ? null : toEntry({ cipher, cityCode, within, inside }, elder, row, facts.get(elder.elderId)?.categories ?? []);
    return compareElder(row, entry, owners.get(handles[index] ?? '') ?? null, within);
  });
}

function toEntry({ cipher, cityCode, inside }: CompareParts, elder: KnownElder, { registration }: ElderRow, categories: RegistryEntry['categories']): RegistryEntry {
  const phone = registration.phone === null || elder.phoneSealed === null ? null : openElder(cipher, cityCode, elder).phone;
  return {
    elderId: elder.elderId, sameName: elder.nameIndex === nameIndex(cipher, registration.name), samePhone: phone === registration.phone,
    hukouCode: elder.hukouCode, residenceCode: elder.residenceCode, died: elder.died, categories,
    here: [elder.hukouCode, elder.residenceCode].some((code) => code !== null && inside(code)),
  };
}

/** A keyed digest of what a row says, its number apart: for telling a row that stands twice from one that contradicts. */
export function rowDigest(cipher: FieldCipher, { registration, datesGiven }: ElderRow): string {
  return cipher.blindIndex('roster.row', canonicalJson({ ...registration, elderId: '', datesGiven }));
}
