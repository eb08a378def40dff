import { describe, expect, test } from 'vitest';
import { type IgnoreMark } from '../../../src/lib/core/correlate/marks.ts';
import { type IgnoreEntry } from '../../../src/lib/core/model/filter.ts';
import { type Finding } from '../../../src/lib/core/model/finding.ts';
import { parseSelector } from '../../../src/lib/core/model/selector.ts';
import { suppress, type SuppressionInput } from '../../../src/lib/core/report/suppress.ts';
import { RULES } from '../../../src/lib/core/rules/registry.ts';
import { JUST_NOW, NOW } from '../../support/builders.ts';
import { aReportFinding, onCluster } from './finding-builder.ts';

const claim = aReportFinding({
  rule: 'pvc-lost',
  subject: onCluster('PersistentVolumeClaim', 'library', 'media'),
  labels: { app: 'db' },
  kubernetesReference: 'media/library',
});
const volume = aReportFinding({
  rule: 'pv-released',
  subject: onCluster('PersistentVolume', 'pvc-1'),
  place: { system: 'nas1', path: 'tank/k8s/a' },
  kubernetesReference: 'media/library',
});
const dataset = aReportFinding({ place: { system: 'nas1', path: 'tank/k8s/a' } });

const LATER = new Date(NOW.getTime() + 1);
const EVERY_RULE = new Set(RULES.map(({ id }) => id));

const noMarks: SuppressionInput['marks'] = { ignoreAt: () => undefined };

function run(findings: readonly Finding[], over: Partial<SuppressionInput> = {}) {
  return suppress(findings, {
    entries: [],
    marks: noMarks,
    rules: RULES,
    judged: EVERY_RULE,
    now: NOW,
    ...over,
  });
}

const entry = (over: Partial<IgnoreEntry>): IgnoreEntry => ({
  rule: null,
  name: null,
  namespace: null,
  selector: null,
  reason: 'known',
  until: null,
  ...over,
});

/** Rules of the findings that stay silent. */
function silent({ suppressed }: ReturnType<typeof run>): string[] {
  return suppressed.map(({ finding }) => finding.rule);
}

function codes({ warnings }: ReturnType<typeof run>): string[] {
  return warnings.map(({ code }) => code);
}

describe('an entry of the configuration', () => {
  const silenced = (over: Partial<IgnoreEntry>) =>
    silent(run([claim, volume, dataset], { entries: [entry(over)] }));

  test('without conditions matches everything', () => {
    expect(silenced({})).toEqual(['pvc-lost', 'pv-released', 'dataset-unclaimed']);
  });

  test('goes by rule, name, namespace and labels, all of which must hold', () => {
    expect(silenced({ rule: 'pv*' })).toEqual(['pvc-lost', 'pv-released']);
    expect(silenced({ name: 'tank/*' })).toEqual(['dataset-unclaimed']);
    expect(silenced({ namespace: 'media' })).toEqual(['pvc-lost', 'pv-released']);
    expect(silenced({ selector: parseSelector('app') ?? null })).toEqual(['pvc-lost']);
    expect(silenced({ rule: 'pv*', name: 'tank/*' })).toEqual([]);
  });

  test('ends at its instant', () => {
    expect(silenced({ until: NOW })).toEqual([]);
    expect(silenced({ until: JUST_NOW })).toEqual([]);
    expect(silenced({ until: LATER })).toHaveLength(3);
  });

  test('leaves its reason, its end and its place, and what it does not match is reported', () => {
    const until = new Date('2027-01-01');
    const entries = [
      entry({ rule: 'none' }),
      entry({ rule: 'pvc-lost', until }),
      entry({ rule: 'pv-*', reason: 'late' }),
    ];
    const { reported, suppressed } = run([claim, volume, dataset], { entries });
    expect(reported).toEqual([dataset]);
    expect(suppressed).toEqual([
      { finding: claim, by: 'configuration', origin: 'ignore[1]', reason: 'known', until },
      {
        finding: volume,
        by: 'configuration',
        origin: 'ignore[2]',
        reason: 'late',
        until: null,
      },
    ]);
    expect(run([claim])).toEqual({ reported: [claim], suppressed: [], warnings: [] });
  });

  test('knows a rule by the name it had before', () => {
    const rules = [{ id: 'pvc-lost', aliases: ['claim-lost'] }];
    const { suppressed, warnings } = run([claim], {
      entries: [entry({ rule: 'claim-*' })],
      rules,
    });
    expect(suppressed).toHaveLength(1);
    expect(warnings).toEqual([]);
  });

  test('that has ended is a warning, whether or not it would match', () => {
    const entries = [entry({ rule: 'pv-released', name: 'x', until: NOW })];
    expect(run([volume], { entries, judged: new Set() }).warnings).toEqual([
      {
        code: 'ignore-expired',
        message:
          'ignore[0] (rule pv-released, name x) ended on 2026-11-01: what it matches is reported again, so remove or renew it',
      },
    ]);
  });

  test('that names no rule is a warning with the rule it may mean', () => {
    const { warnings } = run([volume], { entries: [entry({ rule: 'pv-relased' })] });
    expect(warnings).toEqual([
      {
        code: 'ignore-unknown-rule',
        message: 'ignore[0] names rule pv-relased, and there is none; do you mean pv-released?',
      },
    ]);
  });

  test('that matches nothing is a warning where every rule it means was judged', () => {
    const entries = [entry({ rule: 'pv-*', namespace: 'gone' })];
    expect(run([volume, claim], { entries }).warnings).toEqual([
      {
        code: 'ignore-unmatched',
        message:
          'ignore[0] (rule pv-*, namespace gone) matches nothing: remove it, or correct what it names',
      },
    ]);
    const some = new Set(['pv-released']);
    expect(codes(run([volume], { entries, judged: some }))).toEqual([]);
    expect(codes(run([], { entries: [entry({})], judged: some }))).toEqual([]);
    expect(codes(run([], { entries: [entry({})] }))).toEqual(['ignore-unmatched']);
  });

  test('that only matches what an earlier one silences is no warning', () => {
    const entries = [entry({}), entry({ rule: 'pv-released' })];
    expect(codes(run([volume], { entries }))).toEqual([]);
  });
});

describe('an annotation', () => {
  const annotated = (value: string, over: Record<string, string> = {}) => ({
    ...volume,
    annotations: {
      'truenas-monitor.io/ignore': value,
      ...Object.fromEntries(
        Object.entries(over).map(([key, text]) => [`truenas-monitor.io/ignore-${key}`, text]),
      ),
    },
  });

  test('silences the rules it names on its own object', () => {
    for (const value of ['pv-released', ' pvc-lost , pv-released ', 'pv-*', '*']) {
      expect(silent(run([annotated(value), claim]))).toEqual(['pv-released']);
    }
    expect(silent(run([annotated('pvc-lost')]))).toEqual([]);
  });

  test('says why and how long, where it does', () => {
    const kept = annotated('*', { reason: 'the audit', until: '2027-01-31' });
    expect(run([kept]).suppressed).toEqual([
      {
        finding: kept,
        by: 'annotation',
        origin: 'truenas-monitor.io/ignore',
        reason: 'the audit',
        until: new Date('2027-01-31T00:00:00Z'),
      },
    ]);
    expect(run([annotated('*', { reason: ' ', until: '' })]).suppressed).toMatchObject([
      { reason: 'no reason given', until: null },
    ]);
  });

  test('that has ended silences nothing, and is a warning where it would have', () => {
    const ended = run([annotated('pv-released', { until: '2026-10-31' })]);
    expect(ended.reported).toHaveLength(1);
    expect(ended.warnings).toEqual([
      {
        code: 'ignore-expired',
        message:
          'annotation truenas-monitor.io/ignore of persistentvolume/pvc-1 ended on 2026-10-31: remove or renew it',
      },
    ]);
    expect(codes(run([annotated('pvc-lost', { until: '2026-10-31' })]))).toEqual([]);
  });

  test('whose end is no date counts as ended', () => {
    const { reported, warnings } = run([annotated('*', { until: 'next spring' })]);
    expect(reported).toHaveLength(1);
    expect(warnings).toMatchObject([{ code: 'ignore-malformed-until' }]);
  });

  test('that names a rule there is not, or none, is a warning, once for each object', () => {
    const misspelt = annotated('pv-relased');
    const again = { ...misspelt, rule: 'pv-failed' };
    expect(codes(run([misspelt, again]))).toEqual(['ignore-unknown-rule']);
    expect(codes(run([annotated('')]))).toEqual(['ignore-unknown-rule']);
    const onClaim = { ...claim, annotations: misspelt.annotations };
    expect(run([onClaim]).warnings[0]?.message).toContain('persistentvolumeclaim/media/library');
  });
});

describe('a user property', () => {
  const marks = (mark: Partial<IgnoreMark>): SuppressionInput['marks'] => ({
    ignoreAt: (system, path) =>
      system === 'nas1' && path === 'tank/k8s/a'
        ? { rules: ['*'], until: null, reason: null, ...mark }
        : undefined,
  });

  test('silences what is about its dataset, on either side, and nothing else', () => {
    const elsewhere = aReportFinding({ place: { system: 'nas2', path: 'tank/k8s/a' } });
    const { suppressed, reported } = run([dataset, volume, claim, elsewhere], {
      marks: marks({ reason: 'archive' }),
    });
    expect(reported).toEqual([claim, elsewhere]);
    expect(suppressed).toMatchObject([
      { by: 'property', origin: 'truenas-monitor:ignore of tank/k8s/a', reason: 'archive' },
      { finding: volume, by: 'property', until: null },
    ]);
  });

  test('goes by rule and ends as an annotation does', () => {
    const silencedBy = (mark: Partial<IgnoreMark>) =>
      silent(run([dataset, volume], { marks: marks(mark) }));
    expect(silencedBy({ rules: ['pv-*'] })).toEqual(['pv-released']);
    expect(silencedBy({ until: JUST_NOW })).toEqual([]);
    expect(silencedBy({ until: undefined })).toEqual([]);
    expect(silencedBy({ until: LATER })).toHaveLength(2);
  });

  test('is named in a warning by its dataset', () => {
    const { warnings } = run([dataset, volume], {
      marks: marks({ rules: ['no-such-rule-at-all'] }),
    });
    expect(warnings).toEqual([
      {
        code: 'ignore-unknown-rule',
        message:
          'property truenas-monitor:ignore of tank/k8s/a names rule no-such-rule-at-all, and there is none',
      },
    ]);
  });
});

test('the configuration has the first word, then the annotation, then the property', () => {
  const annotated = { ...volume, annotations: { 'truenas-monitor.io/ignore': '*' } };
  const marks: SuppressionInput['marks'] = {
    ignoreAt: () => ({ rules: ['*'], until: null, reason: null }),
  };
  const by = (finding: Finding, entries: IgnoreEntry[]) =>
    run([finding], { entries, marks }).suppressed.map((each) => each.by);
  expect(by(annotated, [entry({})])).toEqual(['configuration']);
  expect(by(annotated, [entry({ until: JUST_NOW })])).toEqual(['annotation']);
  expect(by(volume, [])).toEqual(['property']);
});
