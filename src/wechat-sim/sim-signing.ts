import { createCipheriv, createHash, createPrivateKey, createPublicKey, createSign, createVerify, type KeyObject } from 'node:crypto';
import type { Instant } from '../kernel/index.js';
import type { Met } from './faults.js';
import type { SimKeys } from './sim-keys.js';
import type { SimRandom } from './sim-random.js';
import { MINUTE_MS } from './sim-times.js';

/** Both sides of a signature: verifies the merchant's, makes WeChat Pay's. Written apart from the client's own, so that a mistake there is seen here. */
export class SimSigning {
  private readonly own: KeyObject;
  private readonly merchant: KeyObject;
  /** Serial under which it signs: that of its public key, or of a platform certificate. */
  serial: string;
  readonly certificateSerial: string;

  constructor(private readonly keys: SimKeys, private readonly random: SimRandom) {
    this.own = createPrivateKey(keys.wechatKey);
    this.merchant = createPublicKey(createPrivateKey(keys.merchantKey));
    this.serial = keys.publicKeyId;
    // Made of the key, so that it is the same at every start; positive, as a serial number has to be.
    this.certificateSerial = `5${createHash('sha256').update(keys.wechatKey).digest('hex').slice(1, 40).toUpperCase()}`;
  }

  /**
   * What is wrong with the Authorization header of a request; null where it holds.
   * @param path with its query, as it came
   * @param body as it came
   */
  refusal(header: string | undefined, method: string, path: string, body: Buffer, now: Instant): string | null {
    const [, fields = ''] = /^WECHATPAY2-SHA256-RSA2048 (.+)$/.exec(header ?? '') ?? [];
    const read = (name: string): string | undefined => new RegExp(`(?:^|,)\\s*${name}="([^"]*)"`).exec(fields)?.[1];
    const [mchid, nonce, timestamp, serial, signature] = ['mchid', 'nonce_str', 'timestamp', 'serial_no', 'signature'].map(read);
    if (!mchid || !nonce || !timestamp || !serial || !signature) return 'Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》';
    if (mchid !== this.keys.spMchid) return '商户号与签名不匹配';
    if (serial.toUpperCase() !== this.keys.merchantSerial) return '商户证书序列号有误。请使用签名私钥匹配的证书序列号';
    if (!/^\d+$/.test(timestamp) || Math.abs(Number(timestamp) * 1000 - now) > 5 * MINUTE_MS) return 'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟';
    const right = createVerify('RSA-SHA256').update(`${method}\n${path}\n${timestamp}\n${nonce}\n`).update(body).update('\n').verify(this.merchant, signature, 'base64');
    return right ? null : '错误的签名，验签失败';
  }

  /** Headers of an answer or callback with this body, or with what a fault makes of them. */
  headers(body: Buffer, now: Instant, met: Met = {}): Record<string, string> {
    const timestamp = String(Math.floor((now - (met.oldTimestamp === true ? 10 * MINUTE_MS : 0)) / 1000));
    const nonce = this.random.letters(32);
    const signed = createSign('RSA-SHA256').update(`${timestamp}\n${nonce}\n`).update(met.wrongSignature === true ? Buffer.concat([body, Buffer.from(' ')]) : body).update('\n').sign(this.own, 'base64');
    const signature = met.signTest === true ? `WECHATPAY/SIGNTEST/${signed.slice(0, 300)}` : signed;
    return {
      'wechatpay-timestamp': timestamp, 'wechatpay-nonce': nonce, 'wechatpay-signature': signature, 'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
      'wechatpay-serial': met.wrongSerial === true ? 'PUB_KEY_ID_0000000000000000000000000000000000' : this.serial, 'request-id': this.random.letters(36),
    };
  }

  /** Seals a text with the APIv3 key, as callbacks and certificate lists are. */
  seal(text: string, associatedData: string): { algorithm: string; ciphertext: string; associated_data: string; nonce: string } {
    const nonce = this.random.letters(12);
    const cipher = createCipheriv('aes-256-gcm', Buffer.from(this.keys.apiV3Key), Buffer.from(nonce));
    cipher.setAAD(Buffer.from(associatedData));
    const bytes = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return { algorithm: 'AEAD_AES_256_GCM', ciphertext: bytes.toString('base64'), associated_data: associatedData, nonce };
  }
}
