// A worker of the job queue that takes a job, locks its row, and then never ends: to be killed or frozen from outside.
// Told to go on (SIGUSR2), it tries to write its effect after all.
import pg from 'pg';
import { Worker, createPostgresBackend } from 'bullmq';

const [, , ownerUrl, redisUrl] = process.argv;
const connection = redisUrl ? { url: redisUrl, maxRetriesPerRequest: null } : { connectionString: ownerUrl, schema: 'bullmq', max: 3 };
const say = (line) => process.stdout.write(`${line}\n`);

async function work(job) {
  const client = new pg.Client({ connectionString: ownerUrl, options: '-c idle_in_transaction_session_timeout=700' });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('BEGIN');
  await client.query('SELECT FROM outbox WHERE city_code = $1 AND outbox_id = $2 FOR UPDATE', [job.data.cityCode, job.data.outboxId]);
  process.once('SIGUSR2', async () => {
    try {
      await client.query("INSERT INTO effect VALUES ('371500', 'a')");
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

const options = { connection, lockDuration: 400, stalledInterval: 400 };
const worker = redisUrl ? new Worker('xingfu', work, options) : new Worker('xingfu', work, options, createPostgresBackend);
worker.on('error', () => undefined);
