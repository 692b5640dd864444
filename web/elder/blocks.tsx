import { useId, type ReactElement } from 'react';
import { encode } from 'uqr';
import type { Block, Button, Field as FieldBlock } from './models/view.js';

const SIGNS = { plain: null, soft: null, big: null, good: '✓ ', trouble: '! ' } as const;

/** Answers of more letters than these stand one below the other. */
const LONG = 8;

/** Something to touch. */
export function Touch({ button: { words, run, kind, chosen, busy = false, hint } }: { readonly button: Button }): ReactElement {
  return (
    <button type="button" className={`touch ${kind}`} onClick={run} disabled={busy} aria-pressed={chosen}>
      {chosen === true ? <span aria-hidden="true">✓ </span> : null}{words}{hint === undefined ? null : <small>{hint}</small>}
    </button>
  );
}

function Entry({ field: { label, hint, value, kind, most, set, name } }: { readonly field: FieldBlock }): ReactElement {
  const id = useId();
  const given = { id, name, value, maxLength: most, autoComplete: 'off', 'aria-describedby': hint === undefined ? undefined : `${id}-hint` };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint === undefined ? null : <span id={`${id}-hint`} className="hint">{hint}</span>}
      {kind === 'long'
        ? <textarea {...given} rows={4} onChange={({ target }) => set(target.value)} />
        : <input {...given} type="text" inputMode={kind === 'digits' ? 'numeric' : 'text'} onChange={({ target }) => set(target.value)} />}
    </div>
  );
}

function Choice({ label, buttons }: { readonly label: string; readonly buttons: readonly Button[] }): ReactElement {
  const id = useId();
  return (
    <div className="choice" role="group" aria-labelledby={id}>
      <p id={id} className="label">{label}</p>
      <div className={buttons.some(({ words }) => words.length > LONG) ? 'answers long' : 'answers'}>{buttons.map((button) => <Touch key={button.words} button={button} />)}</div>
    </div>
  );
}

/** Dark squares on white with the quiet edge that scanners need. What it says stands beside it in words. */
function Qr({ text, fine = false }: { readonly text: string; readonly fine?: boolean | undefined }): ReactElement {
  const { data, size } = encode(text, { ecc: fine ? 'L' : 'M', border: 4 });
  const squares = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return <svg viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges" aria-hidden="true"><path fill="#fff" d={`M0 0h${size}v${size}h-${size}z`} /><path fill="#000" d={squares} /></svg>;
}

function One({ block }: { readonly block: Block }): ReactElement {
  switch (block.is) {
    case 'text': return <p className={block.tone}>{SIGNS[block.tone]}{block.words}</p>;
    case 'heading': return <h2>{block.words}</h2>;
    case 'button': return <Touch button={block.button} />;
    case 'field': return <Entry field={block} />;
    case 'choice': return <Choice label={block.label} buttons={block.buttons} />;
    case 'code': return (
      <section className={block.fine === true ? 'code fine' : 'code'}><Qr text={block.text} fine={block.fine} /><p>{block.says}</p>{block.digits === '' ? null : <p className="digits">{block.digits}</p>}</section>
    );
    case 'card': return (
      <section className="card">
        <h2>{block.title}</h2>
        {block.figure === undefined ? null : <p className="figure">{block.figure}</p>}
        {block.lines.map((line) => <p key={line}>{line}</p>)}
        {block.buttons.map((button) => <Touch key={button.words} button={button} />)}
      </section>
    );
  }
}

/** The parts of a page, from above to below. They stand in a fixed order, so their place is their name. */
export function Blocks({ blocks }: { readonly blocks: readonly Block[] }): ReactElement {
  return <>{blocks.map((block, index) => <One key={`${index} ${block.is}`} block={block} />)}</>;
}
