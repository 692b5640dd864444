import { useCallback, type ReactElement } from 'react';
import { yuanText } from '../../src/kernel/fen.js';
import { get, Problem, send } from '../lib/api.js';
import type { components } from '../lib/api.gen.js';
import { yuanWords } from '../lib/money.js';
import { yuanToFen } from '../lib/amount.js';
import { DeedForm, Field, Reading, textOf, useRead } from './pieces.js';
import { isOneOf, type Me } from './session.js';

type Limits = components['schemas']['TillLimitsDto'];

const MONEY = [['tapFen', '单笔补贴上限'], ['elderDayFen', '一位老人一天补贴上限'], ['deviceDayFen', '一台终端一天补贴上限']] as const;
const COUNTS = [['deviceDayTaps', '一台终端一天笔数上限'], ['enteredDayDevice', '一台终端一天忘带卡查找次数上限']] as const;

function amountOf(fields: FormData, name: string, words: string): number {
  const fen = yuanToFen(textOf(fields, name));
  if (fen === null) throw new Problem(400, 'fields-wrong', `“${words}”应为金额，最多两位小数，例如 15.00。`);
  return fen;
}

/** What a till that is cut off may give: the city decides it once for all. */
export function LimitsPage({ me }: { readonly me: Me }): ReactElement {
  const [read, again] = useRead(useCallback((signal) => get('/v1/till/limits', { signal }), []));
  const may = isOneOf(me, 'cityOfficer');
  const set = async (id: string, fields: FormData): Promise<string> => {
    const money = Object.fromEntries(MONEY.map(([name, words]) => [name, amountOf(fields, name, words)]));
    const counts = Object.fromEntries(COUNTS.map(([name]) => [name, Number(fields.get(name))]));
    await send('put', '/v1/till/limits', { body: { id, ...(money as Pick<Limits, 'tapFen' | 'elderDayFen' | 'deviceDayFen'>), ...(counts as Pick<Limits, 'deviceDayTaps' | 'enteredDayDevice'>) } });
    again();
    return '已保存。收银机下次联网时生效。';
  };
  return (
    <>
      <h1>离线限额</h1>
      <p className="hint">只在收银机连不上服务器时起作用。超过的按原价收款，联网后结算，多收的退给老人；不会拒绝用餐。</p>
      <Reading of={read} again={again}>
        {(limits) => (may ? (
          <DeedForm key={JSON.stringify(limits)} does="保存" run={set}>
            {MONEY.map(([name, words]) => <Field key={name} name={name} label={`${words}（元）`} value={yuanText(limits[name] as never)} />)}
            {COUNTS.map(([name, words]) => <Field key={name} name={name} label={words} type="number" min={0} value={String(limits[name])} />)}
          </DeedForm>
        ) : (
          <dl className="facts">
            {MONEY.map(([name, words]) => <div key={name}><dt>{words}</dt><dd>{yuanWords(limits[name])}</dd></div>)}
            {COUNTS.map(([name, words]) => <div key={name}><dt>{words}</dt><dd>{limits[name]}</dd></div>)}
          </dl>
        ))}
      </Reading>
    </>
  );
}
