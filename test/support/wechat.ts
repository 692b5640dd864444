import { startWechatSim, type SimOptions, type WechatSim } from '../../src/wechat-sim/index.js';

/** A simulated WeChat for a test, and where its callbacks go. */
export interface TestWechat {
  readonly sim: WechatSim;
  /** What `startApp` takes as its settings. */
  readonly settings: { readonly wechat: WechatSim['settings'] };
  /** From here on callbacks reach the service at this address; before, they are lost. Null: lost again. */
  tells(url: string | null): void;
  close(): Promise<void>;
}

/** Stands for the service's address until it listens. */
const NOWHERE = 'http://127.0.0.1:9';

/** Starts a simulator whose callbacks find a service that is started after it. */
export async function startWechat(options: SimOptions = {}): Promise<TestWechat> {
  let target: string | null = null;
  const sim = await startWechatSim({
    seed: 'test', notifyUrl: NOWHERE, ...options,
    notifyFetch: async (url, init) => {
      if (target === null) throw new Error('the service is not there');
      const { status, body } = await fetch(url.replace(NOWHERE, target), init);
      await body?.cancel();
      return { status };
    },
  });
  return { sim, settings: { wechat: sim.settings }, tells: (url) => (target = url), close: () => sim.close() };
}
