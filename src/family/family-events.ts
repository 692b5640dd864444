import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/index.js';

/** Something that changed in who may see or do what for an elder. */
export interface FamilyEvent {
  readonly cityCode: string;
  readonly elderId: string;
  /** `unbound` where somebody went by themselves, `replaced` where another account took the elder's own one's place; what an elder takes back is `withdrawn`, with the binding. */
  readonly kind: 'self-bound' | 'kin-bound' | 'consented' | 'withdrawn' | 'unbound' | 'replaced';
  /** What names it: the binding or the consent. Two events of one kind never have the same. */
  readonly eventId: string;
  /** The account that was bound, or that the change is about; null for a contact without one. */
  readonly accountId: string | null;
  /** The contact, or null for the elder's own account. */
  readonly contactId: string | null;
}

/** Tells later rooms of changes, inside the transaction of the change. They write themselves in when they start. */
@Injectable()
export class FamilyEvents {
  private readonly listeners: ((tx: Tx, event: FamilyEvent) => Promise<void>)[] = [];

  listen(listener: (tx: Tx, event: FamilyEvent) => Promise<void>): void {
    this.listeners.push(listener);
  }

  /** Tells everybody, one after another. */
  async tell(tx: Tx, event: FamilyEvent): Promise<void> {
    for (const listener of this.listeners) await listener(tx, event);
  }
}
