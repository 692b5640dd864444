import { invariant, type CivilDate } from '../kernel/index.js';
import type { FieldCipher, Tx } from '../platform/index.js';
import { rowsAfter } from './roster.store.js';
import { openRow } from './sealed-row.js';

/** A line of a register about somebody who is registered, which the registry does not have yet. */
export interface ProposedRow {
  readonly rowNo: number;
  readonly elderId: string;
  /** Death, first day of the stay, or day of the move. */
  readonly from: CivilDate;
  readonly to: CivilDate | null;
  /** Where the hukou went: null for a place outside the city. */
  readonly placeCode: string | null;
  readonly facility: string | null;
}

const PAGE = 5_000;

/** The lines of a checked register that ask for a decision, by row. */
export async function proposedRows(tx: Tx, cipher: FieldCipher, cityCode: string, rosterId: string): Promise<ProposedRow[]> {
  const found: ProposedRow[] = [];
  for (let after = 0; ;) {
    const rows = await rowsAfter(tx, cityCode, rosterId, after, PAGE, ['proposed']);
    for (const { rowNo, elderId, sealed } of rows) {
      invariant(elderId !== null && sealed !== null, 'a proposed row names an elder');
      const { register } = openRow(cipher, cityCode, rosterId, rowNo, sealed);
      invariant(register, 'a proposed row is one of a register');
      const { from, to, placeCode, facility } = register;
      found.push({ rowNo, elderId, from, to, placeCode, facility });
    }
    if (rows.length < PAGE) return found;
    after = rows.at(-1)?.rowNo ?? after;
  }
}
