import { describe, expect, it } from 'vitest';
import { failed, notApplicable, partial } from '../../../src/lib/core/model/coverage.ts';
import { type FullReport } from '../../../src/lib/core/model/full-report.ts';
import { type Severity } from '../../../src/lib/core/model/finding.ts';
import { type SourceStatus } from '../../../src/lib/core/model/report.ts';
import { bytes, millis } from '../../../src/lib/core/model/units.ts';
import { type Rule } from '../../../src/lib/core/model/rule.ts';
import { RULES } from '../../../src/lib/core/rules/registry.ts';
import { type RuleOutcome, type Suspect } from '../../../src/lib/core/rules/evaluate.ts';
import {
  type MeasuredScan,
  measuresOf,
  SCAN_FAMILIES,
} from '../../../src/lib/core/serve/measures.ts';
import { exposition } from '../../../src/lib/core/serve/measures/exposition.ts';
import {
  anAnalysis,
  aPoolAnalysis,
  aVolumeAnalysis,
  fillsIn,
  notEnough,
} from '../../support/analysis-builders.ts';
import { samplesOf } from '../../support/exposition.ts';
import { aFullReport, FULL_REPORTS } from '../../support/full-report-builders.ts';
import { aFinding, aReport, TAKEN_AT } from '../../support/report-builders.ts';

type Outcome = RuleOutcome<Suspect>;

function rule(id: string): Rule {
  const found = RULES.find((each) => each.id === id);
  if (found === undefined) throw new Error(`there is no rule ${id}`);
  return found;
}

function ran(id: string, name: string): Outcome {
  const { scope } = rule(id);
  return { state: 'ran', rule: rule(id), member: { scope, name }, examined: 3, candidates: [] };
}

function aSource(over: Partial<SourceStatus> = {}): SourceStatus {
  return {
    name: 'datasets',
    cluster: null,
    system: 'nas1',
    coverage: { state: 'complete' },
    count: 7,
    unreadable: [],
    ...over,
  };
}

function skippedFor(id: string, name: string, coverage = failed('it does not answer')): Outcome {
  const { scope } = rule(id);
  const because = [aSource({ coverage })];
  return { state: 'skipped', rule: rule(id), member: { scope, name }, because };
}

/** The numbers of a family, by the labels of the series. */
function measure(family: string, scan: Partial<MeasuredScan>): Readonly<Record<string, number>> {
  const text = exposition(
    measuresOf({
      full: aFullReport(),
      inventory: { systems: [] },
      outcomes: [],
      volumeSeries: 0,
      ...scan,
    }),
  );
  const name = `truenas_monitor_${family}`;
  return Object.fromEntries(
    Object.entries(samplesOf(text, name)).map(([series, value]) => [
      series.slice(name.length),
      value,
    ]),
  );
}

function reporting(over: Parameters<typeof aReport>[0]): Pick<MeasuredScan, 'full'> {
  return { full: aFullReport({ report: aReport(over) }) };
}

function analysing(over: Parameters<typeof anAnalysis>[0]): Pick<MeasuredScan, 'full'> {
  return { full: aFullReport({ analysis: anAnalysis(over) }) };
}

const labels = (severity: Severity, confidence: string): string =>
  `{rule="dataset-unclaimed",severity="${severity}",confidence="${confidence}",system="nas1"}`;

describe('findings', () => {
  it('are at 0 where a rule was judged and found nothing', () => {
    expect(measure('findings', { outcomes: [ran('dataset-unclaimed', 'nas1')] })).toEqual({
      [labels('high', 'certain')]: 0,
      [labels('high', 'likely')]: 0,
    });
  });

  it('are not at 0 where a rule was skipped: they are not there', () => {
    const scan = { outcomes: [skippedFor('dataset-unclaimed', 'nas1')] };
    expect(measure('findings', scan)).toEqual({});
    expect(measure('rule_skipped', scan)).toEqual({
      '{rule="dataset-unclaimed",system="nas1"}': 1,
    });
  });

  it('are there for the systems that were read, beside one that was not', () => {
    const outcomes = [ran('dataset-unclaimed', 'nas1'), skippedFor('dataset-unclaimed', 'nas2')];
    expect(Object.keys(measure('findings', { outcomes })).join()).not.toContain('nas2');
    expect(measure('rule_skipped', { outcomes })).toEqual({
      '{rule="dataset-unclaimed",system="nas1"}': 0,
      '{rule="dataset-unclaimed",system="nas2"}': 1,
    });
  });

  it('count by severity and confidence, those of a lower severity too', () => {
    const findings = [aFinding(), aFinding({ id: 'b' }), aFinding({ id: 'c', severity: 'low' })];
    const scan = { ...reporting({ findings }), outcomes: [ran('dataset-unclaimed', 'nas1')] };
    expect(measure('findings', scan)).toEqual({
      [labels('high', 'certain')]: 2,
      [labels('high', 'likely')]: 0,
      [labels('low', 'certain')]: 1,
    });
  });

  it('say nothing of a rule about what cannot exist there', () => {
    const outcomes = [skippedFor('dataset-unclaimed', 'nas1', notApplicable('no such thing'))];
    expect(measure('findings', { outcomes })).toEqual({});
    expect(measure('rule_skipped', { outcomes })).toEqual({});
  });
});

describe('the established totals', () => {
  const summary = { ...aReport().summary, orphanedPvs: 4, reclaimable: bytes(512) };
  const judged = [ran('pv-released', 'prod'), ran('pv-backend-missing', 'prod')];

  it('count distinct objects', () => {
    const scan = { ...reporting({ summary }), outcomes: judged };
    expect(measure('orphaned_pvs_total', scan)).toEqual({ '': 4 });
    expect(measure('orphans', scan)).toEqual({ '{kind="pvs"}': 4 });
    expect(measure('reclaimable_bytes', scan)).toEqual({ '': 512 });
  });

  it('are missing while some rule about them was not judged: they would look like an improvement', () => {
    const outcomes = [ran('pv-released', 'prod'), skippedFor('pv-backend-missing', 'prod')];
    const scan = { ...reporting({ summary }), outcomes };
    expect(measure('orphaned_pvs_total', scan)).toEqual({});
    expect(measure('orphans', scan)).toEqual({});
    expect(measure('reclaimable_bytes', scan)).toEqual({});
  });

  it('are missing where nothing was judged at all', () => {
    expect(measure('orphaned_pvs_total', reporting({ summary }))).toEqual({});
    expect(measure('reclaimable_bytes', reporting({ summary }))).toEqual({});
  });
});

describe('coverage', () => {
  const source = aSource({ coverage: partial('3 could not be read'), count: 7 });

  it('is 1 for the state that holds', () => {
    expect(measure('source_coverage', reporting({ sources: [source] }))).toEqual({
      '{source="datasets",system="nas1",state="complete"}': 0,
      '{source="datasets",system="nas1",state="partial"}': 1,
      '{source="datasets",system="nas1",state="failed"}': 0,
      '{source="datasets",system="nas1",state="not_applicable"}': 0,
    });
  });

  it('is the worst of what is said twice', () => {
    const sources = [
      aSource({ name: 'poolAvailability' }),
      aSource({ name: 'poolAvailability', coverage: failed('locked') }),
    ];
    expect(
      measure('source_coverage', reporting({ sources }))[
        '{source="pool_availability",system="nas1",state="failed"}'
      ],
    ).toBe(1);
  });

  it('counts no objects of a list that could not be read', () => {
    const sources = [source, aSource({ name: 'pools', coverage: failed('no'), count: 0 })];
    expect(measure('source_objects', reporting({ sources }))).toEqual({
      '{source="datasets",system="nas1"}': 7,
    });
  });

  it('tells whether everything was read, and how long it took', () => {
    const scan = reporting({ complete: false, duration: millis(1500) });
    expect(measure('scan_complete', scan)).toEqual({ '': 0 });
    expect(measure('scan_duration_seconds', scan)).toEqual({ '': 1.5 });
  });
});

describe('pools', () => {
  const name = '{system="nas1",pool="tank"';

  it('are told with the ends of their forecast, in seconds', () => {
    const forecast = fillsIn(10, {
      fullAtEarliest: new Date(TAKEN_AT.getTime() + 5 * 86_400_000),
      fullAtLatest: null,
    });
    const pools = [aPoolAnalysis({ system: 'nas1', name: 'tank', forecast })];
    expect(measure('pool_full_in_seconds', analysing({ pools }))).toEqual({
      [`${name},bound="expected"}`]: 864_000,
      [`${name},bound="earliest"}`]: 432_000,
    });
  });

  it('have no forecast where there is not enough to go by, and that is told', () => {
    const pools = [
      aPoolAnalysis({ system: 'nas1', name: 'tank', forecast: notEnough(), growth: notEnough() }),
    ];
    expect(measure('pool_full_in_seconds', analysing({ pools }))).toEqual({});
    expect(measure('pool_growth_bytes_per_second', analysing({ pools }))).toEqual({});
    expect(
      measure('pool_forecast_state', analysing({ pools }))[`${name},state="not-enough-data"}`],
    ).toBe(1);
  });

  it('have no number of what is not known', () => {
    const pools = [
      aPoolAnalysis({ system: 'nas1', name: 'tank', provisioned: null, overcommit: null }),
    ];
    expect(measure('pool_provisioned_bytes', analysing({ pools }))).toEqual({});
    expect(measure('pool_overcommit_ratio', analysing({ pools }))).toEqual({});
    expect(Object.keys(measure('pool_used_bytes', analysing({ pools })))).toHaveLength(1);
  });

  it('are healthy only while ZFS calls them ONLINE', () => {
    const pools = [aPoolAnalysis({ system: 'nas1', name: 'tank', status: 'DEGRADED' })];
    expect(measure('pool_healthy', analysing({ pools }))).toEqual({ [`${name}}`]: 0 });
  });
});

describe('space', () => {
  it('is told as a percentage under its established name, or not at all', () => {
    const efficiency = (value: number | null): Readonly<Record<string, number>> =>
      measure('storage_efficiency_percent', analysing({ thinProvisioningEfficiency: value }));
    expect(efficiency(0.25)).toEqual({ '': 25 });
    expect(efficiency(null)).toEqual({});
  });

  it('does not say that no snapshot is stuck where they were not read', () => {
    const sources = [aSource({ name: 'volumeSnapshots', coverage: failed('forbidden') })];
    expect(measure('snapshots_stuck', analysing({ sources }))).toEqual({});
  });
});

describe('single volumes', () => {
  const volumes = [1, 5, 3].map((size) =>
    aVolumeAnalysis({ volume: `pv-${size}`, used: bytes(size), snapshots: bytes(0) }),
  );

  it('have no series unless they are asked for', () => {
    expect(measure('volume_used_bytes', analysing({ volumes }))).toEqual({});
    expect(measure('volumes_left_out', analysing({ volumes }))).toEqual({});
  });

  it('have some, the largest first, and the others are counted', () => {
    const scan = { ...analysing({ volumes }), volumeSeries: 2 };
    expect(Object.values(measure('volume_used_bytes', scan))).toEqual([5, 3]);
    expect(measure('volumes_left_out', scan)).toEqual({ '': 1 });
  });
});

describe('checks', () => {
  const rich: FullReport | undefined = FULL_REPORTS['rich'];

  it('come to one status each, of four', () => {
    if (rich === undefined) throw new Error('the sample is gone');
    const scan = { full: rich };
    for (const command of ['validate', 'health']) {
      const states = Object.entries(measure('overall_status', scan)).filter(([series]) =>
        series.includes(`"${command}"`),
      );
      expect(states).toHaveLength(4);
      expect(states.filter(([, value]) => value === 1)).toHaveLength(1);
    }
    const failing = Object.values(measure('check_failures', scan)).filter((value) => value > 0);
    expect(failing).not.toHaveLength(0);
  });
});

it('knows every family that it measures, and measures no other', () => {
  const measured = measuresOf({
    full: aFullReport(),
    inventory: { systems: [] },
    outcomes: [],
    volumeSeries: 1,
  }).map(({ family }) => family);
  expect(new Set(measured)).toEqual(new Set(SCAN_FAMILIES));
  expect(new Set(SCAN_FAMILIES.map(({ name }) => name)).size).toBe(SCAN_FAMILIES.length);
});
