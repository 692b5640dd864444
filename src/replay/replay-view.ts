import { at, deadJobs, type Tx } from '../platform/index.js';
import { divisionsOf, fundersOf } from '../region/index.js';
import { siteNames } from '../site/index.js';
import type { ReplayResult } from './domain/index.js';
import type { ReplayResultView, ReplayView } from './replay.dto.js';
import type { ReplayHead } from './replay.store.js';
import { RUN_REPLAY } from './run-replay.js';

/** Replays as they are shown: one whose step failed too often is `failed`. */
export async function replayViews(tx: Tx, cityCode: string, rows: readonly ReplayHead[]): Promise<ReplayView[]> {
  const dead = rows.some((row) => row.state === 'running') ? new Set((await deadJobs(tx, cityCode, RUN_REPLAY)).map(({ key }) => key)) : new Set();
  return rows.map((row) => {
    const { replayId, scopeCode, draftId, pack, version, draftSha256, from, to, facts, knownAt, total, done, step, resultSha256, askedAt, finishedAt } = row;
    const state = row.state === 'running' && dead.has(`${replayId} ${step}`) ? 'failed' : row.state;
    return {
      replayId, scopeCode, draftId, pack, version, draftSha256, from, to, facts, counters: 'empty-at-start', knownAt: at(knownAt), state, total, done, resultSha256,
      askedAt: at(askedAt), finishedAt: finishedAt === null ? null : at(finishedAt),
    };
  });
}

/** A result with the names of its places and purses, which are no part of what is hashed. */
export async function resultView(tx: Tx, cityCode: string, result: ReplayResult): Promise<ReplayResultView> {
  const { basis: _basis, ...rest } = result;
  const sites = await siteNames(tx, cityCode, result.sites.map(({ key }) => key));
  const counties = new Map((await divisionsOf(tx, cityCode, result.counties.map(({ key }) => key))).map(({ divisionCode, name }) => [divisionCode, name]));
  const funders = await fundersOf(tx, cityCode, result.funds.map(({ key }) => key));
  return {
    ...rest,
    all: { key: 'all', name: '合计', ...result.all },
    funds: result.funds.map((cell) => ({ ...cell, name: funders.get(cell.key)?.name ?? cell.key })),
    counties: result.counties.map((cell) => ({ ...cell, name: counties.get(cell.key) ?? cell.key })),
    sites: result.sites.map((cell) => ({ ...cell, name: sites.get(cell.key) ?? cell.key })),
    months: result.months.map((cell) => ({ ...cell, name: cell.key })),
    classes: [...result.classes], paidCodes: [...result.paidCodes], draftCodes: [...result.draftCodes], gainers: [...result.gainers], losers: [...result.losers],
  };
}
