import { createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { pinFits } from './pin.js';

it('knows the PIN by the very verifier that the service makes, and no other PIN', async () => {
  const salt = randomBytes(16);
  const key = pbkdf2Sync('482913', salt, 600_000, 32, 'sha256');
  const known = { salt: salt.toString('base64'), iterations: 600_000, verifier: createHmac('sha256', key).update('xingfu pin verifier').digest('base64') };
  expect(await pinFits('482913', known)).toBe(true);
  expect(await pinFits('482914', known)).toBe(false);
  expect(await pinFits('482913', { ...known, salt: randomBytes(16).toString('base64') })).toBe(false);
}, 30_000);
