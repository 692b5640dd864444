/** A character that YAML does not take for the one that was meant. */
export interface WrongSign {
  readonly line: number;
  readonly remedy: string;
}

const PAIRS: Readonly<Record<string, string>> = { '：': ':', '，': ',', '“': "'", '”': "'", '‘': "'", '’': "'", '｛': '{', '｝': '}', '［': '[', '］': ']', '【': '[', '】': ']' };

function signIn(line: string, keys: ReadonlySet<string>): string | null {
  if (/^\s*\t/u.test(line)) return '\t';
  const colon = /(?:^|[\s{,，｛])([A-Za-z]+)\s*：/u.exec(line);
  if (colon !== null && keys.has(colon[1] ?? '')) return '：';
  const comma = /[\w}\]'"]\s*，\s*([A-Za-z]+)\s*[:：]/u.exec(line) ?? /\[[^\]]*[\w}'"]\s*(，)/u.exec(line);
  if (comma !== null && (comma[1] === '，' || keys.has(comma[1] ?? ''))) return '，';
  const other = /(?:[:：]\s*|\[\s*|,\s*)([“‘｛［【])/u.exec(line);
  return other?.[1] ?? null;
}

/**
 * The first full-width sign or tab that stands where YAML wants another. Only for files that are wrong: in the words of a
 * clause the same signs are right.
 * @param keys every key of the grammar
 */
export function wrongSign(text: string, keys: ReadonlySet<string>): WrongSign | null {
  for (const [index, whole] of text.split('\n').entries()) {
    const sign = signIn(whole.replace(/(^|\s)#.*$/u, ''), keys);
    if (sign === '\t') return { line: index + 1, remedy: '缩进用了制表符（Tab），请改为空格' };
    if (sign !== null) return { line: index + 1, remedy: `有全角符号“${sign}”，请改为半角 ${PAIRS[sign] ?? ''}` };
  }
  return null;
}
