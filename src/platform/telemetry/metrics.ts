/** What a sample may be told apart by: few values each, never an elder, a tap or a person. */
export type Labels = Readonly<Record<string, string>>;

/** One figure of a gauge. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** Reads figures when they are asked for, such as rows that wait. */
export type GaugeReader = () => Promise<Readonly<Record<string, readonly Sample[]>>>;

interface Family {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
}

/** Upper ends of the histograms, in seconds and in taps. */
const BUCKETS: Readonly<Record<string, readonly number[]>> = {
  xingfu_tap_seconds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  xingfu_tap_batch_size: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
};

/** Every family that `/metrics` may show. A name that is not here is a defect of the code. */
const FAMILIES = {
  xingfu_taps_total: { type: 'counter', help: 'Taps by outcome and way of arriving' },
  xingfu_tap_replays_total: { type: 'counter', help: 'Taps whose id was known already and that got their first answer' },
  xingfu_tap_conflicts_total: { type: 'counter', help: 'Taps refused with 409, by code' },
  xingfu_tap_seconds: { type: 'histogram', help: 'Time from a tap to its answer' },
  xingfu_tap_batch_size: { type: 'histogram', help: 'Taps recorded in one transaction' },
  xingfu_taps_waiting: { type: 'gauge', help: 'Taps that wait for a batch' },
  xingfu_http_answers_total: { type: 'counter', help: 'Answers by class of status' },
  xingfu_pool_connections: { type: 'gauge', help: 'Database connections by state' },
  xingfu_transactions_rerun_total: { type: 'counter', help: 'Transactions run again after a serialization failure or deadlock' },
  xingfu_outbox_age_seconds: { type: 'gauge', help: 'Age of the oldest job that waits' },
  xingfu_jobs: { type: 'gauge', help: 'Jobs by kind and state' },
  xingfu_claims: { type: 'gauge', help: 'Claims by state' },
  xingfu_invariant_violations: { type: 'gauge', help: 'Violations in the last nightly run; must be 0' },
  xingfu_alerts_open: { type: 'gauge', help: 'Open alerts by kind' },
  xingfu_wechat_orders_open: { type: 'gauge', help: 'Orders at WeChat Pay that are neither paid nor closed' },
  xingfu_wechat_orders_overdue: { type: 'gauge', help: 'Of those, the ones whose end is more than 24 h 10 min ago; must be 0' },
  xingfu_audit_height: { type: 'gauge', help: 'Number of the last row of the audit chain' },
} as const satisfies Readonly<Record<string, Family>>;
type MetricName = keyof typeof FAMILIES;

interface Histogram {
  readonly counts: number[];
  sum: number;
  count: number;
}

/** Figures of this process, and the way to show them as Prometheus reads them. Counting costs an addition. */
export class Metrics {
  private readonly counters = new Map<MetricName, Map<string, number>>();
  private readonly histograms = new Map<MetricName, Histogram>();
  private readonly readers: GaugeReader[] = [];

  /** Adds to a counter. */
  count(name: MetricName, labels: Labels = {}, by = 1): void {
    if (by === 0) return;
    const series = this.counters.get(name) ?? new Map<string, number>();
    this.counters.set(name, series);
    const key = labelText(labels);
    series.set(key, (series.get(key) ?? 0) + by);
  }

  /** Notes one value of a histogram, in its unit. */
  observe(name: MetricName, value: number): void {
    const ends = BUCKETS[name] ?? [];
    const histogram = this.histograms.get(name) ?? { counts: ends.map(() => 0), sum: 0, count: 0 };
    this.histograms.set(name, histogram);
    const bucket = ends.findIndex((end) => value <= end);
    if (bucket >= 0) histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1;
    histogram.sum += value;
    histogram.count += 1;
  }

  /** Lets a room show figures that it reads when asked. */
  gauge(reader: GaugeReader): void {
    this.readers.push(reader);
  }

  /** All figures in Prometheus' text format. A reader whose database is away is left out, the others are shown. */
  async text(): Promise<string> {
    const gauges = await Promise.all(this.readers.map((read) => read().catch(() => ({}))));
    const lines: string[] = [];
    for (const [name, { type, help }] of Object.entries(FAMILIES) as [MetricName, Family][]) {
      const samples = [
        ...[...(this.counters.get(name) ?? [])].map(([key, value]) => `${name}${key} ${value}`),
        ...gauges.flatMap((found) => (found as Record<string, readonly Sample[]>)[name] ?? []).map(({ labels, value }) => `${name}${labelText(labels)} ${value}`),
        ...this.histogramLines(name),
      ];
      if (samples.length > 0) lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples);
    }
    return `${lines.join('\n')}\n`;
  }

  private histogramLines(name: MetricName): string[] {
    const histogram = this.histograms.get(name);
    if (histogram === undefined) return [];
    let below = 0;
    const buckets = (BUCKETS[name] ?? []).map((end, index) => {
      below += histogram.counts[index] ?? 0;
      return `${name}_bucket{le="${end}"} ${below}`;
    });
    return [...buckets, `${name}_bucket{le="+Inf"} ${histogram.count}`, `${name}_sum ${histogram.sum}`, `${name}_count ${histogram.count}`];
  }
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, '_')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
