import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '../kernel/index.js';
import { MiniSessions, type ReusedSession } from '../access/index.js';
import { FamilyEvents, type FamilyEvent } from '../family/index.js';
import { CLOCK, type Tx } from '../platform/index.js';
import { sayFamily } from './domain/index.js';
import { Tell } from './tell.js';

type What = Parameters<typeof sayFamily>[0];

/** What a relative is told. */
const OF_KIN: Readonly<Partial<Record<FamilyEvent['kind'], What>>> = { 'kin-bound': 'bound', consented: 'consented', withdrawn: 'withdrawn', unbound: 'left' };
/** What the elder is told of a relative who came or went. */
const TO_ELDER: Readonly<Partial<Record<FamilyEvent['kind'], What>>> = { 'kin-bound': 'boundElder', unbound: 'relativeLeft' };
/** What the elder's own account is told: what others did. An elder knows what they did on their own phone. */
const OF_OWN: Readonly<Partial<Record<FamilyEvent['kind'], What>>> = { withdrawn: 'ownEnded', replaced: 'ownMoved' };

/** Tells both sides who was bound, and a relative what the elder consented to or took back; an account, that a login of it was copied. */
@Injectable()
export class FamilyNews implements OnModuleInit {
  constructor(private readonly events: FamilyEvents, private readonly sessions: MiniSessions, private readonly tell: Tell, @Inject(CLOCK) private readonly clock: Clock) {}

  onModuleInit(): void {
    this.events.listen((tx, event) => this.hear(tx, event));
    this.sessions.heardReused((tx, session) => this.hearReused(tx, session));
  }

  private hearReused(tx: Tx, { cityCode, accountId, sessionId }: ReusedSession): Promise<void> {
    return this.tell.run(tx, { cityCode, accountId, elderId: null, kind: 'family', cause: `token-reused ${sessionId}`, said: sayFamily('reused', this.clock.now()) });
  }

  private async hear(tx: Tx, { cityCode, elderId, kind, eventId, accountId, contactId }: FamilyEvent): Promise<void> {
    const now = this.clock.now();
    const about = { cityCode, elderId, kind: 'family', cause: `${kind} ${eventId}` } as const;
    const ofElder = contactId === null ? undefined : TO_ELDER[kind];
    if (ofElder !== undefined) for (const own of await this.tell.ownAccounts(tx, cityCode, elderId)) await this.tell.run(tx, { ...about, accountId: own, said: sayFamily(ofElder, now) });
    const what = (contactId === null ? OF_OWN : OF_KIN)[kind];
    if (accountId !== null && what !== undefined) await this.tell.run(tx, { ...about, accountId, said: sayFamily(what, now) });
  }
}
