import { assurance, condition, type Check } from '../../model/check.ts';
import { type Consulted } from '../../model/rule.ts';

/** Whether a job that names a dataset, or a snapshot of it, works on a path: the same, or one above or below it. */
function touches(path: string, name: string): boolean {
  const named = name.split('@', 1)[0] ?? name;
  return path === named || path.startsWith(`${named}/`) || named.startsWith(`${path}/`);
}

/**
 * That no job works on a dataset: what looks left behind while one does is in the making. Where jobs cannot be read, it may
 * be. TrueNAS shows most users their own jobs only, so that the age of a dataset has to speak as well.
 */
export function noRunningJob(system: string, path: string, jobs: Consulted<'runningJobs'>): Check {
  const job = jobs.items.find(
    (each) => each.system === system && each.datasets.some((one) => touches(path, one)),
  );
  if (job !== undefined) {
    return condition('no-running-job', false, `${job.method} (job ${job.id}) works on it`);
  }
  return jobs.coverage.state === 'complete'
    ? assurance('no-running-job', true, 'none of those that are shown')
    : assurance('no-running-job', undefined, `could not be read: ${jobs.coverage.reason}`);
}
