import { Ajv } from 'ajv';
import { lookQuickly } from '../platform/index.js';
import { EATERS } from '../menu/domain/index.js';
import { MEAL_PERIODS } from '../subsidy/domain/index.js';
import { PRESENCES, TENDERS } from './domain/index.js';
import { MOST_QUANTITY, TapBody } from './tap.dto.js';

// Narrower than the rules of `TapBody` wherever that is simpler: what is refused here is looked at by them.
const split = { type: 'object', additionalProperties: false, required: ['selfPayFen', 'subsidyFen'], properties: { selfPayFen: fen(), subsidyFen: fen() } };
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
const TAP = {
  type: 'object', additionalProperties: false,
  required: ['id', 'credential', 'items', 'priceListVersion', 'mealPeriod', 'deviceTime', 'journalNumber', 'prevHash', 'tender'],
  properties: {
    id: text(UUID),
    credential: {
      type: 'object', additionalProperties: false, required: ['kind'],
      properties: { kind: { enum: ['card', 'guest', 'code'] }, number: text('[0-9A-Za-z]{1,40}'), note: text('[0-9A-Za-z_-]{1,400}') },
    },
    items: {
      type: 'array', minItems: 1, maxItems: 20,
      items: { type: 'object', additionalProperties: false, required: ['itemCode', 'quantity'], properties: { itemCode: text('[0-9A-Za-z\\u4e00-\\u9fff._-]{1,40}'), quantity: whole(1, MOST_QUANTITY), half: { enum: [true] }, for: { enum: [...EATERS] } } },
    },
    priceListVersion: whole(1, 1_000_000_000), packVersion: text('[0-9A-Za-z._-]{1,60}'), mealPeriod: { enum: [...MEAL_PERIODS] },
    deviceTime: text('\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,3})?(Z|[+-]\\d{2}:\\d{2})'),
    journalNumber: whole(1, Number.MAX_SAFE_INTEGER), prevHash: text('[0-9a-f]{64}'), tender: { enum: [...TENDERS] }, shown: split, presence: { enum: [...PRESENCES] }, bookingId: text(UUID),
    signature: text('[0-9A-Za-z_-]{1,200}'),
  },
};

function text(pattern: string): object {
  return { type: 'string', pattern: `^${pattern}$` };
}

function whole(minimum: number, maximum: number): object {
  return { type: 'integer', minimum, maximum };
}

function fen(): object {
  return whole(0, 100_000_000_000);
}

const shape = new Ajv({ strict: true, allowUnionTypes: false }).compile<TapBody>(TAP);

/** Whether a raw body is a well-formed tap beyond doubt. What is not may still be one: the rules of `TapBody` know. */
export function isPlainTap(body: unknown): body is TapBody {
  return shape(body) && !Number.isNaN(Date.parse(body.deviceTime));
}

lookQuickly(TapBody, isPlainTap);
