import { Inject, Injectable } from '@nestjs/common';
import { done, invariant, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, doDeed, FieldCipher, Transactor, type StaffActor } from '../platform/index.js';
import { recordAudit } from './audit.store.js';
import { passwordHolds } from './domain/index.js';
import { Passwords } from './passwords.js';
import { endSession, endSessionsOf } from './session.store.js';
import { passwordHashOf, readStaff, setPasswordHash, type StaffRow } from './staff.store.js';

/** Another password for oneself. */
export interface OtherPassword {
  readonly id: string;
  readonly oldPassword: string;
  readonly password: string;
}

/** What a person does with their own account. */
@Injectable()
export class OwnAccount {
  constructor(
    private readonly transactor: Transactor,
    private readonly passwords: Passwords,
    private readonly cipher: FieldCipher,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The person behind a session. */
  async read(actor: StaffActor): Promise<StaffRow> {
    const staff = await this.transactor.run((tx) => readStaff(tx, actor.cityCode, actor.staffId));
    invariant(staff, 'who is logged in has an account');
    return staff;
  }

  /** Ends the session at once. */
  async logOut(actor: StaffActor): Promise<void> {
    const { cityCode, sessionId } = actor;
    await this.transactor.run(async (tx) => {
      await endSession(tx, cityCode, sessionId, 'log-out', this.clock.now());
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'session.end', objectKind: 'session', objectId: sessionId });
    });
  }

  /** Sets another password and ends all other sessions. @returns `password-wrong`, `password-weak` */
  async changePassword(actor: StaffActor, asked: OtherPassword): Promise<Outcome<null>> {
    const { cityCode, staffId } = actor;
    const staff = await this.read(actor);
    const known = await this.transactor.run((tx) => passwordHashOf(tx, cityCode, staffId));
    if (!(await this.passwords.matches(known, asked.oldPassword))) return refuse('password-wrong');
    if (!passwordHolds(asked.password, staff.account)) return refuse('password-weak');
    const passwordHash = await this.passwords.hash(asked.password);
    const body = { staffId, password: this.cipher.blindIndex('password in a deed', asked.password) };
    return doDeed(this.transactor, this.clock, { cityCode, id: asked.id, kind: 'staff.password', body }, async (tx) => {
      await setPasswordHash(tx, cityCode, staffId, passwordHash);
      await endSessionsOf(tx, cityCode, staffId, 'staff.password', this.clock.now(), actor.sessionId);
      await recordAudit(tx, this.clock, { cityCode, actor, action: 'staff.password', objectKind: 'staff', objectId: staffId });
      return done(null);
    });
  }
}
