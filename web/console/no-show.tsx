import { useCallback, useState, type ReactElement } from 'react';
import { addDays, chinaDate, type CivilDate } from '../../src/kernel/civil-date.js';
import { get, Problem, send, type Answer } from '../lib/api.js';
import { yuanToFen } from '../lib/amount.js';
import { yuanWords } from '../lib/money.js';
import { dateWords } from '../lib/words.js';
import { Choice, DeedForm, Field, momentWords, Reading, Table, textOf, useRead } from './pieces.js';
import { isOneOf, type Me } from './session.js';

type Rule = Answer<'/v1/no-show-rules'>['items'][number];

const STATE_WORDS: Readonly<Record<Rule['state'], string>> = { recorded: '待复核', confirmed: '已复核', rejected: '已退回' };

/** What a rule costs whoever paid ahead and did not come. */
function keptWords({ keptPercent, mostFen }: Pick<Rule, 'keptPercent' | 'mostFen'>): string {
  if (keptPercent === 0) return '全退';
  return `预付的餐费不退 ${keptPercent}%${mostFen === null ? '' : `，每份最多不退 ${yuanWords(mostFen)}`}`;
}

/** The rule of a day: of those confirmed whose first day has come the latest. Rules come with those decided last first. */
function ruleOn(rules: readonly Rule[], date: string): Rule | undefined {
  return rules.filter(({ state, firstDay }) => state === 'confirmed' && firstDay <= date).reduce<Rule | undefined>((best, rule) => (best === undefined || rule.firstDay > best.firstDay ? rule : best), undefined);
}

function mostOf(fields: FormData): number | null {
  const text = textOf(fields, 'most');
  const most = text === '' ? null : yuanToFen(text);
  if (text !== '' && most === null) throw new Problem(400, 'fields-wrong', '“每份最多不退”应为金额，最多两位小数，例如 5.00。');
  return most;
}

function Change({ rules, today, again }: { readonly rules: readonly Rule[]; readonly today: CivilDate; readonly again: () => void }): ReactElement {
  const waiting = rules.filter(({ state }) => state === 'recorded');
  const record = async (id: string, fields: FormData): Promise<string> => {
    await send('post', '/v1/no-show-rules', {
      body: { id, keptPercent: Number(textOf(fields, 'percent')), mostFen: mostOf(fields), documentNumber: textOf(fields, 'number'), documentTitle: textOf(fields, 'title'), firstDay: textOf(fields, 'firstDay') },
    });
    again();
    return '已登记，请另一位市级同事复核后生效。';
  };
  const decide = async (id: string, fields: FormData): Promise<string> => {
    const outcome = textOf(fields, 'outcome') === 'confirmed' ? 'confirmed' : 'rejected';
    await send('post', '/v1/no-show-rules/{id}/decision', { path: { id: textOf(fields, 'rule') }, body: { id, outcome } });
    again();
    return outcome === 'confirmed' ? '已复核，从首日起生效。' : '已退回。';
  };
  return (
    <>
      {waiting.length === 0 ? null : (
        <section className="panel">
          <h2>复核</h2>
          <p className="hint">请对照文件核对比例、上限和首日。登记人不能复核自己登记的。</p>
          <DeedForm does="提交复核" run={decide}>
            <Choice name="rule" label="哪一条规定" of={waiting.map((rule) => [rule.ruleId, `${rule.documentNumber}　${keptWords(rule)}　${dateWords(rule.firstDay)}起`] as const)} />
            <Choice name="outcome" label="结论" of={[['confirmed', '无误，生效'], ['rejected', '有误，退回']]} />
          </DeedForm>
        </section>
      )}
      <details className="panel">
        <summary>登记新的规定</summary>
        <DeedForm does="登记" run={record}>
          <Field name="percent" label="预付的餐费不退百分之几" type="number" min={0} max={100} hint="0 为全退；只算老人预付的自付部分，补贴从来不付" />
          <Field name="most" label="每份最多不退（元）" hint="没有上限的空着" length={10} optional />
          <Field name="number" label="依据文件文号" length={60} />
          <Field name="title" label="依据文件名称" length={200} />
          <Field name="firstDay" label="首日" type="date" min={addDays(today, 1)} max="2099-12-31" hint="明天或以后：已经付款的人按付款那天的规定办" />
        </DeedForm>
      </details>
    </>
  );
}

/** What a booked meal costs that nobody fetched: recorded by one officer of the city, in force once another confirms it. */
export function NoShowPage({ me }: { readonly me: Me }): ReactElement {
  const [today] = useState(() => chinaDate(Date.now()));
  const [read, again] = useRead(useCallback((signal) => get('/v1/no-show-rules', { signal }), []));
  return (
    <>
      <h1>未取餐规定</h1>
      <Reading of={read} again={again}>
        {({ items }) => {
          const now = ruleOn(items, today);
          return (
            <>
              <p>今天：<strong>{now === undefined ? '没有规定，订了没来取的，预付的钱全退' : `${keptWords(now)}（${now.documentNumber}）`}</strong>。</p>
              <Table title="各条规定" rows={items} keyOf={({ ruleId }) => ruleId} none="还没有登记过规定：没来取的，预付的钱全退。" head={['依据', '怎么算', '首日', '状态', '登记']}
                cells={(rule) => [`${rule.documentNumber}　${rule.documentTitle}`, keptWords(rule), dateWords(rule.firstDay), STATE_WORDS[rule.state], momentWords(rule.recordedAt)]} />
              {isOneOf(me, 'cityOfficer') ? <Change rules={items} today={today} again={again} /> : null}
            </>
          );
        }}
      </Reading>
    </>
  );
}
