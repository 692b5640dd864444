export { canonicalJson, hashOf, sha256 } from './canonical.js';
export { FieldCipher } from './field-cipher.js';
