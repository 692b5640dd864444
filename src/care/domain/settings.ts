/** What a city sets for complaints, notices and ratings. */
export interface CareSettings {
  /** Days in which a complaint is to be answered before it goes to the county. */
  readonly answerDays: number;
  /** Days in which one may say that an answer does not satisfy. */
  readonly replyDays: number;
  /** Days for which notices are kept. */
  readonly noticeDays: number;
  /** Ratings it takes before an average is shown. */
  readonly ratingLeast: number;
}

/** Where a city has set nothing. */
export const USUAL_CARE: CareSettings = { answerDays: 7, replyDays: 15, noticeDays: 90, ratingLeast: 10 };
