import { useCallback, type ReactElement } from 'react';
import { get, send, type Answer } from '../lib/api.js';
import { yuanWords } from '../lib/money.js';
import { allPages, Choice, DeedForm, Field, momentWords, Reading, Table, textOf, useRead } from './pieces.js';
import { Reconciled } from './reconciled.js';
import { isOneOf, type Me } from './session.js';

type Merchant = Answer<'/v1/wechat/merchants'>['items'][number];
type Operator = Answer<'/v1/operators'>['items'][number];

const STATE_WORDS: Readonly<Record<Merchant['state'], string>> = { recorded: '待复核', confirmed: '已复核', rejected: '已退回' };
const UNSETTLED_WORDS: Readonly<Record<string, string>> = { created: '待付', paying: '支付中', unknown: '付款不明', reversing: '撤销中', closed: '已关闭，微信又提到，正在查', asked: '退款已申请', processing: '退款处理中', stuck: '退款要人工处理', failed: '没有退成，要重新退' };
const numberWords = ({ subMchId }: Merchant): string => subMchId ?? '停用';

interface Given {
  readonly me: Me;
  readonly merchants: readonly Merchant[];
  readonly operators: readonly Operator[];
  readonly again: () => void;
}

function Change({ me, merchants, operators, again }: Given): ReactElement {
  const names = new Map(operators.map((one) => [one.operatorId, one.name]));
  const waiting = merchants.filter((one) => one.state === 'recorded');
  const record = async (id: string, fields: FormData): Promise<string> => {
    const number = textOf(fields, 'number');
    await send('post', '/v1/wechat/merchants', { body: { id, operatorId: textOf(fields, 'operator'), subMchId: number === '' ? null : number } });
    again();
    return '已登记，请另一位市级同事复核后生效。';
  };
  const decide = async (id: string, fields: FormData): Promise<string> => {
    const outcome = textOf(fields, 'outcome') === 'confirmed' ? 'confirmed' : 'rejected';
    await send('post', '/v1/wechat/merchants/{id}/decision', { path: { id: textOf(fields, 'merchant') }, body: { id, outcome } });
    again();
    return outcome === 'confirmed' ? '已复核，新的订单从现在起付给这个商户号。' : '已退回。';
  };
  return (
    <>
      {waiting.length === 0 || !isOneOf(me, 'cityOfficer') ? null : (
        <section className="panel">
          <h2>复核</h2>
          <p className="hint">请对照运营单位与微信支付的签约材料核对商户号。登记人不能复核自己登记的。</p>
          <DeedForm does="提交复核" run={decide}>
            <Choice name="merchant" label="哪一项登记" of={waiting.map((one) => [one.merchantId, `${names.get(one.operatorId) ?? '未知单位'} ${numberWords(one)}`] as const)} />
            <Choice name="outcome" label="结论" of={[['confirmed', '无误，生效'], ['rejected', '有误，退回']]} />
          </DeedForm>
        </section>
      )}
      <details className="panel">
        <summary>登记或停用收款商户号</summary>
        <DeedForm does="登记" run={record}>
          <Choice name="operator" label="运营单位" of={operators.map((one) => [one.operatorId, one.name] as const)} />
          <Field name="number" label="微信支付特约商户号" pattern="\d{6,32}" length={32} optional hint="留空为不再收微信付款" />
        </DeedForm>
      </details>
    </>
  );
}

/** Who receives what elders pay by WeChat, and payments that a person has to look into. */
export function WechatPage({ me }: { readonly me: Me }): ReactElement {
  const [read, again] = useRead(useCallback(async (signal: AbortSignal) => {
    const [merchants, operators, unsettled] = await Promise.all([
      get('/v1/wechat/merchants', { signal }), allPages((query) => get('/v1/operators', { query, signal })), get('/v1/wechat/unsettled', { signal }),
    ]);
    return { merchants: merchants.items, operators, unsettled: unsettled.items };
  }, []));
  return (
    <>
      <h1>微信收款</h1>
      <p className="hint">老人付的钱直接进做饭的那家单位自己的商户号，不经过市里，也不经过别家。</p>
      <Reading of={read} again={again}>
        {({ merchants, operators, unsettled }) => (
          <>
            <Table title="不明的付款，和要人工处理的退款" rows={unsettled} keyOf={(row) => row.refundId ?? row.orderId} none="没有不明的付款，也没有要人工处理的退款。" head={['开始', '情形', '金额', '订单号']}
              cells={(row) => [momentWords(row.since), UNSETTLED_WORDS[row.state] ?? row.state, yuanWords(row.fen), row.orderId]} />
            <Reconciled />
            <Table title="各单位的收款商户号，最后复核的生效" rows={merchants} keyOf={(row) => row.merchantId} none="还没有登记商户号：食堂现在都不收微信付款。" head={['运营单位', '商户号', '状态', '登记']}
              cells={(row) => [operators.find((one) => one.operatorId === row.operatorId)?.name ?? '未知单位', numberWords(row), STATE_WORDS[row.state], momentWords(row.recordedAt)]} />
            {isOneOf(me, 'countyOfficer', 'cityOfficer') ? <Change me={me} merchants={merchants} operators={operators} again={again} /> : null}
          </>
        )}
      </Reading>
    </>
  );
}
