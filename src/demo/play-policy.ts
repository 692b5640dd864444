import type { StaffCaller } from './callers.js';
import { samplePaper } from './domain/index.js';
import { CITY_CODE, hire, type Stage } from './stage.js';

/** The sample rates that the product ships for the demo city. */
const SHIPPED = { pack: 'liaocheng', version: 'sample-2023' };

interface Draft {
  readonly draftId: string;
  readonly contentSha256: string;
}

/**
 * Publishes the rules of the demo city as any city would: drafted by civil affairs, countersigned by finance.
 * @returns who countersigned
 */
export async function publishRules(stage: Stage, city: StaffCaller): Promise<StaffCaller> {
  const random = stage.random.branch('policy');
  const approver = await hire(stage, `approve.${CITY_CODE}`, '聊城市财政局审批', ['financeApprover'], CITY_CODE);
  const { draftId, contentSha256 } = await city.post<Draft>('/v1/policies/drafts', {
    id: random.id(), shipped: SHIPPED, documentNumber: '样例', documentTitle: '聊城市幸福食堂老年人就餐补贴（样例，不是真实文件）',
    scan: Buffer.from(samplePaper(), 'latin1').toString('base64'),
  });
  await city.post(`/v1/policies/drafts/${draftId}/submit`, { id: random.id(), contentSha256 });
  await approver.post(`/v1/policies/drafts/${draftId}/countersign`, { id: random.id(), contentSha256 });
  return approver;
}
