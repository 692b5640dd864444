import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Callbacks } from './callbacks.js';
import type { SimWorld } from './sim-world.js';

const FILE = 'wechat-sim-state.json';
/** The latest orders are enough to go on with after a restart. */
const MOST_KEPT = 5_000;
const LISTS = ['people', 'orders', 'byTransaction', 'prepays', 'refunds', 'consents', 'merchants', 'freeOfPassword'] as const;

interface Kept extends Record<(typeof LISTS)[number], [string, unknown][]> {
  readonly waiting: unknown[];
}

/** What a simulator keeps in a directory over a restart: people, orders, refunds, and callbacks that nobody has answered. Codes and tokens end with it. */
export class SimChest {
  private written = '';

  constructor(private readonly dataDir: string, private readonly world: SimWorld, private readonly callbacks: Callbacks) {}

  /** Takes in what an earlier start kept; nothing of a file that cannot be read. */
  open(): void {
    let kept: Kept;
    try {
      kept = JSON.parse(readFileSync(join(this.dataDir, FILE), 'utf8')) as Kept;
    } catch {
      return;
    }
    for (const name of LISTS) for (const [key, value] of kept[name] ?? []) (this.world[name] as Map<string, unknown>).set(key, value);
    this.callbacks.restore(kept.waiting ?? []);
  }

  /** Writes what has changed, whole or not at all. */
  save(): void {
    const kept = { ...Object.fromEntries(LISTS.map((name) => [name, [...this.world[name]].slice(-MOST_KEPT)])), waiting: this.callbacks.unanswered };
    const text = JSON.stringify(kept);
    if (text === this.written) return;
    mkdirSync(this.dataDir, { recursive: true });
    const path = join(this.dataDir, FILE);
    writeFileSync(`${path}.new`, text, { mode: 0o600 });
    renameSync(`${path}.new`, path);
    this.written = text;
  }
}
