import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';

/** The product's place among the system's states; only root writes here. */
export const SYSTEM_STATE = '/var/lib/xingfu-canteen';

/**
 * Where an installation keeps its data: `DATA_DIR` (relative to the checkout), else `.data` in the checkout.
 * For root it is a directory under the system's state directory, named after the checkout: the server runs as another
 * user then, who often may not enter the checkout. Pure; whether that user may enter is seen when the server starts.
 * @param checkout absolute path of the checkout
 */
export function defaultDataDir(checkout: string, environment: { readonly DATA_DIR?: string | undefined }, root: boolean = process.getuid?.() === 0): string {
  if (environment.DATA_DIR !== undefined && environment.DATA_DIR !== '') return resolve(checkout, environment.DATA_DIR);
  if (!root) return join(checkout, '.data');
  const name = basename(checkout).replace(/[^\w.-]/g, '-') || 'checkout';
  const mark = createHash('sha256').update(checkout).digest('hex').slice(0, 8);
  return join(SYSTEM_STATE, `${name}-${mark}`);
}
