import { Inject, Injectable } from '@nestjs/common';
import { done, invariant, refuse, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, doDeed, FieldCipher, Transactor, type Role, type StaffActor, type Tx } from '../platform/index.js';
import { recordAudit } from './audit.store.js';
import { decideDuty, passwordHolds } from './domain/index.js';
import { Passwords } from './passwords.js';
import { inScope, SitePlaces } from './scope.js';
import { hasStaff, insertStaff, readStaff, type StaffRow } from './staff.store.js';

/** A person who shall get an account. */
export interface NewPerson {
  /** Made by the client: names this deed and becomes the person's id. */
  readonly id: string;
  readonly account: string;
  readonly displayName: string;
  readonly password: string;
  readonly roles: readonly Role[];
  readonly divisionCode: string;
  readonly siteId: string | null;
}

/** Gives a person an account with roles and a scope. */
@Injectable()
export class CreateStaff {
  constructor(
    private readonly transactor: Transactor,
    private readonly passwords: Passwords,
    private readonly cipher: FieldCipher,
    private readonly places: SitePlaces,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @returns `password-weak`, `account-taken`, `outside-scope`, `not-found` (site), or why the roles do not go together */
  async run(actor: StaffActor, person: NewPerson): Promise<Outcome<StaffRow>> {
    return this.add(actor.cityCode, `staff:${actor.staffId}`, person, async (tx) => {
      if (!(await inScope(tx, actor, person.divisionCode))) return refuse('outside-scope');
      const place = person.siteId === null ? done('') : await this.places.openTo(tx, actor, person.siteId);
      return place.ok ? done(null) : place;
    });
  }

  /**
   * Gives a city its first account, when there is nobody who could.
   * @param by what does it, e.g. `cli`
   * @returns `city-has-staff` when the city has any, else as `run`
   */
  async runFirst(cityCode: string, by: string, person: NewPerson): Promise<Outcome<StaffRow>> {
    return this.add(cityCode, by, person, async (tx) => ((await hasStaff(tx, cityCode)) ? refuse('city-has-staff') : done(null)));
  }

  private async add(cityCode: string, by: string, person: NewPerson, allowed: (tx: Tx) => Promise<Outcome<null>>): Promise<Outcome<StaffRow>> {
    const duty = decideDuty(person.roles, person.siteId !== null);
    if (!duty.ok) return refuse(duty.code);
    const account = person.account.toLowerCase();
    if (!passwordHolds(person.password, account)) return refuse('password-weak');
    const passwordHash = await this.passwords.hash(person.password);
    // The deed keeps a hash of its body: a bare password in it could be guessed at leisure.
    const body = { ...person, account, by, password: this.cipher.blindIndex('password in a deed', person.password) };
    return doDeed(this.transactor, this.clock, { cityCode, id: person.id, kind: 'staff.create', body }, async (tx) => {
      const answer = await allowed(tx);
      if (!answer.ok) return answer;
      const { id: staffId, displayName, divisionCode, siteId, roles } = person;
      const added = await insertStaff(tx, { cityCode, staffId, account, displayName, passwordHash, duty: duty.duty, divisionCode, siteId, roles, createdAt: this.clock.now() });
      if (!added) return refuse('account-taken');
      const staff = await readStaff(tx, cityCode, staffId);
      invariant(staff, 'an account that was just added is there');
      await recordAudit(tx, this.clock, { cityCode, actor: by, action: 'staff.create', objectKind: 'staff', objectId: staffId, after: staff });
      return done(staff);
    });
  }
}
