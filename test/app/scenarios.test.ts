import { describe, expect, test } from 'vitest';
import { type Report } from '../../src/lib/core/model/report.ts';
import { SCENARIOS } from '../../src/lib/lab/scenario/registry.ts';
import { type ExpectedFinding } from '../../src/lib/lab/scenario/world.ts';
import { runWorld } from '../support/scan-scenario.ts';

const line = ({ rule, name, confidence }: ExpectedFinding): string =>
  `${rule} ${name} ${confidence}`;

function found(report: Report): string[] {
  return report.findings
    .map(({ rule, subject, confidence }) => {
      const name =
        subject.namespace === null ? subject.name : `${subject.namespace}/${subject.name}`;
      return line({ rule, name, confidence });
    })
    .sort();
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
        expect(found(report)).toEqual(scenario.expected.map(line).sort());
        expect(incomplete.length > 0, incomplete.join('\n')).toBe(scenario.exitCode === 3);
      },
    );
  },
);
