import { describe, expect, it } from 'vitest';
import { millis } from '../../../src/lib/core/model/units.ts';
import { type Finding, type Severity } from '../../../src/lib/core/model/finding.ts';
import { renderSarif } from '../../../src/lib/core/render/sarif.ts';
import { aFinding, aPvFinding, aReport, REPORTS } from '../../support/report-builders.ts';
import { runOf, sarifSchema, type SarifResult } from '../../support/sarif-schema.ts';

function resultsOf(...findings: readonly Finding[]): readonly SarifResult[] {
  return runOf(renderSarif(aReport({ findings }), '1.2.3')).results;
}

function uriOf(over: Partial<Finding['subject']>): string {
  const [result] = resultsOf(aFinding({ subject: { ...aFinding().subject, ...over } as never }));
  return result?.locations[0]?.physicalLocation.artifactLocation.uri ?? '';
}

describe('sarif', () => {
  it.each(Object.entries(REPORTS))('of %s is valid by the schema of SARIF 2.1.0', (_, report) => {
    const isValid = sarifSchema();
    const log: unknown = JSON.parse(renderSarif(report, '1.2.3'));
    expect(isValid(log), JSON.stringify(isValid.errors)).toBe(true);
  });

  it('is refused by the schema where it is not SARIF', () => {
    const isValid = sarifSchema();
    const log = JSON.parse(renderSarif(aReport({ findings: [aFinding()] }), '1.2.3')) as {
      runs: { results: object[] }[];
    };
    expect(isValid({ ...log, version: '2.0.0' })).toBe(false);
    const [run] = log.runs;
    expect(isValid({ ...log, runs: [{ ...run, results: [{ level: 'bad' }] }] })).toBe(false);
  });

  it('names this program and its version', () => {
    expect(runOf(renderSarif(aReport(), '4.5.6')).tool.driver).toMatchObject({
      name: 'truenas-monitor',
      version: '4.5.6',
    });
  });

  it('describes each rule once, and every result points at its own', () => {
    const { results, tool } = runOf(
      renderSarif(aReport({ findings: [aFinding(), aPvFinding(), aFinding()] }), '1.2.3'),
    );
    expect(tool.driver.rules.map(({ name }) => name)).toEqual([
      'DatasetUnclaimed',
      'PvBackendMissing',
    ]);
    for (const { ruleId, ruleIndex } of results) {
      expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    }
  });

  it.each([
    ['critical', 'error'],
    ['high', 'error'],
    ['medium', 'warning'],
    ['low', 'note'],
    ['info', 'note'],
  ] satisfies [Severity, string][])('calls what is %s an %s', (severity, level) => {
    expect(resultsOf(aFinding({ severity }))[0]?.level).toBe(level);
  });

  it('places every result at type and name, so that viewers show it', () => {
    expect(uriOf({})).toBe('dataset/tank/k8s/vols/pvc-6f1d2c9e-3b7a-4c55-9a31-0d5b8e7f2a10');
    expect(uriOf({ type: 'PersistentVolumeClaim', namespace: 'shop', name: 'data' })).toBe(
      'persistentvolumeclaim/shop/data',
    );
    expect(uriOf({ type: 'NfsShare', name: '/mnt/tank/a b' })).toBe('nfsshare/mnt/tank/a%20b');
    expect(uriOf({ type: 'ZfsSnapshot', name: 'tank/a@b#c?d%e' })).toBe(
      'zfssnapshot/tank/a@b%23c%3Fd%25e',
    );
    expect(uriOf({ name: '../../etc/passwd' })).toBe('dataset/%2E%2E/%2E%2E/etc/passwd');
  });

  it('says in the logical location which cluster or system it means, and not in the place', () => {
    const [a, b] = resultsOf(aPvFinding(), {
      ...aPvFinding(),
      id: 'aaaabbbbccccdddd',
      subject: { ...aPvFinding().subject, location: 'kubernetes', cluster: 'staging' },
    });
    expect(a?.locations[0]?.physicalLocation).toEqual(b?.locations[0]?.physicalLocation);
    expect(a?.locations[0]?.logicalLocations[0]?.fullyQualifiedName).toMatch(/^cluster prod: /);
    expect(b?.locations[0]?.logicalLocations[0]?.fullyQualifiedName).toMatch(/^cluster staging: /);
    expect(a?.partialFingerprints).not.toEqual(b?.partialFingerprints);
  });

  it('carries the id of the finding as its fingerprint', () => {
    expect(resultsOf(aFinding())[0]?.partialFingerprints).toEqual({
      'truenasMonitorFindingId/v1': '6f0c1d2e3a4b5c6d',
      primaryLocationLineHash: '6f0c1d2e3a4b5c6d:1',
    });
  });

  it('says of every result whether it was left alone, and by what', () => {
    const { results } = runOf(renderSarif(REPORTS['estate'] ?? aReport(), '1.2.3'));
    const kinds = results.map(({ suppressions }) => suppressions.map(({ kind }) => kind).join());
    expect(kinds).toEqual([
      ...['', '', '', ''],
      ...['external', 'external', 'external', 'external', 'external', 'inSource', 'inSource'],
    ]);
    expect(results[4]?.suppressions[0]?.justification).toBe(
      'kept until the audit is over (configuration ignore[1], until 2027-03-31T00:00:00.000Z)',
    );
  });

  it('puts what to do below the fact', () => {
    expect(resultsOf(aFinding())[0]?.message.text.split('\n')).toEqual([
      'dataset/tank/k8s/vols/pvc-6f1d2c9e-3b7a-4c55-9a31-0d5b8e7f2a10: no PersistentVolume in any registered cluster refers to this dataset',
      '',
      '1. Disable the share of the dataset and wait.',
      '2. Destroy the dataset.',
    ]);
  });

  it('takes nothing from outside for an argument or a link of a message', () => {
    const [result] = resultsOf(aFinding({ reason: 'see {0} and [here](http://evil.example) [x]' }));
    expect(result?.message.text).toContain('see {{0}} and \\[here](http://evil.example) [x]');
  });

  it('tells what was not read, which rule is silent for it, and what the request got wrong', () => {
    const [invocation] = runOf(renderSarif(REPORTS['estate'] ?? aReport(), '1.2.3')).invocations;
    const told = invocation?.toolExecutionNotifications ?? [];
    expect(invocation?.executionSuccessful).toBe(false);
    expect(told.slice(0, 3).map(({ level }) => level)).toEqual(['warning', 'warning', 'error']);
    expect(told.filter(({ descriptor }) => descriptor.id === 'rule-skipped')).toHaveLength(8);
    expect(told[3]).toMatchObject({
      message: {
        text: 'not judged: system nas2: datasets failed: nas2.example refused the connection',
      },
      associatedRule: { id: 'dataset-unclaimed' },
    });
    expect(invocation?.toolConfigurationNotifications).toMatchObject([
      { descriptor: { id: 'ignore-unmatched' }, level: 'warning' },
    ]);
  });

  it('is successful where nothing that matters is missing', () => {
    const [invocation] = runOf(renderSarif(REPORTS['noted'] ?? aReport(), '1.2.3')).invocations;
    expect(invocation?.executionSuccessful).toBe(true);
    expect(invocation?.toolExecutionNotifications.map(({ level }) => level)).toEqual([
      'note',
      'note',
    ]);
  });

  it('gives a kept scan no end in this run', () => {
    const end = (cachedFor: number | null): string | undefined =>
      runOf(renderSarif(aReport({ cachedFor: cachedFor === null ? null : millis(cachedFor) }), '1'))
        .invocations[0]?.endTimeUtc;
    expect(end(null)).toBe('2026-11-22T01:02:03.840Z');
    expect(end(60_000)).toBeUndefined();
  });
});
