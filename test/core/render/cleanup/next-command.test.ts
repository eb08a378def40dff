import { describe, expect, test } from 'vitest';
import {
  nextAfterPlan,
  nextAfterRehearsal,
  nextAfterRun,
} from '../../../../src/lib/core/render/cleanup/next-command.ts';
import { NOW } from '../../../support/builders.ts';
import {
  aPlan,
  aPlanView,
  aRollback,
  aRun,
  aStep,
  aStepView,
  aStoppedRun,
} from '../../../support/cleanup-view-builders.ts';

const options = { columns: 80, flags: [], now: NOW };

function commands(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.startsWith('  truenas-monitor ')).map((line) => line.trim());
}

describe('what to type next', () => {
  test('a plan nobody approved asks for that between the dry run and the real one', () => {
    expect(commands(nextAfterPlan(aPlanView(), options))).toEqual([
      'truenas-monitor cleanup apply 0123456789abcdef',
      'truenas-monitor cleanup approve 0123456789abcdef',
      'truenas-monitor cleanup apply 0123456789abcdef --execute',
    ]);
  });

  test('an expired or rejected plan leads to a new one and to nothing else', () => {
    const expired = aPlanView({
      state: 'approved',
      plan: aPlan({ expires_at: NOW.toISOString() }),
    });
    expect(commands(nextAfterPlan(expired, options))).toEqual(['truenas-monitor cleanup plan']);
    const rejected = aPlanView({ state: 'rejected' });
    expect(commands(nextAfterPlan(rejected, options))).toEqual(['truenas-monitor cleanup plan']);
  });

  test('carries the flags without which it would act on something else', () => {
    const lines = nextAfterPlan(aPlanView(), { ...options, flags: ['--demo'] });
    expect(commands(lines).every((line) => line.endsWith(' --demo'))).toBe(true);
  });

  test.each(['unknown', 'applying', 'verifying'] as const)(
    'a run that is %s is gone on with by the command that began it',
    (state) => {
      // No rollback: it is refused before the unknown outcome is looked at.
      expect(commands(nextAfterRun(aStoppedRun({ state }), options))).toEqual([
        'truenas-monitor cleanup apply 0123456789abcdef --execute',
      ]);
    },
  );

  test('a run that stopped between its steps is gone on with, or undone', () => {
    const lines = nextAfterRun(aRun({ state: 'stopped' }), options);
    expect(commands(lines)).toEqual([
      'truenas-monitor cleanup apply 0123456789abcdef --execute',
      'truenas-monitor cleanup rollback 20261122-120100-4f2a --execute',
    ]);
  });

  test('a rollback that stopped is gone on with by the id of the run it undoes', () => {
    const lines = nextAfterRun(aRollback({ state: 'stopped' }), options);
    expect(commands(lines)).toEqual([
      'truenas-monitor cleanup rollback 20261122-120100-4f2a --execute',
    ]);
  });

  test('a failed run is never gone on with', () => {
    const lines = nextAfterRun(aRun({ state: 'failed' }), options);
    expect(commands(lines)).toEqual([
      'truenas-monitor cleanup plan',
      'truenas-monitor cleanup rollback 20261122-120100-4f2a --execute',
    ]);
  });

  test('offers no way back where there is none', () => {
    const { steps } = aRun();
    const destroyed = steps.filter(({ step }) => step.undo === null);
    const lines = nextAfterRun(aRun({ steps: destroyed }), options);
    expect(lines).toEqual(['Nothing brings back what s03 took away.']);
  });

  test('says of a repair why no rollback takes it back, and offers none', () => {
    const step = aStep({
      change: { type: 'set-enabled', kind: 'nfs-share', id: 20, enabled: true },
    });
    const lines = nextAfterRun(aRun({ steps: [aStepView(step, { state: 'done' })] }), options);
    expect(commands(lines)).toEqual([]);
    expect(lines.join(' ')).toContain('No rollback undoes s01');
    expect(lines.join(' ')).toContain('may be in use through it');
  });

  test('a dry run of a plan nobody approved asks for that first', () => {
    const run = aRun({ state: 'validated' });
    expect(commands(nextAfterRehearsal(run, 'awaiting_approval', options))).toEqual([
      'truenas-monitor cleanup approve 0123456789abcdef',
      'truenas-monitor cleanup apply 0123456789abcdef --execute',
    ]);
    expect(commands(nextAfterRehearsal(run, 'approved', options))).toEqual([
      'truenas-monitor cleanup apply 0123456789abcdef --execute',
    ]);
    expect(commands(nextAfterRehearsal(run, 'rejected', options))).toEqual([
      'truenas-monitor cleanup plan',
    ]);
  });

  test('offers nothing where there is nothing to do', () => {
    expect(nextAfterRehearsal(aRun({ steps: [] }), 'awaiting_approval', options)).toEqual([
      'There is nothing to do: the plan is empty.',
    ]);
  });
});
