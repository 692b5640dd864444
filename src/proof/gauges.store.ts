import type { Sample, Tx } from '../platform/index.js';

interface Row {
  readonly name: string;
  readonly city: string;
  readonly label: string | null;
  readonly value: number;
}

const LABELS: Readonly<Record<string, string>> = { xingfu_jobs: 'state', xingfu_claims: 'state', xingfu_invariant_violations: 'invariant', xingfu_alerts_open: 'kind' };

/** How the rows stand at this moment, for those who watch the machinery: counts by city and state, never a row itself. */
export async function readGauges(tx: Tx): Promise<Record<string, Sample[]>> {
  const rows = await tx.query<Row>(
    `WITH open AS (SELECT o.city_code, o.entered_at FROM outbox o WHERE o.handled_at IS NULL AND o.dead_at IS NULL),
       last_run AS (SELECT DISTINCT ON (r.city_code) r.city_code, r.violations FROM proof_run r ORDER BY r.city_code, r.ran_for DESC)
     SELECT 'xingfu_outbox_age_seconds' AS name, c.city_code AS city, NULL AS label, coalesce(extract(epoch FROM clock_timestamp() - min(o.entered_at)), 0)::float8 AS value
       FROM region_city c LEFT JOIN open o ON o.city_code = c.city_code GROUP BY c.city_code
     UNION ALL SELECT 'xingfu_jobs', c.city_code, s.state, (SELECT count(*) FROM outbox o WHERE o.city_code = c.city_code AND o.handled_at IS NULL AND (o.dead_at IS NOT NULL) = (s.state = 'dead'))::float8
       FROM region_city c, (VALUES ('open'), ('dead')) AS s (state)
     UNION ALL SELECT 'xingfu_claims', k.city_code, k.state, count(*)::float8 FROM claim k GROUP BY k.city_code, k.state
     UNION ALL SELECT 'xingfu_invariant_violations', l.city_code, 'all', coalesce((SELECT sum((v ->> 'count')::bigint) FROM jsonb_array_elements(l.violations) AS v), 0)::float8 FROM last_run l
     UNION ALL SELECT 'xingfu_alerts_open', c.city_code, s.kind, (SELECT count(*) FROM alert a WHERE a.city_code = c.city_code AND a.kind = s.kind AND a.resolved_at IS NULL)::float8
       FROM region_city c, (VALUES ('invariant'), ('job'), ('seal'), ('payment')) AS s (kind)
     UNION ALL SELECT 'xingfu_audit_height', c.city_code, NULL, coalesce((SELECT max(a.seq) FROM audit a WHERE a.city_code = c.city_code), 0)::float8 FROM region_city c`);
  const samples: Record<string, Sample[]> = {};
  for (const { name, city, label, value } of rows) {
    const kind = LABELS[name];
    (samples[name] ??= []).push({ labels: { city, ...(kind === undefined || label === null ? {} : { [kind]: label }) }, value });
  }
  return samples;
}
