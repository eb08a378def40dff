import { type ClusterIdentity, type ListSource } from '../../model/inventory.ts';
import { type ScanFacts, type SourceStatus, type SystemStatus } from '../../model/report.ts';
import { displayWidth, padEnd, truncateMiddle, wrapWords } from '../text/columns.ts';
import { counted, formatDuration, formatInstant, formatSpan, joined } from '../text/format.ts';
import { countedOf } from '../text/labels.ts';
import { type Palette } from '../text/palette.ts';
import { printable } from '../text/safe.ts';

/** What tells a reader that the right servers were read; the other lists are in JSON. The first are told even if empty. */
const CLUSTER_COUNTS: Counts = {
  always: ['persistentVolumes', 'persistentVolumeClaims'],
  ifAny: ['volumeSnapshots', 'pods', 'virtualMachines'],
};
const SYSTEM_COUNTS: Counts = {
  always: ['datasets'],
  ifAny: ['zfsSnapshots', 'nfsShares', 'smbShares', 'iscsiTargets', 'nvmetSubsystems'],
};

interface Counts {
  readonly always: readonly ListSource[];
  readonly ifAny: readonly ListSource[];
}

/** What was scanned, when, and how much of it there is. */
export function headline(report: ScanFacts, width: number, palette: Palette): string[] {
  const names = [...report.clusters, ...report.systems].map(({ name }) => printable(name));
  // A name may be anything; what is said about it needs most of the line.
  const nameWidth = Math.min(Math.max(0, ...names.map(displayWidth)), Math.floor(width / 3));
  const member = (side: string, name: string, facts: string): string[] => {
    const start = `  ${padEnd(side, 'cluster'.length)}  ${padEnd(truncateMiddle(printable(name), nameWidth), nameWidth)}  `;
    const wrapped = wrapWords(facts, width - displayWidth(start));
    return wrapped.map((line, index) =>
      index === 0 ? start + line : ' '.repeat(displayWidth(start)) + line,
    );
  };
  return [
    ...when(report, width, palette),
    ...report.clusters.flatMap((each) => member('cluster', each.name, clusterFacts(each, report))),
    ...report.systems.flatMap((each) => member('system', each.name, systemFacts(each, report))),
  ];
}

function when(report: ScanFacts, width: number, palette: Palette): string[] {
  const scanned = joined([
    counted(report.clusters.length, 'cluster'),
    counted(report.systems.length, 'TrueNAS system'),
  ]);
  const taken = formatInstant(report.takenAt);
  if (report.cachedFor === null) {
    const line = `Scanned ${scanned} in ${formatDuration(report.duration)} (${taken})`;
    return wrapWords(line, width, '  ').map(palette.heading);
  }
  const line = `CACHED: the scan of ${scanned} made ${formatSpan(report.cachedFor)} ago (${taken}); nothing was read now`;
  return wrapWords(line, width, '  ').map(palette.warning);
}

function clusterFacts(cluster: ClusterIdentity, report: ScanFacts): string {
  const sources = report.sources.filter((source) => source.cluster === cluster.name);
  if (isUnread(sources)) return 'Kubernetes, not read';
  const kubernetes = `Kubernetes${cluster.version === null ? '' : ` ${cluster.version}`}`;
  const version = cluster.platform === 'openshift' ? `OpenShift on ${kubernetes}` : kubernetes;
  return [printable(version), ...counts(sources, CLUSTER_COUNTS)].join(', ');
}

function systemFacts(system: SystemStatus, report: ScanFacts): string {
  const sources = report.sources.filter((source) => source.system === system.name);
  if (isUnread(sources)) return printable(`TrueNAS at ${system.host}, not read`);
  const pools = system.pools.length === 1 ? 'pool' : 'pools';
  return [
    printable(`TrueNAS ${system.version} at ${system.host} over ${system.transport}`),
    ...(system.pools.length > 0 ? [`${pools} ${printable(joined(system.pools))}`] : []),
    ...counts(sources, SYSTEM_COUNTS),
  ].join(', ');
}

/** What was read of the lists that are told; what was not read counts nothing. */
function counts(sources: readonly SourceStatus[], { always, ifAny }: Counts): string[] {
  return [...always, ...ifAny].flatMap((name) => {
    const source = sources.find((each) => each.name === name);
    if (source === undefined || !wasRead(source)) return [];
    if (source.count === 0 && !always.includes(name)) return [];
    return [countedOf(name, source.count)];
  });
}

/** Out of reach: what is known of it is what the configuration says. */
function isUnread(sources: readonly SourceStatus[]): boolean {
  return sources.length > 0 && sources.every(({ coverage }) => coverage.state === 'failed');
}

function wasRead({ coverage: { state } }: SourceStatus): boolean {
  return state === 'complete' || state === 'partial';
}
