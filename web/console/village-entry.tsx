import { useCallback, useRef, useState, type ReactElement, type ReactNode, type SyntheticEvent } from 'react';
import { get, Problem, send, sendFile } from '../lib/api.js';
import type { components } from '../lib/api.gen.js';
import { yuanToFen } from '../lib/amount.js';
import { newId } from '../lib/id.js';
import { PERIOD_WORDS } from '../lib/words.js';
import { sentenceOf, Table, useRead } from './pieces.js';

type Whole = components['schemas']['WholeDayDto'];
type Item = components['schemas']['SheetItemDto'];
type Row = components['schemas']['SlipRowDto'];
type Answered = components['schemas']['RowAnswerDto'];

/** A slip as somebody types it off the paper. */
interface Typed {
  readonly key: string;
  readonly code: string;
  readonly who: string;
  readonly item: string;
  readonly quantity: string;
  readonly taken: string;
  readonly spoilt: boolean;
}

const OUTCOMES: Readonly<Record<string, string>> = { entered: '已记账', spoilt: '作废', refused: '没有记账' };
const ROWS_AT_FIRST = 8;
const GUEST = '散客';

const blank = (): Typed => ({ key: newId(Date.now()), code: '', who: '', item: '', quantity: '1', taken: '', spoilt: false });
const keyOfItem = (item: Item): string => `${item.mealPeriod} ${item.itemCode}`;

/** A typed row as it is sent. @throws Problem where something on it cannot be read */
function rowOf(typed: Typed, items: readonly Item[]): Row {
  const code = typed.code.trim();
  if (typed.spoilt) return { code };
  const item = items.find((one) => keyOfItem(one) === typed.item) ?? items[0];
  const takenFen = yuanToFen(typed.taken);
  const who = typed.who.trim();
  if (item === undefined || takenFen === null || who === '') throw new Problem(400, 'fields-wrong', `单号 ${code}：请填写编号（或卡号、“${GUEST}”）和实收金额（最多两位小数）。`);
  const eater = who === GUEST ? { guest: true } : /^\d{3,6}$/.test(who) ? { handle: who } : { card: who };
  return { code, meal: { ...eater, mealPeriod: item.mealPeriod, items: [{ itemCode: item.itemCode, quantity: Number(typed.quantity) || 1 }], takenFen } };
}

function Line({ typed, items, onType }: { readonly typed: Typed; readonly items: readonly Item[]; readonly onType: (change: Partial<Typed>) => void }): ReactElement {
  const cell = (name: 'code' | 'who' | 'quantity' | 'taken', label: string): ReactElement => (
    <td><input aria-label={label} value={typed[name]} disabled={typed.spoilt && name !== 'code'} inputMode={name === 'quantity' || name === 'taken' ? 'decimal' : undefined} autoComplete="off" onChange={({ target }) => onType({ [name]: target.value })} /></td>
  );
  return (
    <tr>
      {cell('code', '单号')}
      {cell('who', '编号、卡号或散客')}
      <td>
        <select aria-label="餐品" value={typed.item} disabled={typed.spoilt} onChange={({ target }) => onType({ item: target.value })}>
          {items.map((item) => <option key={keyOfItem(item)} value={keyOfItem(item)}>{PERIOD_WORDS[item.mealPeriod]} {item.name}</option>)}
        </select>
      </td>
      {cell('quantity', '几份')}
      {cell('taken', '实收（元）')}
      <td><label className="tick"><input type="checkbox" checked={typed.spoilt} onChange={({ target }) => onType({ spoilt: target.checked })} /> 作废</label></td>
    </tr>
  );
}

function answerCells({ code, outcome, problem, meal }: Answered): readonly ReactNode[] {
  return [code, outcome === 'refused' ? <span key="outcome" className="worry">{OUTCOMES.refused}</span> : OUTCOMES[outcome], problem?.title ?? meal?.sentence ?? ''];
}

/** Types slips off their paper. Rows that were taken go; those that were not stay, with the reason, to be put right. */
export function EnterSlips({ day, onDone }: { readonly day: Whole; readonly onDone: () => void }): ReactElement {
  const sheetId = day.sheets.at(-1)?.sheetId;
  const [sheet] = useRead(useCallback(() => (sheetId === undefined ? Promise.resolve(null) : get('/v1/slips/sheets/{id}', { path: { id: sheetId } })), [sheetId]));
  const [rows, type] = useState<readonly Typed[]>(() => Array.from({ length: ROWS_AT_FIRST }, blank));
  const [answers, show] = useState<readonly Answered[]>([]);
  const [busy, work] = useState('');
  const [trouble, tell] = useState<string | null>(null);
  // Kept until the service has answered: sent again, it is the same batch with the same photos.
  const deed = useRef<{ id: string; photos: { photoId: string }[] } | null>(null);
  const items = sheet.is === 'there' && sheet.value !== null ? sheet.value.items : [];

  const photosOf = async (files: readonly File[]): Promise<{ photoId: string }[]> => {
    const photos: { photoId: string }[] = [];
    for (const [index, file] of files.entries()) {
      work(`正在上传照片 ${index + 1}／${files.length} …`);
      const photoId = newId(Date.now());
      await sendFile(`/v1/slips/photos/${photoId}?siteId=${day.siteId}&mealDate=${day.mealDate}`, file);
      photos.push({ photoId });
    }
    return photos;
  };
  const enter = async (files: readonly File[]): Promise<void> => {
    const written = rows.filter(({ code }) => code.trim() !== '');
    const body = written.map((row) => rowOf(row, items));
    deed.current ??= { id: newId(Date.now()), photos: await photosOf(files) };
    work(`正在补录 ${body.length} 张 …`);
    const answer = await send('post', '/v1/slips/batches', { body: { ...deed.current, siteId: day.siteId, mealDate: day.mealDate, rows: body } });
    deed.current = null;
    show(answer.rows);
    const refused = new Set(answer.rows.filter(({ outcome }) => outcome === 'refused').map(({ code }) => code));
    type([...written.filter(({ code }) => refused.has(code.trim())), ...Array.from({ length: ROWS_AT_FIRST }, blank)]);
    onDone();
  };
  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const files = new FormData(event.currentTarget).getAll('photos').filter((file): file is File => file instanceof File && file.size > 0);
    tell(null);
    enter(files).catch((error: unknown) => {
      if (error instanceof Problem && error.status >= 400 && error.status < 500) deed.current = null;
      tell(sentenceOf(error));
    }).finally(() => work(''));
  };
  return (
    <form className="panel open" onSubmit={submit} aria-label="补录">
      <h2>补录</h2>
      <p className="field"><label htmlFor="photos">这些单子的照片</label><input id="photos" name="photos" type="file" accept="image/jpeg,image/png,image/webp" multiple required /></p>
      <div className="scroll slips" role="group" aria-label="补录的单子，可左右滚动" tabIndex={0}>
        <table>
          <caption>照着单子填；写“作废”的也要填单号</caption>
          <thead><tr>{['单号', '编号、卡号或“散客”', '餐品', '几份', '实收（元）', '作废'].map((head) => <th key={head} scope="col">{head}</th>)}</tr></thead>
          <tbody>{rows.map((row) => <Line key={row.key} typed={row} items={items} onType={(change) => type(rows.map((one) => (one.key === row.key ? { ...one, ...change } : one)))} />)}</tbody>
        </table>
      </div>
      <p className="row">
        <button type="button" onClick={() => type([...rows, ...Array.from({ length: ROWS_AT_FIRST }, blank)])}>再加几行</button>
        <button type="submit" className="go" disabled={busy !== ''}>{busy === '' ? '补录' : busy}</button>
      </p>
      {trouble === null ? null : <p className="trouble" role="alert">{trouble}</p>}
      {answers.length === 0 ? null : (
        <Table title="逐张答复" rows={answers} keyOf={({ code }) => code} none="" head={['单号', '结果', '说明']}
          cells={answerCells} />
      )}
    </form>
  );
}
