import { expect, it } from 'vitest';
import { demo } from '../../src/lib/lab/scenario/demo.ts';
import { TRUENAS_VERSIONS } from '../../src/lib/lab/scenario/world.ts';
import { cleanupSite } from '../support/cleanup-site.ts';

it.each(TRUENAS_VERSIONS)(
  'plans, applies and rolls back on %s',
  async (version) => {
    await using site = await cleanupSite(demo.build(version));
    const before = site.state();
    const plan = await site.plan();
    await site.approve(plan);
    const run = await site.apply(plan);
    console.log(
      run.state,
      run.reason,
      run.steps.map((s) => [s.step.id, s.step.title, s.state, s.detail].join(' | ')).join('\n'),
    );
    expect(run.state).toBe('done');
    const back = await site.rollback(run.id);
    console.log(
      back.state,
      back.reason,
      back.steps.map((s) => [s.step.id, s.step.title, s.state, s.detail].join(' | ')).join('\n'),
    );
    expect(site.state()).toBe(before);
  },
  60000,
);
