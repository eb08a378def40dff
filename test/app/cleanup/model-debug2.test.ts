import { test } from 'vitest';
import { writeFileSync } from 'node:fs';
import { modelWorld, keep } from '../../support/model/world.ts';
import { cleanupSite } from '../../support/cleanup-site.ts';
import { type RunSpec } from '../../support/model/spec.ts';
test('debug', async () => {
  const spec = { version: '24.10', leftovers: [{ kind: 'due-with-snapshots', keeper: 'nobody' }] } as unknown as RunSpec;
  const model = modelWorld(spec);
  await using site = await cleanupSite(model.world, {});
  const p = await site.plan();
  const d = model.world.systems[0]!.datasets.find((x) => x.userProperties['truenas-monitor:quarantined'])!.id;
  const n0 = model.world.clusters[0]!.objects['pods']!.length;
  keep(model, 'inline-volume', { dataset: d }, 'x');
  const n1 = model.world.clusters[0]!.objects['pods']!.length;
  const r = await site.running.scan();
  writeFileSync('/tmp/w7/model-debug2.json', JSON.stringify({ n0, n1, d, steps: p.steps.length, f: r.findings.filter((f) => JSON.stringify(f).includes(d)) }, null, 1));
}, 60000);
