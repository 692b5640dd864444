/** Names under which the platform's parts are injected where a class cannot name them. */
export const CLOCK = Symbol('clock');
export const LOG = Symbol('log');
export const SETTINGS = Symbol('settings');
/** The transactor of the tills, on a pool of their own. */
export const TAP_TRANSACTOR = Symbol('tap transactor');
/** `Wechat`, or null where it is off: use cases then answer `wechat-off`. */
export const WECHAT = Symbol('wechat');
