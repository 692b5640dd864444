import { canonicalJson } from '../platform/index.js';
import { entryText } from './domain/index.js';
import type { TapBody } from './tap.dto.js';

/** The two texts of a tap whose SHA-256 are kept. */
export interface TapTexts {
  /** Of the journal's entry: what the till chained and signed, `entryText`. */
  readonly entry: string;
  /** Of the deed as it is compared with a repeat: the card by its digest, the till by its id. */
  readonly deed: string;
}

type Deed = Omit<TapBody, 'signature' | 'told'>;

/** Any body's texts, by the rules of canonical JSON. */
export function textsOf(deed: Deed, handle: string | null, terminalId: string): TapTexts {
  return { entry: entryText(deed.prevHash, deed), deed: canonicalJson({ ...deed, credential: { kind: deed.credential.kind, handle }, terminalId }) };
}

const FIELDS: ReadonlySet<string> = new Set(['bookingId', 'credential', 'deviceTime', 'id', 'items', 'journalNumber', 'mealPeriod', 'packVersion', 'presence', 'prevHash', 'priceListVersion', 'shown', 'tender']);

function isUsual(deed: Deed): boolean {
  for (const [field, value] of Object.entries(deed)) if (value === null || !FIELDS.has(field)) return false;
  const { credential, items, shown } = deed;
  if (credential.number === null || credential.note === null) return false;
  return Object.keys(credential).length === 1 + (credential.number === undefined ? 0 : 1) + (credential.note === undefined ? 0 : 1) && items.every((item) => Object.keys(item).length === 2) && (shown === undefined || Object.keys(shown).length === 2);
}

/** The same texts, written with the fields in their order: a third of the time, which every tap takes. */
export function quickTexts(deed: Deed, handle: string | null, terminalId: string): TapTexts {
  if (!isUsual(deed)) return textsOf(deed, handle, terminalId);
  const { credential: { kind, note, number }, packVersion, presence, shown, bookingId } = deed;
  let items = '';
  for (const { itemCode, quantity } of deed.items) items += `${items === '' ? '' : ','}{"itemCode":${JSON.stringify(itemCode)},"quantity":${quantity}}`;
  const head = `"deviceTime":"${deed.deviceTime}","id":"${deed.id}","items":[${items}],"journalNumber":${deed.journalNumber},"mealPeriod":"${deed.mealPeriod}",${packVersion === undefined ? '' : `"packVersion":${JSON.stringify(packVersion)},`}${presence === undefined ? '' : `"presence":"${presence}",`}`;
  const tail = `"priceListVersion":${deed.priceListVersion},${shown === undefined ? '' : `"shown":{"selfPayFen":${shown.selfPayFen},"subsidyFen":${shown.subsidyFen}},`}"tender":"${deed.tender}"`;
  const booked = bookingId === undefined ? '' : `"bookingId":"${bookingId}",`;
  return {
    entry: `${deed.prevHash}\n{${booked}"credential":{"kind":"${kind}"${note === undefined ? '' : `,"note":${JSON.stringify(note)}`}${number === undefined ? '' : `,"number":${JSON.stringify(number)}`}},${head}${tail}}`,
    deed: `{${booked}"credential":{"handle":${handle === null ? 'null' : `"${handle}"`},"kind":"${kind}"},${head}"prevHash":"${deed.prevHash}",${tail},"terminalId":"${terminalId}"}`,
  };
}
