import { openDB, unwrap, type IDBPDatabase } from 'idb';

/** A database of the browser, opened with its stores. Writes are on the disk when their promise is fulfilled. */
export class Database {
  private constructor(private readonly db: IDBPDatabase) {}

  /** @param stores by name; with a key path where values carry their own key */
  static async open(name: string, version: number, stores: Readonly<Record<string, string | null>>): Promise<Database> {
    let hold: (why: Error) => void = () => undefined;
    const held = new Promise<never>((_done, fail) => {
      hold = fail;
    });
    const opened = openDB(name, version, {
      upgrade: (db) => {
        for (const [store, keyPath] of Object.entries(stores)) {
          if (!db.objectStoreNames.contains(store)) db.createObjectStore(store, keyPath === null ? {} : { keyPath });
        }
      },
      blocked: () => hold(new Error('another page holds an older database open')),
    });
    return new Database(await Promise.race([opened, held]));
  }

  get<T>(store: string, key: IDBValidKey): Promise<T | undefined> {
    return this.db.get(store, key) as Promise<T | undefined>;
  }

  /** All values of a store by key; only those of the range where one is given. */
  all<T>(store: string, range?: IDBKeyRange): Promise<T[]> {
    return this.db.getAll(store, range) as Promise<T[]>;
  }

  put(store: string, value: unknown, key?: IDBValidKey): Promise<void> {
    return this.write([store], (open) => void open(store).put(value, key));
  }

  /**
   * One transaction: all of it is on the disk, or nothing. An exception of `work`, or a refused request, undoes it.
   * @param work asks for requests at once and waits for none: a transaction ends when nothing is asked of it
   */
  async write(stores: readonly string[], work: (open: (store: string) => IDBObjectStore, undo: (why: Error) => void) => void): Promise<void> {
    const transaction = this.db.transaction([...stores], 'readwrite', { durability: 'strict' });
    let why: Error | null = null;
    const undo = (reason: Error): void => {
      why = reason;
      transaction.abort();
    };
    try {
      // The browser's own transaction: what is asked of it is heard through its events, within it.
      work((store) => unwrap(transaction).objectStore(store), undo);
    } catch (error) {
      undo(error instanceof Error ? error : new Error(String(error)));
    }
    try {
      await transaction.done;
    } catch (error) {
      throw why ?? error;
    }
  }

  close(): void {
    this.db.close();
  }
}
