import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { chinaDate, chinaTime } from '../kernel/index.js';
import { adjust, die, lose, publishPrices, publishRule, replace, uploadRoster } from './act-desk.js';
import { clone, network, otherBody, repeat, sell, takeBack, upload } from './act-till.js';
import { closeMonth } from './act-worker.js';
import type { Deed, Step, Story } from './domain/index.js';
import { Month, Refused, type MonthParts } from './month.js';
import { FaultyLine } from './proxy.js';
import { settleMonth } from './settle.js';

/** Plays a story to its end: every deed is known by then, whatever happened to the machines on the way. */
export async function playStory(story: Story, parts: MonthParts): Promise<Month> {
  const directory = join(parts.ground.dataDir, `seed-${story.seed}`);
  mkdirSync(directory, { recursive: true });
  let month: Month | undefined;
  const target = (): number => parts.crew.ports(month?.first ?? 0)[0] ?? 1;
  const lines = { drops: await FaultyLine.open('dropsAnswer', target), cuts: await FaultyLine.open('cutsRequest', target), holds: await FaultyLine.open('halfOpen', target) };
  try {
    month = new Month(story, parts, lines, directory);
    let day = '';
    for (const step of story.steps) {
      parts.clock.set(step.at);
      await parts.crew.setClocks();
      // Sessions end overnight.
      if (chinaDate(step.at) !== day) for (const till of month.tills) till.closeSession();
      day = chinaDate(step.at);
      parts.tell(`${chinaTime(step.at).slice(0, 19).replace('T', ' ')}  ${sentence(step)}`);
      month.first = (month.first + 1) % 2;
      await take(month, step).catch((error: unknown) => refused(month, error));
    }
    await parts.crew.whole();
    return month;
  } finally {
    await Promise.all(Object.values(lines).map((line) => line.close()));
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A refusal that should not be is a finding, and the story goes on. */
function refused(month: Month | undefined, error: unknown): void {
  if (!(error instanceof Refused)) throw error;
  month?.oddities.push(error.message);
}

async function take(month: Month, step: Step): Promise<void> {
  switch (step.do) {
    case 'sell': return sell(month, step, step.at);
    case 'network': return network(month, step);
    case 'upload': return upload(month, step);
    case 'repeat': return repeat(month, step);
    case 'otherBody': return otherBody(month, step);
    case 'clone': return clone(month, step, step.at);
    case 'void': return takeBack(month, step, step.at);
    case 'lose': return lose(month, { elder: step.elder, id: step.id });
    case 'replace': return replace(month, { elder: step.elder, id: step.id });
    case 'death': return die(month, step);
    case 'adjust': return adjust(month, step);
    case 'prices': return publishPrices(month, step);
    case 'rule': return publishRule(month, step);
    case 'roster': return uploadRoster(month, step);
    case 'close': return closeMonth(month, step);
    case 'settle': return settleMonth(month, step.month);
    case 'clockStep': {
      month.parts.clock.stepServer(step.byMs);
      return month.parts.crew.setClocks();
    }
  }
}

/** A step of the story in words. */
function sentence(step: Step): string {
  const { at: _at, do: what, ...more } = step;
  const fault = 'fault' in step && step.fault !== null ? `  [${step.fault}]` : '';
  if (step.do !== 'sell') return `${what} ${JSON.stringify(more satisfies Partial<Deed>)}`;
  const sales = step.sales.map((sale) => `till ${sale.till} to ${sale.elder === null ? (sale.strange ? 'a strange card' : 'a guest') : `elder ${sale.elder}`} (${sale.id.slice(0, 8)}${sale.skewMs === 0 ? '' : `, clock off by ${sale.skewMs / 3_600_000} h`})`);
  return `sell: ${sales.join('; ')}${fault}`;
}
