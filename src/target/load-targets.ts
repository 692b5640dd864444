import { Inject, Injectable } from '@nestjs/common';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { recordAudits, type AuditEntry } from '../access/index.js';
import type { Clock } from '../kernel/index.js';
import { checkoutRoot, CLOCK, hashOf, Transactor } from '../platform/index.js';
import { readTarget, WrongTarget, type Target } from './domain/index.js';
import { saveTarget } from './target.store.js';

/** Brings a city's published targets from their files into rows. Loading the same files again changes nothing. */
@Injectable()
export class LoadTargets {
  constructor(private readonly transactor: Transactor, @Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * Loads the targets whose region is the city or lies in it.
   * @param folder where the files are, one target each; by default `packs/targets` of the product
   * @returns how many were new or had changed
   * @throws WrongTarget naming the file, the place in it and what was expected there
   */
  async load(cityCode: string, folder: string = join(checkoutRoot(), 'packs', 'targets')): Promise<number> {
    const targets = (await readTargets(folder)).filter((target) => target.divisionCode.startsWith(ownDigits(cityCode)));
    return this.transactor.run(async (tx) => {
      const changes: AuditEntry[] = [];
      for (const target of targets) {
        const hash = hashOf(target);
        const before = await saveTarget(tx, cityCode, target, hash, this.clock.now());
        if (before === null) continue;
        changes.push({ cityCode, actor: 'system', action: 'target.loaded', objectKind: 'target', objectId: target.code, ...(before === '' ? {} : { before }), after: hash });
      }
      await recordAudits(tx, this.clock, cityCode, changes);
      return changes.length;
    });
  }
}

/** The digits that all of a city's divisions share: two for a municipality (NN0000), else four. */
function ownDigits(cityCode: string): string {
  return cityCode.endsWith('0000') ? cityCode.slice(0, 2) : cityCode.slice(0, 4);
}

/** Reads every target's file of a folder, in the order of their names. */
export async function readTargets(folder: string): Promise<Target[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml')).sort();
  return Promise.all(files.map(async (file) => {
    try {
      return readTarget(parse(await readFile(join(folder, file), 'utf8')));
    } catch (error) {
      throw new WrongTarget(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }));
}
