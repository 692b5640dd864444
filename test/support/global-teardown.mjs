import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** The servers that still run in the run's directory. */
function servers(directory) {
  return readdirSync(directory, { recursive: true })
    .filter((name) => basename(name) === 'postmaster.pid')
    .map((name) => Number(readFileSync(join(directory, name), 'utf8').split('\n', 1)[0]));
}

function signal(pid, name) {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/** Ends what the run started and removes its directory. */
export default async function teardown() {
  const directory = process.env.TEST_RUN_DIR;
  for (const pid of servers(directory)) {
    signal(pid, 'SIGQUIT');
    for (let waited = 0; waited < 100 && signal(pid, 0); waited += 1) await pause(50);
  }
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
}
