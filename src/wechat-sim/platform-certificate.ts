import { createPrivateKey, createPublicKey, createSign } from 'node:crypto';

/** One value in DER: its tag, its length, its bytes. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const bytes = body.length.toString(16);
  const length = body.length < 128 ? Buffer.from([body.length]) : Buffer.from(bytes.padStart(bytes.length + (bytes.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.from([tag]), body.length < 128 ? length : Buffer.concat([Buffer.from([0x80 | length.length]), length]), body]);
}

const SEQUENCE = 0x30;
const sha256WithRsa = der(SEQUENCE, Buffer.from('06092a864886f70d01010b0500', 'hex'));
const COMMON_NAME = Buffer.from('0603550403', 'hex');

function nameOf(text: string): Buffer {
  return der(SEQUENCE, der(0x31, der(SEQUENCE, COMMON_NAME, der(0x0c, Buffer.from(text)))));
}

function time(at: number): Buffer {
  return der(0x18, Buffer.from(`${new Date(at).toISOString().replace(/\D/g, '').slice(0, 14)}Z`));
}

/** A certificate that the simulator signs for its own key, as a platform certificate of WeChat Pay is read: PEM. */
export function platformCertificate(privatePem: string, serial: string, from: number, to: number): string {
  const key = createPrivateKey(privatePem);
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const name = nameOf('模拟微信支付');
  const inner = der(SEQUENCE, der(0xa0, der(0x02, Buffer.from([2]))), der(0x02, Buffer.from(serial, 'hex')), sha256WithRsa, name, der(SEQUENCE, time(from), time(to)), name, publicKey);
  const signature = createSign('RSA-SHA256').update(inner).sign(key);
  const whole = der(SEQUENCE, inner, sha256WithRsa, der(0x03, Buffer.from([0]), signature));
  return `-----BEGIN CERTIFICATE-----\n${(whole.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;
}
