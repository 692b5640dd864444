export { JobBoard, stageJobs, type JobHandler, type JobRequest, type WorkFinder } from './job-board.js';
