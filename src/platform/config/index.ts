export { checkoutRoot } from './checkout.js';
export { masterKey } from './master-key.js';
export { readSettings, type Settings } from './settings.js';
export { type WechatSettings } from './wechat-settings.js';
export { WrongSetting } from './wrong-setting.js';
