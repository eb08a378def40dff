import fc from 'fast-check';
import { test } from 'vitest';
import { appendFileSync } from 'node:fs';
import { quietRun, troubledRun } from '../../support/model/spec.ts';
import { modelRun } from '../../support/model/run.ts';

test('probe', async () => {
  const out = (line: string) => appendFileSync('/tmp/w7/model-probe.txt', `${line}\n`);
  const n = Number(process.env['N'] ?? 20);
  const seed = Number(process.env['SEED'] ?? 1);
  const specs = fc.sample(process.env['QUIET'] ? quietRun : troubledRun, { numRuns: n, seed });
  for (const [i, spec] of specs.entries()) {
    const t = performance.now();
    try {
      const { plan, stateBefore, stateAfter, arrivals, ...o } = await modelRun(spec);
      out(JSON.stringify({ i, ms: Math.round(performance.now() - t), ...(o.violations.length + o.silentRaces.length || process.env['V'] ? { spec } : { k: spec.leftovers.map((l) => l.kind + ':' + l.keeper).join() }), ...o, arrivals: Object.fromEntries(arrivals) }));
    } catch (e) {
      out(JSON.stringify({ i, spec, error: String(e instanceof Error ? e.stack : e).slice(0, 600) }));
    }
  }
}, 3_600_000);
