import { setTimeout as pause } from 'node:timers/promises';
import { openDataSource, Transactor } from '../platform/index.js';
import { runInvariants } from '../proof/index.js';
import { jobsDone, readBooks, type Books } from './books.store.js';
import { checkBooks } from './check.js';
import { dropUniqueKeys } from './cluster.store.js';
import { Crew } from './crew.js';
import { CITY_CODE, makeStory, type Fault } from './domain/index.js';
import type { SimulationGround } from './ground.js';
import { playStory } from './play.js';
import type { Plant } from './plants.js';
import type { ThrowAwayRedis } from './redis.js';
import { StoryClock } from './story-clock.js';
import type { Template } from './template.js';

/** What one month came to. */
export interface SeedResult {
  readonly seed: number;
  readonly faults: readonly Fault[];
  readonly seen: Readonly<Partial<Record<Fault, number>>>;
  readonly acknowledged: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly violations: readonly string[];
  readonly seconds: number;
}

/** A planted defect that no statement was found for: the simulation itself is wrong. */
class PlantLost extends Error {
  override readonly name = 'PlantLost';
}

const MOST_IDLE_MS = 90_000;

/** One place where months are played one after the other: a server, a template, and processes that go on from month to month. */
export class Lane {
  private readonly clock = new StoryClock();
  private crew: Crew;

  constructor(private readonly ground: SimulationGround, private readonly template: Template, private readonly faults: readonly Fault[] | undefined, private readonly redis: ThrowAwayRedis | undefined) {
    this.crew = this.newCrew();
  }

  /** Plays a month and looks at what it left. */
  async play(seed: number, plant: Plant | undefined, tell: (line: string) => void): Promise<SeedResult> {
    const begun = performance.now();
    const story = makeStory(seed, this.ground.ownServer, this.faults);
    await this.ground.renew();
    // What the month before left there names rows of a database that is gone.
    await this.redis?.wipe();
    if (plant === 'no-idempotency') await dropUniqueKeys(this.ground.url);
    const first = story.steps[0];
    if (first !== undefined) this.clock.set(first.at);
    await this.crew.muster(plant);
    try {
      tell(`seed ${seed}: ${story.faults.join(', ')}`);
      const month = await playStory(story, { crew: this.crew, ground: this.ground, clock: this.clock, template: this.template, redis: this.redis, tell });
      await month.readAll();
      const idle = await this.idle();
      const found = checkBooks(month, await this.books());
      const violations = [...found.differences, ...(idle ? [] : [`jobs are still open ${MOST_IDLE_MS} ms after the last fault`]), ...(await this.invariants())];
      if (plant !== undefined && !this.crew.planted) throw new PlantLost(`the planted ${plant} changed no statement: it no longer matches the product's SQL`);
      return { seed, faults: story.faults, seen: month.seen, acknowledged: found.acknowledged, lost: found.lost, doubled: found.doubled, violations, seconds: (performance.now() - begun) / 1_000 };
    } catch (error) {
      if (error instanceof PlantLost) throw error;
      // Whatever state the processes are in, the next month does not begin with it.
      await this.crew.end();
      this.crew = this.newCrew();
      const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { seed, faults: story.faults, seen: {}, acknowledged: 0, lost: [], doubled: [], violations: [told], seconds: (performance.now() - begun) / 1_000 };
    }
  }

  async close(): Promise<void> {
    await this.crew.end();
    await this.redis?.stop();
    await this.ground.clear();
  }

  private newCrew(): Crew {
    return new Crew({ databaseUrl: this.ground.url, redisUrl: this.redis?.url, dataDir: this.ground.dataDir, onLine: () => undefined }, this.clock);
  }

  /** Reads the books in a moment without open jobs: what is due every day may be staged at any time. */
  private async books(): Promise<Books> {
    for (let tries = 0; ; tries += 1) {
      const books = await readBooks(this.ground.url);
      if (books.openJobs.length === 0 || tries === 5) return books;
      await this.idle();
    }
  }

  /** Waits until no job is left. */
  private async idle(): Promise<boolean> {
    for (const end = performance.now() + MOST_IDLE_MS; performance.now() < end; await pause(50)) if (await jobsDone(this.ground.url)) return true;
    return false;
  }

  private async invariants(): Promise<string[]> {
    const source = await openDataSource(this.ground.url, 1);
    try {
      const { violations } = await new Transactor(source).run((tx) => runInvariants(tx, CITY_CODE));
      return violations.map(({ id, sentence, count, sample }) => `${id} ${sentence}: ${count}, e.g. ${sample.join('; ')}`);
    } finally {
      await source.destroy();
    }
  }
}

