/**
 * Merkle trees by the rules of RFC 9162, section 2.1: a leaf is hashed with 0x00 before it, a node with 0x01, and a
 * tree of n leaves splits at the largest power of two below n. The hash function is handed in, so that this runs
 * anywhere.
 */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** The hash of one leaf's data. */
export function leafHash(sha256: Sha256, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 1);
  bytes.set(data, 1);
  return sha256(bytes);
}

function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + left.length + right.length);
  bytes[0] = 1;
  bytes.set(left, 1);
  bytes.set(right, 1 + left.length);
  return sha256(bytes);
}

/** The largest power of two below n, for n of 2 or more. */
function splitOf(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}

/**
 * The root over hashes of leaves `from` (included) to `to` (not included).
 * @returns for no leaves the hash of nothing
 */
export function rootOf(sha256: Sha256, leaves: readonly Uint8Array[], from = 0, to = leaves.length): Uint8Array {
  if (to === from) return sha256(new Uint8Array(0));
  if (to - from === 1) return leaves[from] as Uint8Array;
  const middle = from + splitOf(to - from);
  return nodeHash(sha256, rootOf(sha256, leaves, from, middle), rootOf(sha256, leaves, middle, to));
}

/** Hashes, bottom up, that prove that a leaf is in the tree at its place (section 2.1.3.1). */
export function inclusionProof(sha256: Sha256, leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  const path: Uint8Array[] = [];
  let [from, to] = [0, leaves.length];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      path.push(rootOf(sha256, leaves, middle, to));
      to = middle;
    } else {
      path.push(rootOf(sha256, leaves, from, middle));
      from = middle;
    }
  }
  return path.reverse();
}

/** Proofs for every leaf of a tree at once, each sub-tree hashed once. */
export function inclusionProofs(sha256: Sha256, leaves: readonly Uint8Array[]): Uint8Array[][] {
  const proofs: Uint8Array[][] = leaves.map(() => []);
  const walk = (from: number, to: number): Uint8Array => {
    if (to - from <= 1) return rootOf(sha256, leaves, from, to);
    const middle = from + splitOf(to - from);
    const [left, right] = [walk(from, middle), walk(middle, to)];
    for (let index = from; index < to; index += 1) proofs[index]?.push(index < middle ? right : left);
    return nodeHash(sha256, left, right);
  };
  walk(0, leaves.length);
  return proofs;
}

/** A leaf's place in a tree, with what proves it. */
export interface Inclusion {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly proof: readonly Uint8Array[];
}

/** Whether a proof leads from a leaf to a root (section 2.1.3.2). */
export function includes(sha256: Sha256, { leaf, index, size, proof }: Inclusion, root: Uint8Array): boolean {
  if (!(index >= 0 && index < size)) return false;
  let [place, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = nodeHash(sha256, sibling, hash);
      while (place % 2 === 0 && place > 0) [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
    } else hash = nodeHash(sha256, hash, sibling);
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 && same(hash, root);
}

/** Hashes that prove that the tree over all leaves only added to the one over the first `size` (section 2.1.4.1). */
export function consistencyProof(sha256: Sha256, leaves: readonly Uint8Array[], size: number): Uint8Array[] {
  const sub = (wanted: number, from: number, to: number, whole: boolean): Uint8Array[] => {
    if (wanted === to - from) return whole ? [] : [rootOf(sha256, leaves, from, to)];
    const middle = from + splitOf(to - from);
    if (wanted <= middle - from) return [...sub(wanted, from, middle, whole), rootOf(sha256, leaves, middle, to)];
    return [...sub(wanted - (middle - from), middle, to, false), rootOf(sha256, leaves, from, middle)];
  };
  return size === 0 || size === leaves.length ? [] : sub(size, 0, leaves.length, true);
}

/** A tree at some time: how many leaves, and their root. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** Whether a proof shows that the later tree begins with all of the earlier one (section 2.1.4.2). */
export function isConsistent(sha256: Sha256, earlier: TreeHead, later: TreeHead, proof: readonly Uint8Array[]): boolean {
  if (earlier.size > later.size) return false;
  if (earlier.size === 0) return proof.length === 0;
  if (earlier.size === later.size) return proof.length === 0 && same(earlier.root, later.root);
  const path = isPowerOfTwo(earlier.size) ? [earlier.root, ...proof] : [...proof];
  let [place, last] = [earlier.size - 1, later.size - 1];
  while (place % 2 === 1) [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  const first = path.shift();
  if (first === undefined) return false;
  let [was, is] = [first, first];
  for (const hash of path) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      [was, is] = [nodeHash(sha256, hash, was), nodeHash(sha256, hash, is)];
      while (place % 2 === 0 && place > 0) [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
    } else is = nodeHash(sha256, is, hash);
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 && same(was, earlier.root) && same(is, later.root);
}

function isPowerOfTwo(n: number): boolean {
  return n === splitOf(n + 1);
}

/** The right edge of a tree: roots of its full sub-trees, the largest first. All that adding to the tree needs. */
export interface TreeEdge {
  readonly size: number;
  readonly hashes: readonly Uint8Array[];
}

export const EMPTY_TREE: TreeEdge = { size: 0, hashes: [] };

/** The edge after more leaves. */
export function grow(sha256: Sha256, edge: TreeEdge, leaves: readonly Uint8Array[]): TreeEdge {
  const hashes = [...edge.hashes];
  let { size } = edge;
  for (const leaf of leaves) {
    let hash = leaf;
    for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2)) hash = nodeHash(sha256, hashes.pop() as Uint8Array, hash);
    hashes.push(hash);
    size += 1;
  }
  return { size, hashes };
}

/** The root of a tree by its edge. */
export function rootOfEdge(sha256: Sha256, { hashes }: TreeEdge): Uint8Array {
  return hashes.length === 0 ? sha256(new Uint8Array(0)) : hashes.reduceRight((right, left) => nodeHash(sha256, left, right));
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
