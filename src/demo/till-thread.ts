import { parentPort, Worker, workerData } from 'node:worker_threads';
import { invariant, SettableClock, type Clock, type Instant } from '../kernel/index.js';
import { tillsHere, type EnrolTill, type Order, type TillLine } from './till.js';
import { overHttp } from './transport.js';

/** What the story asks of the tills' thread. */
type Ask =
  | { readonly call: 'enrol'; readonly code: string; readonly label: string }
  | { readonly call: 'open' | 'upload'; readonly till: number }
  | { readonly call: 'cut'; readonly till: number; readonly offline: boolean }
  | { readonly call: 'sell'; readonly till: number; readonly order: Order }
  | { readonly call: 'takeBack'; readonly till: number; readonly tapId: string; readonly id: string };

interface Question {
  readonly number: number;
  /** The story's time. */
  readonly now: Instant;
  readonly ask: Ask;
}

interface Reply {
  readonly number: number;
  readonly value?: unknown;
  readonly failure?: string;
}

interface ThreadData {
  readonly port: number;
  readonly connections: number;
}

/**
 * Starts a thread of its own for all tills, as they are machines of their own in life: signing and sending then takes
 * nothing from the service that is being shown.
 */
export function startTillThread(data: ThreadData, clock: Clock): { enrolTill: EnrolTill; close(): Promise<void> } {
  const worker = new Worker(new URL(import.meta.url), { workerData: data });
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let asked = 0;
  worker.on('message', ({ number, value, failure }: Reply) => {
    const one = waiting.get(number);
    waiting.delete(number);
    if (failure === undefined) one?.resolve(value as never);
    else one?.reject(new Error(failure));
  });
  worker.on('error', (error) => {
    for (const { reject } of waiting.values()) reject(error);
  });
  const put = <T>(ask: Ask): Promise<T> => new Promise<T>((resolve, reject) => {
    asked += 1;
    waiting.set(asked, { resolve, reject });
    worker.postMessage({ number: asked, now: clock.now(), ask } satisfies Question);
  });
  const enrolTill: EnrolTill = async (code, label): Promise<TillLine> => {
    const till = await put<number>({ call: 'enrol', code, label });
    return {
      open: () => put({ call: 'open', till }),
      cut: (offline) => put({ call: 'cut', till, offline }),
      sell: (order) => put({ call: 'sell', till, order }),
      upload: () => put({ call: 'upload', till }),
      takeBack: (tapId, id) => put({ call: 'takeBack', till, tapId, id }),
    };
  };
  return { enrolTill, close: async () => void (await worker.terminate()) };
}

function runThread(port: NonNullable<typeof parentPort>, data: ThreadData): void {
  const clock = new SettableClock(0);
  const enrol = tillsHere(overHttp(data.port, data.connections).send, clock);
  const tills: TillLine[] = [];
  const at = (till: number): TillLine => {
    const line = tills[till];
    invariant(line, 'a till is enrolled before it is used');
    return line;
  };
  const answer = async (ask: Ask): Promise<unknown> => {
    switch (ask.call) {
      case 'enrol': return tills.push(await enrol(ask.code, ask.label)) - 1;
      case 'open': return at(ask.till).open();
      case 'cut': return at(ask.till).cut(ask.offline);
      case 'sell': return at(ask.till).sell(ask.order);
      case 'upload': return at(ask.till).upload();
      case 'takeBack': return at(ask.till).takeBack(ask.tapId, ask.id);
    }
  };
  port.on('message', ({ number, now, ask }: Question) => {
    clock.set(now);
    answer(ask).then(
      (value) => port.postMessage({ number, value } satisfies Reply),
      (error: unknown) => port.postMessage({ number, failure: error instanceof Error ? error.message : String(error) } satisfies Reply),
    );
  });
}

// This file is also what the thread runs.
if (parentPort !== null && (workerData as ThreadData | null)?.connections !== undefined) runThread(parentPort, workerData as ThreadData);
