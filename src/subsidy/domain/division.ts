import type { DivisionPath } from './facts.js';
import type { Level } from './funding-plan.js';

const DEPTH: Readonly<Record<Level, number>> = { province: 0, city: 1, county: 2, township: 3, village: 4 };
/** Beijing, Tianjin, Shanghai, Chongqing: the level of a city is the municipality itself. */
const MUNICIPALITIES = ['11', '12', '31', '50'];

const ZERO = '0'.charCodeAt(0);

/** Whether the digits from `start` up to `end` are zeros. Runs for every meal, so without cutting strings. */
function zeros(code: string, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) if (code.charCodeAt(index) !== ZERO) return false;
  return true;
}

function depthOf(code: string): number {
  if (code.length > 9 && !zeros(code, 9, 12)) return 4;
  if (code.length > 6 && !zeros(code, 6, 9)) return 3;
  if (!zeros(code, 4, 6)) return 2;
  return zeros(code, 2, 4) ? 0 : 1;
}

/** The level of a code after GB/T 2260 (6 digits) or the statistical codes below it (9 and 12 digits). */
export function levelOf(code: string): Level {
  return (Object.keys(DEPTH) as Level[])[depthOf(code)] as Level;
}

/** How narrow a division is; a larger number is narrower. */
export function narrowness(code: string): number {
  return depthOf(code);
}

/**
 * The code of a path at a level. Where the path has none there (a municipality has no city, Dongguan no
 * counties), the nearest above stands for it; null when the path is empty or unknown.
 */
export function codeAt(path: DivisionPath | null, level: Level): string | null {
  if (path === null) return null;
  const wanted = DEPTH[level];
  let best: string | null = null;
  let bestDepth = -1;
  for (const code of path) {
    const depth = depthOf(code);
    if (depth <= wanted && depth > bestDepth) {
      best = code;
      bestDepth = depth;
    }
  }
  return best;
}

/** The path of a code by its digits alone: `371502001` gives 370000, 371500, 371502, 371502001. */
export function pathOf(code: string): DivisionPath {
  const depth = depthOf(code);
  const path = [`${code.slice(0, 2)}0000`];
  if (depth >= 1 && !MUNICIPALITIES.includes(code.slice(0, 2))) path.push(`${code.slice(0, 4)}00`);
  if (depth >= 2) path.push(code.slice(0, 6));
  if (depth >= 3) path.push(code.slice(0, 9));
  if (depth >= 4) path.push(code.slice(0, 12));
  return path;
}

/** Whether any of the divisions holds the place. An unknown place is held by none. */
export function isWithin(path: DivisionPath | null, divisions: readonly string[]): boolean {
  if (path === null) return false;
  for (const code of divisions) if (path.includes(code)) return true;
  return false;
}
