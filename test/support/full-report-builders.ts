import { type FindingMention, type FullReport } from '../../src/lib/core/model/full-report.ts';
import { DEFAULT_THRESHOLDS } from '../../src/lib/core/model/settings.ts';
import { bytes, millis } from '../../src/lib/core/model/units.ts';
import { anAnalysis, daysAgo, notEnough } from './analysis-builders.ts';
import { aReport, REPORTS, TAKEN_AT } from './report-builders.ts';
import { sampleAnalysis } from './sample-analysis.ts';
import { aSummary, SUMMARIES } from './validation-builders.ts';

/** Full reports for tests of what is printed: valid by default, override what matters. */

export function aMention(overrides: Partial<FindingMention> = {}): FindingMention {
  return {
    id: '6f0c1d2e3a4b5c6d',
    rule: 'dataset-unclaimed',
    category: 'orphan',
    severity: 'high',
    subject: 'dataset/tank/k8s/vols/pvc-6f1d2c9e-3b7a-4c55-9a31-0d5b8e7f2a10',
    scope: 'c0ffee',
    reclaimable: bytes(1.5 * 1024 ** 3),
    ...overrides,
  };
}

/** Nothing wrong, and nothing remembered. */
export function aFullReport(overrides: Partial<FullReport> = {}): FullReport {
  return {
    report: aReport(),
    analysis: anAnalysis(),
    validation: aSummary(),
    health: aSummary(),
    changes: null,
    comparison: null,
    thresholds: { ...DEFAULT_THRESHOLDS, snapshotRetention: millis(30 * 86_400_000) },
    ...overrides,
  };
}

function named<T>(worlds: Readonly<Record<string, T>>, name: string): T {
  const world = worlds[name];
  if (world === undefined)
    throw new Error(`there is no ${name} among ${Object.keys(worlds).join(', ')}`);
  return world;
}

const fixed = aMention({
  id: 'aaaabbbbccccdddd',
  rule: 'nfs-share-dangling',
  severity: 'medium',
  subject: 'nfsshare//mnt/tank/k8s/vols/pvc-gone',
  reclaimable: bytes(0),
});

/** What golden files show, by name. */
export const FULL_REPORTS: Readonly<Record<string, FullReport>> = {
  /** Something of everything. */
  rich: aFullReport({
    report: named(REPORTS, 'findings'),
    analysis: sampleAnalysis,
    validation: named(SUMMARIES, 'misconfigured'),
    health: named(SUMMARIES, 'healthy'),
    changes: {
      since: new Date(TAKEN_AT.getTime() - 7 * 86_400_000),
      opened: [aMention()],
      fixed: [fixed],
      unknown: [],
      passing: 2,
    },
    comparison: {
      since: daysAgo(30),
      opened: [aMention()],
      fixed: [fixed],
      unchanged: [
        aMention({ id: '0a1b2c3d4e5f6071', rule: 'pv-backend-missing', severity: 'critical' }),
      ],
      unknown: [aMention({ id: '1212121212121212', subject: 'dataset/old/pvc-1' })],
      suppressed: [],
      remarks: ['that report was incomplete: what is new may have been there, unseen'],
    },
  }),
  clean: aFullReport(),
  incomplete: aFullReport({
    report: named(REPORTS, 'incomplete'),
    analysis: anAnalysis({
      complete: false,
      history: { firstAt: null, lastAt: null, days: 0, askedDays: 90 },
      growth: notEnough({ days: 0, spanDays: 0 }),
      forecast: notEnough({ days: 0, spanDays: 0 }),
      forecastPool: null,
      pools: [],
      volumes: [],
      classes: [],
      thinProvisioningEfficiency: null,
      poolOvercommitmentRatio: null,
      totalCapacity: bytes(0),
      notes: ['nothing can be said of growth: there is no history yet'],
    }),
  }),
};
