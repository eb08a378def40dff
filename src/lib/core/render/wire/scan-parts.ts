import { type Coverage } from '../../model/coverage.ts';
import { type ClusterIdentity } from '../../model/inventory.ts';
import { type SourceStatus, type SystemStatus } from '../../model/report.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { type Millis } from '../../model/units.ts';
import { snakeCase } from './names.ts';
import { type OrphanReportWire } from './schema.ts';

/* What every document of the wire form says alike. */

type Wire<K extends 'sources' | 'clusters' | 'systems'> = OrphanReportWire[K][number];

export function seconds(span: Millis): number {
  return span / 1000;
}

/** Names the cluster or system a source or rule belongs to, and leaves out the side it does not. */
export function home(of: { readonly cluster: string | null; readonly system: string | null }): {
  cluster?: string;
  system?: string;
} {
  return {
    ...(of.cluster !== null && { cluster: of.cluster }),
    ...(of.system !== null && { system: of.system }),
  };
}

export function reason(coverage: Coverage): { reason?: string } {
  return coverage.state === 'complete' ? {} : { reason: coverage.reason };
}

export function toSource(source: SourceStatus): Wire<'sources'> {
  return {
    name: snakeCase(source.name),
    ...home(source),
    state: source.coverage.state,
    count: source.count,
    ...reason(source.coverage),
    ...(source.unreadable.length > 0 && { unreadable: [...source.unreadable] }),
  };
}

export function toCluster({ name, uid, version, platform }: ClusterIdentity): Wire<'clusters'> {
  return { name, uid, version, platform };
}

export function toSystem(system: SystemStatus): Wire<'systems'> {
  const { name, host, hostId, version, transport, pools } = system;
  return { name, host, host_id: hostId, version, transport, pools: [...pools] };
}

export function clusterOf(ref: ResourceRef): string | null {
  return ref.location === 'kubernetes' ? ref.cluster : null;
}

export function systemOf(ref: ResourceRef): string | null {
  return ref.location === 'truenas' ? ref.system : null;
}
