import { Inject, Injectable } from '@nestjs/common';
import { done, mondayOf, refuse, type CivilDate, type CivilMonth, type Clock, type Outcome } from '../kernel/index.js';
import { recordAudit, SitePlaces } from '../access/index.js';
import { factsOf, mayReach, openSurname } from '../elder/index.js';
import { CLOCK, FieldCipher, Transactor, type Paper, type StaffActor, type Tx } from '../platform/index.js';
import { phonesOf } from '../site/index.js';
import { elderByCard, personOf } from './mini.store.js';
import { ReadMeals, type MonthStory } from './read-meals.js';
import { statementPaper } from './statement-paper.js';
import { ViewMenu } from './view-menu.js';
import { weekMenuPaper } from './week-menu-paper.js';

const WEEK = 7;

/** Papers in large type for whoever has no telephone: the week's menu, and a month's statement. */
@Injectable()
export class PrintPapers {
  constructor(
    private readonly transactor: Transactor, private readonly places: SitePlaces, private readonly menus: ViewMenu, private readonly meals: ReadMeals,
    private readonly cipher: FieldCipher, @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The menu of the week that a day lies in; nothing on it is anybody's. @returns `not-found`, `outside-scope` */
  weekMenu(actor: StaffActor, siteId: string, date: CivilDate): Promise<Outcome<Paper>> {
    return this.transactor.read(async (tx) => {
      const place = await this.places.openTo(tx, actor, siteId);
      if (!place.ok) return place;
      const menu = await this.menus.offered(tx, actor.cityCode, siteId, mondayOf(date), WEEK, null);
      return menu.ok ? done(weekMenuPaper(menu.value, this.clock.now())) : menu;
    });
  }

  /** A month of an elder in the actor's care, all canteens together. @returns `not-found`, `outside-scope` */
  statement(actor: StaffActor, elderId: string, month: CivilMonth): Promise<Outcome<Paper>> {
    return this.transactor.run(async (tx) => {
      const record = (await factsOf(tx, actor.cityCode, [elderId])).get(elderId);
      if (record === undefined) return refuse('not-found');
      if (!(await mayReach(tx, actor, record))) return refuse('outside-scope');
      return done(await this.paper(tx, actor, elderId, month, null));
    });
  }

  /**
   * A month's meals at the canteen's own counter, for whoever hands their card over; what they eat elsewhere is none of
   * its business. @returns `not-found`, `outside-scope`, `statement-card-unknown`
   */
  ownStatement(actor: StaffActor, siteId: string, handle: string, month: CivilMonth): Promise<Outcome<Paper>> {
    return this.transactor.run(async (tx) => {
      const place = await this.places.openTo(tx, actor, siteId);
      if (!place.ok) return place;
      const elderId = await elderByCard(tx, actor.cityCode, handle);
      return elderId === undefined ? refuse('statement-card-unknown') : done(await this.paper(tx, actor, elderId, month, siteId));
    });
  }

  private async paper(tx: Tx, actor: StaffActor, elderId: string, month: CivilMonth, siteId: string | null): Promise<Paper> {
    const { cityCode } = actor;
    const story = await this.meals.ofMonth(tx, cityCode, elderId, month, siteId);
    await recordAudit(tx, this.clock, { cityCode, actor, action: 'statement.print', objectKind: 'elder', objectId: elderId, after: { month, siteId } });
    const person = await personOf(tx, cityCode, elderId);
    const names = new Map(story.lines.map((line) => [line.siteId, line.siteName]));
    const phones = await phonesOf(tx, cityCode, siteId === null ? [...names.keys()] : [siteId]);
    return statementPaper({
      address: person === undefined ? '' : `${openSurname(this.cipher, cityCode, person)}${person.sex === 'female' ? '女士' : '先生'}`, cardTail: person?.cardTail ?? null,
      siteName: siteId === null ? null : siteNameOf(story), phones: [...phones].map(([id, phone]) => ({ name: names.get(id) ?? '食堂', phone })),
    }, story, this.clock.now());
  }
}

function siteNameOf({ lines }: MonthStory): string {
  return lines[0]?.siteName ?? '本食堂';
}
