import type { ReactElement, ReactNode } from 'react';
import { LOUDEST, settings, useFace, type Face } from './face.js';
import type { Till } from './till.js';

function Choice<K extends keyof Face>({ name, of, face }: { readonly name: K; readonly of: readonly (readonly [Face[K], string])[]; readonly face: Face }): ReactElement {
  return (
    <span className="pair">
      {of.map(([value, words]) => (
        <button key={words} type="button" aria-pressed={face[name] === value} onClick={() => settings.change({ [name]: value })}>
          {face[name] === value ? <span aria-hidden="true">✓ </span> : null}{words}
        </button>
      ))}
    </span>
  );
}

function Group({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return <div className="setting" role="group" aria-label={name}><h3>{name}</h3>{children}</div>;
}

const LOUDNESS = Array.from({ length: LOUDEST }, (_, index) => [index + 1, `${index + 1}`] as const);

/** Each sound once, as it will be heard. */
export function SoundTest({ till }: { readonly till: Till }): ReactElement {
  return (
    <span className="pair">
      <button type="button" onClick={() => till.sounds.play('ok')}>试：请用餐</button>
      <button type="button" onClick={() => till.sounds.play('wait')}>试：请稍等</button>
      <button type="button" onClick={() => till.sounds.play('again')}>试：轻声</button>
    </span>
  );
}

/** How this device looks, sounds and prints at its place. */
export function Settings({ till }: { readonly till: Till }): ReactElement {
  const face = useFace();
  return (
    <section className="settings" aria-label="本机设置">
      <h2>本机设置</h2>
      <Group name="音量"><Choice name="volume" face={face} of={LOUDNESS} /></Group>
      <Group name="语音"><Choice name="speech" face={face} of={[[true, '说话'], [false, '只响提示音']]} /></Group>
      <Group name="试听"><SoundTest till={till} /></Group>
      <Group name="哪只手"><Choice name="hand" face={face} of={[['right', '右手'], ['left', '左手']]} /></Group>
      <Group name="小票纸"><Choice name="paper" face={face} of={[[null, '不打印'], [58, '58 毫米'], [80, '80 毫米']]} /></Group>
      {face.paper === null ? null : (
        <Group name="打印">
          <Choice name="automatic" face={face} of={[[false, '要时再打'], [true, '每笔都打']]} />
          <button type="button" onClick={() => till.printing.test(Date.now())}>打测试页</button>
        </Group>
      )}
      <Group name="家人授权"><button type="button" onClick={() => till.people?.kin.open()}>老人刷卡：同意、查看、收回</button><span className="aside">老人同意家人看饭、订饭、付钱，给家人一个绑定码；不想让了，当场收回。要联网。</span></Group>
      <Group name="顾客屏"><a className="button" href="/till?display" target="_blank" rel="noopener">打开顾客屏</a><span className="aside">拖到朝向老人的屏幕上，只显示应付金额和“请用餐”。</span></Group>
    </section>
  );
}
