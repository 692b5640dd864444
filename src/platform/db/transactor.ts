import { setTimeout as pause } from 'node:timers/promises';
import type { Writable } from 'node:stream';
import type { DataSource, QueryRunner } from 'typeorm';
import { invariant } from '../../kernel/index.js';
import { arrayLiteral } from './array-literal.js';
import type { SqlValue, Tx } from './tx.js';
import { isRerunnable, sqlState } from './pg-errors.js';

interface PgClient {
  readonly connection: { readonly stream: Writable };
  query(config: { text: string; values: unknown[]; name?: string }): Promise<{ rows: unknown[]; command: string }>;
}

const MOST_RUNS = 6;
const IN_FAILED_TRANSACTION = '25P02';
/** Transactions that may wait for a connection; whoever comes then is asked to come back, so that memory stays bounded. */
const MOST_WAITING = 512;

interface Pool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** Too many wait for a connection already; its code is PostgreSQL's for too many connections. */
class TooManyWaiting extends Error {
  override readonly name = 'TooManyWaiting';
  readonly code = '53300';
}

/** What a pool of connections is at. */
export interface PoolUse {
  readonly open: number;
  readonly idle: number;
  readonly waiting: number;
}

/** Opens transactions. The one way to the database for every use case. */
export class Transactor {
  /** How many times a transaction was run again after a serialization failure or a deadlock. */
  reruns = 0;

  constructor(readonly dataSource: DataSource) {}

  /**
   * Runs `work` in one transaction and commits it; any error rolls everything back.
   * The whole closure runs again, with a growing random pause, when PostgreSQL reports 40001 or 40P01, so it must
   * hold no state of its own.
   * @throws whatever `work` throws, or the database's last error after six runs
   */
  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let runs = 1; ; runs += 1) {
      try {
        return await this.runOnce(work);
      } catch (error) {
        if (!isRerunnable(error) || runs >= MOST_RUNS) throw error;
        this.reruns += 1;
        await pause(Math.random() * 10 * 2 ** runs);
      }
    }
  }

  /**
   * Runs one statement that only reads, without a transaction round it: a third of the way to the server and back.
   * What it reads may have changed by the time a transaction begins, so nothing is decided on it that money hangs on.
   */
  async read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const runner = this.runner();
    try {
      return await work(transaction((await runner.connect()) as PgClient));
    } finally {
      await runner.release();
    }
  }

  private runner(): QueryRunner {
    if (this.use.waiting >= MOST_WAITING) throw new TooManyWaiting('too many wait for a connection');
    return this.dataSource.createQueryRunner();
  }

  /** How the pool stands, for metrics. */
  get use(): PoolUse {
    const { master } = this.dataSource.driver as unknown as { master?: Pool };
    return { open: master?.totalCount ?? 0, idle: master?.idleCount ?? 0, waiting: master?.waitingCount ?? 0 };
  }

  private async runOnce<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const runner = this.runner();
    const client = (await runner.connect()) as PgClient;
    const tx = transaction(client);
    try {
      // Sent along with the first statement of the work, ahead of it.
      sendTogether(client.connection.stream);
      const [, result] = await Promise.all([client.query({ text: 'BEGIN', values: [] }), work(tx)]);
      tx.end();
      const { command } = await client.query({ text: 'COMMIT', values: [] });
      // PostgreSQL answers COMMIT of a failed transaction with a quiet ROLLBACK: a swallowed error must not look saved.
      invariant(command === 'COMMIT', 'an error inside the transaction was swallowed, nothing was written');
      return result;
    } catch (error) {
      // Statements that were sent beside the failed one are answered before this one; later ones are not sent.
      tx.end();
      await client.query({ text: 'ROLLBACK', values: [] }).catch(() => undefined);
      // Statements that were sent beside the failed one fail as well, and theirs may be the first error to be heard of.
      throw sqlState(error) === IN_FAILED_TRANSACTION ? (tx.failure() ?? error) : error;
    } finally {
      await runner.release();
    }
  }
}

function transaction(client: PgClient): Tx & { end(): void; failure(): unknown } {
  let open = true;
  let failure: unknown;
  return {
    end() {
      open = false;
    },
    failure: () => failure,
    async query<Row>(sql: string, parameters: readonly SqlValue[] = [], name?: string): Promise<Row[]> {
      invariant(open, 'a statement came after the end of its transaction');
      const config = { text: sql, values: parameters.map((value) => (Array.isArray(value) ? arrayLiteral(value) : value)) };
      sendTogether(client.connection.stream);
      const result = await client.query(name === undefined ? config : { ...config, name }).catch((error: unknown) => {
        failure ??= error;
        throw error;
      });
      return result.rows as Row[];
    },
  };
}

/**
 * Holds back what is written until this turn is over, so that statements which are sent at once take one call of the
 * operating system, and wake PostgreSQL once.
 */
function sendTogether(stream: Writable): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}
