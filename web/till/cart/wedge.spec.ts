import { GAP_MS, Wedge, type WedgeEvent } from './wedge.js';

/** Types keys at a pace. @returns everything that came of it, the pause at the end included */
function type(keys: readonly string[], pace: number, prefix = ''): WedgeEvent[] {
  const wedge = new Wedge({ prefix });
  const events = keys.flatMap((key, index) => wedge.feed(key, index * pace));
  return [...events, ...wedge.flush(keys.length * pace + GAP_MS)];
}

const CARD = [...'LC00000001', 'Enter'];

describe('a reader that types', () => {
  it('is known by its speed', () => {
    expect(type(CARD, 5)).toEqual([{ is: 'scan', number: 'LC00000001' }]);
    expect(type(['1', '2', 'Enter'], 120)).toEqual([{ is: 'key', key: '1' }, { is: 'key', key: '2' }, { is: 'key', key: 'Enter' }]);
  });

  it('is known by its prefix, and then nothing else is', () => {
    expect(type([';', ...CARD], 5, ';')).toEqual([{ is: 'scan', number: 'LC00000001' }]);
    expect(type(['1', '2', '3', '4', 'Enter'], 5, ';').map((event) => event.is)).toEqual(['key', 'key', 'key', 'key', 'key']);
  });

  it('is torn when its Enter never comes, and no key of it falls into the till', () => {
    expect(type([...'LC00000'], 5)).toEqual([{ is: 'torn' }]);
    expect(type([...'LC00', ...'9'.repeat(60), 'Enter'], 5)).toEqual([{ is: 'torn' }]);
  });

  it('may send more than one Enter', () => {
    expect(type([...CARD, 'Enter'], 5)).toEqual([{ is: 'scan', number: 'LC00000001' }]);
  });

  it('leaves a hand its Enter alone', () => {
    expect(type(['Enter'], 5)).toEqual([{ is: 'key', key: 'Enter' }]);
    expect(type(['5', 'Enter'], 5)).toEqual([{ is: 'key', key: '5' }, { is: 'key', key: 'Enter' }]);
  });

  it('keeps a key by hand apart from the card that follows', () => {
    const wedge = new Wedge({ prefix: '' });
    wedge.feed('2', 0);
    const events = CARD.flatMap((key, index) => wedge.feed(key, 200 + index * 4));
    expect(events).toEqual([{ is: 'key', key: '2' }, { is: 'scan', number: 'LC00000001' }]);
    expect(wedge.isHolding).toBe(false);
  });

  it('passes over keys that write nothing', () => {
    expect(type(['Shift', 'L', 'C', '1', '2', 'Enter'], 5)).toEqual([{ is: 'scan', number: 'LC12' }]);
  });
});

it('takes a pass as long as it is, and no card’s number of that length', () => {
  const read = (text: string) => {
    const wedge = new Wedge({ prefix: '' });
    return [...text, 'Enter'].flatMap((key, index) => wedge.feed(key, index));
  };
  const pass = `xf1.${'a'.repeat(900)}.${'b'.repeat(86)}`;
  expect(read(pass)).toEqual([{ is: 'scan', number: pass }]);
  expect(read('9'.repeat(41))).toEqual([{ is: 'torn' }]);
});
