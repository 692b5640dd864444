import { chinaDate, chinaMinute } from '../../src/kernel/civil-date.js';
import { Bookings } from './bookings/bookings.js';
import { freshCart, offerOf, periodAt, periodsOf, type PriceList } from './cart/cart.js';
import { Counter } from './counter.js';
import { askToKeep, claimWriting, Device, lacking, type Keeping, type Remembered } from './device.js';
import { sealJournal } from './export.js';
import { settings } from './face.js';
import type { Entry, MealPeriod } from './journal/entry.js';
import { Journal } from './journal/journal.js';
import { Away, enrol, Link, Refused, type Terminal } from './journal/link.js';
import { KeyRenewal } from './journal/renewal.js';
import { Sender } from './journal/sender.js';
import { mirror, showToMirrors } from './mirror.js';
import { ask } from './people/ask.js';
import { PayDesk, type PaymentState } from './paying.js';
import { People } from './people/people.js';
import type { Redeemed } from './codes.js';
import { tellPlaceAtOpening, whereabouts } from './place.js';
import { Printing } from './receipt/printing.js';
import type { Issuer } from './receipt/receipt.js';
import { Album } from './roster/album.js';
import type { Trace } from './roster/own-meals.js';
import { isTakenOut, Roster } from './roster/roster.js';
import { Shelf } from './roster/shelf.js';
import { ShiftDesk } from './shift-desk.js';
import { Sounds } from './sound.js';
import { Board } from './view.js';

const REFRESH_MS = 10 * 60_000;
/** How often it is asked what was booked meanwhile: whoever books and comes at once is not to pay twice. */
const BOOKINGS_MS = 30_000;
/** How often the roster's age is looked at. */
const AGE_MS = 60_000;
/** So long an elder waits who asks what the card holds. */
const BALANCE_MS = 3_000;
/** So long somebody stands there whose code is looked up, and a payment's answer is waited for before it is asked for anew. */
const CODE_MS = 3_000;
const PAY_MS = 12_000;
const CHANNEL = 'xingfu-till';

const now = (): number => Date.now();

/** The till behind the page: brings the device up, keeps prices and journal, and hands keys and cards to the counter. */
export class Till {
  readonly board = new Board();
  readonly sounds = new Sounds();
  readonly printing = new Printing(this.board, () => this.issuer());
  counter: Counter | null = null;
  people: People | null = null;
  shifts: ShiftDesk | null = null;
  /** Set once a newer page waits: loads it. */
  update: () => void = () => window.location.reload();
  private device: Device | null = null;
  private journal: Journal | null = null;
  private sender: Sender | null = null;
  private link: Link | null = null;
  private roster: Roster | null = null;
  private album: Album | null = null;
  private bookings: Bookings | null = null;
  private prices: Remembered['prices'] | null = null;
  /** The meal that the cashier turned to by hand, for this shift. */
  private chosen: MealPeriod | null = null;
  private keeping: Keeping = 'refused';
  private readonly channel = new BroadcastChannel(CHANNEL);

  /** Brings the till up as far as it gets: to its enrolment, its opening list, or straight back to a shift that was cut off. */
  async start(): Promise<void> {
    const lack = lacking();
    if (lack !== null) return this.board.show({ phase: 'failed', trouble: lack });
    try {
      const alone = await claimWriting(() => window.location.reload());
      if (!alone) return mirror(this.board, this.channel);
      this.device = await Device.open();
      this.keeping = await askToKeep();
      this.board.show({ kept: this.keeping === 'kept' });
      showToMirrors(this.board, this.channel);
      const terminal = await this.device.recall('terminal');
      if (terminal === undefined) return this.board.show({ phase: 'enrol' });
      await this.bring(terminal);
    } catch (error) {
      this.board.show({ phase: 'failed', trouble: `本机数据库打不开，不能收款：${error instanceof Error ? error.message : ''}` });
    }
  }

  /** Enrols this device with a one-time code. @returns why not, in words, or null */
  async enrol(code: string): Promise<string | null> {
    if (this.device === null) return '本机数据库没有打开，请刷新本页。';
    try {
      const terminal = await enrol(this.device.keys, code.trim());
      await this.device.remember('terminal', terminal);
      await this.bring(terminal);
      return null;
    } catch (error) {
      if (error instanceof Refused) return error.sentence;
      if (error instanceof Away) return '连接不上服务器。登记要联网，请检查网络后再试。';
      throw error;
    }
  }

  private async bring(terminal: Terminal): Promise<void> {
    const device = this.device as Device;
    const journal = new Journal(device.db, device.keys, now);
    const link = new Link(device.keys, terminal, now);
    const sender: Sender = new Sender(journal, link, now, (entry) => this.heardOf(entry));
    [this.journal, this.link, this.sender] = [journal, link, sender];
    const shelf = new Shelf(device.db, device.keys);
    const album = new Album({ shelf, link, isBusy: () => this.counter?.isBusy ?? false, rest: (ms) => new Promise((done) => setTimeout(done, ms)) });
    this.album = album;
    const people = new People({ board: this.board, device, link, now, kept: (photo) => album.open(photo), printCode: (code) => this.printing.kinCode(code), sell: (credential) => this.counter?.sellEntered(credential) });
    this.people = people;
    const renewal = new KeyRenewal(device.db, device.keys, link, now);
    const roster = new Roster({
      shelf, album, link, now, entries: () => this.board.view().entries, place: () => whereabouts(false),
      renew: (opened) => renewal.renew(opened).catch(() => false),
    });
    this.roster = roster;
    const bookings = new Bookings({ shelf, link, keys: () => roster.keys, now, entries: () => this.board.view().entries });
    this.bookings = bookings;
    tellPlaceAtOpening(this.board, () => roster.report());
    const paying = new PayDesk(this.board, {
      charge: (tapId, body) => ask<PaymentState>(link, 'POST', `/v1/till/taps/${tapId}/payment`, body, PAY_MS),
      state: (tapId) => ask<PaymentState>(link, 'GET', `/v1/till/taps/${tapId}/payment`, null, PAY_MS),
    });
    this.counter = new Counter({
      board: this.board, paying, redeem: (code, mealPeriod) => ask<Redeemed>(link, 'POST', '/v1/till/codes', { code, mealPeriod }, CODE_MS),
      journal, sender, sounds: this.sounds, people, roster, bookings, now,
      balanceOf: async (number) => (await ask<{ balanceFen: number }>(link, 'POST', '/v1/till/balances', { number }, BALANCE_MS)).balanceFen,
      decide: (question) => roster.judge(question), sold: (entry, trace) => roster.sold(entry, trace),
    });
    link.onEpoch = sender.onEpoch = (epoch) => void this.heardEpoch(epoch);
    this.counter.onPeriod = (period) => {
      this.chosen = period;
      this.sellAt(period);
    };
    await journal.forgetOld();
    const entries = (await journal.entries()).map(({ sealed: _sealed, trace: _trace, ...entry }) => entry);
    await roster.load(await journal.traces<Trace>());
    await bookings.load();
    const kept = await device.recall('settings');
    this.board.show({ label: terminal.label, entries, prefix: kept?.prefix ?? '', roster: roster.view(), prepayment: roster.prepayment, payCode: roster.payCode });
    this.board.show({ bookings: bookings.lines() });
    await this.counter.takeBackUnanswered();
    this.prices = (await device.recall('prices')) ?? null;
    if (this.prices !== null) this.offerPrices(this.prices);
    await people.start();
    const shifts = new ShiftDesk({
      board: this.board, device, journal, link, now, isBusy: () => this.counter?.isBusy ?? false, hasPaper: () => settings.now().paper !== null,
      prices: () => (this.prices === null ? null : { version: this.prices.list.version, at: this.prices.at, items: this.board.view().offer?.items.length ?? 0 }),
    });
    this.shifts = shifts;
    this.board.show({ phase: await shifts.start() });
    void this.sounds.load();
    window.addEventListener('online', () => void sender.kick());
    window.addEventListener('offline', () => sender.lost(new Away('network')));
    setInterval(() => void this.refresh(), REFRESH_MS);
    setInterval(() => void this.refreshBookings(), BOOKINGS_MS);
    setInterval(() => void this.lookAtRoster(), AGE_MS);
    await this.refresh();
  }

  private issuer(): Issuer | null {
    if (this.link === null) return null;
    const { terminalId, label } = this.link.terminal;
    const names = new Map(this.prices?.list.prices.map(({ itemCode, name }) => [itemCode, name]));
    return { terminalId, siteName: this.roster?.siteName ?? label, nameOf: (itemCode) => names.get(itemCode) ?? '餐品', checkAt: `${window.location.host}/receipt` };
  }

  private heardOf(entry: Entry | null): void {
    if (entry !== null) this.counter?.add(entry);
    const state = this.sender?.state;
    if (state === undefined || state === this.board.view().link) return;
    const isBack = state.is === 'online' && this.board.view().link.is !== 'online';
    this.board.show({ link: state });
    if (isBack) void this.refreshBookings();
    // Back after a while: what the roster says may be old by now.
    const { asOf } = this.board.view().roster;
    if (isBack && (asOf === null || now() - asOf > REFRESH_MS)) void this.refreshRoster();
    // A terminal that was taken out knows nobody any more, from that moment.
    if (state.is === 'stopped' && isTakenOut(new Refused(state.code, state.sentence))) void this.roster?.forget().then(() => this.lookAtRoster());
  }

  /** The roster's age, as it grows; at its end it is gone. */
  private async lookAtRoster(): Promise<void> {
    await this.roster?.wipeOld();
    if (this.roster !== null) this.board.show({ roster: this.roster.view(), prepayment: this.roster.prepayment, payCode: this.roster.payCode, bookings: this.bookings?.lines() ?? [] });
  }

  /** Hears what was booked and given up since the last time. Where no answer comes, what was known stands. */
  private async refreshBookings(): Promise<void> {
    const { bookings, sender } = this;
    if (bookings === null || sender?.state.is !== 'online') return;
    await bookings.refresh().catch((error: unknown) => {
      if (isTakenOut(error) || !(error instanceof Refused)) sender.lost(error);
    });
    this.board.show({ bookings: bookings.lines() });
  }

  /** Brings the roster up to now. What it lacks is no reason not to sell. */
  private async refreshRoster(): Promise<void> {
    const { roster, sender } = this;
    if (roster === null || sender === null || sender.state.is !== 'online') return;
    try {
      await roster.refresh();
      void this.album?.refresh();
      await this.bookings?.refresh();
    } catch (error) {
      if (isTakenOut(error) || !(error instanceof Refused)) sender.lost(error);
    }
    const exportKey = roster.opened?.exportKey;
    if (exportKey !== undefined) await this.device?.remember('exportKey', exportKey);
    await this.lookAtRoster();
  }

  /** The mark of the service's database: another one than before means that it may lack what it had said yes to. */
  private async heardEpoch(epoch: string): Promise<void> {
    const { device, journal, roster, sender } = this;
    const known = await device?.recall('epoch');
    if (known === epoch || device === null || journal === null) return;
    if (known !== undefined) {
      roster?.readWhole();
      const again = new Map((await journal.reopen()).map((entry) => [entry.number, entry]));
      const { entries } = this.board.view();
      this.board.show({ entries: entries.map((entry) => ({ ...entry, fate: again.get(entry.number)?.fate ?? entry.fate })) });
    }
    await device.remember('epoch', epoch);
    void sender?.kick();
  }

  /** Asks for the prices of today, sends what waits, and goes through the opening list again. */
  async refresh(): Promise<void> {
    const { link, sender, device } = this;
    if (link === null || sender === null || device === null) return;
    try {
      const list = await link.read<PriceList>(link.pricesPath(chinaDate(now())));
      this.prices = { list, at: now() };
      await device.remember('prices', this.prices);
      this.offerPrices(this.prices);
      sender.heard();
    } catch (error) {
      // A site without prices for today is no fault of the way to the service.
      if (error instanceof Refused && !error.isAboutTerminal) this.board.show({ outcome: { is: 'wait', sentence: error.sentence, next: '请联系食堂负责人。' } });
      else sender.lost(error);
    }
    await this.people?.cashiers.refresh();
    await sender.kick();
    await this.refreshRoster();
    await this.journal?.forgetOld();
    await this.shifts?.tell();
    await this.shifts?.check();
  }

  private offerPrices({ list, at }: Remembered['prices']): void {
    const { offer, cart } = this.board.view();
    this.board.show({ pricesAt: at, periods: periodsOf(list) });
    const period = this.chosen ?? periodAt(list, chinaMinute(now()));
    const isOther = offer === null || offer.mealPeriod !== period || offer.priceListVersion !== list.version;
    // In the middle of a sale nothing is put in its place.
    if (period !== null && isOther && (cart === null || cart.untouched)) this.sellAt(period);
  }

  private sellAt(period: MealPeriod): void {
    if (this.prices === null) return;
    const offer = offerOf(this.prices.list, period);
    this.board.show({ offer, cart: freshCart(offer) });
  }

  /** From the counter to the count of the drawer. */
  goToClosing(): void {
    this.shifts?.goToClosing();
  }

  /** A shift has ended: the meal that was chosen for it is chosen no more. */
  async finishShift(): Promise<void> {
    this.chosen = null;
    await this.shifts?.finish();
    if (this.prices !== null) this.offerPrices(this.prices);
  }

  /** Everything that the service has not taken, sealed to it: the way out of a till that cannot send. @returns null before the service has given its key */
  async unsentFile(): Promise<Blob | null> {
    const { device, journal, link } = this;
    const key = await device?.recall('exportKey');
    if (key === undefined || journal === null || link === null) return null;
    return new Blob([JSON.stringify(await sealJournal(key, link.terminal.terminalId, now(), journal))], { type: 'application/json' });
  }

  /** What was taken too much of an elder has been given back. */
  async giveBack(number: number): Promise<void> {
    const entry = await this.journal?.note(number, { returned: true });
    if (entry !== undefined) this.counter?.add(entry);
  }

  async setPrefix(prefix: string): Promise<void> {
    await this.device?.remember('settings', { prefix });
    this.board.show({ prefix });
  }

  retry(): void {
    void this.refresh();
  }
}
