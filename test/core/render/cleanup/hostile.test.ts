import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CleanupHistory } from '../../../../src/lib/core/cleanup/cleanup-history.ts';
import { type Actor } from '../../../../src/lib/core/cleanup/journal-schema.ts';
import { type CleanupFormat } from '../../../../src/lib/core/render/formats.ts';
import { renderCleanupHistory } from '../../../../src/lib/core/render/cleanup/history.ts';
import { renderPlan } from '../../../../src/lib/core/render/cleanup/plan.ts';
import { renderRun } from '../../../../src/lib/core/render/cleanup/run.ts';
import { displayWidth } from '../../../../src/lib/core/render/text/columns.ts';
import { plainPalette } from '../../../../src/lib/core/render/text/palette.ts';
import { NOW } from '../../../support/builders.ts';
import {
  aCleanupHistory,
  anItem,
  aPlan,
  aPlanView,
  aRollback,
  aRun,
  aStep,
  aStepView,
  aStoppedRun,
  aSubject,
} from '../../../support/cleanup-view-builders.ts';
import { hostileText, UNSAFE } from '../../../support/hostile-text.ts';

/** Every text of a plan or a run that somebody else could have chosen. */
interface Outside {
  readonly name: string;
  readonly home: string;
  readonly message: string;
}

const outside = fc.record({ name: hostileText, home: hostileText, message: hostileText });

function everything({ name, home, message }: Outside): Omit<CleanupHistory, 'damaged'> & {
  readonly damaged: CleanupHistory['damaged'];
} {
  const by: Actor = { kind: 'os', name, host: home };
  const approver: Actor = {
    ...{ kind: 'kubernetes', name, uid: null, groups: [], cluster: home, cluster_uid: home },
  };
  const subject = aSubject({ name, system: home });
  const item = anItem({
    subject,
    reason: message,
    evidence: [{ check: name, result: 'passed', detail: message }],
  });
  const step = aStep({
    title: `change ${name}`,
    target: { side: 'truenas', system: home },
    subject,
    preconditions: [message],
    undo: message,
  });
  const plan = aPlan({
    clusters: [{ name: home, uid: name }],
    systems: [{ name: home, host: name, host_id: message, version: message }],
    items: [item],
    steps: [step],
    left_out: [{ id: item.id, rule: name, subject, reason: message }],
    parents: { [`${home}:${item.parent ?? ''}`]: 3 },
  });
  const approval = { by: approver, at: NOW, reason: message };
  const steps = [aStepView(step, { state: 'failed', detail: message, at: NOW, attempts: 1 })];
  const about = { plan, by, approvedBy: [approver], reason: message, steps };
  const world = { clusters: plan.clusters, systems: plan.systems };
  return {
    damaged: [{ kind: 'run', id: name, path: message, reason: message }],
    plans: [
      aPlanView({ plan, plannedBy: by, approvals: [approval] }),
      aPlanView({ plan, plannedBy: by, state: 'approved', approvals: [approval] }),
      aPlanView({ plan, plannedBy: by, state: 'rejected', rejection: approval }),
    ],
    runs: [
      aRun({ ...about, ...world }),
      aStoppedRun({ ...about, ...world }),
      aRollback({ ...about, ...world, lost: [{ step: 's01', reason: message }] }),
    ],
  };
}

const benign: Outside = { name: 'name', home: 'home', message: 'message' };

function documents(of: Outside, format: CleanupFormat, columns: number): readonly string[] {
  const options = { columns, palette: plainPalette, now: NOW, approvals: 2, flags: ['--demo'] };
  const history = everything(of);
  return [
    ...history.plans.map((view) => renderPlan(view, format, options)),
    ...history.runs.flatMap((run) =>
      [false, true].map((rehearsal) =>
        renderRun(run, format, { ...options, rehearsal, verdict: null }),
      ),
    ),
    renderCleanupHistory(history, format, options),
  ];
}

function property(claim: (of: Outside) => void): void {
  fc.assert(fc.property(outside, claim), { numRuns: 60 });
}

const WIDE = Number.POSITIVE_INFINITY;

describe('hostile text in clean-up', () => {
  it.each(['table', 'wide', 'json', 'yaml', 'name'] as const)(
    'leaves nothing in %s that could act on a terminal or hide in it',
    (format) => {
      property((of) => {
        for (const text of documents(of, format, WIDE)) {
          expect(UNSAFE.exec(text.replaceAll('\n', ''))).toBeNull();
        }
      });
    },
  );

  it.each(['table', 'wide', 'name'] as const)('forges no line of %s', (format) => {
    const expected = documents(benign, format, WIDE).map((text) => text.split('\n').length);
    property((of) => {
      const lines = documents(of, format, WIDE).map((text) => text.split('\n').length);
      expect(lines).toEqual(expected);
    });
  });

  it('keeps a table within its columns, commands apart, which are never broken', () => {
    property((of) => {
      for (const line of documents(of, 'table', 80).flatMap((text) => text.split('\n'))) {
        if (!line.startsWith('  truenas-monitor ')) {
          expect(displayWidth(line), line).toBeLessThanOrEqual(80);
        }
      }
    });
  });
});

describe('cleanupHistory of damaged journals', () => {
  it('stands on top of everything else', () => {
    const options = { columns: 80, palette: plainPalette, now: NOW };
    const text = renderCleanupHistory(aCleanupHistory(), 'table', options);
    expect(text.startsWith('DAMAGED: these journals are not as they were written.')).toBe(true);
    const [damaged] = aCleanupHistory().damaged;
    expect(text.replaceAll(/\n */g, '')).toContain(damaged?.path);
  });
});
