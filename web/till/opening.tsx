import { useEffect, useRef, useState, type ReactElement } from 'react';
import { Records } from './records.js';
import type { Till } from './till.js';
import type { View } from './view.js';

const SIGNS = { good: '✓', open: '–', bad: '!' } as const;
const SIGN_WORDS = { good: '正常', open: '留意', bad: '有问题' } as const;

/** The list that is gone through before the first sale. */
export function Opening({ till, view }: { readonly till: Till; readonly view: View }): ReactElement {
  const [looksBack, lookBack] = useState(false);
  const begin = useRef<HTMLButtonElement>(null);
  const ready = view.offer !== null;
  useEffect(() => {
    if (ready) begin.current?.focus();
  }, [ready]);
  return (
    <main className="plain wide">
      <h1>开班检查 <span className="aside">{view.label}</span></h1>
      <ul className="checks" aria-live="polite">
        {view.checks.length === 0 ? <li className="open"><span className="sign" aria-hidden="true">…</span><strong>检查</strong><span>正在联网核对</span></li> : null}
        {view.checks.map((check) => (
          <li key={check.what} className={check.is}>
            <span className="sign" aria-hidden="true">{SIGNS[check.is]}</span>
            <strong>{check.what}</strong>
            <span><span className="unseen">{SIGN_WORDS[check.is]}：</span>{check.says}</span>
          </li>
        ))}
        <li className="open">
          <span className="sign" aria-hidden="true">♪</span>
          <strong>声音</strong>
          <span className="pair">
            <button type="button" onClick={() => till.sounds.play('ok')}>试：请用餐</button>
            <button type="button" onClick={() => till.sounds.play('wait')}>试：请稍候</button>
          </span>
        </li>
      </ul>
      <label className="row" htmlFor="prefix">读卡器前缀
        <input id="prefix" defaultValue={view.prefix} maxLength={4} autoComplete="off" onBlur={(event) => void till.setPrefix(event.target.value.trim())} />
        <span className="aside">不清楚就留空</span>
      </label>
      <div className="row">
        <button ref={begin} type="button" className="go" disabled={!ready} onClick={() => void till.open()}>开始收款</button>
        <button type="button" onClick={() => till.retry()}>重新检查</button>
        <button type="button" aria-expanded={looksBack} onClick={() => lookBack(!looksBack)}>记录</button>
        {view.updateReady ? <button type="button" onClick={() => till.update()}>更新到新版本</button> : null}
      </div>
      {looksBack ? <Records till={till} view={view} /> : null}
    </main>
  );
}
