import { Board } from '../view.js';
import { PresenceDesk } from './presence.js';

it.each([['1', 'photo'], ['2', 'companion'], ['3', 'number'], ['0', null], ['Escape', null]])('the key %s answers once: %s', async (key, presence) => {
  const board = new Board();
  const desk = new PresenceDesk(board);
  expect(desk.press(key)).toBe(false);
  const answer = desk.ask({ tail: '0012', photo: null });
  expect(board.view().people.panel).toEqual({ is: 'proof', tail: '0012', photo: null });
  // Any other key means nothing here, and sells nothing.
  expect(desk.press('Enter')).toBe(true);
  expect(desk.press(key)).toBe(true);
  expect(await answer).toBe(presence);
  expect(board.view().people.panel).toEqual({ is: 'none' });
  expect(desk.press(key)).toBe(false);
});
