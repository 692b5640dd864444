import { useState, type ReactElement, type SyntheticEvent } from 'react';
import type { Till } from './till.js';

/** Takes the one-time code that makes this device a till. */
export function Enrol({ till }: { readonly till: Till }): ReactElement {
  const [trouble, say] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const enrol = async (event: SyntheticEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const code = new FormData(event.currentTarget).get('code');
    setBusy(true);
    say(await till.enrol(typeof code === 'string' ? code : '').catch(() => '登记没有完成，请再试一次。'));
    setBusy(false);
  };
  return (
    <main className="plain">
      <h1>登记这台收银机</h1>
      <p>请输入一次性登记码。登记码由食堂负责人、镇街或区县民政在系统里为本食堂新增终端时得到，10 分钟内有效，只能用一次。</p>
      <form onSubmit={(event) => void enrol(event)}>
        <label htmlFor="code">登记码</label>
        <input id="code" name="code" required autoComplete="off" autoCapitalize="off" spellCheck={false} maxLength={100} aria-describedby={trouble === null ? undefined : 'enrol-trouble'} />
        <button type="submit" className="go" disabled={busy}>{busy ? '正在登记……' : '登记'}</button>
      </form>
      {trouble === null ? null : <p role="alert" id="enrol-trouble" className="trouble">{trouble}</p>}
      <p className="aside">演示城市：登记码印在 <code>npm start</code> 的输出里。</p>
    </main>
  );
}
