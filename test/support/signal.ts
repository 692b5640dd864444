/** Something that a test waits for instead of sleeping. */
export interface Signal<T = void> {
  /** Tells that it happened; later calls change nothing. */
  fire(value: T): void;
  /** Settles when it happened; fails with its name after the given milliseconds. */
  wait(milliseconds?: number): Promise<T>;
}

/** Makes a signal. The name is what a failed wait says. */
export function signal<T = void>(name: string): Signal<T> {
  let fire: (value: T) => void = () => undefined;
  const happened = new Promise<T>((done) => (fire = done));
  return {
    fire: (value) => fire(value),
    wait: (milliseconds = 10_000) => within(happened, milliseconds, name),
  };
}

/** Fails with the name where a promise takes longer than the given milliseconds. */
export async function within<T>(promise: Promise<T>, milliseconds: number, name: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => (timer = setTimeout(() => fail(new Error(`${name} did not happen within ${milliseconds} ms`)), milliseconds)));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks again and again until the answer is yes, for what announces itself only in rows. */
export async function until(question: () => boolean | Promise<boolean>, name: string, milliseconds = 10_000): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!(await question())) {
    if (performance.now() > end) throw new Error(`${name} did not come true within ${milliseconds} ms`);
    await new Promise((done) => setTimeout(done, 20));
  }
}
