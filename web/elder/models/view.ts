/** How a sentence is meant; each has a sign and a word of its own besides its colour. */
export type Tone = 'plain' | 'soft' | 'good' | 'trouble' | 'big';

/** What can be touched. A place and its words are all that a skin needs to know of it. */
export interface Button {
  readonly words: string;
  readonly run: () => void;
  /** `main`: what most people came for; `plain`: all else. Paying and leaving it weigh the same. */
  readonly kind: 'main' | 'plain';
  /** One of few answers, and whether it is the one given. */
  readonly chosen?: boolean;
  readonly busy?: boolean;
  /** Asks for the telephone number: in WeChat by a button of WeChat's own, whose code, or that there is none, comes here in place of `run`. */
  readonly takesPhone?: (code: string | null) => void;
  /** A second, smaller line. */
  readonly hint?: string;
}

export interface Field {
  readonly is: 'field';
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly kind: 'text' | 'digits' | 'long';
  readonly most: number;
  readonly set: (value: string) => void;
}

/** A part of a page, from above to below. */
export type Block =
  | { readonly is: 'text'; readonly words: string; readonly tone: Tone }
  | { readonly is: 'heading'; readonly words: string }
  | { readonly is: 'button'; readonly button: Button }
  | { readonly is: 'card'; readonly title: string; readonly lines: readonly string[]; readonly figure?: string; readonly buttons: readonly Button[] }
  | { readonly is: 'choice'; readonly label: string; readonly buttons: readonly Button[] }
  /** `fine`: of so many squares that it takes all the width there is. */
  | { readonly is: 'code'; readonly text: string; readonly says: string; readonly digits: string; readonly fine?: true }
  | Field;

/** A page as it stands: the skins draw this and add nothing of their own. */
export interface View {
  readonly title: string;
  readonly blocks: readonly Block[];
  /** What is read aloud. */
  readonly spoken: string;
  /** Said once by itself, to the ear and to whoever reads the screen by ear. */
  readonly announced: string;
  /** What went wrong last, in a sentence. */
  readonly trouble: string | null;
  /** How the same is done by paper or telephone. */
  readonly twin: string;
  /** Whom to call. */
  readonly helpers: readonly Button[];
}

export const text = (words: string, tone: Tone = 'plain'): Block => ({ is: 'text', words, tone });
export const heading = (words: string): Block => ({ is: 'heading', words });

/** What a page says when it is read aloud: its sentences in their order, what can be touched at the end. */
export function spokenOf(title: string, blocks: readonly Block[]): string {
  const said: string[] = [title];
  for (const block of blocks) {
    if (block.is === 'text' || block.is === 'heading') said.push(block.words);
    if (block.is === 'card') said.push(block.title, ...(block.figure === undefined ? [] : [block.figure]), ...block.lines);
    if (block.is === 'choice') said.push(block.label, ...block.buttons.filter(({ chosen }) => chosen).map(({ words }) => `选的是${words}`));
    if (block.is === 'code') said.push(block.says);
    if (block.is === 'field') said.push(`请填写${block.label}`);
  }
  const touch = blocks.flatMap((block) => (block.is === 'button' ? [block.button.words] : []));
  if (touch.length > 0) said.push(`可以按：${touch.join('，')}`);
  return `${said.map((one) => one.replace(/[。；：，]$/, '')).join('。')}。`;
}
