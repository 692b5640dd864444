/** 幸福食堂、助餐点、老年餐桌、中央厨房 */
export const SITE_KINDS = ['canteen', 'mealPoint', 'diningTable', 'centralKitchen'] as const;
export type SiteKind = (typeof SITE_KINDS)[number];

/** How a site came to be: 企业挂牌型, 新建改造型, or on the ground of a facility that was there already. */
export const SUPPLY_MODES = [
  'hungPlate', 'newOrConverted', 'ruralHappinessHome', 'homeForAged', 'dayCareCentre', 'partyServiceCentre', 'compositeCareCentre',
] as const;
export type SupplyMode = (typeof SUPPLY_MODES)[number];

/** Whose the premises are: a public facility, the village's or community's, the operator's own, or leased. */
export const PREMISES = ['publicFacility', 'collective', 'operatorOwned', 'leased'] as const;
export type Premises = (typeof PREMISES)[number];

export const PAPER_KINDS = ['foodLicence', 'fireApproval', 'contract'] as const;
export type PaperKind = (typeof PAPER_KINDS)[number];

export const INSPECTION_RESULTS = ['passed', 'corrections', 'failed'] as const;
export type InspectionResult = (typeof INSPECTION_RESULTS)[number];

/** Kinds that serve food made elsewhere at a neighbour's table and need no food-business licence of their own (assumed). */
export const LICENCE_FREE_KINDS: readonly SiteKind[] = ['diningTable'];

/**
 * Whether a site needs a fire approval before it opens: a new or converted one that cooks does (city audits found
 * canteens without); a restaurant that signs up, and a facility that already stands, were approved as what they are.
 */
export function needsFireApproval(kind: SiteKind, mode: SupplyMode): boolean {
  return mode === 'newOrConverted' && (kind === 'canteen' || kind === 'centralKitchen');
}
