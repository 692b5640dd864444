/** Every kind of fault that a month may hold, with its number in the list of faults. */
export const FAULTS = {
  apiKilledAfterCommit: 'F01', apiKilledBeforeCommit: 'F02', answerDropped: 'F03', otherBody: 'F04', twoTillsAtOnce: 'F05', sameTapTwoTills: 'F06',
  uploadedTwice: 'F07', outOfOrder: 'F08', uploadCut: 'F09', lineHalfOpen: 'F09', lateAfterClose: 'F10', closeWhileUploading: 'F11', wrongClock: 'F12', midnight: 'F13',
  cardLostOffline: 'F17', deathLate: 'F18', ruleChanged: 'F19', capOffline: 'F20', postgresStoppedImmediate: 'F21', postgresRestartInFlight: 'F22', connectionsCut: 'F25',
  queueWiped: 'F30', redisWiped: 'F30', workerKilledInSettlement: 'F32', workerFrozen: 'F33', monthClosedTwice: 'F34', workerKilledTwice: 'F36', schedulerMissed: 'F37', sigtermInSettlement: 'F38',
  serverClockStep: 'F39',
} as const;

export type Fault = keyof typeof FAULTS;
export const FAULT_KINDS = Object.keys(FAULTS) as Fault[];
/** Those that a seed draws. Where the queue lies on Redis, its wipe is seen as another one than that of a schema. */
export const DRAWN_KINDS = FAULT_KINDS.filter((fault) => fault !== 'redisWiped');

/** Faults of the worker while claims are built: a month holds one of them. */
export const WORKER_FAULTS: readonly Fault[] = ['queueWiped', 'workerKilledInSettlement', 'workerFrozen', 'workerKilledTwice', 'schedulerMissed', 'sigtermInSettlement'];
/** Faults of the server, which a month on somebody's own server cannot have. */
export const SERVER_FAULTS: readonly Fault[] = ['postgresStoppedImmediate', 'postgresRestartInFlight'];

/** Whether a word names a fault. */
export function isFault(word: string): word is Fault {
  return Object.hasOwn(FAULTS, word);
}
