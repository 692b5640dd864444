import { Inject, Injectable } from '@nestjs/common';
import { inScope } from '../access/index.js';
import { addDays, done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, fromCursor, toPage, Transactor, type Page, type StaffActor, type Tx } from '../platform/index.js';
import { checkDraft, type DraftChecks } from './check-draft.js';
import { PolicyLibrary } from './policy-library.js';
import { listDrafts, listPublished, readDraft, readScan, signaturesOf, type DraftHead, type DraftRow, type PublishedRow, type ScanRow, type SignatureRow } from './policy.store.js';

/** A draft with who signed it. */
export interface SignedDraft {
  readonly draft: DraftRow;
  readonly signatures: readonly SignatureRow[];
}

/** A published version, with the last day that it rules as of now. */
export interface RulingVersion extends PublishedRow {
  readonly lastDay: CivilDate | null;
}

const PAGE = 50;

/** Reads drafts for those who work on them, and publications for everybody. */
@Injectable()
export class ReadPolicies {
  constructor(private readonly transactor: Transactor, private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock) {}

  /** Drafts of the divisions in the reader's scope, the newest first. */
  async list(actor: StaffActor, cursor: string | undefined, limit = PAGE): Promise<Page<DraftHead>> {
    const after = fromCursor(cursor, 2);
    const rows = await this.transactor.run((tx) => listDrafts(tx, actor.cityCode, actor.divisionCode, after, limit));
    return toPage(rows, limit, (row) => [row.draftedAt, row.draftId]);
  }

  /** @returns `not-found` or `outside-scope` */
  one(actor: StaffActor, draftId: string): Promise<Outcome<SignedDraft>> {
    return this.open(actor, draftId, async (tx, draft) => ({ draft, signatures: await signaturesOf(tx, actor.cityCode, draftId) }));
  }

  /** @returns `not-found` or `outside-scope` */
  scan(actor: StaffActor, draftId: string): Promise<Outcome<ScanRow | undefined>> {
    return this.open(actor, draftId, (tx, draft) => readScan(tx, actor.cityCode, draft.scanSha256));
  }

  /** What stands in the way of signing a draft. @returns `not-found` or `outside-scope` */
  checks(actor: StaffActor, draftId: string): Promise<Outcome<DraftChecks>> {
    return this.open(actor, draftId, async (tx, draft) => checkDraft(draft, await this.policies.of(tx, actor.cityCode), today(this.clock)));
  }

  /** What is published in a city, by pack and first day. A version ends with its own last day, or before the pack's next one. */
  async published(cityCode: string): Promise<RulingVersion[]> {
    const rows = await this.transactor.run((tx) => listPublished(tx, cityCode));
    const sorted = rows.sort((a, b) => (a.pack === b.pack ? order(a.from, b.from) : order(a.pack, b.pack)));
    return sorted.map((row, index) => {
      const next = sorted[index + 1];
      const before = next?.pack === row.pack ? addDays(next.from, -1) : null;
      return { ...row, lastDay: before === null || (row.to !== null && row.to < before) ? row.to : before };
    });
  }

  private open<T>(actor: StaffActor, draftId: string, read: (tx: Tx, draft: DraftRow) => Promise<T>): Promise<Outcome<T>> {
    return this.transactor.run(async (tx) => {
      const draft = await readDraft(tx, actor.cityCode, draftId);
      if (draft === undefined) return refuse('not-found');
      if (!(await inScope(tx, actor, draft.divisionCode))) return refuse('outside-scope');
      return done(await read(tx, draft));
    });
  }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
