import { Platform1732000000000 } from './1732000000000-platform.js';
import { Region1732000100000 } from './1732000100000-region.js';
import { Access1732000200000 } from './1732000200000-access.js';
import { Site1732000300000 } from './1732000300000-site.js';
import { Menu1732000400000 } from './1732000400000-menu.js';
import { Elder1732000500000 } from './1732000500000-elder.js';
import { Ledger1732000700000 } from './1732000700000-ledger.js';
import { Tap1732000800000 } from './1732000800000-tap.js';
import { Settlement1732000900000 } from './1732000900000-settlement.js';
import { Target1732001000000 } from './1732001000000-target.js';
import { Proof1732001100000 } from './1732001100000-proof.js';
import { Policy1732001200000 } from './1732001200000-policy.js';
import { ElderRegistry1732001300000 } from './1732001300000-elder-registry.js';
import { Eligibility1732001310000 } from './1732001310000-eligibility.js';
import { Roster1732001400000 } from './1732001400000-roster.js';
import { Recovery1732001410000 } from './1732001410000-recovery.js';
import { Budget1732001500000 } from './1732001500000-budget.js';
import { Replay1732001600000 } from './1732001600000-replay.js';
import { MonthPartitions1732001700000 } from './1732001700000-month-partitions.js';
import { Seal1732001800000 } from './1732001800000-seal.js';
import { TapColumns1732001900000 } from './1732001900000-tap-columns.js';
import { Rank1732002000000 } from './1732002000000-rank.js';
import { Alert1732002100000 } from './1732002100000-alert.js';
import { Till1732002200000 } from './1732002200000-till.js';
import { PlaceHead1732002300000 } from './1732002300000-place-head.js';
import { DeedAnswer1732002400000 } from './1732002400000-deed-answer.js';
import { TillShift1732002500000 } from './1732002500000-till-shift.js';
import { ElderPhoto1732002600000 } from './1732002600000-elder-photo.js';
import { Review1732002610000 } from './1732002610000-review.js';
import { Slip1732002700000 } from './1732002700000-slip.js';
import { PriceKinds1732002800000 } from './1732002800000-price-kinds.js';
import { Booking1732003000000 } from './1732003000000-booking.js';
import { Prepaid1732003100000 } from './1732003100000-prepaid.js';
import { SitePhone1732003200000 } from './1732003200000-site-phone.js';
import { Family1732004000000 } from './1732004000000-family.js';
import { BookingPaid1732004200000 } from './1732004200000-booking-paid.js';
import { EatingCode1732004300000 } from './1732004300000-eating-code.js';
import { WechatOrder1732004100000 } from './1732004100000-wechat-order.js';
import { Care1732004400000 } from './1732004400000-care.js';
import { Reconciliation1732004500000 } from './1732004500000-reconciliation.js';
import { PhoneTyped1732005040000 } from './1732005040000-phone-typed.js';
import { ClosedOrderLook1732005030000 } from './1732005030000-closed-order-look.js';
import { PrepaidMirror1732005060000 } from './1732005060000-prepaid-mirror.js';
import { StandingAtSite1732006100000 } from './1732006100000-standing-at-site.js';
import { BookingExcused1732006101000 } from './1732006101000-booking-excused.js';

/** Every migration, oldest first. A new one is added at the end and never edited once it has landed. */
export const migrations = [
  Platform1732000000000,
  Region1732000100000,
  Access1732000200000,
  Site1732000300000,
  Menu1732000400000,
  Elder1732000500000,
  Ledger1732000700000,
  Tap1732000800000,
  Settlement1732000900000,
  Target1732001000000,
  Proof1732001100000,
  Policy1732001200000,
  ElderRegistry1732001300000,
  Eligibility1732001310000,
  Roster1732001400000,
  Recovery1732001410000,
  Budget1732001500000,
  Replay1732001600000,
  MonthPartitions1732001700000,
  Seal1732001800000,
  TapColumns1732001900000,
  Rank1732002000000,
  Alert1732002100000,
  Till1732002200000,
  PlaceHead1732002300000,
  DeedAnswer1732002400000,
  TillShift1732002500000,
  ElderPhoto1732002600000,
  Review1732002610000,
  Slip1732002700000,
  PriceKinds1732002800000,
  Booking1732003000000,
  Prepaid1732003100000,
  SitePhone1732003200000,
  Family1732004000000,
  WechatOrder1732004100000,
  BookingPaid1732004200000,
  EatingCode1732004300000,
  Care1732004400000,
  Reconciliation1732004500000,
  ClosedOrderLook1732005030000,
  PhoneTyped1732005040000,
  PrepaidMirror1732005060000,
  StandingAtSite1732006100000,
  BookingExcused1732006101000,
];
