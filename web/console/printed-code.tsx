import { useState, type ReactElement } from 'react';
import { encode } from 'uqr';
import { digitsInFours } from '../../src/till/domain/eating-code.js';
import { get, send } from '../lib/api.js';
import { findElder } from './find-elder.js';
import { Choice, DeedForm, Field, textOf } from './pieces.js';

interface OnPaper {
  readonly name: string;
  readonly text: string;
  readonly digits: string;
  readonly goodUntil: string;
}

/** Dark squares on white with the quiet edge that scanners need. What it says stands beside it in digits. */
function Qr({ text }: { readonly text: string }): ReactElement {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const squares = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return <svg viewBox={`0 0 ${size} ${size}`} width="260" height="260" shapeRendering="crispEdges" aria-hidden="true"><path fill="#fff" d={`M0 0h${size}v${size}h-${size}z`} /><path fill="#000" d={squares} /></svg>;
}

const [ISSUE, REVOKE] = ['issue', 'revoke'];

/** Codes on paper for elders without a telephone: made here, printed with the browser, and dead as soon as somebody says that one is lost. */
export function PrintedCode(): ReactElement {
  const [paper, show] = useState<OnPaper | null>(null);
  const run = async (id: string, fields: FormData): Promise<string> => {
    const { elderId, name } = await findElder(textOf(fields, 'card'), textOf(fields, 'name'));
    show(null);
    if (textOf(fields, 'what') === REVOKE) {
      const { items } = await get('/v1/elders/{id}/printed-codes', { path: { id: elderId } });
      const live = items.find(({ revokedAt }) => revokedAt === null);
      if (live === undefined) return `${name} 现在没有有效的纸质用餐码。`;
      await send('post', '/v1/elders/{id}/printed-codes/{codeId}/revocation', { path: { id: elderId, codeId: live.codeId }, body: { id, reason: '丢失或不用了' } });
      return `${name} 的纸质用餐码已作废，马上生效。`;
    }
    show({ name, ...(await send('post', '/v1/elders/{id}/printed-codes', { path: { id: elderId }, body: { id } })) });
    return '已生成，请用浏览器打印本页，裁下交给老人；先前的一张已作废。';
  };
  return (
    <section className="panel">
      <h2>纸质用餐码</h2>
      <p className="hint">给没有手机的老人：一餐用一次，一天两餐。丢了到这里作废，当即失效。</p>
      <DeedForm does="办理" run={run}>
        <Choice name="what" label="办什么" of={[[ISSUE, '出一张新的'], [REVOKE, '作废丢了的']]} />
        <Field name="card" label="助餐卡号" length={40} optional />
        <Field name="name" label="或老人姓名（全名）" length={60} optional />
      </DeedForm>
      {paper === null ? null : (
        <figure aria-label="纸质用餐码">
          <Qr text={paper.text} />
          <figcaption>{paper.name}　{digitsInFours(paper.digits)}　有效到 {paper.goodUntil}</figcaption>
        </figure>
      )}
    </section>
  );
}
