import { useCallback, useMemo, type ReactElement } from 'react';
import { Chart } from '../lib/chart.js';
import { DataTable } from '../lib/data-table.js';
import { countText, yuanWords } from '../lib/money.js';
import { dateWords, monthWords, SITE_STATES } from '../lib/words.js';
import { burnUp, mealsAndSubsidies, sitesByCounty, STATE_COLOURS } from './charts.js';
import { claimFigures, claimsInOrder, everyDay, monthFigures, standing, type ClaimFigures, type CountedTarget, type CountyFigures, type DayFigures } from './figures.js';

const MOODS = { good: '✓', watch: '!', late: '!' } as const;

/** A target with its paper, its standing and its burn-up. */
export function TargetPanel({ counted }: { readonly counted: CountedTarget }): ReactElement {
  const { target, report } = counted;
  const { document, rule, baseline } = target;
  const { word, mood, sentence } = standing(counted);
  const draw = useCallback((narrow: boolean) => burnUp(counted, narrow), [counted]);
  const readings = [...(baseline?.assumed ? [`原有 ${countText(baseline.number)} 处（假定）：${baseline.note}`] : []), ...rule.notes];
  return (
    <section className="panel wide" aria-labelledby={`target-${target.code}`}>
      <header className="panel-head">
        <div>
          <h2 id={`target-${target.code}`}>{target.name}</h2>
          <p className="source">{document.number ?? document.title}　{document.clause}：“{document.quote}”</p>
        </div>
        <p className={`standing ${mood}`}><span aria-hidden="true">{MOODS[mood]}</span>{word}</p>
      </header>
      <div className="target-body">
        <figure>
          <ul className="legend">
            <li><span className="swatch" style={{ background: '#0f766e' }} />已计入</li>
            <li><span className="swatch dashed" />匀速</li>
            <li><span className="swatch" style={{ background: '#c2570c' }} />任务 {countText(report.required)} 处</li>
          </ul>
          <Chart height={340} draw={draw} label={`${target.name}进度图：任务 ${report.required} 处，${dateWords(report.asOf)}计入 ${report.counted} 处。`} />
        </figure>
        <div className="target-side">
          <p className="target-figure"><strong>{countText(report.counted)}</strong><span>／{countText(report.required)} 处</span></p>
          <p>{sentence}</p>
          {baseline === null ? null : <p className="soft">原有 {countText(baseline.number)} 处不计入{baseline.assumed ? '，该基数为假定' : ''}。</p>}
          <h3>新增场所现状</h3>
          <ul className="states">
            {SITE_STATES.filter(({ state }) => report.newSites[state] > 0 || ['accepted', 'open', 'suspended', 'closed'].includes(state)).map(({ state, word: name }) => (
              <li key={state}><span className="dot" style={{ background: STATE_COLOURS[state] }} /><span>{name}</span><strong>{countText(report.newSites[state])}</strong></li>
            ))}
          </ul>
        </div>
      </div>
      <details className="data">
        <summary>怎样计数</summary>
        <div className="reading">
          <p>计入：{dateWords(rule.from)}至{dateWords(rule.to)}首次{EVENTS[rule.event]}、{STATES[rule.stateOn]}的场所。{dateWords(rule.from)}前营业的 {countText(report.openBefore)} 处不计。</p>
          <ul>{readings.map((note) => <li key={note}>{note}</li>)}</ul>
        </div>
      </details>
      <DataTable title={`${target.name}，按月`} head={['月份', '当月新增', '月末计入', '匀速应达']}
        rows={report.byMonth.map((row) => [monthWords(row.month), countText(row.added), countText(row.counted), countText(row.evenPace)])} />
      <DataTable title={`${target.name}，按县（市、区）`} head={['县（市、区）', '计入', ...SITE_STATES.map((state) => state.word)]}
        rows={report.byCounty.map((row) => [row.name, countText(row.counted), ...SITE_STATES.map(({ state }) => countText(row.states[state]))])} />
    </section>
  );
}

const EVENTS = { planned: '立项', accepted: '建成验收', open: '开业' } as const;
const STATES = { open: '且查询日仍在营业', notClosed: '且查询日未关闭', any: '不论此后状态' } as const;

/** Meals and subsidies of a month, day by day. */
export function DaysPanel({ days, month }: { readonly days: readonly DayFigures[]; readonly month: string }): ReactElement {
  const all = useMemo(() => everyDay(days), [days]);
  const draw = useCallback((narrow: boolean) => mealsAndSubsidies(all, narrow), [all]);
  const sums = monthFigures(days);
  const title = `${monthWords(month)}每日就餐与补贴`;
  return (
    <section className="panel wide" aria-labelledby="days">
      <header className="panel-head"><h2 id="days">{title}</h2></header>
      {all.length === 0 ? <p className="empty">这个月还没有就餐记录。食堂刷卡后，几秒钟内就会显示在这里。</p> : (
        <>
          <ul className="legend">
            <li><span className="swatch" style={{ background: '#0f766e' }} />就餐人次（左轴）</li>
            <li><span className="swatch" style={{ background: '#c2570c' }} />补贴金额（右轴）</li>
          </ul>
          <Chart height={330} draw={draw} label={`${title}：共就餐 ${countText(sums.meals)} 人次，补贴 ${yuanWords(sums.subsidyFen)}。`} />
          <DataTable title={title} head={['日期', '就餐人次', '享受补贴人次', '补贴', '个人支付']}
            rows={all.map((day) => [dateWords(day.date), countText(day.meals), countText(day.subsidisedMeals), yuanWords(day.subsidyFen), yuanWords(day.selfPayFen)])} />
        </>
      )}
    </section>
  );
}

/** Claims of a month by state, with their four figures apart. */
export function ClaimsPanel({ claims, month }: { readonly claims: readonly ClaimFigures[]; readonly month: string }): ReactElement {
  const rows = claimsInOrder(claims);
  const sums = claimFigures(rows);
  const most = Math.max(1, ...rows.map((row) => row.claims));
  const title = `${monthWords(month)}结算单`;
  return (
    <section className="panel" aria-labelledby="claims">
      <header className="panel-head"><h2 id="claims">{title}</h2></header>
      {rows.length === 0 ? <p className="empty">这个月还没有结算单。月份封账后，每个食堂自动生成一张。</p> : (
        <>
          <dl className="four">
            <div><dt>申报</dt><dd>{yuanWords(sums.claimedFen)}</dd></div>
            <div><dt>核减</dt><dd>{yuanWords(sums.cutFen)}</dd></div>
            <div><dt>核定</dt><dd>{yuanWords(sums.approvedFen)}</dd></div>
            <div><dt>实拨</dt><dd>{yuanWords(sums.paidFen)}</dd></div>
          </dl>
          <ul className="bars">
            {rows.map((row) => (
              <li key={row.state}>
                <span className="bar-name">{row.word}</span>
                <span className="bar-track" aria-hidden="true"><span className="bar" style={{ width: `${Math.max(2, (row.claims / most) * 100)}%` }} /></span>
                <strong>{countText(row.claims)} 张</strong>
              </li>
            ))}
          </ul>
          <DataTable title={`${title}，按状态`} head={['状态', '张数', '申报', '核减', '核定', '实拨']}
            rows={rows.map((row) => [row.word, countText(row.claims), yuanWords(row.claimedFen), yuanWords(row.cutFen), yuanWords(row.approvedFen), yuanWords(row.paidFen)])} />
        </>
      )}
    </section>
  );
}

/** Sites of every county by state. */
export function CountiesPanel({ counties, asOf }: { readonly counties: readonly CountyFigures[]; readonly asOf: string }): ReactElement {
  const draw = useCallback((narrow: boolean) => sitesByCounty(counties, narrow), [counties]);
  const present = SITE_STATES.filter(({ state }) => counties.some((county) => county.states[state] > 0));
  const open = counties.reduce((sum, county) => sum + county.states.open, 0);
  return (
    <section className="panel" aria-labelledby="counties">
      <header className="panel-head"><h2 id="counties">各县（市、区）助餐场所</h2></header>
      {present.length === 0 ? <p className="empty">还没有登记场所。民政人员登记并开业后会显示在这里。</p> : (
        <>
          <ul className="legend">
            {present.map(({ state, word }) => <li key={state}><span className="swatch" style={{ background: STATE_COLOURS[state] }} />{word}</li>)}
          </ul>
          <Chart height={Math.max(220, counties.length * 46 + 50)} draw={draw} label={`各县（市、区）助餐场所：${dateWords(asOf)}营业中共 ${countText(open)} 处。`} />
          <DataTable title="各县（市、区）助餐场所，按状态" head={['县（市、区）', ...SITE_STATES.map((state) => state.word)]}
            rows={counties.map((county) => [county.name, ...SITE_STATES.map(({ state }) => countText(county.states[state]))])} />
        </>
      )}
    </section>
  );
}
