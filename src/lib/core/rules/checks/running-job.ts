import { assurance, condition, type Check } from '../../model/check.ts';
import { type Consulted } from '../../model/rule.ts';
import { type RunningJob } from '../../model/truenas.ts';
import { absenceOf } from './absence.ts';

/** Whether a job that names a dataset, or a snapshot of it, works on a path: the same, or one above or below it. */
function touches(path: string, name: string): boolean {
  const named = name.split('@', 1)[0] ?? name;
  return path === named || path.startsWith(`${named}/`) || named.startsWith(`${path}/`);
}

/**
 * That no job works on a dataset: what looks left behind while one does is in the making. Where jobs cannot be read, it may
 * be.
 */
export function noRunningJob(system: string, path: string, jobs: Consulted<'runningJobs'>): Check {
  const [job] = jobs.items.filter(
    (each: RunningJob) => each.system === system && each.datasets.some((one) => touches(path, one)),
  );
  if (job !== undefined) {
    return condition('no-running-job', false, `${job.method} (job ${job.id}) works on it`);
  }
  const { result, detail } = absenceOf('no-running-job', [], [jobs.coverage]);
  return assurance('no-running-job', result === 'passed' ? true : undefined, detail);
}
