import { test } from 'vitest';
import { readFileSync, writeFileSync } from 'node:fs';
import { modelRun } from '../../support/model/run.ts';
import { type RunSpec } from '../../support/model/spec.ts';
test('debug', async () => {
  const spec = JSON.parse(readFileSync('/tmp/w7/model-spec.json', 'utf8')) as RunSpec;
  const o = await modelRun(spec);
  writeFileSync('/tmp/w7/model-debug.json', JSON.stringify({ ...o, arrivals: [...o.arrivals] }, null, 1));
}, 60000);
