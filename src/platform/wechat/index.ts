import type { Clock } from '../../kernel/index.js';
import type { WechatSettings } from '../config/index.js';
import type { Log } from '../telemetry/index.js';
import { MiniProgram } from './mini-program.js';
import { Pay } from './pay.js';
import type { Wechat } from './types.js';
import './wechat.problems.js';

export type * from './types.js';

/** WeChat by its settings; null where it is off. Nothing is asked until somebody needs something. */
export function openWechat(settings: WechatSettings | undefined, clock: Clock, log: Log): Wechat | null {
  if (settings === undefined) return null;
  return { mini: new MiniProgram(settings, clock, log), pay: new Pay(settings, clock, log), simulated: settings.simulated };
}
