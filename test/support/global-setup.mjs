import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Ends the run's database and removes its directory once the run is over, however it ended: a run that was
 * interrupted or killed calls no teardown.
 */
const KEEPER = `
while kill -0 "$1" 2>/dev/null && [ -d "$2" ]; do sleep 1; done
[ -d "$2" ] || exit 0
find "$2" -name postmaster.pid | while read -r record; do kill -QUIT "$(head -n 1 "$record")" 2>/dev/null; done
sleep 1
rm -rf "$2"
`;

/**
 * Gives the run a directory of its own. The database in it is started by the first suite that asks for one, so a run of
 * pure specs costs nothing.
 */
export default function setup() {
  const directory = mkdtempSync(join(tmpdir(), 'xingfu-test-'));
  chmodSync(directory, 0o711);
  process.env.TEST_RUN_DIR = directory;
  spawn('/bin/sh', ['-c', KEEPER, 'keeper', String(process.pid), directory], { detached: true, stdio: 'ignore', cwd: '/' }).unref();
}
