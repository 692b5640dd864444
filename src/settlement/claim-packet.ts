import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.js';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { canonicalJson, CLOCK, FieldCipher, Transactor, type StaffActor } from '../platform/index.js';
import { holdingSeals, packetPart, signPacket } from '../seal/index.js';
import { claimSeals } from './claim-seal.store.js';
import { claimsInScope } from './check-step.js';
import { linesOf, readClaim } from './claim.store.js';

/** What a packet is to be read as, by `verifier/verify.mjs`. */
const FORMAT = 'xingfu-claim-packet/1';

/** A file for somebody who has nothing but the file. */
export interface PacketFile {
  readonly fileName: string;
  /** Canonical JSON and a line break. */
  readonly text: string;
}

/**
 * A claim with every meal that it rests on, and what proves that nothing was changed since: no names, elders by their
 * ids alone. Who takes one is written into the audit.
 */
@Injectable()
export class ClaimPacket {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @param since size of an earlier checkpoint to which the packet shall show that the log only grew
   * @returns `not-found`, `outside-scope`, `claim-building`, `checkpoint-none`
   */
  async run(actor: StaffActor, claimId: string, since: number | null): Promise<Outcome<PacketFile>> {
    const { cityCode } = actor;
    return this.transactor.run(async (tx) => {
      const row = await readClaim(tx, cityCode, claimId);
      if (row === undefined) return refuse('not-found');
      if (!(await claimsInScope(tx, actor, [row]))) return refuse('outside-scope');
      if (row.state === 'building') return refuse('claim-building');
      const named = await claimSeals(tx, cityCode, claimId, row.revision);
      // A claim that is older than seals names none: its closed month was sealed as a whole later.
      const logIndexes = named.length > 0 ? named : ((await holdingSeals(tx, cityCode, row.month, [row.siteId])).get(row.siteId)?.logIndexes ?? []);
      const part = await packetPart(tx, cityCode, row.month, logIndexes, since);
      if (part === undefined) return refuse('checkpoint-none');
      const lines = (await linesOf(tx, cityCode, [claimId])).map(({ claimId: _, ...line }) => line);
      const { claimNumber, siteId, month, revision, state, meals, claimedFen, cutFen, approvedFen, linesHash } = row;
      const { seals, ...rest } = part;
      const claim = { claimId, claimNumber, city: cityCode, siteId, month, revision, state, meals, claimedFen, cutFen, approvedFen, linesHash, lines, seals };
      const { note, key } = signPacket(this.cipher.notes, this.clock, cityCode, claim);
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'claim.packet', objectKind: 'claim', objectId: claimId, after: { seals: seals.length } });
      return done({ fileName: `${claimNumber}.packet.json`, text: `${canonicalJson({ format: FORMAT, claim, claimNote: note, key, ...rest })}\n` });
    });
  }
}
