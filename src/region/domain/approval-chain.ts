/** A step of the way that a claim takes: what is done, and which role may do it. */
export interface ApprovalStep {
  readonly step: 'submit' | 'township' | 'county' | 'financeReview' | 'release';
  readonly role: 'canteenManager' | 'townshipOfficer' | 'countyOfficer' | 'cityOfficer' | 'financeReviewer' | 'financeApprover';
}

/** The chain of a city that has not set its own: the site submits, the township reviews, the county approves, finance reviews and releases. */
export const DEFAULT_CHAIN: readonly ApprovalStep[] = [
  { step: 'submit', role: 'canteenManager' },
  { step: 'township', role: 'townshipOfficer' },
  { step: 'county', role: 'countyOfficer' },
  { step: 'financeReview', role: 'financeReviewer' },
  { step: 'release', role: 'financeApprover' },
];
