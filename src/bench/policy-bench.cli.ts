import { benchOf } from './bench-of.js';
import { benchPolicy, type PolicyBenchFigures, type PolicyBenchOptions } from './policy-bench.js';

const HELP = `npm run -s bench -- policy [options]

Decides the same random meals with the policy engine, with json-rules-engine and with functions written by hand for
the same three cities. All must answer the same fen before anything is timed. Then replays a month in memory.

  --json        one JSON object as the last line of standard output
  --meals N     meals in a round (20000); the replayed month then has 50 times as many
  --replay N    meals of the replayed month (1000000)
  --seed N      other meals (2024)
  --help        this text
`;

interface Options extends PolicyBenchOptions {
  readonly json: boolean;
}

const NUMBERS: Readonly<Record<string, 'meals' | 'replay' | 'seed'>> = { '--meals': 'meals', '--replay': 'replay', '--seed': 'seed' };

function readOptions(args: readonly string[]): Options | string {
  const given: Partial<Record<'meals' | 'replay' | 'seed', number>> = {};
  let json = false;
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    const number = NUMBERS[word];
    if (word === '--json') json = true;
    else if (number !== undefined && /^[1-9]\d{0,7}$/.test(args[index + 1] ?? '')) given[number] = Number(args[(index += 1)]);
    else return number === undefined ? `unknown option ${word}: see npm run -s bench -- policy --help` : `${word} needs a whole number from 1 up`;
  }
  const meals = given.meals ?? 20_000;
  if (meals < 100) return '--meals must be 100 or more, or there is nothing to measure';
  return { json, meals, replayMeals: given.replay ?? (given.meals === undefined ? 1_000_000 : given.meals * 50), seed: given.seed ?? 2024 };
}

function tell(figures: PolicyBenchFigures): string {
  const { perSecond, ratioToRulesEngine, ratioToHandWritten, replaySeconds, replayMeals, on } = figures;
  return [
    `engine                 ${perSecond} meals/s`,
    `: json-rules-engine    ${ratioToRulesEngine} (goal 50 or more)`,
    `hand-written : engine  ${ratioToHandWritten} (goal 3 or less)`,
    `replay                 ${replayMeals} meals in ${replaySeconds} s (goal 15 s a million)`,
    `on                     ${on.join('; ')}`,
  ].join('\n');
}

/** `bench policy`; the exit code is 2 for wrong use. */
export const policyBenchCommand = benchOf(HELP, readOptions, async (options) => {
  const figures = await benchPolicy(options);
  process.stdout.write(`${options.json ? JSON.stringify(figures) : tell(figures)}\n`);
  return 0;
});
