/**
 * Gives everybody words of their own: the usual ones where nobody else has them, otherwise the first of the closer ones by
 * which all who share them differ, and where none do, their place among them. So nobody's name is given away without need.
 */
export function tellApart<T>(all: readonly T[], usual: (one: T) => string, closer: readonly ((one: T) => string)[]): string[] {
  return all.map((one) => {
    const alike = all.filter((other) => usual(other) === usual(one));
    if (alike.length === 1) return usual(one);
    const differing = closer.find((words) => new Set(alike.map(words)).size === alike.length);
    return differing?.(one) ?? `${usual(one)} 第 ${alike.indexOf(one) + 1} 位`.trim();
  });
}
