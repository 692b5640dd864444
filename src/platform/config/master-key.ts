import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WrongSetting } from './settings.js';

const FILE = 'master.key';

/**
 * The installation's master key: 32 bytes in hexadecimal, in `master.key` of the data directory, readable by its
 * owner only. Made at the first start; back it up apart from the database.
 * @throws WrongSetting when the file holds something else
 */
export async function masterKey(dataDir: string): Promise<Buffer> {
  const path = join(dataDir, FILE);
  await mkdir(dataDir, { recursive: true });
  try {
    // 'wx' fails where the file exists, so two processes that start at once agree on one key.
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(`${randomBytes(32).toString('hex')}\n`);
    await file.sync();
    await file.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw new WrongSetting(`DATA_DIR ${dataDir} cannot be written: ${(error as NodeJS.ErrnoException).code}`);
  }
  const text = (await readFile(path, 'utf8')).trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new WrongSetting(`DATA_DIR holds a damaged ${FILE}: put the backed-up one in its place`);
  return Buffer.from(text, 'hex');
}
