import { CLUSTER_SOURCES, SYSTEM_SOURCES, type ClusterIdentity } from '../../model/inventory.ts';
import { type Report, type SourceStatus, type SystemStatus } from '../../model/report.ts';
import { displayWidth, padEnd, truncateMiddle, wrapWords } from '../text/columns.ts';
import { counted, formatDuration, formatInstant, formatSpan, joined } from '../text/format.ts';
import { sourceLabel } from '../text/labels.ts';
import { type Palette } from '../text/palette.ts';
import { printable } from '../text/safe.ts';

/** What was scanned, when, and how much of it there is. */
export function headline(report: Report, width: number, palette: Palette): string[] {
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

function when(report: Report, width: number, palette: Palette): string[] {
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

function clusterFacts(cluster: ClusterIdentity, report: Report): string {
  const kubernetes = `Kubernetes${cluster.version === null ? '' : ` ${cluster.version}`}`;
  const version = cluster.platform === 'openshift' ? `OpenShift on ${kubernetes}` : kubernetes;
  const sources = report.sources.filter((source) => source.cluster === cluster.name);
  return [printable(version), ...counts(sources, CLUSTER_SOURCES)].join(', ');
}

function systemFacts(system: SystemStatus, report: Report): string {
  const sources = report.sources.filter((source) => source.system === system.name);
  const pools = system.pools.length === 1 ? 'pool' : 'pools';
  return [
    printable(`TrueNAS ${system.version} at ${system.host} over ${system.transport}`),
    ...(system.pools.length > 0 ? [`${pools} ${printable(joined(system.pools))}`] : []),
    // The pools were just named.
    ...counts(sources, SYSTEM_SOURCES.slice(1)),
  ].join(', ');
}

/** What was read, in the order sources are always shown; what was not read counts nothing. */
function counts(sources: readonly SourceStatus[], order: readonly string[]): string[] {
  return order.flatMap((name) => {
    const source = sources.find((each) => each.name === name);
    const state = source?.coverage.state ?? 'failed';
    if (source === undefined || state === 'failed' || state === 'not_applicable') return [];
    const label = sourceLabel(name);
    return [counted(source.count, singular(label), label)];
  });
}

function singular(label: string): string {
  return label.endsWith('classes') ? label.slice(0, -2) : label.slice(0, -1);
}
