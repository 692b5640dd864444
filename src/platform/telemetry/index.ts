export { blot, openLog, type Log } from './log.js';
export { Metrics, type Sample } from './metrics.js';
export { serveMetrics, type MetricsServer } from './metrics-server.js';
