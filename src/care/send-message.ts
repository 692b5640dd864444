import { Inject, Injectable } from '@nestjs/common';
import { today, type Clock } from '../kernel/index.js';
import { openidOf, reachKin } from '../family/index.js';
import { CLOCK, FieldCipher, LOG, WECHAT, type JobRequest, type Log, type Tx, type Wechat } from '../platform/index.js';
import { INBOX_PAGE, messageData, RIGHT_TO_READ } from './domain/index.js';
import { readNotice, spendPermits, takePermit, type NoticeRow } from './notice.store.js';
import { readTemplates } from './setting.store.js';

/** WeChat is away or has enough of us: the job is tried again, with longer and longer pauses. */
class WechatLater extends Error {
  override readonly name = 'WechatLater';
}

/** After so many tries a message is let go: it is in the inbox, and nobody is to be woken for it. */
const MOST_TRIES = 6;

/** Sends a notice as a subscribe message: best effort, as one consent is good for one message and may be taken back at any time. */
@Injectable()
export class SendMessage {
  constructor(private readonly cipher: FieldCipher, @Inject(WECHAT) private readonly wechat: Wechat | null, @Inject(CLOCK) private readonly clock: Clock, @Inject(LOG) private readonly log: Log) {}

  /** @throws WechatLater while WeChat is away, for as many tries as a message is worth */
  async run(tx: Tx, { cityCode, payload, tries = 0 }: JobRequest): Promise<void> {
    const notice = await readNotice(tx, this.cipher, cityCode, String(payload['noticeId']));
    if (this.wechat === null || notice === undefined || notice.readAt !== null || !(await this.maySee(tx, cityCode, notice))) return;
    const { accountId, kind } = notice;
    const [template] = await readTemplates(tx, cityCode, kind);
    const permitId = await takePermit(tx, cityCode, accountId, kind);
    const openid = await openidOf(tx, this.cipher, cityCode, accountId);
    if (template === undefined || permitId === undefined || openid === undefined) return;
    const { templateId, page, fields } = template;
    const { fate, code } = await this.wechat.mini.send({ openid, templateId, data: messageData(fields, { ...notice.said }), page: page ?? INBOX_PAGE });
    const now = this.clock.now();
    if (fate === 'sent') await spendPermits(tx, cityCode, { permitId }, 'sent', now);
    // Used up, refused or withdrawn on WeChat's side: what we counted is worth nothing.
    else if (fate === 'spent') await spendPermits(tx, cityCode, { accountId, kind }, String(code), now);
    else if (fate === 'wrong') this.log.warn({ cityCode, kind, code }, 'WeChat does not take the messages of this template');
    else if (tries + 1 < MOST_TRIES) throw new WechatLater();
  }

  /** Asked again right before it leaves: a consent that was withdrawn meanwhile counts. */
  private async maySee(tx: Tx, cityCode: string, { elderId, accountId, kind }: NoticeRow): Promise<boolean> {
    const right = RIGHT_TO_READ[kind];
    return elderId === null || right === undefined || (await reachKin(tx, { cityCode, accountId }, elderId, right, today(this.clock))).ok;
  }
}
