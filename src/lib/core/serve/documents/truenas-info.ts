import { type FullReport } from '../../model/full-report.ts';
import { type SystemStatus } from '../../model/report.ts';
import { toSource, toSystem } from '../../render/wire/scan-parts.ts';
import { type TrueNasInfoWire } from '../../render/wire/served-documents-schema.ts';
import { toConnection } from '../../render/wire/validation.ts';
import { factsOf } from './scan-facts.ts';

function toInfo(
  system: SystemStatus,
  { report, validation }: FullReport,
): TrueNasInfoWire['systems'][number] {
  const connection = validation.connections.find(
    ({ side, name }) => side === 'truenas' && name === system.name,
  );
  return {
    ...toSystem(system),
    clock: system.clock?.toISOString() ?? null,
    connection: connection === undefined ? null : toConnection(connection),
    sources: report.sources
      .filter((source) => source.system === system.name)
      .map((source) => toSource({ ...source, system: null, cluster: null })),
  };
}

/** The TrueNAS systems, and how much of each was read. */
export function toTrueNasInfo(full: FullReport): TrueNasInfoWire {
  return {
    ...factsOf('TrueNasInfo', full.report),
    systems: full.report.systems.map((system) => toInfo(system, full)),
  };
}
