import { describe, expect, it } from 'vitest';
import { EXIT, exitCodeFor, exitCodeHelp, worstExitCode } from '../../src/lib/cli/exit-codes.ts';
import { type Confidence, type Severity } from '../../src/lib/core/model/finding.ts';
import { type Report } from '../../src/lib/core/model/report.ts';

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
