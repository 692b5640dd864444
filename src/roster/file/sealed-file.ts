import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { invariant } from '../../kernel/index.js';
import type { FieldCipher } from '../../platform/index.js';

const PIECE = 1024 * 1024;

/** A file as the database keeps it. */
export interface SealedFile {
  /** The file's own key, sealed with the installation's. */
  readonly key: Buffer;
  readonly pieces: readonly Buffer[];
}

function keyPlace(cityCode: string, fileId: string): string {
  return `roster_file.key:${cityCode}:${fileId}`;
}

/** Binds a piece to its file, its place in it and the number of pieces: none can be left out, doubled or moved. */
function piecePlace(cityCode: string, fileId: string, piece: number, pieces: number): Buffer {
  return Buffer.from(`roster_file:${cityCode}:${fileId}:${piece}/${pieces}`);
}

/** Encrypts a file with a key made for it alone, piece by piece (AES-256-GCM). */
export function sealFile(cipher: FieldCipher, cityCode: string, fileId: string, bytes: Buffer): SealedFile {
  const key = randomBytes(32);
  const count = Math.ceil(bytes.length / PIECE);
  const pieces = Array.from({ length: count }, (_, index) => {
    const nonce = randomBytes(12);
    const seal = createCipheriv('aes-256-gcm', key, nonce).setAAD(piecePlace(cityCode, fileId, index, count));
    const body = Buffer.concat([seal.update(bytes.subarray(index * PIECE, (index + 1) * PIECE)), seal.final()]);
    return Buffer.concat([nonce, seal.getAuthTag(), body]);
  });
  return { key: cipher.seal(key.toString('hex'), keyPlace(cityCode, fileId)), pieces };
}

/** @throws when a piece was altered, moved or left out */
export function openFile(cipher: FieldCipher, cityCode: string, fileId: string, { key: sealedKey, pieces }: SealedFile): Buffer {
  const key = Buffer.from(cipher.open(sealedKey, keyPlace(cityCode, fileId)), 'hex');
  invariant(key.length === 32, 'the key of a file has 32 bytes');
  return Buffer.concat(pieces.map((piece, index) => {
    const open = createDecipheriv('aes-256-gcm', key, piece.subarray(0, 12));
    open.setAAD(piecePlace(cityCode, fileId, index, pieces.length)).setAuthTag(piece.subarray(12, 28));
    return Buffer.concat([open.update(piece.subarray(28)), open.final()]);
  }));
}
