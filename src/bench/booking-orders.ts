import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { addDays, type CivilDate } from '../kernel/index.js';
import type { LoadPlan } from './tap-load.js';

/** An elder at the phone: logged in, with the canteen that they like. */
export interface BenchPhone {
  readonly elderId: string;
  readonly accessToken: string;
  readonly siteId: string;
}

/** Requests for every connection, and the id of the booking in each. */
export interface BookingOrders {
  readonly connections: LoadPlan['connections'];
  readonly ids: readonly (readonly string[])[];
}

/** As far ahead as meals are booked. */
const DAYS = 13;
/** One of so many is sent a second time. */
const REPEATED = 50;

function requestOf({ elderId, accessToken, siteId }: BenchPhone, id: string, mealDate: CivilDate, mealPeriod: 'lunch' | 'dinner'): Buffer {
  const body = JSON.stringify({ id, elderId, siteId, mealDate, mealPeriod, items: [{ itemCode: 'set', quantity: 1 }], way: 'dineIn', pay: 'atMeal' });
  const head = `host: 127.0.0.1\r\nauthorization: Bearer ${accessToken}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
  return Buffer.from(`POST /v1/mini/bookings HTTP/1.1\r\n${head}\r\n${body}`);
}

/** Builds what every connection will send: lunch and dinner of each day ahead for each of its elders, none twice but the repeats. */
export function writeBookings(file: string, phones: readonly BenchPhone[], connections: number, today: CivilDate): BookingOrders {
  const chunks: Buffer[] = [];
  let offset = 0;
  const lists: LoadPlan['connections'][number][] = [];
  const ids: string[][] = [];
  for (let connection = 0; connection < connections; connection += 1) {
    const own = phones.filter((_, index) => index % connections === connection);
    const [list, named]: [[number, number, 0 | 1][], string[]] = [[], []];
    for (let meal = 0; meal < 2 * DAYS; meal += 1) {
      for (const phone of own) {
        const id = randomUUID();
        const bytes = requestOf(phone, id, addDays(today, 1 + (meal >> 1)), meal % 2 === 0 ? 'lunch' : 'dinner');
        chunks.push(bytes);
        list.push([offset, bytes.length, 0]);
        named.push(id);
        if (list.length % REPEATED === 0) {
          list.push([offset, bytes.length, 1]);
          named.push(id);
        }
        offset += bytes.length;
      }
    }
    lists.push(list);
    ids.push(named);
  }
  writeFileSync(file, Buffer.concat(chunks));
  return { connections: lists, ids };
}
