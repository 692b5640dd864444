export { checkoutRoot } from './checkout.js';
export { masterKey } from './master-key.js';
export { readSettings, WrongSetting, type Settings } from './settings.js';
