import type { CivilDate } from '../kernel/index.js';
import { openName, type Relation } from '../elder/index.js';
import { maskName, maskPhone } from '../elder/domain/index.js';
import type { FieldCipher, MiniActor, Tx } from '../platform/index.js';
import { phoneOf } from './account.store.js';
import { addressOf, rightsOf, tellApart, type KinRight } from './domain/index.js';
import { boundOfAccount, standingOf } from './kin.store.js';

/** An elder of an account, as its holder may see it. */
export interface KinView {
  readonly elderId: string;
  /** In full for the elder, the surname alone for a relative. */
  readonly name: string;
  /** The holder's own word for the elder, which nobody else of theirs has; null for the elder. */
  readonly called: string | null;
  readonly self: boolean;
  /** Whether the holder is the elder's spouse, child, and so on; null for the elder. */
  readonly relation: Relation | null;
  readonly rights: readonly KinRight[];
  /** The last day of a relative's rights. */
  readonly until: CivilDate | null;
}

/** An account as its holder sees it. */
export interface AccountView {
  /** `phoneProven`: WeChat or a member of staff vouches for the number. */
  readonly account: { readonly accountId: string; readonly phone: string | null; readonly phoneProven: boolean };
  readonly kin: readonly KinView[];
}

/** An account with its elders, for its holder. */
export async function viewAccount(tx: Tx, cipher: FieldCipher, actor: Pick<MiniActor, 'cityCode' | 'accountId'>, on: CivilDate): Promise<AccountView> {
  const phone = await phoneOf(tx, cipher, actor.cityCode, actor.accountId);
  const account = { accountId: actor.accountId, phone: phone === null ? null : maskPhone(phone.phone), phoneProven: phone?.verified === true };
  return { account, kin: await kinOf(tx, cipher, actor, on) };
}

/** The elders of an account, with what it may do for each on a day. */
export async function kinOf(tx: Tx, cipher: FieldCipher, actor: Pick<MiniActor, 'cityCode' | 'accountId'>, on: CivilDate): Promise<KinView[]> {
  const rows = await boundOfAccount(tx, actor.cityCode, actor.accountId);
  const elders = rows.map((row) => ({ row, name: openName(cipher, actor.cityCode, row) }));
  const called = tellApart(elders, ({ row, name }) => (row.contactId === null ? '' : addressOf(row.sex, row.relation ?? 'other', maskName(name).slice(0, -2))), []);
  return elders.map(({ row, name }, index) => {
    const standing = standingOf(row);
    const shown = standing.isSelf ? { name, called: null } : { name: maskName(name), called: called[index] ?? null };
    return { elderId: row.elderId, ...shown, self: standing.isSelf, relation: row.relation, rights: rightsOf(standing, on), until: row.until };
  });
}
