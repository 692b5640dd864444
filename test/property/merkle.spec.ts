import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { consistencyProof, EMPTY_TREE, grow, includes, inclusionProof, inclusionProofs, isConsistent, leafHash, rootOf, rootOfEdge } from '../../src/seal/domain/index.js';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const leavesOf = (texts: readonly string[]): Uint8Array[] => texts.map((text) => leafHash(sha256, Buffer.from(text, 'hex')));

/** The eight inputs and the roots over the first of them that implementations of RFC 6962 and 9162 are tested with. */
const INPUTS = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125', 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7', '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef', 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const sizes = fc.integer({ min: 1, max: 130 });
const tree = (size: number): Uint8Array[] => Array.from({ length: size }, (_, index) => leafHash(sha256, Buffer.from(`leaf ${index}`)));

describe('a tree by RFC 9162', () => {
  it('has the roots that all implementations agree on', () => {
    for (const [size, root] of ROOTS.entries()) {
      const leaves = leavesOf(INPUTS.slice(0, size));
      expect(hex(rootOf(sha256, leaves))).toBe(root);
      expect(hex(rootOfEdge(sha256, grow(sha256, EMPTY_TREE, leaves)))).toBe(root);
    }
  });

  it('proves every leaf at its place, and no other leaf, place or root', () => {
    fc.assert(fc.property(sizes.chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1), fc.nat(size - 1))), ([size, index, other]) => {
      const leaves = tree(size);
      const root = rootOf(sha256, leaves);
      const proof = inclusionProof(sha256, leaves, index);
      const leaf = leaves[index] as Uint8Array;
      expect(includes(sha256, { leaf, index, size, proof }, root)).toBe(true);
      expect(inclusionProofs(sha256, leaves)[index]?.map(hex)).toEqual(proof.map(hex));
      if (other !== index) {
        expect(includes(sha256, { leaf, index: other, size, proof }, root)).toBe(false);
        expect(includes(sha256, { leaf: leaves[other] as Uint8Array, index, size, proof }, root)).toBe(false);
      }
      expect(includes(sha256, { leaf, index, size, proof }, leafHash(sha256, root))).toBe(false);
      expect(includes(sha256, { leaf, index, size, proof: [...proof, leaf] }, root)).toBe(false);
      if (proof.length > 0) expect(includes(sha256, { leaf, index, size, proof: proof.slice(1) }, root)).toBe(false);
    }));
  });

  it('proves that it only grew, and refuses a proof of anything else', () => {
    fc.assert(fc.property(fc.tuple(sizes, sizes).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const), fc.nat(), ([before, after], flipped) => {
      const leaves = tree(after);
      const [earlier, later] = [{ size: before, root: rootOf(sha256, leaves, 0, before) }, { size: after, root: rootOf(sha256, leaves) }];
      const proof = consistencyProof(sha256, leaves, before);
      expect(isConsistent(sha256, earlier, later, proof)).toBe(true);
      const changed = [...leaves];
      const place = flipped % before;
      changed[place] = leafHash(sha256, changed[place] as Uint8Array);
      expect(isConsistent(sha256, { ...earlier, root: rootOf(sha256, changed, 0, before) }, later, proof)).toBe(false);
      expect(isConsistent(sha256, earlier, { ...later, root: rootOf(sha256, changed) }, consistencyProof(sha256, changed, before))).toBe(false);
      if (before < after) expect(isConsistent(sha256, later, earlier, proof)).toBe(false);
    }));
  });

  it('grows by its edge alone', () => {
    fc.assert(fc.property(sizes, sizes, (first, more) => {
      const leaves = tree(first + more);
      const edge = grow(sha256, grow(sha256, EMPTY_TREE, leaves.slice(0, first)), leaves.slice(first));
      expect(hex(rootOfEdge(sha256, edge))).toBe(hex(rootOf(sha256, leaves)));
      expect(edge.size).toBe(first + more);
    }));
  });
});
