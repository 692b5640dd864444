/** A database of the browser, opened with its stores. Writes are on the disk when their promise is fulfilled. */
export class Database {
  private constructor(private readonly db: IDBDatabase) {}

  /** @param stores by name; with a key path where values carry their own key */
  static open(name: string, version: number, stores: Readonly<Record<string, string | null>>): Promise<Database> {
    return new Promise((done, fail) => {
      const request = indexedDB.open(name, version);
      request.addEventListener('upgradeneeded', () => {
        for (const [store, keyPath] of Object.entries(stores)) {
          if (!request.result.objectStoreNames.contains(store)) request.result.createObjectStore(store, keyPath === null ? {} : { keyPath });
        }
      });
      request.addEventListener('success', () => done(new Database(request.result)));
      request.addEventListener('error', () => fail(request.error ?? new Error('database')));
      request.addEventListener('blocked', () => fail(new Error('another page holds an older database open')));
    });
  }

  get<T>(store: string, key: IDBValidKey): Promise<T | undefined> {
    return answered<T | undefined>(this.db.transaction(store).objectStore(store).get(key));
  }

  /** All values of a store by key; only those of the range where one is given. */
  all<T>(store: string, range?: IDBKeyRange): Promise<T[]> {
    return answered<T[]>(this.db.transaction(store).objectStore(store).getAll(range));
  }

  put(store: string, value: unknown, key?: IDBValidKey): Promise<void> {
    return this.write([store], (open) => void open(store).put(value, key));
  }

  /**
   * One transaction: all of it is on the disk, or nothing. An exception of `work`, or a refused request, undoes it.
   * @param work asks for requests at once and waits for none: a transaction ends when nothing is asked of it
   */
  write(stores: readonly string[], work: (open: (store: string) => IDBObjectStore, undo: (why: Error) => void) => void): Promise<void> {
    return new Promise((done, fail) => {
      const transaction = this.db.transaction([...stores], 'readwrite', { durability: 'strict' });
      let why: Error | null = null;
      const undo = (reason: Error): void => {
        why = reason;
        transaction.abort();
      };
      transaction.addEventListener('complete', () => done());
      transaction.addEventListener('abort', () => fail(why ?? transaction.error ?? new Error('the write was undone')));
      try {
        work((store) => transaction.objectStore(store), undo);
      } catch (error) {
        undo(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  close(): void {
    this.db.close();
  }
}

function answered<T>(request: IDBRequest): Promise<T> {
  return new Promise((done, fail) => {
    request.addEventListener('success', () => done(request.result as T));
    request.addEventListener('error', () => fail(request.error ?? new Error('database')));
  });
}
