import { GAP_MS, PASS_HEAD, Wedge, type WedgeEvent } from './cart/wedge.js';
import type { Till } from './till.js';
import { unsentOf } from './view.js';

const isField = (target: EventTarget | null): boolean => target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;

/** The button that somebody walked to with the Tab key, if any. */
function walkedTo(): HTMLButtonElement | null {
  const { activeElement } = document;
  return activeElement instanceof HTMLButtonElement && activeElement.matches(':focus-visible') ? activeElement : null;
}

/**
 * Listens to keys wherever the focus is: those of the number pad, and the reader that types. Fields for text keep
 * theirs; a reader never writes into the till while it sells, since no field stands there.
 */
export function listenToKeys(till: Till): void {
  let wedge = new Wedge({ prefix: '' });
  let prefix = '';
  let passing: ReturnType<typeof setTimeout> | undefined;

  const act = (event: WedgeEvent): void => {
    const { counter } = till;
    if (counter === null) return;
    const button = event.is === 'key' && event.key === 'Enter' ? walkedTo() : null;
    if (button !== null) return button.click();
    // While the page asks for a PIN a card does nothing: its number is nobody's PIN.
    if (till.board.view().people.lock !== null) return event.is === 'key' ? till.people?.cashiers.press(event.key) : undefined;
    if (event.is === 'scan') return counter.scan(event.number);
    if (event.is === 'torn') return counter.torn();
    if (event.key === '=') return till.printing.last();
    counter.press(event.key);
  };

  window.addEventListener('keydown', (event) => {
    till.sounds.wake();
    const view = till.board.view();
    const locked = view.people.lock !== null;
    if ((view.phase !== 'selling' && !locked) || view.role === 'mirror' || isField(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
    if (['Tab', ' ', 'Shift'].includes(event.key)) return;
    if (event.repeat) return event.preventDefault();
    if (event.key === 'Escape' || event.key === 'Backspace') return act({ is: 'key', key: event.key });
    if (event.key !== 'Enter' && event.key.length !== 1) return;
    event.preventDefault();
    if (view.prefix !== prefix) {
      prefix = view.prefix;
      wedge = new Wedge({ prefix });
    }
    for (const one of wedge.feed(event.key, event.timeStamp)) act(one);
    clearTimeout(passing);
    if (wedge.isHolding) passing = setTimeout(() => wedge.flush(performance.now()).forEach(act), GAP_MS + 10);
  });
  // A till without a reader: the number is pasted, and counts as read.
  window.addEventListener('paste', (event) => {
    const number = event.clipboardData?.getData('text').trim() ?? '';
    if (till.board.view().phase === 'selling' && (/^\S{4,40}$/.test(number) || number.startsWith(PASS_HEAD))) till.counter?.scan(number);
  });
  window.addEventListener('pointerdown', () => till.sounds.wake());
  // A page with unsent sales does not close without a question.
  window.addEventListener('beforeunload', (event) => {
    if (till.board.view().role === 'writer' && unsentOf(till.board.view()) > 0) event.preventDefault();
  });
}
