import { Database } from './journal/database.js';
import { STORES } from './journal/journal.js';
import { makeDeviceKeys, type DeviceKeys } from './journal/keys.js';
import type { Terminal } from './journal/link.js';
import type { RememberedPeople } from './people/people-view.js';
import type { PriceList } from './cart/cart.js';
import type { Shift } from './shift-desk.js';

/** What a device remembers besides its journal. */
export interface Remembered extends RememberedPeople {
  readonly keys: DeviceKeys;
  readonly terminal: Terminal;
  readonly prices: { readonly list: PriceList; readonly at: number };
  readonly shift: Shift;
  /** Shifts that others have followed, of which the service is still to be told. */
  readonly shiftsToTell: readonly Shift[];
  /** The last journal number of the shift that ended last. */
  readonly shiftEnd: number;
  /** What journals that cannot be sent are sealed to. */
  readonly exportKey: string;
  readonly settings: { readonly prefix: string };
  /** Of the service's database, as it was last heard. */
  readonly epoch: string;
}

/** Whether the browser promises to keep what is written, whatever its disk says. */
export type Keeping = 'kept' | 'refused';

/** This browser as a till: its database and its keys. */
export class Device {
  private constructor(readonly db: Database, readonly keys: DeviceKeys) {}

  /** Opens the database; the first time it makes the keys. @throws where the browser has none of both */
  static async open(): Promise<Device> {
    const db = await Database.open('xingfu-till', 2, STORES);
    const known = await db.get<DeviceKeys>('meta', 'keys');
    if (known !== undefined) return new Device(db, known);
    const keys = await makeDeviceKeys();
    await db.put('meta', keys, 'keys');
    return new Device(db, keys);
  }

  recall<K extends Exclude<keyof Remembered, 'keys'>>(what: K): Promise<Remembered[K] | undefined> {
    return this.db.get<Remembered[K]>('meta', what);
  }

  remember<K extends Exclude<keyof Remembered, 'keys'>>(what: K, value: Remembered[K]): Promise<void> {
    return this.db.put('meta', value, what);
  }

  forget(what: 'shift'): Promise<void> {
    return this.db.write(['meta'], (open) => void open('meta').delete(what));
  }
}

/** Asks the browser to keep what the till writes. */
export async function askToKeep(): Promise<Keeping> {
  const { storage } = navigator;
  if (!('persist' in storage)) return 'refused';
  return (await storage.persisted()) || (await storage.persist()) ? 'kept' : 'refused';
}

/** What this page needs of a browser, and this one lacks; null where it has everything. */
export function lacking(): string | null {
  if (!window.isSecureContext) return '收银台要在安全连接（https）或本机（localhost）下打开，请联系管理员。';
  if (!('locks' in navigator) || !('indexedDB' in window)) return '这个浏览器太旧，不能用作收银台，请更新浏览器。';
  return null;
}

/**
 * Takes the right to write for as long as this page lives: one page sells, others look on.
 * @param free called when the page that holds the right has gone and it is this one's
 * @returns whether it is this page's at once
 */
export function claimWriting(free: () => void): Promise<boolean> {
  const name = 'xingfu-till-writer';
  const forLife = (): Promise<never> => new Promise(() => undefined);
  return new Promise((answer) => {
    void navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      answer(lock !== null);
      if (lock !== null) return forLife();
      void navigator.locks.request(name, () => {
        free();
        return forLife();
      });
      return undefined;
    });
  });
}
