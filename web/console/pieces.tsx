import { useCallback, useEffect, useId, useRef, useState, type ReactElement, type ReactNode, type SyntheticEvent } from 'react';
import { chinaDate } from '../../src/kernel/civil-date.js';
import { Problem } from '../lib/api.js';
import { newId } from '../lib/id.js';

const UNKNOWN = '没有办成，请稍候重试。';

/** What went wrong, in the service's own sentence. */
export function sentenceOf(error: unknown): string {
  return error instanceof Problem ? error.sentence : UNKNOWN;
}

type Loaded<T> = { readonly is: 'loading' } | { readonly is: 'there'; readonly value: T } | { readonly is: 'failed'; readonly sentence: string };

/**
 * Reads something once, and again when asked to. What was read stays in sight meanwhile.
 * @param read kept by `useCallback`: another one is read at once
 */
export function useRead<T>(read: (signal: AbortSignal) => Promise<T>): readonly [Loaded<T>, () => void] {
  const [loaded, load] = useState<Loaded<T>>({ is: 'loading' });
  const [tries, again] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    const show = (next: Loaded<T>): void => {
      // Answers may pass each other on the way: what was asked for before shows nothing any more.
      if (!stop.signal.aborted) load(next);
    };
    read(stop.signal).then((value) => show({ is: 'there', value }), (error: unknown) => show({ is: 'failed', sentence: sentenceOf(error) }));
    return () => stop.abort();
  }, [read, tries]);
  return [loaded, useCallback(() => again((count) => count + 1), [])];
}

interface Paged<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** All pages of a list, as far as a person reads: at most 1,000 rows. */
export async function allPages<T>(read: (after: { readonly cursor?: string; readonly limit: number }) => Promise<Paged<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Paged<T> = await read({ limit: 200, ...(cursor === null ? {} : { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < 1_000);
  return items;
}

/** Shows what was read, that it is on its way, or why it is not there. */
export function Reading<T>({ of, again, children }: { readonly of: Loaded<T>; readonly again: () => void; readonly children: (value: T) => ReactNode }): ReactElement {
  if (of.is === 'loading') return <p role="status">正在读取…</p>;
  if (of.is === 'failed') return <p className="trouble" role="alert">{of.sentence} <button type="button" onClick={again}>重试</button></p>;
  return <>{children(of.value)}</>;
}

/** What became of the last deed of a form. */
type Told = { readonly is: 'nothing' | 'busy' } | { readonly is: 'done'; readonly words: string } | { readonly is: 'failed'; readonly sentence: string };

interface DeedFormProps {
  /** What the button says. */
  readonly does: string;
  readonly children?: ReactNode;
  readonly danger?: boolean;
  /** Does it under this id; a repetition after a lost answer has the same one. @returns words of what was done, or nothing */
  readonly run: (id: string, fields: FormData) => Promise<string | void>;
}

/** A form that does one deed. It keeps the deed's id until the service has answered, so that nothing is done twice. */
export function DeedForm({ does, children, danger = false, run }: DeedFormProps): ReactElement {
  const [told, tell] = useState<Told>({ is: 'nothing' });
  const id = useRef<string | null>(null);
  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    id.current ??= newId(Date.now());
    tell({ is: 'busy' });
    run(id.current, new FormData(form)).then((words) => {
      id.current = null;
      form.reset();
      tell(words === undefined ? { is: 'nothing' } : { is: 'done', words });
    }, (error: unknown) => {
      // Refused in words: the next try is another deed. Without an answer it is the same one.
      if (error instanceof Problem && error.status >= 400 && error.status < 500) id.current = null;
      tell({ is: 'failed', sentence: sentenceOf(error) });
    });
  };
  return (
    <form className="deed" onSubmit={submit}>
      {children}
      <button type="submit" className={danger ? 'danger' : 'go'} disabled={told.is === 'busy'}>{told.is === 'busy' ? '正在办理…' : does}</button>
      {told.is === 'failed' ? <p className="trouble" role="alert">{told.sentence}</p> : null}
      {told.is === 'done' ? <p className="good" role="status">{told.words}</p> : null}
    </form>
  );
}

interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly hint?: string;
  readonly type?: string;
  readonly value?: string;
  readonly min?: number | string;
  readonly max?: number | string;
  readonly pattern?: string;
  readonly length?: number;
  readonly optional?: boolean;
  readonly autoComplete?: string;
}

export function Field({ label, name, hint, type = 'text', value, min, max, pattern, length, optional = false, autoComplete = 'off' }: FieldProps): ReactElement {
  const id = useId();
  return (
    <p className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} name={name} type={type} defaultValue={value} min={min} max={max} step={type === 'number' ? 'any' : undefined} pattern={pattern} maxLength={length} required={!optional}
        autoComplete={autoComplete} aria-describedby={hint === undefined ? undefined : `${id}-hint`} />
      {hint === undefined ? null : <span id={`${id}-hint`} className="hint">{hint}</span>}
    </p>
  );
}

/** Several lines of text. */
export function Lines({ label, name, hint, rows }: { readonly label: string; readonly name: string; readonly hint: string; readonly rows: number }): ReactElement {
  const id = useId();
  return (
    <p className="field">
      <label htmlFor={id}>{label}</label>
      <textarea id={id} name={name} rows={rows} required autoComplete="off" aria-describedby={`${id}-hint`} />
      <span id={`${id}-hint`} className="hint">{hint}</span>
    </p>
  );
}

/** A day that a page looks at. */
export function Day({ label, value, onTurn }: { readonly label: string; readonly value: string; readonly onTurn: (date: string) => void }): ReactElement {
  const id = useId();
  return (
    <p className="field short">
      <label htmlFor={id}>{label}</label>
      <input id={id} type="date" value={value} required min="2000-01-01" max="2099-12-31" onChange={({ target }) => target.validity.valid && onTurn(target.value)} />
    </p>
  );
}

/** A choice among few. @param value what is chosen to begin with, the first one without it */
export function Choice({ label, name, of, value }: { readonly label: string; readonly name: string; readonly of: readonly (readonly [value: string, words: string])[]; readonly value?: string }): ReactElement {
  const id = useId();
  return (
    <p className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} name={name} defaultValue={value}>{of.map(([value, words]) => <option key={value} value={value}>{words}</option>)}</select>
    </p>
  );
}

export function textOf(fields: FormData, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

interface TableProps<T> {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  /** First cell of a row is its name. */
  readonly cells: (row: T) => readonly ReactNode[];
  /** Said where there are no rows: what to do next. */
  readonly none: string;
}

/** A list that a person reads, wide ones inside their own scroll. */
export function Table<T>({ title, head, rows, keyOf, cells, none }: TableProps<T>): ReactElement {
  if (rows.length === 0) return <p className="none">{none}</p>;
  return (
    <div className="scroll" role="group" aria-label={`${title}，可左右滚动`} tabIndex={0}>
      <table>
        <caption>{title}</caption>
        <thead><tr>{head.map((cell) => <th key={cell} scope="col">{cell}</th>)}</tr></thead>
        <tbody>
          {rows.map((row) => {
            const [name, ...others] = cells(row);
            return <tr key={keyOf(row)}><th scope="row">{name}</th>{others.map((cell, index) => <td key={head[index + 1] ?? index}>{cell}</td>)}</tr>;
          })}
        </tbody>
      </table>
    </div>
  );
}

/** A moment as people say it: `11/23 11:42`, and with its year where that is another than today's. */
export function momentWords(moment: string | null): string {
  if (moment === null) return '—';
  const at = new Date(moment);
  const year = chinaDate(at.getTime()).slice(0, 4) === chinaDate(Date.now()).slice(0, 4) ? {} : { year: 'numeric' } as const;
  return new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', ...year, month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}
