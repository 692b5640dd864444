import { encode } from 'uqr';
import { screenOf } from '../../../elder/models/pages/index.js';
import type { Given } from '../../../elder/models/host.js';
import type { Screen } from '../../../elder/models/screen.js';
import type { Desk } from '../../../elder/models/desk.js';
import type { ElderApp } from '../../app.js';
import { flatView, type FlatView } from '../../flat-view.js';

const BODY_TEXT = 20;
const QUIET_EDGE = 4;

interface Touched {
  readonly currentTarget: { readonly dataset: { readonly at?: number } };
}

/** The one page of the mini-program: it draws whichever page model its address names, and hands touches on. */
Page({
  data: { ready: false, canBack: false, textPx: BODY_TEXT, scaleWords: '', page: '' },
  // What WXML cannot hold: it draws `data`, these are kept beside it.
  place: '' as string,
  given: {} as Given,
  who: '' as string,
  screen: null as Screen | null,
  flat: null as FlatView | null,
  drawn: '' as string,
  stops: [] as (() => void)[],

  desk(): Desk {
    return getApp<ElderApp>().desk;
  },

  onLoad(query: Record<string, string | undefined>) {
    const { page = '', ...given } = query;
    this.place = page;
    this.given = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, decodeURIComponent(value ?? '')]));
  },

  onShow() {
    this.stops = [this.desk().hear(() => this.turn())];
    this.turn();
  },

  onHide() {
    this.leave();
  },

  onUnload() {
    this.leave();
  },

  /** Looks whether another page has its turn: after a log-in, a binding, a log-out. */
  turn() {
    const desk = this.desk();
    const who = `${desk.state} ${desk.kin.length}`;
    this.setData({ textPx: BODY_TEXT * desk.scale, scaleWords: desk.scaleWords, canBack: this.place !== '', ready: desk.state !== 'starting' });
    if (desk.state === 'starting' || (this.screen !== null && who === this.who)) return;
    this.screen?.close();
    this.who = who;
    this.screen = screenOf(desk, this.place, this.given);
    this.stops.push(this.screen.hear(() => this.draw()));
    void this.screen.open();
  },

  draw() {
    if (this.screen === null) return;
    this.flat = flatView(this.screen.view());
    this.setData(this.flat.data);
    this.drawCode();
  },

  leave() {
    for (const stop of this.stops) stop();
    this.stops = [];
    this.screen?.close();
    this.screen = null;
  },

  onTouch({ currentTarget }: Touched) {
    this.flat?.buttons[currentTarget.dataset.at ?? -1]?.run();
  },

  onPhone({ currentTarget, detail }: Touched & { readonly detail: { readonly code?: string } }) {
    this.flat?.buttons[currentTarget.dataset.at ?? -1]?.takesPhone?.(detail.code ?? null);
  },

  onWrite({ currentTarget, detail }: Touched & { readonly detail: { readonly value: string } }) {
    this.flat?.fields[currentTarget.dataset.at ?? -1]?.set(detail.value);
  },

  onBack() {
    this.desk().host.back();
  },

  onRead() {
    this.screen?.readAloud();
  },

  onScale() {
    this.desk().turnScale();
  },

  /** Draws the QR code: dark squares on white with the quiet edge that scanners need. */
  drawCode() {
    const code = this.flat?.data.blocks.find(({ is }) => is === 'code');
    if (code === undefined || code.code === '') return;
    const { data, size } = encode(code.code, { ecc: code.fine ? 'L' : 'M', border: QUIET_EDGE });
    wx.createSelectorQuery().in(this).select('#code').fields({ node: true, size: true }, (found) => {
      if (found?.node === undefined) return;
      const side = Math.max(1, Math.floor((Math.min(found.width, found.height) * wx.getWindowInfo().pixelRatio) / size)) * size;
      const canvas = found.node as WechatMiniprogram.Canvas;
      [canvas.width, canvas.height] = [side, side];
      const pen = canvas.getContext('2d') as WechatMiniprogram.RenderingContext & { fillStyle: string; fillRect(x: number, y: number, width: number, height: number): void };
      pen.fillStyle = '#ffffff';
      pen.fillRect(0, 0, side, side);
      pen.fillStyle = '#000000';
      const step = side / size;
      data.forEach((row, y) => row.forEach((dark, x) => dark && pen.fillRect(x * step, y * step, step, step)));
    }).exec();
  },
});
