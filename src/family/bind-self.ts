import { Inject, Injectable } from '@nestjs/common';
import { done, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit, Tries, type Attempt } from '../access/index.js';
import { cardHandle, lockEldersByCard, openName, readElder } from '../elder/index.js';
import { normaliseName } from '../elder/domain/index.js';
import { canonicalJson, CLOCK, doDeed, FieldCipher, Transactor, type MiniActor, type Tx } from '../platform/index.js';
import { useCode } from './code.store.js';
import { readCode } from './domain/index.js';
import { FamilyEvents } from './family-events.js';
import { boundOfAccount, boundOfElder, endBinding, insertSelf, type BoundHow } from './kin.store.js';
import { lockCode } from './lock-code.js';

/** How somebody says that an elder is themselves: by card and name, or by a code that they were given. */
export interface SelfForm {
  readonly id: string;
  readonly proof: { readonly cardNumber: string; readonly name: string } | { readonly bindingCode: string };
  /** The caller's network address, for the throttle. */
  readonly address: string;
}

interface Proven {
  readonly elderId: string;
  readonly how: BoundHow;
  readonly codeId: string | null;
}

/** Binds an account to the elder it belongs to. A wrong card, a wrong name and a card that is not in use get one and the same answer. */
@Injectable()
export class BindSelf {
  constructor(
    private readonly transactor: Transactor, private readonly cipher: FieldCipher, private readonly tries: Tries, private readonly events: FamilyEvents,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * @returns the elder; `bind-wrong`, `binding-code-wrong`, `account-has-self`, `account-is-kin`, `self-bound`, `id-taken`
   * @throws ProblemException `bind-throttled`
   */
  async run(actor: MiniActor, { id, proof, address }: SelfForm): Promise<Outcome<{ elderId: string }>> {
    const { cityCode, accountId } = actor;
    const handle = 'bindingCode' in proof ? null : cardHandle(this.cipher, proof.cardNumber);
    const attempts: Attempt[] = [{ kind: 'bind', subject: accountId, address }, ...(handle === null ? [] : [{ kind: 'bind-card', subject: handle, address } as const])];
    const tried = await this.tries.admit(attempts, 'bind-throttled');
    const deed = { cityCode, id, kind: 'family.bind-self', body: this.cipher.blindIndex('family.bind-self', canonicalJson({ accountId, proof })) };
    // Only what was looked at is proven: an id that is taken, or the kept answer of a repeat, says nothing about this try.
    let isProven = false;
    const bound = await doDeed(this.transactor, this.clock, deed, async (tx) => {
      const proven = 'bindingCode' in proof ? await this.byCode(tx, cityCode, proof.bindingCode) : await this.byCard(tx, cityCode, handle as string, proof.name);
      isProven = proven.ok;
      return proven.ok ? this.bind(tx, actor, id, proven.value) : proven;
    });
    // Being refused for another reason than a wrong guess is no guess.
    if (isProven) await this.tries.succeeded(tried);
    return bound;
  }

  private async byCode(tx: Tx, cityCode: string, text: string): Promise<Outcome<Proven>> {
    const digits = readCode(text);
    const code = digits === null ? undefined : await lockCode(tx, this.cipher, cityCode, digits, this.clock.now());
    return code?.purpose === 'self' ? done({ elderId: code.elderId, how: code.madeHow, codeId: code.codeId }) : refuse('binding-code-wrong');
  }

  private async byCard(tx: Tx, cityCode: string, handle: string, name: string): Promise<Outcome<Proven>> {
    const [holder] = await lockEldersByCard(tx, cityCode, [handle]);
    const row = holder === undefined ? undefined : await readElder(tx, cityCode, holder.elderId);
    const right = holder?.cardState === 'active' && row?.died === null && openName(this.cipher, cityCode, row) === normaliseName(name);
    return right && holder !== undefined ? done({ elderId: holder.elderId, how: 'card', codeId: null }) : refuse('bind-wrong');
  }

  private async bind(tx: Tx, actor: MiniActor, id: string, { elderId, how, codeId }: Proven): Promise<Outcome<{ elderId: string }>> {
    const { cityCode, accountId } = actor;
    const now = this.clock.now();
    const mine = await boundOfAccount(tx, cityCode, accountId);
    if (mine.some((row) => row.elderId === elderId && row.contactId === null)) return done({ elderId });
    if (mine.some((row) => row.contactId === null)) return refuse('account-has-self');
    if (mine.some((row) => row.elderId === elderId)) return refuse('account-is-kin');
    const before = (await boundOfElder(tx, cityCode, elderId)).find((row) => row.contactId === null);
    // A card can be found or borrowed: it takes nobody's place. A worker who reads out a code has looked at the elder.
    if (before !== undefined && how === 'card') return refuse('self-bound');
    if (before !== undefined) {
      await endBinding(tx, cityCode, { bindingId: before.bindingId, by: `mini:${accountId}`, reason: '改绑到另一个微信' }, now);
      await this.events.tell(tx, { cityCode, elderId, kind: 'replaced', eventId: before.bindingId, accountId: before.accountId, contactId: null });
    }
    await insertSelf(tx, cityCode, { bindingId: id, accountId, elderId, how }, now);
    if (codeId !== null) await useCode(tx, cityCode, codeId, accountId, now);
    await this.events.tell(tx, { cityCode, elderId, kind: 'self-bound', eventId: id, accountId, contactId: null });
    await recordAudit(tx, this.clock, {
      cityCode, actor, action: 'family.bind-self', objectKind: 'elder', objectId: elderId,
      ...(before === undefined ? {} : { before: { bindingId: before.bindingId } }), after: { bindingId: id, how, codeId },
    });
    return done({ elderId });
  }
}
