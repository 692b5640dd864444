import { Inject, Injectable } from '@nestjs/common';
import { done, invariant, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, canonicalJson, CLOCK, doDeed, FieldCipher, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { recordAudit } from '../access/index.js';
import { normaliseName, readIdentityNumber } from './domain/index.js';
import { readElder, type SealedElderRow } from './elder.store.js';
import { reachElder } from './reach-elder.js';
import { knownIdentities, queueUp } from './register.store.js';
import { insertRevision, readRevision, revisionsOf, writeDecision, type RevisionView } from './revision.store.js';
import { identityIndex, openElder, sealElder } from './sealed-elder.js';

export interface RevisionForm {
  readonly id: string;
  readonly name?: string | null;
  readonly identityNumber?: string | null;
  /** Where the household register says another day than the number. */
  readonly born?: CivilDate | null;
  readonly reason: string;
  readonly evidence: string;
}

export interface RevisionDecisionForm {
  readonly id: string;
  readonly decision: 'confirmed' | 'rejected';
  readonly reason: string;
}

/** Puts a wrong name, identity number or birth date right: one person proposes it with a paper, another one decides. */
@Injectable()
export class ReviseElder {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @returns the revision's id; `revision-empty`, `name-wrong`, `identity-number-old`, `identity-number-wrong`,
   *   `identity-known`, `birth-date-wrong`, `revision-pending`, `not-found`, `outside-scope`, `id-taken`
   */
  async propose(actor: StaffActor, elderId: string, form: RevisionForm): Promise<Outcome<{ revisionId: string }>> {
    const deed = { cityCode: actor.cityCode, id: form.id, kind: 'elder.revision', body: this.cipher.blindIndex('elder.revision', canonicalJson({ elderId, form })) };
    return doDeed(this.transactor, this.clock, deed, async (tx) => {
      await queueUp(tx, actor.cityCode);
      const reached = await reachElder(tx, actor, elderId);
      if (!reached.ok) return reached;
      const elder = await readElder(tx, actor.cityCode, elderId);
      invariant(elder, 'a locked elder is there');
      if ((await revisionsOf(tx, actor.cityCode, elderId)).some(({ decision }) => decision === null)) return refuse('revision-pending');
      const read = this.read(actor.cityCode, elder, form);
      if (!read.ok) return read;
      const { sealed, ...rest } = read.value;
      if (form.identityNumber && (await this.isTaken(tx, actor.cityCode, elder, sealed.identityIndex))) return refuse('identity-known');
      await insertRevision(tx, { cityCode: actor.cityCode, by: actorName(actor), now: this.clock.now() }, { revisionId: form.id, elderId, ...sealed, ...rest, reason: form.reason, evidence: form.evidence });
      await recordAudit(tx, this.clock, { cityCode: actor.cityCode, actor, action: 'elder.revision', objectKind: 'elder', objectId: elderId, before: { born: elder.born, sex: elder.sex }, after: { revisionId: form.id, ...sealed, ...rest } });
      return done({ revisionId: form.id });
    });
  }

  /** What the elder is to be registered with, sealed. */
  private read(cityCode: string, elder: SealedElderRow, form: RevisionForm) {
    const clear = openElder(this.cipher, cityCode, elder);
    const name = form.name ? normaliseName(form.name) : clear.name;
    if (!/\p{L}/u.test(name)) return refuse('name-wrong');
    const identity = readIdentityNumber(form.identityNumber || clear.identityNumber, today(this.clock));
    if (!identity.ok) return identity;
    const born = form.born ?? (form.identityNumber ? identity.value.born : elder.born);
    if (born > today(this.clock)) return refuse('birth-date-wrong');
    if (name === clear.name && identity.value.number === clear.identityNumber && born === elder.born) return refuse('revision-empty');
    const sealed = sealElder(this.cipher, cityCode, { elderId: elder.elderId, name, identity: identity.value, phone: null });
    return done({ sealed, born, sex: identity.value.sex });
  }

  private async isTaken(tx: Tx, cityCode: string, elder: SealedElderRow, index: string): Promise<boolean> {
    const own = identityIndex(this.cipher, openElder(this.cipher, cityCode, elder).identityNumber);
    return index !== own && (await knownIdentities(tx, cityCode, [index])).size > 0;
  }

  /** @returns the decision; `not-found`, `outside-scope`, `second-person-needed`, `revision-decided`, `identity-known`, `id-taken` */
  async decide(actor: StaffActor, revisionId: string, form: RevisionDecisionForm): Promise<Outcome<{ revisionId: string; decision: 'confirmed' | 'rejected' }>> {
    const deed = { cityCode: actor.cityCode, id: form.id, kind: 'elder.revision-decision', body: { revisionId, form } };
    return doDeed(this.transactor, this.clock, deed, async (tx) => {
      await queueUp(tx, actor.cityCode);
      const found = await readRevision(tx, actor.cityCode, revisionId);
      if (!found) return refuse('not-found');
      const reached = await reachElder(tx, actor, found.elderId);
      if (!reached.ok) return reached;
      const revision = await readRevision(tx, actor.cityCode, revisionId);
      const elder = await readElder(tx, actor.cityCode, found.elderId);
      invariant(revision && elder, 'a revision and its elder stay');
      const wrong = await this.checkDecision(tx, actor, revision, elder, form);
      if (wrong) return wrong;
      await writeDecision(tx, { cityCode: actor.cityCode, by: actorName(actor), now: this.clock.now() }, revision, elder, form);
      await recordAudit(tx, this.clock, {
        cityCode: actor.cityCode, actor, action: `elder.revision-${form.decision}`, objectKind: 'elder', objectId: found.elderId, reason: form.reason,
        before: { born: elder.born, sex: elder.sex }, after: { revisionId, born: revision.born, sex: revision.sex, identityIndex: revision.identityIndex, nameIndex: revision.nameIndex },
      });
      return done({ revisionId, decision: form.decision });
    });
  }

  private async checkDecision(tx: Tx, actor: StaffActor, revision: RevisionView, elder: SealedElderRow, form: RevisionDecisionForm): Promise<ReturnType<typeof refuse> | null> {
    if (revision.decision !== null) return refuse('revision-decided');
    if (revision.proposedBy === actorName(actor)) return refuse('second-person-needed');
    if (form.decision === 'confirmed' && (await this.isTaken(tx, actor.cityCode, elder, revision.identityIndex))) return refuse('identity-known');
    return null;
  }
}
