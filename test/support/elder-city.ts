import { randomUUID } from 'node:crypto';
import { cityClock, TappingCity } from './tapping-city.js';
import { giveMerchant, workOff } from './wechat-orders.js';
import { startWechat, type TestWechat } from './wechat.js';

/** A city at noon whose elders come by WeChat: the simulated one, canteens that are paid through it, lunch that is booked and eaten in the same hour. */
export class ElderCity {
  private ticking: NodeJS.Timeout | undefined;

  private constructor(readonly city: TappingCity, private readonly wechat: TestWechat) {}

  /** @param pages folder of the built pages */
  static async start(pages: string): Promise<ElderCity> {
    const clock = cityClock();
    const wechat = await startWechat({ clock });
    const city = await TappingCity.start(undefined, pages, { settings: wechat.settings, clock });
    wechat.tells(city.service.url);
    for (const name of ['first', 'second']) await city.staffed.add(name, ['cityOfficer']);
    await giveMerchant(city, await city.staffed.tokenOf('first'), await city.staffed.tokenOf('second'));
    for (const siteId of city.sites) {
      const hours = { id: randomUUID(), beginsMinute: 1_000, endsMinute: 1_440, cutOff: 'beforeMeal', cutOffMinutes: 0, dayPortions: null };
      expect((await city.staffed.call('PUT', `/v1/bookings/sites/${siteId}/hours/lunch`, { token: city.county, body: hours })).status).toBe(200);
    }
    const made = new ElderCity(city, wechat);
    const [noon, begun] = [clock.now(), Date.now()];
    made.ticking = setInterval(() => clock.set(noon + Date.now() - begun), 100);
    return made;
  }

  /** Does the jobs behind payments and bookings that are due. */
  async work(): Promise<void> {
    await workOff(this.city, 'payment.', 'booking.');
  }

  async close(): Promise<void> {
    clearInterval(this.ticking);
    await this.city.close();
    await this.wechat.close();
  }
}
