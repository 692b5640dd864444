import type { Clock } from '../../src/kernel/index.js';
import { makeKeys, type SimKeys } from '../../src/wechat-sim/sim-keys.js';
import { SimRandom } from '../../src/wechat-sim/sim-random.js';
import { SimSigning } from '../../src/wechat-sim/sim-signing.js';
import { MINUTE } from './staffed-city.js';

/** A notice as it goes over the wire. */
export interface Notice {
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** What is sealed in a notice. */
export type Resource = Readonly<Record<string, unknown>>;

const KINDS = { payment: { type: 'TRANSACTION.SUCCESS', summary: '支付成功', sealedWith: 'transaction' }, refund: { type: 'REFUND.SUCCESS', summary: '退款成功', sealedWith: 'refund' } } as const;

/** Makes notices as WeChat does, and as somebody would who can do all that WeChat can but hold its keys. */
export class NoticeMaker {
  readonly keys = makeKeys();
  private readonly random = new SimRandom('notices');
  readonly signing = new SimSigning(this.keys, this.random);
  /** The same names with another key. */
  readonly stranger = new SimSigning({ ...this.keys, wechatKey: makeKeys().wechatKey }, this.random);

  constructor(private readonly clock: Clock) {}

  make(kind: keyof typeof KINDS, inside: Resource, { by = this.signing, sealedBy = this.signing, at = this.clock.now(), event = {} as Resource, sealed = {} as Resource } = {}): Notice {
    const { type, summary, sealedWith } = KINDS[kind];
    const resource = { original_type: sealedWith, ...sealedBy.seal(JSON.stringify(inside), sealedWith), ...sealed };
    const body = Buffer.from(JSON.stringify({ id: this.random.letters(36), create_time: '2024-12-03T12:00:00+08:00', resource_type: 'encrypt-resource', event_type: type, summary, resource, ...event }));
    return { headers: { 'content-type': 'application/json', ...by.headers(body, at) }, body };
  }

  sealedWith(change: Partial<SimKeys>): SimSigning {
    return new SimSigning({ ...this.keys, ...change }, this.random);
  }
}

/** A notice that came, its maker, and its like with other ways to seal and to sign. */
interface Forged {
  readonly notice: Notice;
  readonly maker: NoticeMaker;
  readonly now: number;
  readonly again: (options: Parameters<NoticeMaker['make']>[2]) => Notice;
}

function withHeader({ notice }: Forged, name: string, change: (value: string) => string | undefined): Notice {
  const { [name]: value = '', ...headers } = notice.headers;
  const changed = change(value);
  return { ...notice, headers: changed === undefined ? headers : { ...headers, [name]: changed } };
}

/** What is wrong with a notice whatever it tells: it is not WeChat's own, or not of now. */
export const FORGERIES: readonly [string, (forged: Forged) => Notice][] = [
  ['a byte of the body changed', ({ notice }) => ({ ...notice, body: Buffer.from(notice.body.toString().replace('encrypt-resource', 'encrypt-resourcf')) })],
  ['the body written anew', ({ notice }) => ({ ...notice, body: Buffer.from(JSON.stringify(JSON.parse(notice.body.toString()), null, 1)) })],
  ['another time in the header', (forged) => withHeader(forged, 'wechatpay-timestamp', (value) => String(Number(value) + 1))],
  ['another nonce', (forged) => withHeader(forged, 'wechatpay-nonce', (value) => `${value}A`)],
  ['a signature cut short', (forged) => withHeader(forged, 'wechatpay-signature', (value) => value.slice(0, -4))],
  ['a probe for a signature', (forged) => withHeader(forged, 'wechatpay-signature', (value) => `WECHATPAY/SIGNTEST/${value}`)],
  ['no signature', (forged) => withHeader(forged, 'wechatpay-signature', () => undefined)],
  ['no serial', (forged) => withHeader(forged, 'wechatpay-serial', () => undefined)],
  ['a serial that nobody knows', (forged) => withHeader(forged, 'wechatpay-serial', () => 'PUB_KEY_ID_0000000000000000000000000000000001')],
  ['the serial of a certificate that nobody knows', (forged) => withHeader(forged, 'wechatpay-serial', () => '5157F09EFDC096DE15EBE81A47057A7232F1B8E1')],
  ['signed by somebody else', ({ again, maker }) => again({ by: maker.stranger })],
  ['six minutes old', ({ again, now }) => again({ at: now - 6 * MINUTE })],
  ['six minutes ahead', ({ again, now }) => again({ at: now + 6 * MINUTE })],
  ['sealed with another key', ({ again, maker }) => again({ sealedBy: maker.sealedWith({ apiV3Key: 'x'.repeat(32) }) })],
  ['half of what is sealed', ({ again }) => again({ sealed: { ciphertext: 'c2VhbGVk' } })],
  ['beside other data than it was sealed with', ({ again }) => again({ sealed: { associated_data: 'other' } })],
  ['sealed in another way', ({ again }) => again({ sealed: { algorithm: 'NONE' } })],
  ['nothing in it', ({ notice }) => ({ headers: notice.headers, body: Buffer.from('{}') })],
  ['no JSON', ({ notice }) => ({ headers: notice.headers, body: notice.body.subarray(1) })],
];
