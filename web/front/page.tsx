import { useEffect, useState, type ReactElement } from 'react';
import { get, Problem } from '../lib/api.js';
import { countText, yuanAtAGlance } from '../lib/money.js';
import { dateWords, monthWords } from '../lib/words.js';
import { askedDate, claimFigures, monthFigures, type Overview } from './figures.js';
import { ClaimsPanel, CountiesPanel, DaysPanel, TargetPanel } from './panels.js';

type Shown = { readonly is: 'loading' } | { readonly is: 'there'; readonly overview: Overview } | { readonly is: 'empty' } | { readonly is: 'failed'; readonly sentence: string };

const UNKNOWN = '页面没有取到数据，请稍候重试。';

async function load(search: string, signal: AbortSignal): Promise<Shown> {
  const asked = new URLSearchParams(search);
  const cityCode = asked.get('city') ?? (await get('/v1/public/cities', { signal })).items[0]?.cityCode;
  if (cityCode === undefined) return { is: 'empty' };
  const asOf = askedDate(search);
  const month = asked.get('month');
  const query = { ...(asOf === undefined ? {} : { asOf }), ...(month === null ? {} : { month }) };
  return { is: 'there', overview: await get('/v1/public/{cityCode}/overview', { path: { cityCode }, query, signal }) };
}

function useOverview(): readonly [Shown, () => void] {
  const [shown, show] = useState<Shown>({ is: 'loading' });
  const [tries, again] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    show({ is: 'loading' });
    load(window.location.search, stop.signal).then(show, (error: unknown) => {
      if (!stop.signal.aborted) show({ is: 'failed', sentence: error instanceof Problem ? error.sentence : UNKNOWN });
    });
    return () => stop.abort();
  }, [tries]);
  return [shown, () => again(tries + 1)];
}

const NOTE_WORDS = { demo: '演示数据', example: '样例', assumed: '假定' } as const;

function Notes({ notes }: { readonly notes: Overview['notes'] }): ReactElement | null {
  if (notes.length === 0) return null;
  return (
    <section className="notes" aria-label="数据说明">
      {notes.map((note) => <p key={note.code}><strong className={`note-${note.kind}`}>{NOTE_WORDS[note.kind]}</strong><span>{note.sentence}</span></p>)}
    </section>
  );
}

function Glance({ overview }: { readonly overview: Overview }): ReactElement {
  const { counties, days, claims, month } = overview;
  const meals = monthFigures(days);
  const paid = claimFigures(claims);
  const open = counties.reduce((sum, county) => sum + county.states.open, 0);
  const share = paid.approvedFen > 0 ? `核定 ${yuanAtAGlance(paid.approvedFen)}` : '还没有核定';
  const tiles = [
    { name: '营业中的助餐场所', figure: countText(open), unit: '处', under: `截至${dateWords(overview.asOf)}` },
    { name: '就餐', figure: countText(meals.meals), unit: '人次', under: `${monthWords(month)}，其中享受补贴 ${countText(meals.subsidisedMeals)}` },
    { name: '就餐补贴', figure: yuanAtAGlance(meals.subsidyFen).replace(/ .*/, ''), unit: yuanAtAGlance(meals.subsidyFen).replace(/.* /, ''), under: `${monthWords(month)}，个人支付 ${yuanAtAGlance(meals.selfPayFen)}` },
    { name: '实拨', figure: yuanAtAGlance(paid.paidFen).replace(/ .*/, ''), unit: yuanAtAGlance(paid.paidFen).replace(/.* /, ''), under: `${monthWords(month)}结算单，${share}` },
  ];
  return (
    <dl className="glance">
      {tiles.map((tile) => (
        <div key={tile.name}>
          <dt>{tile.name}</dt>
          <dd><span className="figure">{tile.figure}</span> <span className="unit">{tile.unit}</span></dd>
          <dd className="under">{tile.under}</dd>
        </div>
      ))}
    </dl>
  );
}

function AskedDay({ overview }: { readonly overview: Overview }): ReactElement {
  return (
    <form className="asked" method="get" action="/">
      <input type="hidden" name="city" value={overview.city.cityCode} />
      <label htmlFor="asOf">查询日</label>
      <input id="asOf" name="asOf" type="date" defaultValue={overview.asOf} required min="2000-01-01" max="2099-12-31" />
      <button type="submit">查看</button>
    </form>
  );
}

function Body({ overview }: { readonly overview: Overview }): ReactElement {
  return (
    <>
      <Notes notes={overview.notes} />
      <Glance overview={overview} />
      <div className="panels">
        {overview.targets.map((counted) => <TargetPanel key={counted.target.code} counted={counted} />)}
        <DaysPanel days={overview.days} month={overview.month} />
        <CountiesPanel counties={overview.counties} asOf={overview.asOf} />
        <ClaimsPanel claims={overview.claims} month={overview.month} />
      </div>
    </>
  );
}

/** The open page of a city: its target, meals, subsidies, sites and claims at a glance. */
export function Page(): ReactElement {
  const [shown, retry] = useOverview();
  const city = shown.is === 'there' ? shown.overview.city : undefined;
  return (
    <>
      <a className="skip" href="#main">跳到正文</a>
      <header className="top">
        <div className="top-in">
          <div className="brand">
            <svg viewBox="0 0 48 48" width="56" height="56" aria-hidden="true"><path d="M5 23h38c0 9-5.5 15.5-12.5 17.5V43h-13v-2.5C10.500 38.500 5 32 5 23Z" fill="#fff" /><path d="M15 18c-3-3.500 3-5.500 0-10M24 18c-3-3.500 3-5.500 0-12M33 18c-3-3.500 3-5.500 0-10" fill="none" stroke="#f6c667" strokeWidth="3" strokeLinecap="round" /></svg>
            <div>
              <h1>幸福食堂</h1>
              <p>{city === undefined ? '老年助餐服务公开数据' : `${city.provinceName === city.name ? '' : city.provinceName}${city.name} · 老年助餐服务公开数据`}</p>
            </div>
          </div>
          {shown.is === 'there' ? <AskedDay overview={shown.overview} /> : null}
        </div>
      </header>
      <main id="main" tabIndex={-1} aria-busy={shown.is === 'loading'}>
        <div role="status" className={shown.is === 'there' ? 'quiet' : undefined}>
          {shown.is === 'loading' ? <div className="waiting"><span className="waiting-bowl" aria-hidden="true" /><p>正在读取数据……</p></div> : null}
          {shown.is === 'empty' ? <p className="empty card">还没有载入城市。管理员载入城市和目标后，这里会显示数据。</p> : null}
        </div>
        {shown.is === 'failed' ? (
          <div className="failed card" role="alert">
            <h2>暂时看不到数据</h2>
            <p>{shown.sentence}</p>
            <button type="button" onClick={retry}>重新读取</button>
          </div>
        ) : null}
        {shown.is === 'there' ? <Body overview={shown.overview} /> : null}
      </main>
      <footer className="bottom">
        <nav aria-label="更多"><a href="/receipt">核对小票</a><a href="/api">接口说明</a><a href="/openapi.json">OpenAPI 文件</a></nav>
        <p>只公布县、市和按日的合计，不含任何个人信息。金额以人民币元显示，系统内以整数分记账。</p>
      </footer>
    </>
  );
}
