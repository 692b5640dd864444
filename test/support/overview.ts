import { addDays, civilDate, fen, firstDay, lastDay, civilMonth, type CivilDate } from '../../src/kernel/index.js';
import { countiesNow, reportOf, readTarget, type SiteLife } from '../../src/target/domain/index.js';
import type { SiteEvent } from '../../src/site/domain/index.js';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const COUNTIES = [
  ['371502', '东昌府区'], ['371503', '茌平区'], ['371521', '阳谷县'], ['371522', '莘县'], ['371524', '东阿县'], ['371525', '冠县'], ['371526', '高唐县'], ['371581', '临清市'],
] as const;

/** A city's overview as the service words it, made by its own functions from a made-up history, for states that a small database does not reach. */
export function sampleOverview(asOf: CivilDate = civilDate('2024-12-31')): object {
  const target = readTarget(parse(readFileSync(new URL('../../packs/targets/liaocheng-2024-new-canteens.yaml', import.meta.url), 'utf8')));
  const lives = [...Array.from({ length: 220 }, (_, index) => life(index, [{ kind: 'open', onDate: addDays(civilDate('2022-03-01'), index * 2) }])), ...newLives()];
  const month = civilMonth('2024-12');
  const days = Array.from({ length: 31 }, (_, index) => addDays(firstDay(month), index)).filter((date) => date <= lastDay(month)).map((date, index) => {
    const meals = 6_400 + ((index * 977) % 1_300) - (index % 7 === 0 || index % 7 === 6 ? 1_800 : 0);
    return { date, meals, subsidisedMeals: Math.floor(meals * 0.62), subsidyFen: fen(Math.floor(meals * 0.62) * 180), selfPayFen: fen(meals * 1_040) };
  });
  const claim = (state: string, claims: number, claimedFen: number, cutFen: number, paidFen: number) => ({ state, claims, claimedFen, cutFen, approvedFen: claimedFen - cutFen, paidFen });
  return {
    city: { cityCode: '371500', name: '聊城市', provinceName: '山东省' }, asOf, month,
    notes: [
      { code: 'demo', kind: 'demo', sentence: '场所、老人、就餐和开业日期均为按公开总量编造的演示数据，不是真实记录。' },
      { code: 'rate', kind: 'example', sentence: '补贴标准按年龄分档为样例：公开材料只说每餐 1 至 4 元，未公布如何分档。' },
    ],
    targets: [{ target, report: reportOf(target, lives, asOf) }],
    counties: countiesNow(COUNTIES.map(([divisionCode, name]) => ({ divisionCode, name })), lives, asOf),
    days: days.filter((day) => day.date <= asOf),
    claims: [claim('submitted', 12, 1_310_400, 0, 0), claim('countyApproved', 41, 4_822_200, 32_400, 0), claim('released', 88, 10_250_000, 41_200, 0), claim('paid', 179, 20_731_500, 115_000, 20_616_500)],
  };
}

function life(index: number, events: SiteEvent[]): SiteLife {
  const [countyCode, countyName] = COUNTIES[(index * 5 + (index % 3)) % COUNTIES.length] ?? COUNTIES[0];
  return { siteId: `site-${index}`, kind: 'canteen', supplyMode: 'newOrConverted', countyCode, countyName, events };
}

function newLives(): SiteLife[] {
  const start = civilDate('2024-01-08');
  return Array.from({ length: 124 }, (_, index) => {
    const opened = addDays(start, Math.floor(355 * (index / 124) ** 0.8));
    const events: SiteEvent[] = [{ kind: 'accepted', onDate: addDays(opened, -20) }, { kind: 'open', onDate: opened }];
    if (index % 31 === 5) events.push({ kind: 'suspended', onDate: addDays(opened, 40) });
    if (index % 40 === 9) events.push({ kind: 'closed', onDate: addDays(opened, 70) });
    return life(1_000 + index, index >= 118 ? events.slice(0, 1) : events);
  });
}
