import { describe, expect, it } from 'vitest';
import {
  EXIT,
  exitCodeFor,
  exitCodeForAnalysis,
  exitCodeForChecks,
  exitCodeForPlan,
  exitCodeForRun,
  exitCodeHelp,
  worstExitCode,
} from '../../src/lib/cli/exit-codes.ts';
import { type Confidence, type Severity } from '../../src/lib/core/model/finding.ts';
import { type CheckStatus, type ValidationSummary } from '../../src/lib/core/model/validation.ts';
import { type Report } from '../../src/lib/core/model/report.ts';

import {
  anAnalysis,
  anAnomaly,
  aPoolAnalysis,
  aVolumeAnalysis,
} from '../support/analysis-builders.ts';

function report(complete: boolean, ...findings: [Severity, Confidence][]): Report {
  const reported = findings.map(([severity, confidence]) => ({ severity, confidence }));
  return { complete, findings: reported } as unknown as Report; // all that an exit code looks at
}

describe('the exit code', () => {
  it.each([
    [report(true), 'info', 'likely', 0],
    [report(false), null, 'likely', 3],
    [report(true, ['high', 'certain']), null, 'likely', 0],
    [report(true, ['high', 'certain']), 'critical', 'likely', 0],
    [report(true, ['high', 'likely']), 'high', 'likely', 1],
    [report(true, ['high', 'likely']), 'high', 'certain', 0],
    [report(true, ['critical', 'certain']), 'medium', 'certain', 1],
    [report(false, ['critical', 'certain']), 'medium', 'certain', 1],
    [report(false, ['low', 'certain']), 'medium', 'certain', 3],
  ] as const)('of %j failing on %s %s is %i', (given, severity, confidence, code) => {
    expect(exitCodeFor(given, { severity, confidence })).toBe(code);
  });

  const checks = (complete: boolean, ...results: [CheckStatus, Severity][]): ValidationSummary => {
    const outcomes = results.map(([status, severity]) => ({ status, severity }));
    return { complete, results: outcomes } as unknown as ValidationSummary; // likewise
  };

  it.each([
    [checks(true), 'info', 0],
    [checks(false), null, 3],
    [checks(true, ['FAIL', 'critical']), null, 0],
    [checks(true, ['FAIL', 'high']), 'critical', 0],
    [checks(true, ['FAIL', 'high']), 'high', 1],
    [checks(true, ['WARNING', 'medium']), 'high', 0],
    [checks(true, ['WARNING', 'medium']), 'medium', 1],
    [checks(true, ['PASS', 'critical'], ['SKIPPED', 'critical']), 'info', 0],
    [checks(false, ['SKIPPED', 'critical']), 'high', 3],
    [checks(false, ['FAIL', 'critical'], ['SKIPPED', 'high']), 'high', 1],
  ] as const)('of checks %j failing on %s is %i', (given, severity, code) => {
    expect(exitCodeForChecks(given, severity)).toBe(code);
  });

  it('is the one that weighs most where several hold', () => {
    const order = [
      EXIT.incomplete,
      EXIT.findings,
      EXIT.failed,
      EXIT.unknownOutcome,
      EXIT.interrupted,
    ];
    order.forEach((code, index) => {
      expect(worstExitCode([EXIT.ok, ...order.slice(0, index + 1)])).toBe(code);
    });
    expect(worstExitCode([])).toBe(0);
  });

  it('is explained in help, in the words of the command where they differ', () => {
    expect(exitCodeHelp([EXIT.ok, EXIT.interrupted], { [EXIT.ok]: 'done' })).toBe(
      'Exit codes:\n  0  done\n  130  interrupted',
    );
  });
});

describe('the exit code of an analysis', () => {
  const pool = (severity: Severity | null) => anAnalysis({ pools: [aPoolAnalysis({ severity })] });
  const volume = (pressure: 'warning' | 'critical') =>
    anAnalysis({ volumes: [aVolumeAnalysis({ pressure })] });

  it.each([
    ['calm', anAnalysis(), 'info', 0],
    ['a full pool nobody asked about', pool('critical'), null, 0],
    ['a full pool', pool('critical'), 'critical', 1],
    ['a pool below the limit', pool('medium'), 'high', 0],
    ['a volume at its critical threshold', volume('critical'), 'high', 1],
    ['the same, where only pools could be critical', volume('critical'), 'critical', 0],
    ['a volume at its warning', volume('warning'), 'medium', 1],
    ['an anomaly', anAnalysis({ anomalies: [anAnomaly({ severity: 'low' })] }), 'low', 1],
    ['not everything read', { ...anAnalysis(), complete: false }, 'info', 3],
    ['a full pool and not everything read', { ...pool('high'), complete: false }, 'high', 1],
  ] as const)('with %s', (_, analysis, failOn, code) => {
    expect(exitCodeForAnalysis(analysis, failOn)).toBe(code);
  });
});

describe('the exit code of a clean-up', () => {
  it.each([
    [true, 0],
    [false, 3],
  ])('is, of a plan whose scan was complete: %s, %i', (complete, code) => {
    expect(exitCodeForPlan({ complete })).toBe(code);
  });

  type Run = Parameters<typeof exitCodeForRun>[0];
  const run = (
    state: Run['state'],
    steps: readonly (Run['steps'][number]['state'] | 'pending')[],
    lost: Run['lost'] = [],
  ): Run => {
    const views = steps.map((each) => ({
      state: each === 'pending' ? null : each,
      pending: each === 'pending',
    }));
    return { state, steps: views, lost } as unknown as Run; // all that an exit code looks at
  };

  it.each([
    ['everything was done', run('done', ['done', 'done']), 0],
    ['a dry run found nothing in the way', run('validated', ['done', null]), 0],
    ['there was nothing to do', run('done', []), 0],
    ['something was skipped', run('done', ['done', 'skipped']), 1],
    ['something was taken back', run('done', ['rolled_back']), 1],
    ['something failed', run('failed', ['done', 'failed', null]), 1],
    ['something cannot be undone', run('rolled_back', ['done'], [{ step: 's01', reason: 'x' }]), 1],
    ['it stopped for want of proof', run('stopped', ['done', null]), 3],
    ['it stopped after something was skipped', run('stopped', ['skipped', null]), 1],
    ['the outcome of a step is unknown', run('unknown', ['done', 'unknown', null]), 4],
    ['a step was announced and not heard of since', run('applying', ['pending', null]), 4],
    ['a step failed, and of another nobody knows', run('failed', ['failed', 'unknown']), 4],
  ])('where %s', (_, given, code) => {
    expect(exitCodeForRun(given, false)).toBe(code);
  });

  it('is that of an interruption, whatever was done', () => {
    expect(exitCodeForRun(run('unknown', ['unknown']), true)).toBe(130);
  });
});
