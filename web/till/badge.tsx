import type { ReactElement } from 'react';
import { blockedOf, unsentOf, type View } from './view.js';
import { causeWords, clockWords } from './words.js';

const HOUR = 3_600_000;
const GUARANTEED_MS = 24 * HOUR;

/** Three states and a number: all sent, no network, or how many sales are not sent yet. */
export function Badge({ view, open, onOpen }: { readonly view: View; readonly open: boolean; readonly onOpen: () => void }): ReactElement {
  const unsent = unsentOf(view);
  const blocked = blockedOf(view);
  const state = unsent + blocked > 0 ? 'red' : view.link.is === 'online' ? 'green' : 'grey';
  const words = unsent > 0 ? '笔未上传' : blocked > 0 ? '笔要处理' : state === 'green' ? '已上传' : '断网';
  return (
    <button type="button" className={`badge ${state}`} aria-expanded={open} onClick={onOpen}>
      {state === 'red' ? <span className="sign">{unsent > 0 ? unsent : blocked}</span> : <span className="sign" aria-hidden="true">{state === 'green' ? '✓' : '–'}</span>}
      <span>{words}</span>
    </button>
  );
}

/** Since when sales wait, and until when their subsidy is guaranteed. */
function covered(view: View, now: number): string | null {
  const first = view.entries.find((entry) => entry.fate.is === 'unsent');
  if (first === undefined || view.link.is === 'online') return null;
  const left = Math.floor((first.madeAt + GUARANTEED_MS - now) / HOUR);
  return left >= 0 ? `补贴还保 ${left} 小时` : '已超过 24 小时，上传后要人核';
}

/** The cause, what still works, and how old the till's own data is. */
export function StatusBox({ view, now }: { readonly view: View; readonly now: number }): ReactElement {
  const cause = causeWords(view.link);
  const cover = covered(view, now);
  return (
    <div className="status" role="status" aria-label="联网情况">
      {cause === null ? <p>联网正常</p> : <><p><strong>{cause.cause}</strong></p><p>{cause.works}</p></>}
      {cause !== null && !view.kept ? <p><strong>本机不能长期保存，断网时不能收款。</strong></p> : null}
      {cover === null ? null : <p>{cover}</p>}
      <p>本机数据 {view.pricesAt === null ? '—' : clockWords(view.pricesAt)}</p>
    </div>
  );
}
