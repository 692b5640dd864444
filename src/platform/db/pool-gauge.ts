import type { Sample } from '../telemetry/index.js';
import type { Transactor } from './transactor.js';

interface CountedPool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** Connections in use, free and asked for of each pool, and how often its transactions ran again. */
export function poolSamples(pools: Readonly<Record<string, Transactor>>): Record<string, Sample[]> {
  const found = Object.entries(pools).map(([pool, transactor]) => ({ pool, transactor, counts: (transactor.dataSource.driver as unknown as { master?: CountedPool }).master }));
  return {
    xingfu_pool_connections: found.flatMap(({ pool, counts }) => (counts === undefined ? [] : [
      { labels: { pool, state: 'used' }, value: counts.totalCount - counts.idleCount }, { labels: { pool, state: 'free' }, value: counts.idleCount }, { labels: { pool, state: 'waiting' }, value: counts.waitingCount },
    ])),
    xingfu_transactions_rerun_total: found.map(({ pool, transactor }) => ({ labels: { pool }, value: transactor.reruns })),
  };
}
