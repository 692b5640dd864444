import { useEffect, useRef, useState, type ReactElement, type SyntheticEvent } from 'react';
import { get, Problem, type Answer } from '../lib/api.js';
import { yuanWords } from '../lib/money.js';
import { dateWords } from '../lib/words.js';

type Found = Answer<'/v1/public/receipts/{code}'>;
type Shown = { readonly is: 'nothing' } | { readonly is: 'asking' } | { readonly is: 'found'; readonly found: Found } | { readonly is: 'failed'; readonly sentence: string };

const STATES: Readonly<Record<Found['items'][number]['state'], { readonly word: string; readonly more: string }>> = {
  stands: { word: '有效', more: '这一笔已记账。' },
  voided: { word: '已撤销', more: '这一笔已由食堂撤销，付的钱应已退还。' },
  refused: { word: '未记账', more: '这一笔没有记账，不应收款。' },
};

const UNKNOWN = '没有查成，请稍候重试。';

function Receipt({ receipt }: { readonly receipt: Found['items'][number] }): ReactElement {
  const { word, more } = STATES[receipt.state];
  return (
    <li className={`card ${receipt.state}`}>
      <p className="state"><span aria-hidden="true">{receipt.state === 'stands' ? '✓' : '!'}</span> {word}</p>
      <p>{more}</p>
      <dl>
        <dt>日期</dt><dd>{dateWords(receipt.date)}</dd>
        <dt>地点</dt><dd>{receipt.siteName}</dd>
        <dt>实付</dt><dd>{yuanWords(receipt.selfPayFen)}</dd>
      </dl>
    </li>
  );
}

function Answered({ shown }: { readonly shown: Shown }): ReactElement | null {
  if (shown.is === 'asking') return <p>正在查……</p>;
  if (shown.is !== 'found') return null;
  return (
    <>
      <p>{shown.found.sentence}</p>
      <ul>{shown.found.items.map((receipt) => <Receipt key={`${receipt.date} ${receipt.siteName} ${receipt.selfPayFen}`} receipt={receipt} />)}</ul>
    </>
  );
}

/** Whether a receipt is what it says: by its check code, for whoever holds it. */
export function Page(): ReactElement {
  const [shown, show] = useState<Shown>({ is: 'nothing' });
  const asking = useRef<AbortController | null>(null);
  useEffect(() => () => asking.current?.abort(), []);
  const ask = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = new FormData(event.currentTarget).get('code');
    // A telephone's keyboard writes wide letters and other dashes.
    const code = (typeof text === 'string' ? text : '').normalize('NFKC').trim().replaceAll(/[‐-―−]/g, '-');
    if (code === '') return show({ is: 'failed', sentence: '请先输入小票上的校验码。' });
    asking.current?.abort();
    const stop = new AbortController();
    asking.current = stop;
    show({ is: 'asking' });
    get('/v1/public/receipts/{code}', { path: { code }, signal: stop.signal }).then((found) => show({ is: 'found', found }), (error: unknown) => {
      if (!stop.signal.aborted) show({ is: 'failed', sentence: error instanceof Problem ? error.sentence : UNKNOWN });
    });
  };
  return (
    <>
      <header><h1>核对小票</h1><p>幸福食堂</p></header>
      <main>
        <form onSubmit={ask}>
          <label htmlFor="code">小票上的校验码</label>
          <p id="example">像 3F9A-1K7-9E41B07A 这样，三段之间用短横线。大小写都可以。</p>
          <input id="code" name="code" autoComplete="off" autoCapitalize="characters" spellCheck={false} maxLength={40} aria-describedby="example" />
          <button type="submit">核对</button>
        </form>
        <div role="status"><Answered shown={shown} /></div>
        {shown.is === 'failed' ? <p role="alert" className="trouble">{shown.sentence}</p> : null}
      </main>
      <footer><p>只显示日期、地点、实付金额和是否有效，不显示是谁用的餐。补贴明细请本人向食堂索取。</p><p><a href="/">返回公开数据</a></p></footer>
    </>
  );
}
