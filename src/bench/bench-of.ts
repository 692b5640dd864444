/** A bench as a command: takes its arguments, answers its exit code. */
export type Bench = (args: readonly string[]) => Promise<number>;

/**
 * Makes a bench a command: `--help` prints its help, wrong use one sentence with the exit code 2.
 * @param readOptions gives the sentence where the arguments are wrong
 * @param run measures and prints; its answer is the exit code
 */
export function benchOf<Options extends object>(help: string, readOptions: (args: readonly string[]) => Options | string, run: (options: Options) => Promise<number>): Bench {
  return async (args) => {
    if (args.includes('--help')) {
      process.stdout.write(help);
      return 0;
    }
    const options = readOptions(args);
    if (typeof options !== 'string') return run(options);
    process.stderr.write(`${options}\n`);
    return 2;
  };
}
