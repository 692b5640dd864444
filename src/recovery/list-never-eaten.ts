import { Inject, Injectable } from '@nestjs/common';
import { inScope } from '../access/index.js';
import { factsOf, openElder } from '../elder/index.js';
import { maskName, type ElderRecord } from '../elder/domain/index.js';
import { ageOn, done, refuse, today, type CivilDate, type Clock, type Outcome } from '../kernel/index.js';
import { CLOCK, FieldCipher, Transactor, type StaffActor, type Tx } from '../platform/index.js';
import { pathsOf } from '../region/index.js';
import { entitlementOf, pathOf as divisionPath, type ElderFacts } from '../subsidy/domain/index.js';
import { PolicyLibrary, type PackLibrary } from '../subsidy/index.js';
import { unseenElders, type UnseenElder } from './never-eaten.store.js';

/** Somebody whom a meal service could reach: masked, with what they are entitled to. */
export interface NeverEaten {
  readonly elderId: string;
  readonly name: string;
  readonly sex: 'male' | 'female';
  readonly age: number;
  readonly hukouCode: string | null;
  readonly residenceCode: string | null;
  readonly hasCard: boolean;
  readonly hasPhone: boolean;
  readonly pack: string;
  readonly rules: string[];
}

export interface NeverEatenPage {
  readonly items: NeverEaten[];
  /** The last elder that was looked at; null when there is nobody after. */
  readonly after: string | null;
}

const LOOKED_AT = 500;
/** Elders that one request looks at, whether or not they are entitled; the next page goes on behind them. */
const MOST_LOOKED_AT = 10_000;

/** Services find people: who is entitled by the rules in force today, lives, and has never eaten. */
@Injectable()
export class ListNeverEaten {
  constructor(private readonly transactor: Transactor, private readonly cipher: FieldCipher, private readonly policies: PolicyLibrary, @Inject(CLOCK) private readonly clock: Clock) {}

  /** @returns `outside-scope` */
  async run(actor: StaffActor, divisionCode: string, after: string | null, limit: number): Promise<Outcome<NeverEatenPage>> {
    return this.transactor.run(async (tx) => {
      if (!(await inScope(tx, actor, divisionCode))) return refuse('outside-scope');
      const packs = await this.policies.of(tx, actor.cityCode);
      const items: NeverEaten[] = [];
      let place = after;
      for (let looked = 0; looked < MOST_LOOKED_AT; looked += LOOKED_AT) {
        const elders = await unseenElders(tx, actor.cityCode, divisionCode, place, LOOKED_AT);
        for (const found of await this.entitled(tx, actor.cityCode, packs, elders)) {
          items.push(found);
          if (items.length === limit) return done({ items, after: found.elderId });
        }
        if (elders.length < LOOKED_AT) return done({ items, after: null });
        place = elders.at(-1)?.elderId ?? null;
      }
      return done({ items, after: place });
    });
  }

  private async entitled(tx: Tx, cityCode: string, packs: PackLibrary, elders: readonly UnseenElder[]): Promise<NeverEaten[]> {
    const facts = await factsOf(tx, cityCode, elders.map((elder) => elder.elderId));
    const paths = await pathsOf(tx, cityCode, elders.flatMap((elder) => [elder.hukouCode, elder.residenceCode]).filter((code) => code !== null));
    const day = today(this.clock);
    return elders.flatMap((elder) => {
      const record = facts.get(elder.elderId);
      const right = record === undefined ? null : rightOf(packs, record, paths, day);
      return right === null ? [] : [{
        elderId: elder.elderId, name: maskName(openElder(this.cipher, cityCode, elder).name), sex: elder.sex, age: ageOn(elder.born, day),
        hukouCode: elder.hukouCode, residenceCode: elder.residenceCode, hasCard: elder.hasCard, hasPhone: elder.phoneSealed !== null, ...right,
      }];
    });
  }
}

/** What an elder may draw on a day by the pack that rules at home; null for nothing. */
function rightOf(packs: PackLibrary, record: ElderRecord, paths: ReadonlyMap<string, readonly string[]>, day: CivilDate): Pick<NeverEaten, 'pack' | 'rules'> | null {
  const path = (code: string | null) => (code === null ? null : (paths.get(code) ?? divisionPath(code)));
  const [hukou, residence] = [path(record.hukouCode), path(record.residenceCode)];
  const version = packs.packFor({ hukou, residence }, residence ?? hukou ?? [], day);
  if (version === null) return null;
  const elder: ElderFacts = { ...record, hukou, residence };
  const { rules } = entitlementOf(version, elder, day);
  return rules.length === 0 ? null : { pack: version.pack, rules: [...new Set(rules.map((rule) => rule.ruleName))] };
}
