import { type RunView } from '../../core/cleanup/run-view.ts';

/** Names a run by when it began and what it carries out; its name sorts by time. */
export function runId(of: string, now: Date): string {
  const instant = now.toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
  return `${instant.toLowerCase()}-${of.slice(0, 8)}`;
}

/** Whether a run was interrupted, or stopped at something that may have passed. */
export function isResumable({ state }: RunView): boolean {
  return state !== 'done' && state !== 'failed' && state !== 'rolled_back';
}
