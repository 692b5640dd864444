import { Inject, Injectable } from '@nestjs/common';
import { today, type CivilDate, type Clock } from '../kernel/index.js';
import { accountsToTell, kinOf, reachKin } from '../family/index.js';
import { addressOf } from '../family/domain/index.js';
import { CLOCK, derivedId, FieldCipher, stageJobs, type Tx } from '../platform/index.js';
import { type NoticeKind, type Said } from './domain/index.js';
import { insertInboxNotice, mayMessage, readNotice, sexOf } from './notice.store.js';

/** The job that sends one notice as a message of WeChat's. */
export const MESSAGE = 'care.message';

/** Something that one account is told. */
export interface Telling {
  readonly cityCode: string;
  readonly accountId: string;
  readonly elderId: string | null;
  readonly kind: NoticeKind;
  /** What it follows from: told once, however often it is found. */
  readonly cause: string;
  readonly said: Said;
}

/** Something that all who may see an elder's meals are told. */
type FamilyTelling = Omit<Telling, 'accountId' | 'said' | 'elderId'> & { readonly elderId: string };

/** A notice is named by what it follows from. */
function noticeIdOf({ cityCode, accountId, kind, cause }: Pick<Telling, 'cityCode' | 'accountId' | 'kind' | 'cause'>): string {
  return derivedId('notice', cityCode, accountId, kind, cause);
}

/** Tells accounts something: always into the inbox, and by a message where WeChat lets us send one. */
@Injectable()
export class Tell {
  constructor(private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock) {}

  /** Tells one account, once. */
  async run(tx: Tx, { cityCode, accountId, elderId, kind, cause, said }: Telling): Promise<void> {
    const noticeId = noticeIdOf({ cityCode, accountId, kind, cause });
    const isNew = await insertInboxNotice(tx, this.cipher, cityCode, { noticeId, accountId, elderId, kind, said, madeAt: this.clock.now() });
    if (isNew && (await mayMessage(tx, cityCode, accountId, kind))) await stageJobs(tx, this.clock, [{ cityCode, job: MESSAGE, key: noticeId, payload: { noticeId } }]);
  }

  /**
   * Tells everybody who may see an elder's meals on a day: the elder's own account, and relatives with the consent. Each
   * reads it with their own word for the elder.
   * @param to whether the elder's own account is told too, or those alone who were told of another cause
   */
  async family(tx: Tx, about: FamilyTelling, on: CivilDate, to: 'all' | 'relatives' | { readonly told: string }, say: (who: string) => Said): Promise<void> {
    const { cityCode, elderId, kind } = about;
    const accounts: { readonly accountId: string; readonly isSelf: boolean }[] = [];
    for (const account of await accountsToTell(tx, cityCode, elderId, on)) {
      const told = typeof to === 'string' || (await readNotice(tx, this.cipher, cityCode, noticeIdOf({ accountId: account.accountId, cityCode, kind, cause: to.told }))) !== undefined;
      if (told && (to === 'all' || !account.isSelf)) accounts.push(account);
    }
    await this.each(tx, about, on, accounts, say);
  }

  /** Tells the elder's own account, and whoever else ordered for the elder and still may. Each reads it with their own word for the elder. */
  async orderers(tx: Tx, about: FamilyTelling, on: CivilDate, orderedBy: string | null, say: (who: string) => Said): Promise<void> {
    const { cityCode, elderId } = about;
    const own = await this.ownAccounts(tx, cityCode, elderId);
    const mayOrder = orderedBy !== null && !own.includes(orderedBy) && (await reachKin(tx, { cityCode, accountId: orderedBy }, elderId, 'ordering', on)).ok;
    await this.each(tx, about, on, [...own.map((accountId) => ({ accountId, isSelf: true })), ...(mayOrder ? [{ accountId: orderedBy, isSelf: false }] : [])], say);
  }

  private async each(tx: Tx, about: FamilyTelling, on: CivilDate, accounts: readonly { readonly accountId: string; readonly isSelf: boolean }[], say: (who: string) => Said): Promise<void> {
    const { cityCode, elderId } = about;
    if (accounts.length === 0) return;
    const sex = await sexOf(tx, cityCode, elderId);
    if (sex === null) return;
    for (const { accountId, isSelf } of accounts) {
      const kin = (await kinOf(tx, this.cipher, { cityCode, accountId }, on)).find((one) => one.elderId === elderId);
      const who = addressOf(sex, isSelf ? null : (kin?.relation ?? 'other'), (kin?.name ?? '').replaceAll('*', ''));
      await this.run(tx, { ...about, accountId, said: say(who) });
    }
  }

  /** The elder's own account, if there is one. */
  async ownAccounts(tx: Tx, cityCode: string, elderId: string): Promise<string[]> {
    return (await accountsToTell(tx, cityCode, elderId, today(this.clock))).filter(({ isSelf }) => isSelf).map(({ accountId }) => accountId);
  }
}
