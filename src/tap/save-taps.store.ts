import type { CivilMonth } from '../kernel/index.js';
import { at, type Tx } from '../platform/index.js';
import { explain, type AcceptedTap, type RefusedTap, type Tap, type TapAnswer } from './domain/index.js';
import { nameOfWords } from './reason-words.js';

/** A tap that is to be written down, with what was decided. */
export interface SavedTap {
  readonly tap: Tap;
  readonly plan: AcceptedTap | RefusedTap;
  readonly answer: TapAnswer;
  readonly bookedMonth: CivilMonth;
  /** Its day was over when it was booked. */
  readonly dayOver: boolean;
  readonly bodyHash: string;
  readonly prevHash: string;
  readonly entryHash: string;
  readonly signature: Buffer | null;
  readonly operatorId: string | null;
  readonly payeeId: string | null;
}

/** Stands between JSON texts, which never hold it: JSON writes control characters otherwise. */
const BETWEEN = '\u001e';

const SAVE = `
  WITH claimed AS (
    INSERT INTO tap_claim (city_code, tap_id, body_hash, terminal_id, journal_number, prev_hash, entry_hash, booked_month, signature)
    SELECT $1, t.* FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::bigint[], $6::text[], $7::text[], $8::text[], $42::bytea[]) AS t
  ), worded AS (
    INSERT INTO meal_reason (city_code, reason_hash, reason)
    SELECT $1, w.name, w.words::jsonb FROM unnest($43::text[], string_to_array($44, '${BETWEEN}')) AS w (name, words) ORDER BY w.name
    ON CONFLICT (city_code, reason_hash) DO NOTHING
  ), eaten AS (
    INSERT INTO meal (city_code, booked_month, tap_id, terminal_id, site_id, operator_id, payee_id, elder_id, card_id, meal_date, meal_period,
      price_fen, self_pay_fen, subsidy_fen, site_borne_fen, outcome, code, pack, pack_version, price_list_version, tender,
      device_time, received_at, offline, flags, items, explanation, answer)
    SELECT $1, t.booked_month, t.tap_id, t.terminal_id, t.site_id, t.operator_id, t.payee_id, t.elder_id, t.card_id, t.meal_date, t.meal_period,
      t.price_fen, t.self_pay_fen, t.subsidy_fen, t.site_borne_fen, t.outcome, t.code, t.pack, t.pack_version, t.price_list_version, t.tender,
      t.device_time, t.received_at, t.offline, string_to_array(t.flags, ','), t.items::jsonb, t.explanation::jsonb, t.answer::jsonb
    FROM unnest($8::text[], $2::uuid[], $4::uuid[], $9::uuid[], $10::uuid[], $11::uuid[], $12::uuid[], $13::uuid[], $14::date[], $15::text[],
      $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::text[], $21::text[], $22::text[], $23::text[], $24::int[], $25::text[],
      $26::timestamptz[], $27::timestamptz[], $28::boolean[], $29::text[],
      string_to_array($30, '${BETWEEN}'), string_to_array($31, '${BETWEEN}'), string_to_array($32, '${BETWEEN}'))
      AS t (booked_month, tap_id, terminal_id, site_id, operator_id, payee_id, elder_id, card_id, meal_date, meal_period,
      price_fen, self_pay_fen, subsidy_fen, site_borne_fen, outcome, code, pack, pack_version, price_list_version, tender,
      device_time, received_at, offline, flags, items, explanation, answer)
  ), shared AS (
    INSERT INTO meal_share (city_code, booked_month, tap_id, funder_code, fen)
    SELECT $1, s.* FROM unnest($33::text[], $34::uuid[], $35::text[], $36::bigint[]) AS s
  )
  INSERT INTO subsidy_use AS kept (city_code, elder_id, rule_id, period_key, count, fen)
  SELECT $1, u.elder_id, u.rule_id, u.period_key, sum(u.count), sum(u.fen)
  FROM unnest($37::uuid[], $38::text[], $39::text[], $40::int[], $41::bigint[]) AS u (elder_id, rule_id, period_key, count, fen)
  GROUP BY u.elder_id, u.rule_id, u.period_key ORDER BY u.elder_id, u.rule_id, u.period_key
  ON CONFLICT (city_code, elder_id, rule_id, period_key) DO UPDATE SET count = kept.count + EXCLUDED.count, fen = kept.fen + EXCLUDED.fen`;

function byJournal({ tap: a }: SavedTap, { tap: b }: SavedTap): number {
  return a.terminalId < b.terminalId ? -1 : a.terminalId > b.terminalId ? 1 : a.journalNumber - b.journalNumber;
}

/** What of an answer no column says. */
function answerText({ sentence, funding, dueFen }: TapAnswer): string {
  return JSON.stringify({ sentence, funding, dueFen });
}

/**
 * Writes taps down in one statement: their claims, meals, shares and the elders' counters. The ids and elders are
 * locked by the caller.
 * @throws the database's unique violation when a journal number was taken meanwhile
 */
export async function saveTaps(tx: Tx, cityCode: string, saved: readonly SavedTap[]): Promise<void> {
  if (saved.length === 0) return;
  // Two batches with one journal number wait for each other at its unique key: in one order, so never crosswise.
  const rows = [...saved].sort(byJournal);
  const accepted = rows.map(({ plan }) => (plan.kind === 'accepted' ? plan : null));
  const shares = rows.flatMap(({ plan, tap, bookedMonth }) => (plan.kind === 'accepted' ? plan.shares.map((share) => ({ ...share, tapId: tap.tapId, bookedMonth })) : []));
  const uses = rows.flatMap(({ plan }) => (plan.kind === 'accepted' && plan.elderId !== null ? plan.uses.map((use) => ({ ...use, elderId: plan.elderId })) : []));
  const words = new Map<string, string>();
  const nameWords = (reason: Parameters<typeof nameOfWords>[0]): string => {
    const { name, text } = nameOfWords(reason);
    words.set(name, text);
    return name;
  };
  const explanations = accepted.map((plan, index) => (plan === null ? '{}' : JSON.stringify(explain(plan, nameWords, rows[index]?.tap.presence))));
  await tx.query(SAVE, [
    cityCode, rows.map((row) => row.tap.tapId), rows.map((row) => row.bodyHash), rows.map((row) => row.tap.terminalId), rows.map((row) => row.tap.journalNumber),
    rows.map((row) => row.prevHash), rows.map((row) => row.entryHash), rows.map((row) => row.bookedMonth),
    rows.map((row) => row.tap.siteId), rows.map((row) => row.operatorId), rows.map((row) => row.payeeId),
    accepted.map((plan) => plan?.elderId ?? null), accepted.map((plan) => plan?.cardId ?? null), rows.map((row) => row.plan.mealDate), rows.map((row) => row.tap.mealPeriod),
    accepted.map((plan) => plan?.priceFen ?? 0), accepted.map((plan) => plan?.selfPayFen ?? 0), accepted.map((plan) => plan?.subsidyFen ?? 0), accepted.map((plan) => plan?.siteBorneFen ?? 0),
    rows.map((row) => row.plan.kind), rows.map((row) => row.plan.code), accepted.map((plan) => plan?.decision.pack ?? null), accepted.map((plan) => plan?.decision.version ?? null),
    rows.map((row) => row.tap.priceListVersion), rows.map((row) => row.tap.tender), rows.map((row) => at(row.tap.deviceTime)), rows.map((row) => at(row.tap.receivedAt)),
    rows.map((row) => row.tap.offline), accepted.map((plan) => plan?.flags.join(',') ?? ''), rows.map((row) => JSON.stringify(row.tap.items)).join(BETWEEN),
    explanations.join(BETWEEN), rows.map((row) => answerText(row.answer)).join(BETWEEN),
    shares.map((share) => share.bookedMonth), shares.map((share) => share.tapId), shares.map((share) => share.funderCode), shares.map((share) => share.fen),
    uses.map((use) => use.elderId), uses.map((use) => use.ruleId), uses.map((use) => use.periodKey), uses.map((use) => use.count), uses.map((use) => use.fen),
    rows.map((row) => row.signature), [...words.keys()], words.size === 0 ? null : [...words.values()].join(BETWEEN),
  ], 'tap.save');
}
