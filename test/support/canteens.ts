import { randomUUID } from 'node:crypto';
import { civilDate, type Clock } from '../../src/kernel/index.js';
import type { Parts } from '../../src/platform/index.js';
import { importSites } from '../../src/site/index.js';
import type { SiteEvent, SiteEventKind, SiteKind, SupplyMode } from '../../src/site/domain/index.js';

/** A site to be brought in: where it lies, and its life in a line such as `planned 2024-01-05, open 2024-02-10`. */
export interface Canteen {
  readonly divisionCode: string;
  readonly life: string;
  readonly kind?: SiteKind;
  readonly supplyMode?: SupplyMode;
}

/** Reads a life; what a site must have gone through before it may open is put in front of it, on the day of its first event. */
function eventsOf(life: string): SiteEvent[] {
  const events = life.split(', ').map((part) => {
    const [kind, day = ''] = part.split(' ') as [SiteEventKind, string];
    return { kind, onDate: civilDate(day) };
  });
  const [first] = events;
  if (first === undefined) return [];
  const before: Partial<Record<SiteEventKind, SiteEventKind[]>> = { open: ['planned', 'accepted'], accepted: ['planned'], building: ['planned'] };
  return [...(before[first.kind] ?? []).map((kind) => ({ kind, onDate: first.onDate })), ...events];
}

/** Brings sites with their lives into a city that is loaded, through the site room's door. @returns their ids, in order */
export async function bringCanteens(parts: Parts, clock: Clock, cityCode: string, canteens: readonly Canteen[]): Promise<string[]> {
  const sites = canteens.map(({ divisionCode, life, kind = 'canteen', supplyMode = 'newOrConverted' }, index) => ({
    siteId: randomUUID(), name: `第${index + 1}幸福食堂`, kind, supplyMode, divisionCode, address: '测试路 1 号', seats: 40, longitude: null, latitude: null,
    premisesStatus: 'leased' as const, events: eventsOf(life), operations: [], routes: [], papers: [], hoursFrom: civilDate('2024-01-01'),
    hours: [{ mealPeriod: 'lunch' as const, fromMinute: 660, toMinute: 810 }],
  }));
  await parts.transactor.run((tx) => importSites(tx, clock, parts.cipher, cityCode, { operators: [], payees: [], sites, by: 'test', confirmedBy: 'test-2' }));
  return sites.map((site) => site.siteId);
}
