import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '../kernel/index.js';
import { FamilyEvents, type FamilyEvent } from '../family/index.js';
import { CLOCK, type Tx } from '../platform/index.js';
import { sayFamily } from './domain/index.js';
import { Tell } from './tell.js';

/** Tells both sides who was bound, and a relative what the elder consented to or took back. */
@Injectable()
export class FamilyNews implements OnModuleInit {
  constructor(private readonly events: FamilyEvents, private readonly tell: Tell, @Inject(CLOCK) private readonly clock: Clock) {}

  onModuleInit(): void {
    this.events.listen((tx, event) => this.hear(tx, event));
  }

  private async hear(tx: Tx, { cityCode, elderId, kind, eventId, accountId, contactId }: FamilyEvent): Promise<void> {
    const now = this.clock.now();
    const about = { cityCode, elderId, kind: 'family', cause: `${kind} ${eventId}` } as const;
    if (kind === 'kin-bound') for (const own of await this.tell.ownAccounts(tx, cityCode, elderId)) await this.tell.run(tx, { ...about, accountId: own, said: sayFamily('boundElder', now) });
    // An elder knows what they did on their own phone.
    if (accountId === null || contactId === null || kind === 'self-bound') return;
    const what = ({ 'kin-bound': 'bound', consented: 'consented', withdrawn: 'withdrawn', unbound: 'withdrawn' } as const)[kind];
    await this.tell.run(tx, { ...about, accountId, said: sayFamily(what, now) });
  }
}
