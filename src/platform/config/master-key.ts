import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { WrongSetting } from './wrong-setting.js';

const FILE = 'master.key';

/**
 * The installation's master key: 32 bytes in hexadecimal, in `master.key` of the data directory, readable by its
 * owner only. Made at the first start; back it up apart from the database.
 * @throws WrongSetting when the file holds something else, or the directory cannot be written
 */
export async function masterKey(dataDir: string): Promise<Buffer> {
  const path = join(dataDir, FILE);
  try {
    const text = (await readKey(path)) ?? (await makeKey(dataDir, path));
    if (/^[0-9a-f]{64}$/.test(text)) return Buffer.from(text, 'hex');
  } catch (error) {
    throw new WrongSetting(`DATA_DIR ${dataDir} cannot be used: ${(error as NodeJS.ErrnoException).code ?? 'unknown'} at its ${FILE}`);
  }
  throw new WrongSetting(`DATA_DIR ${dataDir} holds a damaged ${FILE}: put the backed-up one in its place`);
}

async function readKey(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes the key beside its place and links it in: it is there whole or not at all, and of two starts one key wins. */
async function makeKey(dataDir: string, path: string): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  const beside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = await open(beside, 'wx', 0o600);
    try {
      await file.writeFile(`${randomBytes(32).toString('hex')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(beside, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(beside, { force: true });
  }
  await flush(dataDir);
  return (await readFile(path, 'utf8')).trim();
}

/** Makes a new name survive a power cut. */
async function flush(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  await handle.sync().finally(() => handle.close());
}
