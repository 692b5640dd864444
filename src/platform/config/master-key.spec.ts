import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { masterKey, WrongSetting } from './index.js';

let directory: string;

beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'key-'))));
afterEach(() => rmSync(directory, { recursive: true }));

describe('the master key', () => {
  it('is one for all that start at about the same time, and for ever', async () => {
    for (let round = 0; round < 30; round += 1) {
      const place = join(directory, `data ${round}`);
      const keys = await Promise.all(Array.from({ length: 16 }, async (_, index) => {
        await pause(index / 2);
        return masterKey(place);
      }));
      expect(new Set([...keys, await masterKey(place)].map(String)).size).toBe(1);
      expect(readdirSync(place)).toEqual(['master.key']);
      expect(statSync(join(place, 'master.key')).mode & 0o777).toBe(0o600);
    }
  });

  it.each([
    ['a half-written file', () => writeFileSync(join(directory, 'master.key'), 'ab12')],
    ['a folder in its place', () => mkdirSync(join(directory, 'master.key'))],
    ['an empty file', () => writeFileSync(join(directory, 'master.key'), '')],
  ])('stops the start with one line that names DATA_DIR: %s', async (_, plant) => {
    plant();
    const failure = await masterKey(directory).then(() => undefined, (error: unknown) => error);
    expect(failure).toBeInstanceOf(WrongSetting);
    expect((failure as Error).message).toMatch(/^DATA_DIR [^\n]*master\.key[^\n]*$/);
  });

  it('says the same of a directory that cannot be', async () => {
    writeFileSync(join(directory, 'file'), '');
    await expect(masterKey(join(directory, 'file', 'data'))).rejects.toThrow(/^DATA_DIR .*ENOTDIR/);
  });
});
