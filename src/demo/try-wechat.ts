import { randomUUID } from 'node:crypto';
import { UnexpectedAnswer, type StaffCaller } from './callers.js';

/** The demo's first card. */
const FIRST_CARD = 10_000_000;
const TRIED = 12;
/** A merchant number that says what it is. */
const SUB_MCHID = '1900000371';

/**
 * Lets the operator of a canteen receive money by WeChat: one officer records its merchant number, another confirms it.
 * What stands from an earlier start is left as it is.
 */
export async function openWechatPay(recorder: StaffCaller, confirmer: StaffCaller, siteId: string): Promise<void> {
  const { operatorId } = await recorder.get<{ operatorId: string | null }>(`/v1/sites/${siteId}`);
  if (operatorId === null) return;
  const { items } = await recorder.get<{ items: { operatorId: string }[] }>('/v1/wechat/merchants');
  if (items.some((merchant) => merchant.operatorId === operatorId)) return;
  const { merchantId } = await recorder.post<{ merchantId: string }>('/v1/wechat/merchants', { id: randomUUID(), operatorId, subMchId: SUB_MCHID });
  await confirmer.post(`/v1/wechat/merchants/${merchantId}/decision`, { id: randomUUID(), outcome: 'confirmed' });
}

/**
 * A code with which whoever tries the product becomes one of the demo's elders on the elder's page.
 * @returns the code and the elder's card; null where none of the first elders is in the officer's care any more
 */
export async function elderToTry(officer: StaffCaller): Promise<{ readonly code: string; readonly cardNumber: string } | null> {
  for (let index = 0; index < TRIED; index += 1) {
    const cardNumber = `LC${FIRST_CARD + index}`;
    const { items } = await officer.post<{ items: { elderId: string }[] }>('/v1/elders/search', { cardNumber });
    const elderId = items[0]?.elderId;
    if (elderId === undefined) continue;
    try {
      const { code } = await officer.post<{ code: string }>(`/v1/elders/${elderId}/binding-code`, { id: randomUUID(), purpose: 'self' });
      return { code, cardNumber };
    } catch (error) {
      // Somebody who tried the product before is this elder by now, or the elder has died in the story.
      if (!(error instanceof UnexpectedAnswer)) throw error;
    }
  }
  return null;
}
