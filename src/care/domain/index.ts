export { COMPLAINT_CATEGORIES, COMPLAINT_LEVELS, COMPLAINT_STATES, firstLevel, holdsNumber, madeAt, stepComplaint, type ComplaintCategory, type ComplaintLevel, type ComplaintStanding, type ComplaintState, type ComplaintStepKind } from './complaint.js';
export { FOLLOW_UP_OUTCOMES, FOLLOW_UP_STATES, stepFollowUp, type FollowUpOutcome, type FollowUpStanding, type FollowUpState } from './follow-up.js';
export { dueMeals, NOTICE_KINDS, RIGHT_TO_READ, SAID_PARTS, sayAnswered, sayAte, sayBooking, sayFamily, sayNotBooked, sayNotBookedAnyMore, sayTakenBack, type NoticeKind, type Said, type SaidPart } from './notice.js';
export { RATED_WITHIN_DAYS, ratingClosed, ratingsNeededFrom, RATING_WORDS, summarise, type RatingSummary, type RatingWord, type SaidRating } from './rating.js';
export { USUAL_CARE, type CareSettings } from './settings.js';
export { INBOX_PAGE, isTemplateField, messageData } from './template.js';
