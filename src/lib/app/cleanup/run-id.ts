import { type RunView } from '../../core/cleanup/run-view.ts';

/**
 * Names a run by when it began and what it carries out; its name sorts by time. A clock that stands still, as that of the demo does,
 * names two of them alike: the later one is counted.
 */
export function runId(of: string, now: Date, runs: readonly Pick<RunView, 'id'>[]): string {
  const instant = now.toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
  const name = `${instant.toLowerCase()}-${of.slice(0, 8)}`;
  const taken = new Set(runs.map(({ id }) => id));
  let id = name;
  for (let count = 2; taken.has(id); count += 1) id = `${name}-${count}`;
  return id;
}

/** Whether a run was interrupted, or stopped at something that may have passed. */
export function isResumable({ state }: RunView): boolean {
  return state !== 'done' && state !== 'failed' && state !== 'rolled_back';
}
