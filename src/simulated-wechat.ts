import type { Ground } from './boot.js';
import type { Clock } from './kernel/index.js';
import { keptKeys, startWechatSim, type WechatSim } from './wechat-sim/index.js';

/** A simulated WeChat beside the service, in its process: the ground that goes by it, and where its callbacks go. */
export interface SimulatedWechat {
  readonly sim: WechatSim;
  readonly ground: Ground;
  /** The service listens here from now on. */
  calls(address: string): void;
}

/** Stands in orders for the service, whose port may be another one after a restart. */
const SERVICE = 'http://127.0.0.1';

/** Starts the simulated WeChat of a demo city; its keys and orders stay in the data directory. */
export async function simulateWechat(ground: Ground, clock: Clock): Promise<SimulatedWechat> {
  const { dataDir } = ground;
  let service: string | null = null;
  const sim = await startWechatSim({
    clock, dataDir, keys: keptKeys(dataDir), notifyUrl: SERVICE,
    notifyFetch: async (url, init) => {
      if (service === null) throw new Error('the service does not listen yet');
      const { status, body } = await fetch(new URL(new URL(url).pathname, service), init);
      await body?.cancel();
      return { status };
    },
  });
  const settings = { ...ground.parts.settings, wechat: sim.settings };
  return { sim, ground: { ...ground, parts: { ...ground.parts, settings } }, calls: (address) => (service = address) };
}
