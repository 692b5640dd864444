import { chinaTime, systemClock, type Clock } from '../kernel/index.js';
import type { WechatSettings } from '../platform/index.js';
import { Callbacks, type NotifyFetch } from './callbacks.js';
import type { Faults } from './faults.js';
import { allowMessage } from './mini-messages.js';
import { oneUseCode, StableTokens } from './mini-program.js';
import { showPayCode } from './pay-codes.js';
import { payableOrder, settleOrder } from './pay-orders.js';
import { endRefunds, refundByHand } from './pay-refunds.js';
import { SimChest } from './sim-chest.js';
import { answerControl } from './sim-control.js';
import { platformCertificate } from './platform-certificate.js';
import { makeKeys, publicPem, type SimKeys } from './sim-keys.js';
import { SimServer, type SimAnswer, type SimRequest } from './sim-server.js';
import { answerMini, answerPay, type SimParts } from './sim-services.js';
import { SimSigning } from './sim-signing.js';
import { DAY_MS } from './sim-times.js';
import { keyOf, SimWorld, type Delivered, type Order, type Person, type Refund } from './sim-world.js';
import { TradeBills } from './trade-bill.js';

/** How a simulator starts. */
export interface SimOptions {
  /** The system's unless a test sets its own: codes, tokens, retries and bills go by it. */
  readonly clock?: Clock;
  /** Any free one without it. */
  readonly port?: number;
  /** Sends callbacks, in place of `fetch`. */
  readonly notifyFetch?: NotifyFetch;
  /** Address of the service that it calls back, without a slash at its end. */
  readonly notifyUrl?: string;
  /** Names and keys of an earlier start; new ones without. */
  readonly keys?: SimKeys;
  /** Makes everything that is drawn the same again. */
  readonly seed?: string;
  /** Keeps its people, orders and unanswered callbacks here over a restart. */
  readonly dataDir?: string;
}

/** Somebody with WeChat on his phone, and what he does with it. */
export class SimUser {
  constructor(private readonly world: SimWorld, private readonly person: Person) {}

  get openid(): string {
    return this.person.openid;
  }

  get name(): string {
    return this.person.name;
  }

  get balanceFen(): number {
    return this.person.balanceFen;
  }

  set balanceFen(fen: number) {
    this.person.balanceFen = fen;
  }

  /** Whether payment codes ask for the password whatever the amount. */
  get needsPassword(): boolean {
    return this.person.needsPassword;
  }

  set needsPassword(needs: boolean) {
    this.person.needsPassword = needs;
  }

  /** `wx.login`: a code of one use, good for five minutes. */
  loginCode(): string {
    return oneUseCode(this.world, this.person);
  }

  /** The phone button: a code of one use that stands for this number. */
  phoneCode(phone: string): string {
    return oneUseCode(this.world, this.person, phone);
  }

  /** A payment code: 18 digits, one use, good for a minute. */
  payCode(): string {
    return showPayCode(this.world, this.person);
  }

  /** Gives leave for one more message by a template. */
  allow(templateId: string): void {
    allowMessage(this.world, this.person.openid, templateId);
  }

  /** Messages that reached him. */
  get messages(): readonly Delivered[] {
    return this.world.messages.filter(({ openid }) => openid === this.person.openid);
  }
}

const CERTIFICATE_MS = 5 * 365 * DAY_MS;

/** The one platform certificate, sealed as the service seals it. */
function certificateList({ keys, clock }: SimWorld, signing: SimSigning): Readonly<Record<string, unknown>> {
  const [from, to] = [clock.now() - DAY_MS, clock.now() + CERTIFICATE_MS];
  const certificate = platformCertificate(keys.wechatKey, signing.certificateSerial, from, to);
  return { data: [{ serial_no: signing.certificateSerial, effective_time: chinaTime(from), expire_time: chinaTime(to), encrypt_certificate: signing.seal(certificate, 'certificate') }] };
}

/** How often it looks for callbacks that are due. */
const LOOK_MS = 500;
/** After so many looks it keeps what has changed. */
const SAVE_EVERY = 4;

/** A simulated WeChat: the mini-program's services and WeChat Pay, with the money of nobody. */
export class WechatSim {
  readonly faults: Faults;
  private people = 0;
  private readonly looking: NodeJS.Timeout;

  private constructor(private readonly parts: SimParts, private readonly server: SimServer, private readonly notifyUrl: string, private readonly chest: SimChest | null) {
    this.faults = parts.world.faults;
    let looks = 0;
    this.looking = setInterval(() => {
      void this.deliver();
      if ((looks += 1) % SAVE_EVERY === 0) chest?.save();
    }, LOOK_MS).unref();
  }

  static async start({ clock = systemClock, port = 0, notifyFetch = fetch, notifyUrl = 'http://127.0.0.1:3000', keys = makeKeys(), seed, dataDir }: SimOptions): Promise<WechatSim> {
    const world = new SimWorld(keys, clock, seed, new URL(notifyUrl).hostname);
    const signing = new SimSigning(keys, world.random);
    const callbacks = new Callbacks(world, signing, notifyFetch);
    const chest = dataDir === undefined ? null : new SimChest(dataDir, world, callbacks);
    chest?.open();
    let url = '';
    const parts: SimParts = { world, signing, callbacks, tokens: new StableTokens(world), bills: new TradeBills(world, () => url), certificates: () => certificateList(world, signing) };
    const answer = async (request: SimRequest): Promise<SimAnswer> => answerMini(parts, request) ?? (await answerPay(parts, request)) ?? answerControl(parts, request);
    const server = await SimServer.open(port, answer, () => void callbacks.deliver());
    url = server.url;
    return new WechatSim(parts, server, notifyUrl, chest);
  }

  get url(): string {
    return this.server.url;
  }

  /** What a service needs to know to take this for WeChat. */
  get settings(): WechatSettings {
    const { keys } = this.parts.world;
    return {
      appId: keys.appid, secret: keys.secret, apiUrl: this.url, payUrl: this.url, spMchId: keys.spMchid, merchantSerial: keys.merchantSerial, merchantKey: keys.merchantKey,
      apiV3Key: keys.apiV3Key, publicKeyId: keys.publicKeyId, publicKey: publicPem(keys.wechatKey), notifyUrl: this.notifyUrl, simulated: true,
    };
  }

  /** Somebody new; by a number the same one again, also after a restart with the same keys. */
  user(name?: string, number = (this.people += 1)): SimUser {
    this.people = Math.max(this.people, number);
    const person = this.parts.world.person(number);
    if (name !== undefined) person.name = name;
    return new SimUser(this.parts.world, person);
  }

  /**
   * The payer pays on the sheet of an order; the merchant has been told, or not, once this is done.
   * @param user who pays: WeChat lets nobody else than the one the order names
   * @throws Error with the sheet's words where it cannot be paid
   */
  async payOrder(prepayId: string, user: SimUser): Promise<void> {
    const { world, callbacks } = this.parts;
    const order = payableOrder(world, prepayId);
    const refused = typeof order === 'string' ? order : order.openid === user.openid ? settleOrder(world, callbacks, order) : '不是下单时的微信用户';
    if (refused !== null) throw new Error(refused);
    await callbacks.deliver();
  }

  /** The payer enters his password for a payment code's charge. */
  enterPassword(subMchid: string, outTradeNo: string): void {
    const order = this.parts.world.orders.get(keyOf(subMchid, outTradeNo));
    if (order?.state === 'USERPAYING') order.pollsLeft = 0;
  }

  /**
   * The merchant gives money of a payment back on WeChat Pay's own page; it arrives with the next `deliver`.
   * @throws Error with the page's words where it cannot be given back
   */
  refundByHand(subMchid: string, outTradeNo: string, fen: number): void {
    const refused = refundByHand(this.parts.world, subMchid, outTradeNo, fen);
    if (refused !== null) throw new Error(refused);
  }

  /** Another system forces a new token: the one that was given is worth nothing. */
  killToken(): void {
    this.parts.tokens.kill();
  }

  /** Signs from here on as WeChat Pay does for merchants from before its public key, or as for all new ones. */
  signBy(key: 'platform certificate' | 'public key'): void {
    const { signing, world } = this.parts;
    signing.serial = key === 'public key' ? world.keys.publicKeyId : signing.certificateSerial;
  }

  /** How often a token was asked for. */
  get tokensAsked(): number {
    return this.parts.tokens.asked;
  }

  /** Sends the callbacks that are due by its clock. @returns how many */
  deliver(): Promise<number> {
    endRefunds(this.parts.world, this.parts.callbacks);
    return this.parts.callbacks.deliver();
  }

  /** Callbacks on their way, sent and given up. */
  get callbacks(): Callbacks {
    return this.parts.callbacks;
  }

  order(subMchid: string, outTradeNo: string): Readonly<Order> | undefined {
    return this.parts.world.orders.get(keyOf(subMchid, outTradeNo));
  }

  get orders(): readonly Readonly<Order>[] {
    return [...this.parts.world.orders.values()];
  }

  get refunds(): readonly Readonly<Refund>[] {
    return [...this.parts.world.refunds.values()];
  }

  /** Shows a sub-merchant by this name on the payment sheet. */
  nameMerchant(subMchid: string, name: string): void {
    this.parts.world.merchants.set(subMchid, name);
  }

  async close(): Promise<void> {
    clearInterval(this.looking);
    await this.server.close();
    this.chest?.save();
  }
}
