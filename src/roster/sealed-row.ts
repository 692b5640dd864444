import type { FieldCipher } from '../platform/index.js';
import type { Change, ElderRow, RegisterRow } from './domain/index.js';

/** What is kept of a row: the form of an elder with what it changes, a line of a register, or the cell that is wrong. */
export interface RowContent {
  readonly elder?: { readonly row: ElderRow; readonly change: Change };
  readonly register?: RegisterRow;
  readonly value?: string;
}

function place(cityCode: string, rosterId: string, rowNo: number): string {
  return `roster_row:${cityCode}:${rosterId}:${rowNo}`;
}

/** Seals a row, bound to its place in its file; hexadecimal. */
export function sealRow(cipher: FieldCipher, cityCode: string, rosterId: string, rowNo: number, content: RowContent): string {
  return cipher.seal(JSON.stringify(content), place(cityCode, rosterId, rowNo)).toString('hex');
}

/** @throws when a row was altered or moved */
export function openRow(cipher: FieldCipher, cityCode: string, rosterId: string, rowNo: number, sealed: Buffer): RowContent {
  return JSON.parse(cipher.open(sealed, place(cityCode, rosterId, rowNo))) as RowContent;
}
