import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The names and keys that a merchant and WeChat have of each other. All of them are made up and open nothing. */
export interface SimKeys {
  readonly appid: string;
  readonly secret: string;
  /** The service provider's merchant number. */
  readonly spMchid: string;
  /** Serial number of the merchant's API certificate. */
  readonly merchantSerial: string;
  /** PEM, PKCS#8. */
  readonly merchantKey: string;
  /** 32 characters. */
  readonly apiV3Key: string;
  /** `PUB_KEY_ID_` and digits. */
  readonly publicKeyId: string;
  /** PEM, PKCS#8: the key that the simulator signs with. */
  readonly wechatKey: string;
}

/** Makes names and keys: `count` of bits is the least that a signature of this kind needs. */
export function makeKeys(): SimKeys {
  const pem = (): string => generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } }).privateKey;
  const digits = (count: number): string => Array.from(randomBytes(count), (byte) => byte % 10).join('');
  return {
    appid: `wx${randomBytes(8).toString('hex')}`, secret: randomBytes(16).toString('hex'), spMchid: `19${digits(8)}`,
    merchantSerial: randomBytes(20).toString('hex').toUpperCase(), merchantKey: pem(), apiV3Key: randomBytes(16).toString('hex'),
    publicKeyId: `PUB_KEY_ID_0${digits(33)}`, wechatKey: pem(),
  };
}

/** The public half of a private key, PEM. */
export function publicPem(privatePem: string): string {
  return createPublicKey(createPrivateKey(privatePem)).export({ type: 'spki', format: 'pem' }).toString();
}

const FILE = 'wechat-sim-keys.json';

/** Keys that a data directory keeps, so that accounts and orders of one start are known at the next. */
export function keptKeys(dataDir: string): SimKeys {
  const path = join(dataDir, FILE);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as SimKeys;
  } catch {
    const keys = makeKeys();
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(`${path}.new`, JSON.stringify(keys), { mode: 0o600 });
    renameSync(`${path}.new`, path);
    return keys;
  }
}
