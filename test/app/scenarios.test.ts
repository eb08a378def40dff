import { describe, expect, test } from 'vitest';
import { type Finding } from '../../src/lib/core/model/finding.ts';
import { homeOf } from '../../src/lib/core/model/resource-ref.ts';
import { SCENARIOS } from '../../src/lib/lab/scenario/registry.ts';
import { type ExpectedFinding } from '../../src/lib/lab/scenario/world.ts';
import { runWorld } from '../support/scan-scenario.ts';

const line = ({ rule, name, confidence }: ExpectedFinding): string =>
  `${rule} ${name} ${confidence}`;

function lineOf({ rule, subject, confidence }: Finding): string {
  const { namespace, name } = subject;
  return line({ rule, name: namespace === null ? name : `${namespace}/${name}`, confidence });
}

/** Whether a finding is the one that is expected, in all that is said of it. */
function isMeant(expected: ExpectedFinding, finding: Finding): boolean {
  const { on, safe, says } = expected;
  return (
    lineOf(finding) === line(expected) &&
    (on === undefined || homeOf(finding.subject).endsWith(` ${on}`)) &&
    (safe === undefined || finding.remedy.safe === safe) &&
    (says === undefined || JSON.stringify(finding).includes(says))
  );
}

describe.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
  '%s',
  (_, scenario) => {
    test.each(scenario.versions)(
      'finds exactly what is expected over TrueNAS %s',
      async (version) => {
        await using running = await runWorld(scenario.build(version));
        const report = await running.scan();
        const incomplete = report.sources
          .filter(({ coverage }) => coverage.state === 'partial' || coverage.state === 'failed')
          .map(({ name, coverage }) => `${name}: ${'reason' in coverage ? coverage.reason : ''}`);
        const { expected } = scenario;
        expect(report.findings.map(lineOf).sort()).toEqual(expected.map(line).sort());
        const missed = expected.filter(
          (each) => !report.findings.some((finding) => isMeant(each, finding)),
        );
        expect(missed).toEqual([]);
        // Secrets of drivers are planted in every world; none may come out of it.
        expect(JSON.stringify(report)).not.toContain('planted-');
        expect(incomplete.length > 0, incomplete.join('\n')).toBe(scenario.exitCode === 3);
      },
    );
  },
);
