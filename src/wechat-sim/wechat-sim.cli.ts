import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { WrongSetting } from '../platform/index.js';
import { keptKeys, startWechatSim } from './index.js';

const HELP = `npm run -s wechat-sim -- [options]: a simulated WeChat on a port of this machine. Nobody's money moves.

  --port N            port of 127.0.0.1 (4000)
  --data DIR          where keys and orders are kept (.data/wechat-sim); files for the service's settings are written there
  --notify-url URL    address of the service that it calls back (http://127.0.0.1:3000)
  --seed TEXT         makes what is drawn the same again
  --help

It prints the settings that a service needs to take it for WeChat. Pages: /_sim/ and /_sim/pay-codes.
Faults: curl -X PUT 127.0.0.1:4000/_sim/faults/notify -d '{"times":3,"wrongSignature":true}' (docs/wechat.md).
`;

const NAMES = ['--port', '--data', '--notify-url', '--seed'] as const;

function readOptions(args: readonly string[]): Partial<Record<(typeof NAMES)[number], string>> {
  const options: Partial<Record<(typeof NAMES)[number], string>> = {};
  for (let index = 0; index < args.length; index += 2) {
    const name = NAMES.find((one) => one === args[index]);
    const value = args[index + 1];
    if (name === undefined || value === undefined) throw new WrongSetting(`unknown option ${args[index]}: see npm run -s wechat-sim -- --help`);
    options[name] = value;
  }
  return options;
}

/** `npm run wechat-sim`: runs until it is told to end. */
export async function wechatSimCommand(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(HELP);
    return 0;
  }
  const { '--port': port = '4000', '--data': data = '.data/wechat-sim', '--notify-url': notifyUrl = 'http://127.0.0.1:3000', '--seed': seed } = readOptions(args);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new WrongSetting('--port must be a whole number from 0 to 65535');
  if (!URL.canParse(notifyUrl)) throw new WrongSetting('--notify-url must be an address');
  const dataDir = resolve(data);
  const sim = await startWechatSim({ port: Number(port), notifyUrl: notifyUrl.replace(/\/+$/, ''), keys: keptKeys(dataDir), dataDir, ...(seed === undefined ? {} : { seed }) }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE' ? new WrongSetting(`--port ${port} is taken by another program`) : error;
  });
  process.stdout.write(`模拟微信 ${sim.url}/_sim/\n\n${environmentOf(sim.settings, dataDir)}\n`);
  await new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
  await sim.close();
  return 0;
}

/** The settings as the environment of the service has them; keys in files of the data directory. */
function environmentOf(settings: Awaited<ReturnType<typeof startWechatSim>>['settings'], dataDir: string): string {
  const file = (name: string, text: string): string => {
    const path = join(dataDir, name);
    if (!existsSync(dataDir)) mkdirSync(dataDir, { recursive: true });
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const lines = {
    WECHAT_APPID: settings.appId, WECHAT_SECRET: settings.secret, WECHAT_API_URL: settings.apiUrl, WECHAT_PAY_URL: settings.payUrl,
    WECHAT_SP_MCHID: settings.spMchId, WECHAT_MCH_SERIAL: settings.merchantSerial, WECHAT_MCH_KEY_FILE: file('merchant-key.pem', settings.merchantKey),
    WECHAT_APIV3_KEY_FILE: file('apiv3.key', settings.apiV3Key), WECHAT_PUBLIC_KEY_ID: settings.publicKeyId, WECHAT_PUBLIC_KEY_FILE: file('wechat-public-key.pem', settings.publicKey),
    WECHAT_NOTIFY_URL: settings.notifyUrl,
  };
  return Object.entries(lines).map(([name, value]) => `export ${name}='${value}'`).join('\n');
}
