import type { Block, Button, Field, View } from '../elder/models/view.js';

/** A button as WXML draws it; `at` is its place among those that can be touched. */
interface FlatButton {
  readonly at: number;
  readonly words: string;
  readonly hint: string;
  readonly look: string;
  readonly busy: boolean;
  readonly pressed: string;
  /** Drawn as WeChat's own button for the telephone number. */
  readonly phone: boolean;
}

/** A part of a page as WXML draws it. */
interface FlatBlock {
  readonly key: number;
  readonly is: Block['is'];
  readonly words: string;
  readonly tone: string;
  readonly sign: string;
  readonly title: string;
  readonly figure: string;
  readonly lines: readonly string[];
  readonly code: string;
  readonly digits: string;
  readonly fine: boolean;
  readonly hint: string;
  readonly value: string;
  readonly most: number;
  readonly kind: string;
  readonly at: number;
  readonly buttons: readonly FlatButton[];
}

export interface FlatView {
  readonly data: {
    readonly title: string;
    readonly trouble: string;
    readonly announced: string;
    readonly twin: string;
    readonly blocks: readonly FlatBlock[];
    readonly helpers: readonly FlatButton[];
  };
  readonly buttons: readonly Button[];
  readonly fields: readonly Field[];
}

const SIGNS: Readonly<Record<string, string>> = { good: '✓ ', trouble: '! ' };
const EMPTY = { words: '', tone: '', sign: '', title: '', figure: '', lines: [], code: '', digits: '', fine: false, hint: '', value: '', most: 0, kind: '', at: -1, buttons: [] };

/** A page without functions in it, which is all that WXML can draw; what is touched is found by its number. */
export function flatView({ title, trouble, announced, twin, blocks, helpers }: View): FlatView {
  const [buttons, fields]: [Button[], Field[]] = [[], []];
  const flat = (button: Button): FlatButton => {
    const { words, hint = '', kind, chosen, busy = false, takesPhone } = button;
    return { at: buttons.push(button) - 1, words: chosen === true ? `✓ ${words}` : words, hint, look: `${kind}${chosen === true ? ' chosen' : ''}`, busy, pressed: chosen === undefined ? '' : String(chosen), phone: takesPhone !== undefined };
  };
  const one = (block: Block, key: number): FlatBlock => {
    const is = { ...EMPTY, key, is: block.is };
    switch (block.is) {
      case 'text': return { ...is, words: block.words, tone: block.tone, sign: SIGNS[block.tone] ?? '' };
      case 'heading': return { ...is, words: block.words };
      case 'button': return { ...is, buttons: [flat(block.button)] };
      case 'card': return { ...is, title: block.title, figure: block.figure ?? '', lines: block.lines, buttons: block.buttons.map(flat) };
      case 'choice': return { ...is, title: block.label, buttons: block.buttons.map(flat) };
      case 'code': return { ...is, code: block.text, words: block.says, digits: block.digits, fine: block.fine === true };
      case 'field': return { ...is, title: block.label, hint: block.hint ?? '', value: block.value, most: block.most, kind: block.kind, at: fields.push(block) - 1 };
    }
  };
  return { data: { title, trouble: trouble ?? '', announced, twin, blocks: blocks.map(one), helpers: helpers.map(flat) }, buttons, fields };
}
