import { terminalKeys } from '../access/index.js';
import { chinaDate, invariant, type CivilMonth, type Clock } from '../kernel/index.js';
import { canonicalJson, sha256 as sha256Hex, type NoteKey, type Tx } from '../platform/index.js';
import { inclusionProof, inclusionProofs, originOf } from './domain/index.js';
import { leafTexts } from './leaf.store.js';
import { consistencyOf } from './read-checkpoint.js';
import { LEAF_BYTES, leafHashes, sha256 } from './seal-days.js';
import { logHashes, readCheckpoint, readSeals, type KeptSeal } from './seal.store.js';

const KINDS = ['meal', 'void', 'adjustment'] as const;
const ID_BYTES = 16;

/** A leaf as its row is now, and the proof of the leaf that was sealed at its place. */
interface PacketLeaf {
  /** Place in the day's tree; -1 where the row was not there when the day was sealed. */
  readonly at: number;
  readonly leaf: object;
  /** Hashes from the bottom up, one after the other, in base64. */
  readonly proof: string;
}

/** A sealed day with everything in it. */
interface PacketDay {
  readonly log: number;
  readonly seal: object;
  readonly proof: string;
  /** Kinds and ids of the leaves as they were sealed. */
  readonly ids: readonly string[];
  readonly leaves: readonly PacketLeaf[];
}

/** The sealed days that a claim rests on, with all that proves them to somebody without this database. */
export interface PacketPart {
  /** Place and hash of every seal. */
  readonly seals: readonly (readonly [number, string])[];
  readonly days: readonly PacketDay[];
  readonly terminals: readonly (readonly [string, string])[];
  readonly checkpoint: string;
  readonly consistency: { readonly earlier: string; readonly proof: readonly string[] } | null;
}

const joined = (hashes: readonly Uint8Array[]): string => Buffer.concat(hashes.map((hash) => Buffer.from(hash))).toString('base64');

function idsOf({ leafIndex }: KeptSeal): string[] {
  return Array.from({ length: leafIndex.length / LEAF_BYTES }, (_, place) => {
    const at = place * LEAF_BYTES;
    const hex = leafIndex.subarray(at + 1, at + 1 + ID_BYTES).toString('hex');
    return `${KINDS[leafIndex[at] as number]}:${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  });
}

/**
 * Reads sealed days of one month of booking for a packet: the rows as they are now beside what was sealed, so that who
 * compares the two can name what differs.
 * @param since the size of an earlier checkpoint that the reader trusts
 * @returns undefined where that checkpoint is not there
 */
export async function packetPart(tx: Tx, cityCode: string, month: CivilMonth, logIndexes: readonly number[], since: number | null): Promise<PacketPart | undefined> {
  const checkpoint = await readCheckpoint(tx, cityCode);
  const consistency = since === null ? null : await consistencyOf(tx, cityCode, since, null);
  if (checkpoint === undefined || consistency === undefined) return undefined;
  const hashes = await logHashes(tx, cityCode, checkpoint.size);
  invariant(hashes.length === checkpoint.size, 'the log holds what its checkpoint says');
  const seals = await readSeals(tx, cityCode, logIndexes);
  const rows = new Map<string, { key: string; leaf: object }[]>();
  for (const { siteId, mealDate, kind, id, text } of await leafTexts(tx, cityCode, month, seals)) {
    const day = `${siteId} ${mealDate}`;
    rows.set(day, [...(rows.get(day) ?? []), { key: `${KINDS[kind]}:${id}`, leaf: JSON.parse(text) as object }]);
  }
  const days = seals.map((seal): PacketDay => {
    const ids = idsOf(seal);
    const place = new Map(ids.map((id, index) => [id, index]));
    const proofs = inclusionProofs(sha256, leafHashes({ leaves: ids.length, leafIndex: seal.leafIndex }));
    return {
      log: seal.logIndex, seal: JSON.parse(seal.statement) as object, proof: joined(inclusionProof(sha256, hashes, seal.logIndex)), ids,
      leaves: (rows.get(`${seal.siteId} ${seal.mealDate}`) ?? []).map(({ key, leaf }) => {
        const at = place.get(key);
        return { at: at ?? -1, leaf, proof: at === undefined ? '' : joined(proofs[at] ?? []) };
      }),
    };
  });
  const named = seals.flatMap((seal) => (JSON.parse(seal.statement) as { terminals: [string, string][] }).terminals);
  const keys = await terminalKeys(tx, cityCode, [...new Set(named.map(([terminalId]) => terminalId))]);
  // A key that a terminal got after the last of these seals is none of theirs.
  const wanted = new Set(named.map((pair) => pair.join(' ')));
  return {
    seals: seals.map((seal) => [seal.logIndex, seal.sealHash.toString('hex')] as const), days, checkpoint: checkpoint.note,
    terminals: [...keys].flatMap(([terminalId, ders]) => ders.filter((key) => wanted.has(`${terminalId} ${sha256Hex(key)}`)).map((key) => [terminalId, key.toString('base64')] as const)),
    consistency: consistency === null ? null : { earlier: consistency.earlier, proof: consistency.proof },
  };
}

/** Puts the installation's signature under a claim, so that nobody can take a day out of both the claim and its packet. */
export function signPacket(notes: NoteKey, clock: Clock, cityCode: string, claim: { readonly claimNumber: string }): { note: string; key: string } {
  const origin = originOf(cityCode);
  const text = `${origin}/claim\n${claim.claimNumber}\n${sha256Hex(canonicalJson(claim))}\ndate ${chinaDate(clock.now())}\n`;
  return { note: notes.signNote(origin, text), key: notes.verifierKey(origin) };
}
