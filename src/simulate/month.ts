import { join } from 'node:path';
import { ELDERS, SAMPLE, SITES, type Fault, type Happening, type Rates, type Sale, type Story } from './domain/index.js';
import type { Crew } from './crew.js';
import type { SimulationGround } from './ground.js';
import { Office } from './office.js';
import { FaultyLine } from './proxy.js';
import type { ThrowAwayRedis } from './redis.js';
import type { StoryClock } from './story-clock.js';
import { SimulatedTill, type Entry } from './till.js';
import type { Template } from './template.js';

/** What a deed of the offices means for the auditor's books, once its row is there; `at` is the product's time of it. */
export type Meaning = (row: { at: number }) => Happening[];

/** What a month is played on. */
export interface MonthParts {
  readonly crew: Crew;
  readonly ground: SimulationGround;
  readonly clock: StoryClock;
  readonly template: Template;
  /** Where the jobs' queue lies, if not in the database. */
  readonly redis: ThrowAwayRedis | undefined;
  readonly tell: (line: string) => void;
}

/** Lines between tills and API that fail, each in its way. */
export interface Lines {
  readonly drops: FaultyLine;
  readonly cuts: FaultyLine;
  readonly holds: FaultyLine;
}

interface KnownCard {
  readonly number: string;
  cardId: string | null;
  lost: boolean;
}

/** A deed of an office that the rules should have let pass. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** Everything that one month is played with: tills, offices, what they were told, and what was seen of faults. */
export class Month {
  readonly tills: readonly SimulatedTill[];
  readonly office: Office;
  /** Deeds of the offices by their ids: what they mean, and whether they were acknowledged. */
  readonly deeds = new Map<string, { readonly meaning: Meaning; acknowledged: boolean }>();
  readonly seen: Partial<Record<Fault, number>> = {};
  /** Answers that no deed should get. */
  readonly oddities: string[] = [];
  readonly cards = new Map<number, KnownCard>(ELDERS.map(({ card }, index) => [index, { number: card, cardId: null, lost: false }]));
  readonly rules: Rates[] = [SAMPLE];
  readonly diedOn = new Map<number, string>();
  readonly lists = SITES.map(() => [{ version: 1, from: '2024-01-01', percent: 100 }]);
  /** Which API process is asked first. */
  first = 0;
  /** What was noted since somebody last looked: kinds of answers that were none. */
  trouble: string[] = [];

  constructor(readonly story: Story, readonly parts: MonthParts, readonly lines: Lines, directory: string) {
    const world = { clock: parts.clock, ports: () => parts.crew.ports(this.first), noted: (what: string) => this.note(what) };
    this.tills = parts.template.tills.map((till, index) => new SimulatedTill(index, till, world, join(directory, `till-${index}.jsonl`)));
    this.office = new Office(world, parts.template.password);
    this.refresh();
  }

  /** Counts the observed effect of a fault. */
  count(fault: Fault | null, times = 1): void {
    if (fault !== null && times > 0) this.seen[fault] = (this.seen[fault] ?? 0) + times;
  }

  note(what: string): void {
    this.trouble.push(what);
    if (what.startsWith('status 500')) this.oddities.push(`answered 500 at ${new Date(this.parts.clock.now()).toISOString()}`);
    this.parts.tell(`      … ${what}`);
  }

  /** The till, or the first one that has its network where this one has none. */
  online(till: number): SimulatedTill | undefined {
    const own = this.tills[till] as SimulatedTill;
    return own.cut ? this.tills.find((one) => !one.cut) : own;
  }

  cardOf(sale: Sale): string | null {
    if (sale.strange) return 'SM99999999';
    return sale.elder === null ? null : (this.cards.get(sale.elder) as KnownCard).number;
  }

  /** A till that has its network knows the rules and prices that are published. */
  refresh(): void {
    for (const till of this.tills) {
      if (till.cut) continue;
      till.rules = [...this.rules];
      till.lists = [...(this.lists[till.enrolled.site] ?? [])];
    }
  }

  /** The final read: every entry is asked for once more, and answered as it was; what was refused for good is asked about no more. */
  async readAll(): Promise<void> {
    for (const till of this.tills) {
      till.cut = false;
      if (till.entries.length > 0) await till.upload(till.entries);
      for (const entry of till.voids) await till.deliverVoid(entry);
    }
  }

  /** A deed of an office, until it is known. @throws Error where it was refused */
  async deed(id: string, meaning: Meaning, path: string, body: object, account = 'city', first?: number): Promise<Record<string, unknown>> {
    const kept = { meaning, acknowledged: false };
    this.deeds.set(id, kept);
    const said = await this.office.post(account, path, { id, ...body }, first);
    if (said.status >= 300) throw new Refused(`${account} ${path}: ${said.status} ${JSON.stringify(said.body).slice(0, 400)}`);
    kept.acknowledged = true;
    return said.body;
  }
}

/** The last answer of an entry that stands. */
export function answerOf(entry: Entry): { outcome: string; code: string | null; subsidyFen: number; mealDate: string; flags: string[] } | undefined {
  const text = entry.answers.at(-1);
  if (text === undefined) return undefined;
  const answer = JSON.parse(text) as { outcome: string; code: string | null; subsidyFen: number; mealDate: string; flags: string[] };
  return answer.outcome === 'accepted' ? answer : undefined;
}
