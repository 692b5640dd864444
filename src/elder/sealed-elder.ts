import type { FieldCipher } from '../platform/index.js';
import { maskIdentityNumber, maskName, maskPhone, type Registration } from './domain/index.js';

/** An elder's personal data as the database keeps it; sealed fields as hexadecimal. */
export interface SealedElder {
  readonly identity: string;
  readonly identityIndex: string;
  readonly name: string;
  readonly nameIndex: string;
  readonly phone: string | null;
  readonly phoneTail: string | null;
}

/** An elder's personal data in clear: for disclosure and for masking, never to be kept. */
export interface ClearElder {
  readonly name: string;
  readonly identityNumber: string;
  readonly phone: string | null;
}

/** What a row brings for opening it. */
export interface SealedRow {
  readonly elderId: string;
  readonly identitySealed: Buffer;
  readonly nameSealed: Buffer;
  readonly phoneSealed: Buffer | null;
}

/** Binds a ciphertext to its column and row, so that none can be moved to another elder. */
function place(field: string, cityCode: string, elderId: string): string {
  return `elder.${field}:${cityCode}:${elderId}`;
}

/** How identity numbers are found and kept unique without being shown. */
export function identityIndex(cipher: FieldCipher, number: string): string {
  return cipher.blindIndex('identity', number);
}

/** How names are found without being shown. */
export function nameIndex(cipher: FieldCipher, name: string): string {
  return cipher.blindIndex('name', name);
}

export function sealElder(cipher: FieldCipher, cityCode: string, elder: Pick<Registration, 'elderId' | 'name' | 'identity' | 'phone'>): SealedElder {
  const seal = (field: string, text: string): string => cipher.seal(text, place(field, cityCode, elder.elderId)).toString('hex');
  return {
    identity: seal('identity', elder.identity.number),
    identityIndex: identityIndex(cipher, elder.identity.number),
    name: seal('name', elder.name),
    nameIndex: nameIndex(cipher, elder.name),
    phone: elder.phone === null ? null : seal('phone', elder.phone),
    phoneTail: elder.phone === null ? null : elder.phone.slice(-4),
  };
}

/** @throws when a ciphertext was altered or belongs to another row */
export function openElder(cipher: FieldCipher, cityCode: string, row: SealedRow): ClearElder {
  const { elderId } = row;
  return {
    name: cipher.open(row.nameSealed, place('name', cityCode, elderId)),
    identityNumber: cipher.open(row.identitySealed, place('identity', cityCode, elderId)),
    phone: row.phoneSealed === null ? null : cipher.open(row.phoneSealed, place('phone', cityCode, elderId)),
  };
}

/** The name alone, in clear. */
export function openName(cipher: FieldCipher, cityCode: string, row: Pick<SealedRow, 'elderId' | 'nameSealed'>): string {
  return cipher.open(row.nameSealed, place('name', cityCode, row.elderId));
}

/** The name with all but its surname starred out. */
export function openStarredName(cipher: FieldCipher, cityCode: string, row: Pick<SealedRow, 'elderId' | 'nameSealed'>): string {
  return maskName(openName(cipher, cityCode, row));
}

/** Of a name the surname alone, for addressing somebody. */
export function openSurname(cipher: FieldCipher, cityCode: string, row: Pick<SealedRow, 'elderId' | 'nameSealed'>): string {
  return openStarredName(cipher, cityCode, row).slice(0, -2);
}

/** The same with all but the ends of each field starred out. */
export function openMasked(cipher: FieldCipher, cityCode: string, row: SealedRow): ClearElder {
  const clear = openElder(cipher, cityCode, row);
  return { name: maskName(clear.name), identityNumber: maskIdentityNumber(clear.identityNumber), phone: clear.phone === null ? null : maskPhone(clear.phone) };
}
