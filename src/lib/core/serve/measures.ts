import { type FullReport } from '../model/full-report.ts';
import { type Measure } from './served-scan.ts';

/** The numbers of a scan, for metrics. */
export function measuresOf({ report }: FullReport): readonly Measure[] {
  const { summary } = report;
  return [
    { name: 'truenas_monitor_orphaned_pvs_total', labels: {}, value: summary.orphanedPvs },
    { name: 'truenas_monitor_orphaned_pvcs_total', labels: {}, value: summary.orphanedPvcs },
  ];
}
