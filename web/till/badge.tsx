import { useState, type ReactElement } from 'react';
import { blockedOf, unsentOf, type View } from './view.js';
import { causeWords, momentWords, spanWords } from './words.js';

/** A hiccup of the network is no matter of a dialog. */
const PATIENCE_MS = 40_000;

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

/** How long subsidies are still certain, counted down; what holds where they are not. */
function covered({ roster, link }: View, now: number): string | null {
  if (roster.trouble !== undefined) return roster.trouble;
  if (roster.standing === 'none') return link.is === 'online' ? null : '本机没有名册，刷卡先按原价，多收的退';
  if (roster.standing === 'full-price') return '名册超过 72 小时，只按原价收';
  if (roster.standing === 'review' || roster.coveredUntil === null || roster.coveredUntil <= now) return '名册超过 24 小时，照常收，事后要人核';
  return `补贴保证到${momentWords(roster.coveredUntil, now)}，还有 ${spanWords(roster.coveredUntil - now)}`;
}

/** The cause, what still works, how long subsidies are certain, and how old the till's own data is. */
export function StatusBox({ view, now }: { readonly view: View; readonly now: number }): ReactElement {
  const cause = causeWords(view.link);
  const cover = covered(view, now);
  const asOf = view.roster.asOf ?? view.pricesAt;
  return (
    <div className={cause === null ? 'status' : `status away ${cause.where}`} role="status" aria-label="联网情况">
      {cause === null ? <p>联网正常</p> : <><p><strong>{cause.cause}</strong></p><p>{cause.works}</p></>}
      {cause !== null && !view.kept ? <p><strong>本机不能长期保存，断网时不能收款。</strong></p> : null}
      {cover === null ? null : <p>{cover}</p>}
      <p>本机数据 {asOf === null ? '—' : momentWords(asOf, now)}</p>
    </div>
  );
}

/**
 * What to look at when the service stays away. It comes after 40 seconds, once for each time, and takes no key and no
 * focus: selling goes on beneath it.
 */
export function AwayDialog({ view, now }: { readonly view: View; readonly now: number }): ReactElement | null {
  const since = view.link.is === 'away' ? view.link.since : null;
  const [read, setRead] = useState<number | null>(null);
  const cause = causeWords(view.link);
  if (cause === null || since === null || read === since || now - since < PATIENCE_MS) return null;
  return (
    <div className="away-dialog" role="alertdialog" aria-labelledby="away-head" aria-describedby="away-list">
      <h2 id="away-head">{cause.cause}</h2>
      <ul id="away-list">{cause.look.map((line) => <li key={line}>{line}</li>)}</ul>
      <button type="button" className="go" onClick={() => setRead(since)}>知道了，继续收款</button>
    </div>
  );
}
