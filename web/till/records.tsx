import { useState, useSyncExternalStore, type ReactElement } from 'react';
import { yuanWords } from '../lib/money.js';
import { useFace } from './face.js';
import { toReturnFen } from './journal/fate.js';
import { paidFen } from './receipt/receipt.js';
import type { Till } from './till.js';
import { blockedOf, takenBackIds, unsentOf, type Listed, type View } from './view.js';
import { clockWords, fateWords, HOLDER_WORDS, TENDER_WORDS } from './words.js';

const SHOWN = 60;

/** @returns whether there was a key to seal it with */
async function download(till: Till): Promise<boolean> {
  const file = await till.unsentFile();
  if (file === null) return false;
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = '收银台未上传记录.json';
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  return true;
}

/** Saves what is unsent to a file: the way out of a till that cannot send. */
function Export({ till }: { readonly till: Till }): ReactElement {
  const [said, say] = useState<string | null>(null);
  const made = async (): Promise<void> => say((await download(till)) ? null : '本机还没有导出用的钥匙，联网一次以后才能导出。');
  return (
    <p className="row">
      <button type="button" onClick={() => void made()}>导出未上传记录</button>
      <span className="aside" role="status">{said ?? '文件已加密，只有本系统能读。交给食堂负责人或区县民政导入；导出后记录仍留在本机。'}</span>
    </p>
  );
}

/** Paper on demand: the receipt once more, and how the price was shared for the elder who asks. */
function Prints({ entry, till }: { readonly entry: Listed; readonly till: Till }): ReactElement {
  return (
    <span className="pair">
      <button type="button" aria-label={`第 ${entry.number} 笔小票`} onClick={() => till.printing.receipt(entry.number)}>小票</button>
      {entry.fate.is === 'accepted' && entry.about.kind === 'sale' && entry.about.holder !== 'guest'
        ? <button type="button" aria-label={`第 ${entry.number} 笔补贴明细`} onClick={() => till.printing.shares(entry.number)}>补贴明细</button> : null}
    </span>
  );
}

function Record({ entry, isBack, prints, till }: { readonly entry: Listed; readonly isBack: boolean; readonly prints: boolean; readonly till: Till }): ReactElement {
  const { word, more, tone } = fateWords(entry.fate);
  const { about } = entry;
  const back = entry.returned ? 0 : toReturnFen(entry.takenFen, entry.fate);
  const paid = entry.fate.is === 'accepted' ? entry.fate.selfPayFen : entry.takenFen;
  return (
    <li className={tone}>
      <span className="number">{entry.number}</span>
      <span>{clockWords(entry.madeAt)}</span>
      <span>{about.kind === 'void' ? '撤销' : `${HOLDER_WORDS[about.holder]} · ${TENDER_WORDS[about.tender]}`}</span>
      <span className="amount">{about.kind === 'void' || paid === null ? '' : yuanWords(paid)}</span>
      <span className="fate"><strong>{isBack ? '已被撤销' : word}</strong> {more}</span>
      {back > 0 && !isBack ? <button type="button" onClick={() => void till.giveBack(entry.number)}>应退 {yuanWords(back)}，已退</button> : null}
      {prints && !isBack && paidFen(entry) !== null ? <Prints entry={entry} till={till} /> : null}
    </li>
  );
}

/** What became of each sale, the latest first. */
export function Records({ till, view }: { readonly till: Till; readonly view: View }): ReactElement {
  const latest = view.entries.slice(-SHOWN).reverse();
  const [unsent, blocked, back] = [unsentOf(view), blockedOf(view), takenBackIds(view)];
  const { paper } = useFace();
  const trouble = useSyncExternalStore(till.printing.watch, till.printing.trouble);
  return (
    <section className="records" aria-label="记录">
      <h2>记录</h2>
      <p>{unsent === 0 ? '全部已上传' : `${unsent} 笔未上传`}{blocked === 0 ? '' : `，${blocked} 笔要人处理`}</p>
      {trouble === null ? null : <p role="status" className="trouble">{trouble}</p>}
      {unsent + blocked > 0 && view.role === 'writer' ? <Export till={till} /> : null}
      <ol tabIndex={0} aria-label="每一笔的去向">
        {latest.map((entry) => <Record key={entry.number} entry={entry} isBack={back.has(entry.id)} prints={paper !== null && view.role === 'writer'} till={till} />)}
      </ol>
      {latest.length === 0 ? <p className="aside">还没有记录。</p> : null}
    </section>
  );
}
