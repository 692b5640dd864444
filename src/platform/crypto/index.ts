export { canonicalJson } from '../../kernel/index.js';
export { hashOf, sha256 } from './canonical.js';
export { derivedId } from './derived-id.js';
export { FieldCipher } from './field-cipher.js';
export type { NoteKey } from './note-key.js';
