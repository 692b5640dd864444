import { Inject, Injectable } from '@nestjs/common';
import { inScope, recordAudit } from '../access/index.js';
import { done, invariant, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { actorName, CLOCK, doDeed, hashOf, Transactor, type StaffActor } from '../platform/index.js';
import { compileDraft, type CompiledDraft, type DraftTexts } from './draft-texts.js';
import { headOf, insertDraft, insertScan, readDraft, type DraftHead } from './policy.store.js';
import { readScanFile } from './scan.js';
import { shippedTexts, type BackdatedBy } from './shipped-texts.js';
import { PackError } from './yaml-file.js';

/** A version that the product ships, to be adopted as it is. */
export interface ShippedVersion {
  readonly pack: string;
  readonly version: string;
  /** The clause by which it holds from its first day, where that is past. */
  readonly backdated: BackdatedBy | null;
}

/** What a draft is made of. */
export interface DraftRequest {
  /** Made by the client: names this deed and becomes the draft's id. */
  readonly id: string;
  readonly texts: DraftTexts | ShippedVersion;
  readonly documentNumber: string;
  readonly documentTitle: string;
  /** The scanned paper, in Base64. */
  readonly scan: string;
}

/** Keeps the texts of a version with the paper behind it. A draft is never edited: other texts are another draft. */
@Injectable()
export class DraftPolicy {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @returns `policy-shipped-unknown`, `policy-text-wrong` with file, line and remedy, `scan-too-large`, `scan-unknown`,
   *   `outside-scope` where the pack's division is not the drafter's
   */
  async run(actor: StaffActor, asked: DraftRequest): Promise<Outcome<DraftHead>> {
    const texts = 'packYaml' in asked.texts ? asked.texts : shippedTexts(asked.texts.pack, asked.texts.version, asked.texts.backdated);
    if (texts === null) return refuse('policy-shipped-unknown');
    const compiled = compiledTexts(texts);
    if (!compiled.ok) return compiled;
    const scan = readScanFile(asked.scan);
    if (!scan.ok) return scan;
    const { cityCode } = actor;
    const { documentNumber, documentTitle } = asked;
    const content = { ...texts, documentNumber, documentTitle, scanSha256: scan.value.sha256 };
    return doDeed(this.transactor, this.clock, { cityCode, id: asked.id, kind: 'policy.draft', body: { ...content, by: actor.staffId } }, async (tx) => {
      const { pack, version } = compiled.value;
      const { division: divisionCode, name: packName, issuer } = pack.source;
      if (!(await inScope(tx, actor, divisionCode))) return refuse('outside-scope');
      const now = this.clock.now();
      const contentSha256 = hashOf(content);
      await insertScan(tx, cityCode, scan.value, now, actorName(actor));
      await insertDraft(tx, {
        ...content, cityCode, draftId: asked.id, pack: version.pack, packName, issuer, version: version.version, from: version.from, to: version.to,
        backdated: version.backdated !== null, sample: version.sample, divisionCode, contentSha256, drafterId: actor.staffId, draftedAt: now,
      });
      const draft = await readDraft(tx, cityCode, asked.id);
      invariant(draft !== undefined, 'a draft that was just kept is there');
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'policy.draft', objectKind: 'policyDraft', objectId: asked.id, after: { contentSha256 } });
      return done(headOf(draft));
    });
  }
}

function compiledTexts(texts: DraftTexts): Outcome<CompiledDraft> {
  try {
    return done(compileDraft(texts));
  } catch (error) {
    if (error instanceof PackError) return refuse('policy-text-wrong', { problem: error.message });
    throw error;
  }
}
