import { useCallback, useState, type ReactElement, type ReactNode } from 'react';
import { get, Problem, send, type Answer } from '../lib/api.js';
import type { components } from '../lib/api.gen.js';
import { Choice, DeedForm, Field, Reading, Table, textOf, useRead } from './pieces.js';
import { isOneOf, type Me } from './session.js';

type Kind = components['schemas']['CareNoticeKind'];
type Part = components['schemas']['SaidPart'];
type Template = Answer<'/v1/care/templates'>['items'][number];
type Settings = Answer<'/v1/care/settings'>;

/** What is announced, and to whom. */
const KINDS: readonly (readonly [kind: Kind, words: string, to: string])[] = [
  ['ate', '已用餐', '家人'], ['notEaten', '订了餐，还没有用', '家人'], ['booked', '已订好', '老人和家人'], ['cancelled', '预订已取消', '老人和家人'], ['noShow', '订了餐，没有来取', '老人和家人'],
  ['notBooked', '工作日都订的一天没有订上', '老人和帮忙订的家人'], ['answered', '投诉已答复', '提投诉的人'], ['family', '绑定和同意', '有关的人'],
];
const PARTS: readonly (readonly [Part, string, string])[] = [
  ['who', '称呼', '如“妈妈”'], ['site', '助餐点', '如“幸福里食堂”'], ['time', '时间', '用餐是几点几分，预订是哪天哪餐；预订的请用 thing'], ['what', '事情', '如“已用餐”'], ['text', '整句', '超过 20 个字会截短'],
];
const PLACE = 'web/miniprogram/pages/screen/screen?page=';
const PAGES: readonly (readonly [string, string])[] = [['', '通知'], [`${PLACE}bookings`, '我订的饭'], [`${PLACE}history`, '吃过的饭和账单'], [`${PLACE}complaint`, '提意见、投诉']];
const TIMES = [
  ['answerDays', '投诉几天内答复', 1, 60, '到期没有答复，自动转县（市、区）'], ['replyDays', '答复后几天内可以说不满意', 1, 60, '说了转上一级再办'],
  ['noticeDays', '通知保留几天', 7, 730, '过后自动删除'], ['ratingLeast', '满几条评价才公布平均', 3, 999, '太少会看出是谁评的'],
] as const;

const pageWords = (page: string | null): string => PAGES.find(([value]) => value === (page ?? ''))?.[1] ?? page ?? '';
const fieldsOf = (template: Template | undefined, part: Part): string => (template?.fields ?? []).filter((one) => one.part === part).map(({ field }) => field).join(' ');

/** One message's template: which one, and which of its fields says what. */
function Set({ kind, words, template, onDone }: { readonly kind: Kind; readonly words: string; readonly template: Template | undefined; readonly onDone: () => void }): ReactElement {
  const set = async (id: string, form: FormData): Promise<void> => {
    const fields = PARTS.flatMap(([part]) => textOf(form, part).split(/[\s,，、]+/).filter((field) => field !== '').map((field) => ({ field, part })));
    if (fields.length === 0) throw new Problem(400, 'fields-wrong', '请至少填一个字段，照微信公众平台模板里的名字，如 thing1。');
    const page = textOf(form, 'page');
    await send('put', '/v1/care/templates/{kind}', { path: { kind }, body: { id, templateId: textOf(form, 'templateId'), page: page === '' ? null : page, fields } });
    onDone();
  };
  const page = template?.page ?? '';
  return (
    <section className="panel open" aria-label={`设定“${words}”的模板`}>
      <h2>{words}</h2>
      <p className="hint">在 mp.weixin.qq.com 的“订阅消息”里选一个模板，把它的编号和字段名照填在这里；一项填几个字段的，用空格隔开。</p>
      <DeedForm does="保存模板" run={set}>
        <Field name="templateId" label="模板编号" length={64} value={template?.templateId ?? ''} />
        {PARTS.map(([part, label, hint]) => <Field key={part} name={part} label={`填“${label}”的字段`} hint={hint} length={60} value={fieldsOf(template, part)} optional />)}
        <Choice name="page" label="点开消息到" of={pageWords(page) === page ? [...PAGES, [page, page]] : PAGES} value={page} />
      </DeedForm>
    </section>
  );
}

interface Announced {
  readonly kind: Kind;
  readonly words: string;
  readonly to: string;
  readonly template: Template | undefined;
}

const cellsOf = (choose: (kind: Kind) => void) => ({ kind, words, to, template }: Announced): readonly ReactNode[] => [
  words, to, template?.templateId ?? '没有设，不发', template === undefined ? '—' : pageWords(template.page), <button key="do" type="button" onClick={() => choose(kind)}>设定“{words}”</button>,
];

function Templates(): ReactElement {
  const [chosen, choose] = useState<Kind | null>(null);
  const [read, again] = useRead(useCallback((signal) => get('/v1/care/templates', { signal }), []));
  const done = (): void => {
    choose(null);
    again();
  };
  return (
    <section>
      <h2>微信消息模板</h2>
      <p className="hint">什么事都先写进“通知”；设了模板、本人又在微信里点了允许的，微信再发一条。没有设的不发。</p>
      <Reading of={read} again={again}>
        {({ items }) => (
          <>
            {items.length === 0 ? <p className="none">还没有设模板：现在微信一条也不发，老人和家人在“通知”里看。</p> : null}
            {KINDS.filter(([kind]) => kind === chosen).map(([kind, words]) => <Set key={kind} kind={kind} words={words} template={items.find((one) => one.kind === kind)} onDone={done} />)}
            <Table title="什么事发消息" rows={KINDS.map(([kind, words, to]) => ({ kind, words, to, template: items.find((one) => one.kind === kind) }))} keyOf={({ kind }) => kind} none="" head={['什么事', '告诉谁', '模板', '点开消息到', '办理']}
              cells={cellsOf(choose)} />
          </>
        )}
      </Reading>
    </section>
  );
}

function Times({ may }: { readonly may: boolean }): ReactElement {
  const [read, again] = useRead(useCallback((signal) => get('/v1/care/settings', { signal }), []));
  const set = async (id: string, fields: FormData): Promise<string> => {
    const settings = Object.fromEntries(TIMES.map(([name]) => [name, Number(textOf(fields, name))])) as unknown as Settings;
    await send('put', '/v1/care/settings', { body: { id, ...settings } });
    again();
    return '已保存，从现在起的投诉和下一步按它算。';
  };
  return (
    <section>
      <h2>期限</h2>
      <Reading of={read} again={again}>
        {(settings) => (may ? (
          <DeedForm key={JSON.stringify(settings)} does="保存期限" run={set}>
            {TIMES.map(([name, label, min, max, hint]) => <Field key={name} name={name} label={label} type="number" min={min} max={max} hint={`${min} 至 ${max}；${hint}`} value={String(settings[name])} />)}
          </DeedForm>
        ) : <dl className="facts">{TIMES.map(([name, label]) => <div key={name}><dt>{label}</dt><dd>{settings[name]}</dd></div>)}</dl>)}
      </Reading>
    </section>
  );
}

/** What a city's people are told by WeChat, and by when complaints are answered. */
export function CarePage({ me }: { readonly me: Me }): ReactElement {
  return (
    <>
      <h1>通知与期限</h1>
      {isOneOf(me, 'cityOfficer', 'systemAdministrator') ? <Templates /> : null}
      {isOneOf(me, 'cityOfficer', 'auditor') ? <Times may={isOneOf(me, 'cityOfficer')} /> : null}
    </>
  );
}
