import { useCallback, useState, type ReactElement, type ReactNode } from 'react';
import { get, send } from '../lib/api.js';
import type { components } from '../lib/api.gen.js';
import { yuanWords } from '../lib/money.js';
import { dateWords } from '../lib/words.js';
import { allPages, Choice, DeedForm, Field, momentWords, Reading, Table, textOf, useRead } from './pieces.js';
import { isOneOf, type Me } from './session.js';

type Meal = components['schemas']['ReviewMealDto'];
type Draw = components['schemas']['DrawDto'];
type Verdict = components['schemas']['Verdict'];

const REASONS: Readonly<Record<string, string>> = {
  random: '随机抽中', 'entered-for': '忘带卡代记', 'proof-missing': '免费餐未核实本人', slip: '纸质单', 'by-file': '文件导入', review: '离线超过 24 小时', 'sent-too-late': '离线超过 72 小时',
  'fund-changed': '补贴有变化', overpaid: '多收', 'tender-missing': '未选付款方式', 'chain-broken': '流水不连续',
  'booking-taken': '预订先前已取', 'booking-cancelled': '预订已取消', 'booking-short': '预付款不够抵',
};
const PRESENCE: Readonly<Record<string, string>> = { photo: '与照片相符', companion: '有人证明', number: '说出卡号后四位' };
const VERDICTS: readonly (readonly [Verdict, string])[] = [['ok', '属实'], ['unconfirmed', '无法确认'], ['wrong', '不属实']];
const VERDICT_WORDS = new Map<string, string>(VERDICTS);

/** What an officer found about one meal. It moves no money: what was wrong is voided or adjusted by its own deed. */
function Finding({ meal, onDone }: { readonly meal: Meal; readonly onDone: () => void }): ReactElement {
  const record = async (id: string, fields: FormData): Promise<void> => {
    await send('post', '/v1/reviews/{tapId}/findings', { path: { tapId: meal.tapId }, body: { id, verdict: textOf(fields, 'verdict') as Verdict, note: textOf(fields, 'note') } });
    onDone();
  };
  return (
    <section className="panel open" aria-label="登记核查结果">
      <h2>{meal.siteName}　{momentWords(meal.deviceTime)}　第 {meal.journalNumber ?? '—'} 号</h2>
      <p>餐费 {yuanWords(meal.priceFen)}，个人支付 {yuanWords(meal.selfPayFen)}，补贴 {yuanWords(meal.subsidyFen)}{meal.presence === null ? '' : `；${PRESENCE[meal.presence] ?? meal.presence}`}{meal.voided ? '；已撤销' : ''}。</p>
      <DeedForm does="登记" run={record}>
        <Choice name="verdict" label="结果" of={VERDICTS} />
        <Field name="note" label="怎样核的、结果如何" hint="不写姓名、电话和证件号" length={500} />
      </DeedForm>
    </section>
  );
}

/** @param choose null for those who only read */
const cellsOf = (choose: ((meal: Meal) => void) | null) => (row: Meal): readonly ReactNode[] => {
  const open = choose === null ? '待核' : <button key="do" type="button" onClick={() => choose(row)}>登记结果</button>;
  return [
    row.siteName, momentWords(row.deviceTime), row.reasons.map((reason) => REASONS[reason] ?? reason).join('、'), yuanWords(row.priceFen), yuanWords(row.selfPayFen), yuanWords(row.subsidyFen),
    row.finding === null ? open : `${VERDICT_WORDS.get(row.finding.verdict) ?? ''}：${row.finding.note}`,
  ];
};

/** How a sample came about, so that anybody can draw it again. */
function Drawn({ draws }: { readonly draws: readonly Draw[] }): ReactElement {
  return (
    <details className="panel">
      <summary>怎样抽的</summary>
      <p>有标记的用餐全部核查；其余的以当天封存的根值为种子抽签，食堂和我们都不能左右。每次抽样的办法、种子和名单见接口 <code>/v1/reviews/draws/序号</code>，任何人可据此重新算出同一名单。</p>
      <Table title="抽样" rows={draws} keyOf={(row) => String(row.logIndex)} none="还没有封存的日子。" head={['助餐点', '用餐日', '封存序号', '餐数', '必查', '随机', '比例']}
        cells={(row) => [row.siteName, dateWords(row.mealDate), row.logIndex, row.meals, row.marked, row.byLot, `${row.rateBasisPoints / 100}%，至少 ${row.least} 餐`]} />
    </details>
  );
}

/** Meals that somebody asks after: those with a mark, and those that were drawn. */
export function ReviewsPage({ me }: { readonly me: Me }): ReactElement {
  const [state, turn] = useState<'open' | 'done'>('open');
  const [chosen, choose] = useState<Meal | null>(null);
  const [read, again] = useRead(useCallback(async () => {
    const [meals, draws] = await Promise.all([
      allPages((query) => get('/v1/reviews', { query: { ...query, state } })), allPages((query) => get('/v1/reviews/draws', { query })),
    ]);
    return { meals, draws };
  }, [state]));
  const may = isOneOf(me, 'townshipOfficer', 'countyOfficer', 'cityOfficer');
  const done = (): void => {
    choose(null);
    again();
  };
  return (
    <>
      <h1>抽查</h1>
      <p className="field short">
        <label htmlFor="state">看哪些</label>
        <select id="state" value={state} onChange={({ target }) => turn(target.value === 'done' ? 'done' : 'open')}><option value="open">待核</option><option value="done">已核</option></select>
      </p>
      {chosen === null ? null : <Finding key={chosen.tapId} meal={chosen} onDone={done} />}
      <Reading of={read} again={again}>
        {({ meals, draws }) => (
          <>
            <Table title={state === 'open' ? '待核的用餐' : '已核的用餐'} rows={meals} keyOf={(row) => row.tapId} none={state === 'open' ? '近一个月没有待核的用餐。' : '近一个月还没有核过。'}
              head={['助餐点', '用餐时间', '为何入选', '餐费', '个人支付', '补贴', '结果']}
              cells={cellsOf(may ? choose : null)} />
            <Drawn draws={draws} />
          </>
        )}
      </Reading>
    </>
  );
}
