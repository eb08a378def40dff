import {
  type Block,
  type DocumentModel,
  type Fact,
  type Section,
  SECTION_IDS,
  type SectionId,
} from '../model/document.ts';
import { type FullReport } from '../model/full-report.ts';
import { formatInstant, joined } from '../render/text/format.ts';
import { note } from './blocks.ts';
import { capacityBlocks } from './capacity.ts';
import { changesBlocks } from './changes.ts';
import { checksBlocks } from './checks.ts';
import { coverageBlocks, historyFact } from './coverage.ts';
import { findingsBlocks } from './findings.ts';
import { methodsBlocks } from './methods.ts';
import { reclaimableBlocks } from './reclaimable.ts';
import { snapshotsBlocks } from './snapshots.ts';
import { doubts, summaryBlocks } from './summary.ts';
import { volumesBlocks } from './volumes.ts';

export interface DocumentOptions {
  /** Null for all of them. They stand in their own order, whichever they are asked for in. */
  readonly sections: readonly SectionId[] | null;
  /** Name and version of this program. */
  readonly generator: string;
}

interface SectionBuilder {
  readonly title: string;
  readonly blocks: (full: FullReport) => readonly Block[];
}

const SECTIONS: Readonly<Record<SectionId, SectionBuilder>> = {
  summary: { title: 'Summary', blocks: summaryBlocks },
  changes: { title: 'What changed', blocks: changesBlocks },
  reclaimable: { title: 'Reclaimable space', blocks: reclaimableBlocks },
  findings: { title: 'Findings', blocks: findingsBlocks },
  capacity: { title: 'Capacity and forecast', blocks: capacityBlocks },
  volumes: { title: 'Volumes', blocks: volumesBlocks },
  snapshots: { title: 'Snapshots', blocks: snapshotsBlocks },
  validation: {
    title: 'Validation',
    blocks: ({ validation }) => checksBlocks(validation, 'validation'),
  },
  health: { title: 'Health', blocks: ({ health }) => checksBlocks(health, 'health') },
  coverage: { title: 'Coverage', blocks: coverageBlocks },
  methods: { title: 'Methods', blocks: methodsBlocks },
};

/** A report as a document. The same report gives the same document, whenever and wherever it is built. */
export function buildDocument(
  full: FullReport,
  { sections, generator }: DocumentOptions,
): DocumentModel {
  const { report } = full;
  const asked = SECTION_IDS.filter((id) => sections === null || sections.includes(id));
  return {
    title: 'Storage report',
    subtitle: `${estateText(full)}, ${formatInstant(report.takenAt)}`,
    at: report.takenAt,
    facts: factsOf(full),
    sections: asked.map((id, index) => sectionOf(id, full, index === 0)),
    generator,
  };
}

/** Whatever makes the rest less than it seems stands above the first section, whichever that is. */
function sectionOf(id: SectionId, full: FullReport, isFirst: boolean): Section {
  const { title, blocks } = SECTIONS[id];
  const warnings = isFirst ? doubts(full).map((text) => note('bad', text)) : [];
  return { id, title, blocks: [...warnings, ...blocks(full)] };
}

function estateText({ report: { clusters, systems } }: FullReport): string {
  return joined([...clusters, ...systems].map(({ name }) => name));
}

function factsOf({ report, analysis, validation, health }: FullReport): readonly Fact[] {
  const complete = [report, analysis, validation, health].every((each) => each.complete);
  return [
    ...report.clusters.map(({ name, version, platform }) => ({
      label: `Cluster ${name}`,
      value: [platform === 'openshift' ? 'OpenShift on Kubernetes' : 'Kubernetes', version ?? '']
        .join(' ')
        .trim(),
    })),
    ...report.systems.map(({ name, version, host, pools }) => ({
      label: `TrueNAS ${name}`,
      value: `${version} at ${host}${pools.length === 0 ? '' : `, ${pools.length === 1 ? 'pool' : 'pools'} ${joined(pools)}`}`,
    })),
    { label: 'Scan', value: formatInstant(report.takenAt) },
    { label: 'Coverage', value: complete ? 'complete' : 'INCOMPLETE' },
    { label: 'History', value: historyFact(analysis) },
  ];
}
