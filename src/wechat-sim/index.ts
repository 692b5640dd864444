import { WechatSim, type SimOptions } from './wechat-sim.js';

export type { Fault, Route } from './faults.js';
export type { NotifyFetch } from './callbacks.js';
export { keptKeys } from './sim-keys.js';
export { WechatSim, type SimOptions, type SimUser } from './wechat-sim.js';

/** Starts a simulated WeChat on a port of this machine. */
export function startWechatSim(options: SimOptions = {}): Promise<WechatSim> {
  return WechatSim.start(options);
}
