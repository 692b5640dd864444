export { raiseAlerts, resolveAlerts } from './alert.store.js';
export { JobBoard, stageJobs, type JobHandler, type JobRequest, type WorkFinder } from './job-board.js';
export { type JobPace } from './job-queue.js';
export { reachRedis } from './reach-redis.js';
export { JobRunner, type JobRunnerParts } from './job-runner.js';
export { deadJobs, reviveJobs, type DeadJob } from './outbox.store.js';
