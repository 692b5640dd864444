import { Metrics } from './metrics.js';
import { serveMetrics } from './metrics-server.js';

describe('figures for Prometheus', () => {
  it('count by label, and show gauges and histograms in its text format', async () => {
    const metrics = new Metrics();
    metrics.count('xingfu_taps_total', { outcome: 'accepted', way: 'online' });
    metrics.count('xingfu_taps_total', { outcome: 'accepted', way: 'online' }, 2);
    metrics.count('xingfu_taps_total', { outcome: 'refused', way: 'offline' }, 0);
    for (const seconds of [0.004, 0.03, 9]) metrics.observe('xingfu_tap_seconds', seconds);
    metrics.gauge(async () => ({ xingfu_claims: [{ labels: { city: '371500', state: 'draft' }, value: 4 }] }));
    const text = await metrics.text();
    expect(text.split('\n')).toEqual(expect.arrayContaining([
      '# TYPE xingfu_taps_total counter', 'xingfu_taps_total{outcome="accepted",way="online"} 3',
      'xingfu_tap_seconds_bucket{le="0.005"} 1', 'xingfu_tap_seconds_bucket{le="0.05"} 2', 'xingfu_tap_seconds_bucket{le="5"} 2', 'xingfu_tap_seconds_bucket{le="+Inf"} 3', 'xingfu_tap_seconds_count 3',
      '# TYPE xingfu_claims gauge', 'xingfu_claims{city="371500",state="draft"} 4',
    ]));
    expect(text).not.toContain('refused');
  });

  it('leave out what cannot be read now', async () => {
    const metrics = new Metrics();
    metrics.gauge(() => Promise.reject(new Error('away')));
    metrics.count('xingfu_tap_replays_total');
    expect(await metrics.text()).toBe('# HELP xingfu_tap_replays_total Taps whose id was known already and that got their first answer\n# TYPE xingfu_tap_replays_total counter\nxingfu_tap_replays_total 1\n');
  });

  it('are served at one address of a port of their own', async () => {
    const server = await serveMetrics(new Metrics(), 0, '127.0.0.1');
    const at = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${server.port}${path}`, init);
    const found = await at('/metrics');
    expect([found.status, found.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect([(await at('/')).status, (await at('/v1/me')).status, (await at('/metrics', { method: 'POST' })).status]).toEqual([404, 404, 404]);
    await server.close();
    await expect(at('/metrics')).rejects.toThrow();
  });
});
