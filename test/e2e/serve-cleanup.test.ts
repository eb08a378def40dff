import { expect, test } from 'vitest';
import { type PlanViewWire } from '../../src/lib/core/render/wire/cleanup-served-schema.ts';
import { type RunWire } from '../../src/lib/core/render/wire/cleanup-schema.ts';
import { holdChanges } from '../support/desk-site.ts';
import { type ServeProcess, ServeSite } from '../support/serve-site.ts';

const PLANS = '/api/v1/cleanup/plans';

async function posted<T>(serving: ServeProcess, path: string, body: unknown): Promise<T> {
  const answer = await serving.post(path, body);
  if (!answer.ok) throw new Error(`${String(answer.status)}: ${await answer.text()}`);
  return (await answer.json()) as T; // by the schemas that are tested elsewhere
}

async function untilOver(serving: ServeProcess, runId: string): Promise<RunWire> {
  for (let tries = 0; tries < 200; tries += 1) {
    const run = await serving.json<RunWire>(`/api/v1/cleanup/runs/${runId}`);
    if (run.state !== 'applying' && run.state !== 'verifying' && run.state !== 'stopped')
      return run;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the run never ended');
}

test('a run that SIGTERM stopped is gone on with by the next process, and the commands know of it', async () => {
  await using site = await ServeSite.start({ auth: 'auto', server: { allow_apply: true } });
  const first = await site.serve();
  const plan = await posted<PlanViewWire>(first, PLANS, { rules: ['dataset-unclaimed'] });
  const hash = { plan_hash: plan.plan_hash };
  await posted(first, `${PLANS}/${plan.plan_id}/approvals`, hash);
  const held = holdChanges(site);
  const runs = `${PLANS}/${plan.plan_id}/runs`;
  const begun = await posted<RunWire>(first, runs, { ...hash, execute: true });
  await held.arrived;
  first.child.kill('SIGTERM');
  setTimeout(() => {
    held.letGo();
  }, 500);
  expect((await first.result).code).toBe(0);
  const history = await site.run('cleanup', 'history', begun.run_id, '-o', 'json');
  expect(JSON.parse(history.stdout)).toMatchObject({
    state: 'stopped',
    by: { name: 'system:serviceaccount:truenas-monitor:truenas-monitor' },
  });

  const second = await site.serve();
  const resumed = await posted<RunWire>(second, runs, { ...hash, execute: true });
  expect(resumed.run_id).toBe(begun.run_id);
  expect((await untilOver(second, begun.run_id)).state).toBe('done');
  second.child.kill('SIGTERM');
  expect((await second.result).code).toBe(0);
}, 60_000);
