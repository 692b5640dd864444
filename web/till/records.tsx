import type { ReactElement } from 'react';
import { yuanWords } from '../lib/money.js';
import { toReturnFen } from './journal/fate.js';
import type { Till } from './till.js';
import { blockedOf, unsentOf, type Listed, type View } from './view.js';
import { clockWords, fateWords, TENDER_WORDS } from './words.js';

const SHOWN = 60;

async function download(till: Till): Promise<void> {
  const address = URL.createObjectURL(await till.unsentFile());
  const link = document.createElement('a');
  link.href = address;
  link.download = '收银台未上传记录.json';
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Saves what is unsent to a file: the way out of a till that cannot send. */
function Export({ till }: { readonly till: Till }): ReactElement {
  return (
    <p className="row">
      <button type="button" onClick={() => void download(till)}>导出未上传记录</button>
      <span className="aside">文件含卡号，只交给食堂负责人或管理员。导出后记录仍留在本机。</span>
    </p>
  );
}

function Record({ entry, till }: { readonly entry: Listed; readonly till: Till }): ReactElement {
  const { word, more, tone } = fateWords(entry.fate);
  const { about } = entry;
  const back = entry.returned ? 0 : toReturnFen(entry.takenFen, entry.fate);
  const paid = entry.fate.is === 'accepted' ? entry.fate.selfPayFen : entry.takenFen;
  return (
    <li className={tone}>
      <span className="number">{entry.number}</span>
      <span>{clockWords(entry.madeAt)}</span>
      <span>{about.kind === 'void' ? '撤销' : `${about.holder === 'card' ? '刷卡' : '散客'} · ${TENDER_WORDS[about.tender]}`}</span>
      <span className="amount">{about.kind === 'void' || paid === null ? '' : yuanWords(paid)}</span>
      <span className="fate"><strong>{word}</strong> {more}</span>
      {back > 0 ? <button type="button" onClick={() => void till.giveBack(entry.number)}>应退 {yuanWords(back)}，已退</button> : null}
    </li>
  );
}

/** What became of each sale, the latest first. */
export function Records({ till, view }: { readonly till: Till; readonly view: View }): ReactElement {
  const latest = view.entries.slice(-SHOWN).reverse();
  const [unsent, blocked] = [unsentOf(view), blockedOf(view)];
  return (
    <section className="records" aria-label="记录">
      <h2>记录</h2>
      <p>{unsent === 0 ? '全部已上传' : `${unsent} 笔未上传`}{blocked === 0 ? '' : `，${blocked} 笔要人处理`}</p>
      {unsent + blocked > 0 && view.role === 'writer' ? <Export till={till} /> : null}
      <ol tabIndex={0} aria-label="每一笔的去向">{latest.map((entry) => <Record key={entry.number} entry={entry} till={till} />)}</ol>
      {latest.length === 0 ? <p className="aside">还没有记录。</p> : null}
    </section>
  );
}
