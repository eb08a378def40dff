import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failed, notApplicable } from '../../../src/lib/core/model/coverage.ts';
import { type Finding, type Severity, SEVERITIES } from '../../../src/lib/core/model/finding.ts';
import { type OverallStatus } from '../../../src/lib/core/model/validation.ts';
import {
  diffScans,
  type EstateView,
  type MentionedFinding,
  NOTHING_KNOWN,
  type ScanChange,
  viewOf,
} from '../../../src/lib/core/serve/diff-scans.ts';
import { componentKey, type ComponentHealth } from '../../../src/lib/core/serve/served-health.ts';
import { type ServedScan } from '../../../src/lib/core/serve/served-scan.ts';
import { aFinding, aPvFinding, aSkippedRule, aSource } from '../../support/report-builders.ts';
import { ALL_WELL, aServedScan, leftAlone } from '../../support/served-scans.ts';

const gone = aFinding();
const unseen = aSkippedRule({ rule: 'dataset-unclaimed' });

function kindsOf(changes: readonly ScanChange[]): readonly string[] {
  return changes.map((change) =>
    change.kind === 'health_changed' ? change.kind : `${change.kind} ${change.finding.id}`,
  );
}

function diff(before: ServedScan, after: ServedScan): readonly string[] {
  return kindsOf(diffScans(viewOf(before), after).changes);
}

describe('diffScans', () => {
  test('tells nothing where nothing changed', () => {
    const findings = [gone, aPvFinding()];
    expect(diff(aServedScan('a', { findings }), aServedScan('b', { findings }))).toEqual([]);
  });

  test('opens what was not there', () => {
    expect(diff(aServedScan('a'), aServedScan('b', { findings: [gone] }))).toEqual([
      `finding_opened ${gone.id}`,
    ]);
  });

  test('closes what is gone where the rule could look', () => {
    expect(diff(aServedScan('a', { findings: [gone] }), aServedScan('b'))).toEqual([
      `finding_closed ${gone.id}`,
    ]);
  });

  test('never closes what nobody could look for', () => {
    const after = aServedScan('b', { skipped: [unseen], complete: false });
    expect(diff(aServedScan('a', { findings: [gone] }), after)).toEqual([
      `finding_unknown ${gone.id}`,
    ]);
  });

  test('closes what cannot exist any more', () => {
    const because = [aSource({ coverage: notApplicable('not installed') })];
    const after = aServedScan('b', {
      skipped: [aSkippedRule({ rule: 'dataset-unclaimed', because })],
    });
    expect(diff(aServedScan('a', { findings: [gone] }), after)).toEqual([
      `finding_closed ${gone.id}`,
    ]);
  });

  test('never closes what was found on a system that is not read any more', () => {
    expect(diff(aServedScan('a', { findings: [gone] }), aServedScan('b', { systems: [] }))).toEqual(
      [`finding_unknown ${gone.id}`],
    );
  });

  test('closes what was unknown as soon as the rule could look again', () => {
    const first = diffScans(
      viewOf(aServedScan('a', { findings: [gone] })),
      aServedScan('b', { skipped: [unseen] }),
    );
    const still = diffScans(first.view, aServedScan('c', { skipped: [unseen] }));
    expect(kindsOf(still.changes)).toEqual([]);
    expect(kindsOf(diffScans(still.view, aServedScan('d')).changes)).toEqual([
      `finding_closed ${gone.id}`,
    ]);
  });

  test('opens what was unknown where it is seen again', () => {
    const first = diffScans(
      viewOf(aServedScan('a', { findings: [gone] })),
      aServedScan('b', { skipped: [unseen] }),
    );
    const again = diffScans(first.view, aServedScan('c', { findings: [gone] }));
    expect(kindsOf(again.changes)).toEqual([`finding_opened ${gone.id}`]);
    expect(again.view.unknown.size).toBe(0);
  });

  test('says of what is to be left alone that it is, and not that it is gone', () => {
    const after = aServedScan('b', { suppressed: [leftAlone(gone)] });
    expect(diff(aServedScan('a', { findings: [gone] }), after)).toEqual([
      `finding_suppressed ${gone.id}`,
    ]);
  });

  test('tells of what became more severe or certain', () => {
    const worse: Finding = { ...gone, severity: 'critical', confidence: 'likely' };
    expect(
      diff(aServedScan('a', { findings: [gone] }), aServedScan('b', { findings: [worse] })),
    ).toEqual([`finding_changed ${gone.id}`]);
  });

  test('tells of each component whose health changed, and of one that is not looked at any more', () => {
    const after = aServedScan('b', {
      health: {
        overall: 'FAIL',
        components: [{ component: 'node', cluster: 'prod', system: null, status: 'FAIL' }],
      },
    });
    expect(diffScans(viewOf(aServedScan('a')), after).changes).toEqual([
      { kind: 'health_changed', component: null, from: 'PASS', to: 'FAIL' },
      {
        kind: 'health_changed',
        component: { component: 'node', cluster: 'prod', system: null },
        from: null,
        to: 'FAIL',
      },
      {
        kind: 'health_changed',
        component: { component: 'pool', cluster: null, system: 'nas1' },
        from: 'PASS',
        to: null,
      },
    ]);
  });
});

/** What a client makes of events, as docs/events.md tells it to. */
function replay(before: EstateView, changes: readonly ScanChange[]): EstateView {
  const open = new Map(before.open);
  const unknown = new Map(before.unknown);
  let overall: OverallStatus | null = before.health?.overall ?? null;
  const health = new Map(
    (before.health?.components ?? []).map((each) => [componentKey(each), each] as const),
  );
  for (const change of changes) {
    if (change.kind === 'health_changed') {
      const { component, to } = change;
      if (component === null) overall = to;
      else if (to === null) health.delete(componentKey(component));
      else health.set(componentKey(component), { ...component, status: to });
      continue;
    }
    const { id } = change.finding;
    open.delete(id);
    unknown.delete(id);
    if (change.kind === 'finding_opened' || change.kind === 'finding_changed') {
      open.set(id, change.finding);
    }
    if (change.kind === 'finding_unknown') unknown.set(id, change.finding);
  }
  return {
    scan: null,
    open,
    unknown,
    health: overall === null ? null : { overall, components: [...health.values()] },
  };
}

function known(view: EstateView): unknown {
  const list = (findings: ReadonlyMap<string, MentionedFinding>) =>
    [...findings.values()]
      .map(({ id, severity, confidence }) => `${id} ${severity} ${confidence}`)
      .sort();
  const components = (view.health?.components ?? []).map(
    (each) => `${componentKey(each)} ${each.status}`,
  );
  return {
    open: list(view.open),
    unknown: list(view.unknown),
    health: [view.health?.overall, components.sort()],
  };
}

/** Scans of a few objects, in which lists fail, somebody says to leave things alone, and the NAS is away. */
const scans = fc.array(
  fc.record({
    seen: fc.uniqueArray(
      fc.record({
        object: fc.nat(5),
        rule: fc.constantFrom('dataset-unclaimed', 'share-unclaimed'),
        severity: fc.constantFrom<Severity>(...SEVERITIES),
        confidence: fc.constantFrom('certain' as const, 'likely' as const),
        alone: fc.boolean(),
      }),
      { selector: ({ object, rule }) => `${rule} ${object}` },
    ),
    failing: fc.subarray(['dataset-unclaimed', 'share-unclaimed']),
    away: fc.boolean(),
    overall: fc.constantFrom<OverallStatus>('PASS', 'WARNING', 'FAIL', 'UNKNOWN'),
    components: fc.uniqueArray(
      fc.record({
        component: fc.constantFrom('pool' as const, 'node' as const),
        cluster: fc.constant(null),
        system: fc.constantFrom('nas1', 'nas2'),
        status: fc.constantFrom<OverallStatus>('PASS', 'WARNING', 'FAIL', 'UNKNOWN'),
      }),
      { selector: (each: ComponentHealth) => componentKey(each) },
    ),
  }),
  { minLength: 1, maxLength: 8 },
);

type Drawn = typeof scans extends fc.Arbitrary<(infer One)[]> ? One : never;

function scanOf({ seen, failing, away, overall, components }: Drawn, index: number): ServedScan {
  const found = seen
    .filter(({ rule }) => !away && !failing.includes(rule))
    .map(({ object, rule, severity, confidence, alone }) => ({
      alone,
      finding: aFinding({ id: `${rule}-${object}`, rule, severity, confidence }),
    }));
  return aServedScan(`scan-${index}`, {
    findings: found.filter(({ alone }) => !alone).map(({ finding }) => finding),
    suppressed: found.filter(({ alone }) => alone).map(({ finding }) => leftAlone(finding)),
    skipped: failing.map((rule) =>
      aSkippedRule({ rule, because: [aSource({ coverage: failed('timed out') })] }),
    ),
    ...(away && { systems: [] }),
    health: { overall, components },
  });
}

describe('any scans in a row', () => {
  test('lead from one view to the next by nothing but their changes', () => {
    fc.assert(
      fc.property(scans, (drawn) => {
        let view = NOTHING_KNOWN;
        for (const [index, each] of drawn.entries()) {
          const next = diffScans(view, scanOf(each, index));
          expect(known(replay(view, next.changes))).toEqual(known(next.view));
          view = next.view;
        }
      }),
    );
  });

  test('leave open exactly what the last one found', () => {
    fc.assert(
      fc.property(scans, (drawn) => {
        let view = NOTHING_KNOWN;
        let last: ServedScan = aServedScan('none', { health: ALL_WELL });
        for (const [index, each] of drawn.entries()) {
          last = scanOf(each, index);
          ({ view } = diffScans(view, last));
        }
        expect([...view.open.keys()].sort()).toEqual(last.findings.keys.map(({ id }) => id).sort());
      }),
    );
  });

  test('tell of a finding once a scan, and never that it closed where its rule could not look', () => {
    fc.assert(
      fc.property(scans, (drawn) => {
        let view = NOTHING_KNOWN;
        for (const [index, each] of drawn.entries()) {
          const { changes, view: next } = diffScans(view, scanOf(each, index));
          const told = changes.flatMap((change) =>
            change.kind === 'health_changed' ? [] : [change.finding.id],
          );
          expect(new Set(told).size).toBe(told.length);
          for (const change of changes) {
            if (change.kind !== 'finding_closed') continue;
            expect(each.away).toBe(false);
            expect(each.failing).not.toContain(change.finding.rule);
          }
          view = next;
        }
      }),
    );
  });
});
