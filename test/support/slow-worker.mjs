// A process that relays the open rows of the outbox, takes one, locks it, and then never ends: to be killed or frozen
// from outside. Told to go on (SIGUSR2), it tries to write its effect after all.
import pg from 'pg';
import { Queue, Worker, createPostgresBackend } from 'bullmq';

const [, , ownerUrl, redisUrl] = process.argv;
const connection = redisUrl ? { url: redisUrl, maxRetriesPerRequest: null } : { connectionString: ownerUrl, schema: 'bullmq', max: 3 };
const backend = redisUrl ? [] : [createPostgresBackend];
const say = (line) => process.stdout.write(`${line}\n`);

const client = new pg.Client({ connectionString: ownerUrl, options: '-c idle_in_transaction_session_timeout=700' });
client.on('error', () => undefined);
await client.connect();

async function work(job) {
  await client.query('BEGIN');
  await client.query('SELECT FROM outbox WHERE city_code = $1 AND outbox_id = $2 FOR UPDATE', [job.data.cityCode, job.data.outboxId]);
  process.once('SIGUSR2', async () => {
    try {
      await client.query("INSERT INTO effect VALUES ('371500', 'late')");
      await client.query('COMMIT');
      say('wrote');
    } catch {
      say('refused');
    }
    process.exit(0);
  });
  say('took');
  await new Promise(() => undefined);
}

const queue = new Queue('xingfu', { connection }, ...backend);
const rows = await client.query('UPDATE outbox SET relayed_at = now() RETURNING city_code AS "cityCode", outbox_id::int AS "outboxId"');
for (const data of rows.rows) await queue.add('outbox', data, { jobId: `${data.cityCode}-${data.outboxId}`, attempts: 5, removeOnComplete: true });
const worker = new Worker('xingfu', work, { connection, lockDuration: 400, stalledInterval: 400, maxStalledCount: 10 }, ...backend);
worker.on('error', () => undefined);
