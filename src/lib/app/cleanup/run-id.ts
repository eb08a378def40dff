import { type RunView } from '../../core/cleanup/run-view.ts';

/** Names a run by when it began and what it carries out, as none of the past is named; its name sorts by time. */
export function runId(of: string, now: Date, past: readonly Pick<RunView, 'id'>[]): string {
  const instant = now.toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
  const name = `${instant.toLowerCase()}-${of.slice(0, 8)}`;
  const taken = new Set(past.map(({ id }) => id));
  let free = name;
  for (let count = 2; taken.has(free); count += 1) free = `${name}-${String(count)}`;
  return free;
}

/** Whether a run was interrupted, or stopped at something that may have passed. */
export function isResumable({ state }: RunView): boolean {
  return state !== 'done' && state !== 'failed' && state !== 'rolled_back';
}
