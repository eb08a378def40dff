import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test, vi } from 'vitest';
import CleanupApply from '../../../src/commands/cleanup/apply.ts';
import { startThread } from '../../../src/lib/cli/serve/start-thread.ts';
import { ThreadEngine } from '../../../src/lib/cli/serve/thread-engine.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { type CleanupDesk, type PlanApplication } from '../../../src/lib/ports/cleanup-desk.ts';
import {
  allowApplying,
  ANN,
  holdChanges,
  ONE_STEP,
  PATIENCE,
  valueOf,
} from '../../support/desk-site.ts';
import { RealCleanup } from '../../support/real-cleanup.ts';

const SILENT = { log: () => undefined };

async function aSite(): Promise<RealCleanup> {
  const site = await RealCleanup.start();
  onTestFinished(async () => {
    await site[Symbol.asyncDispose]();
  });
  await allowApplying(site);
  return site;
}

interface Threads {
  readonly engine: ThreadEngine;
  readonly started: readonly Worker[];
}

/** The engine in real threads. */
function threadsFor({ sandbox }: RealCleanup): Threads {
  for (const [name, value] of Object.entries(sandbox.environment)) vi.stubEnv(name, value);
  const started: Worker[] = [];
  const engine = new ThreadEngine({
    logger: SILENT,
    start: () => {
      const worker = startThread({
        connection: {
          config: sandbox.path('config.yaml'),
          kubeconfig: null,
          contexts: [],
          url: null,
          timeout: null,
          maxAge: millis(0),
          namespaces: [],
          demo: null,
        },
        version: '0.0.0-test',
        logLevel: 'info',
        maxConcurrent: 2,
        volumeSeries: 0,
      });
      started.push(worker);
      return worker;
    },
  });
  onTestFinished(async () => {
    await engine.close();
    vi.unstubAllEnvs();
  });
  return { engine, started };
}

/** Has a plan carried out, whose first change then waits at the NAS. */
async function begin(desk: CleanupDesk, site: RealCleanup) {
  const { view } = valueOf(await desk.plan(ONE_STEP, ANN));
  const named = { planId: view.id, planHash: view.plan.plan_hash };
  valueOf(await desk.judge({ ...named, verdict: 'approve', reason: null }, ANN));
  const held = holdChanges(site);
  const application: PlanApplication = { ...named, mode: 'execute' };
  const run = valueOf(await desk.apply(application, ANN));
  await held.arrived;
  return { application, run, held };
}

test('tells whoever waits that the thread was lost, and where to look for what had begun', async () => {
  const engine = new ThreadEngine({
    logger: SILENT,
    start: () =>
      new Worker(
        `require('node:worker_threads').parentPort.once('message', () => process.exit(3))`,
        {
          eval: true,
        },
      ),
  });
  const lost = {
    state: 'failed',
    error: {
      code: 'SCANNER_LOST',
      remediation: [expect.stringContaining('history'), expect.stringContaining('again')],
    },
  };
  const [history, plan] = await Promise.all([
    engine.desk.history(),
    engine.desk.plan(ONE_STEP, ANN),
  ]);
  expect(history).toMatchObject(lost);
  expect(plan).toMatchObject(lost);
  await engine.close();
  expect(await engine.desk.history()).toMatchObject({ error: { code: 'SHUTTING_DOWN' } });
});

test('takes a run up again in the next thread where one was lost in the middle of it', async () => {
  const site = await aSite();
  const { engine, started } = threadsFor(site);
  const { application, run, held } = await begin(engine.desk, site);
  await started[0]?.terminate();
  held.letGo();
  const [left] = valueOf(await engine.desk.history()).runs;
  expect(left).toMatchObject({ id: run.id, state: 'applying', steps: [{ pending: true }] });
  // The lock went with the thread, and the Leases are those of the same state directory.
  expect(valueOf(await engine.desk.apply(application, ANN)).id).toBe(run.id);
  await vi.waitFor(async () => {
    expect(valueOf(await engine.desk.history()).runs.at(-1)?.state).toBe('done');
  }, PATIENCE);
  expect(started).toHaveLength(2);
});

test('is over in time where the NAS does not answer, and a command looks what became of the step', async () => {
  const site = await aSite();
  const { engine } = threadsFor(site);
  const { run, held } = await begin(engine.desk, site);
  const began = performance.now();
  await engine.close();
  expect(performance.now() - began).toBeLessThan(8_000);
  held.letGo();
  const argv = [run.plan?.plan_id ?? '', '--execute', '-o', 'json'];
  const config = ['--config', site.sandbox.path('config.yaml')];
  const resumed = await site.sandbox.run(CleanupApply, [...argv, ...config]);
  expect(JSON.parse(resumed.stdout)).toMatchObject({ run_id: run.id, state: 'done' });
});
