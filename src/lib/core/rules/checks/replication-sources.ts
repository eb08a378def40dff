import { lazy } from '../../model/lazy.ts';
import { type ReplicationTask, type SnapshotTask } from '../../model/truenas-tasks.ts';
import { type ZfsSnapshot } from '../../model/truenas.ts';
import { reaches } from './task-reach.ts';

/** What stands for numbers in a naming schema; anything else may be any text. */
const FIELDS: Readonly<Record<string, string>> = {
  Y: '\\d{4}',
  m: '\\d{2}',
  d: '\\d{2}',
  H: '\\d{2}',
  M: '\\d{2}',
  S: '\\d{2}',
  s: '\\d+',
};

/** Whether a snapshot may be one that a name is about: only a naming schema tells exactly which. */
export function mayBeNamed(schema: string, snapshot: string): boolean {
  if (!schema.includes('%')) return true;
  const pattern = schema.replace(/%(.)|[\\^$.*+?()[\]{}|]/g, (found, field: string | undefined) =>
    field === undefined ? `\\${found}` : (FIELDS[field] ?? '.+'),
  );
  return new RegExp(`^${pattern}$`).test(snapshot);
}

/** Whether a snapshot task makes what a replication sends by name. */
function makes(task: SnapshotTask, { alsoSends, sources, recursive }: ReplicationTask): boolean {
  const { enabled, naming, dataset } = task;
  if (!enabled) return false;
  const isOfSource = sources.some(
    (source) =>
      reaches(dataset, task, source) || (recursive && reaches(source, { recursive }, dataset)),
  );
  return (
    isOfSource &&
    alsoSends.some((name) => naming === null || !name.includes('%') || name === naming)
  );
}

/** Snapshots of a system by their dataset, looked through only for the few tasks that hang on it. */
export class SnapshotNames {
  readonly #byDataset: () => ReadonlyMap<string, readonly ZfsSnapshot[]>;

  constructor(snapshots: readonly ZfsSnapshot[]) {
    this.#byDataset = lazy(() => Map.groupBy(snapshots, ({ dataset }) => dataset));
  }

  /** Whether any snapshot of a replication's sources may be what it sends by name. */
  hasFor({ sources, recursive, alsoSends }: ReplicationTask): boolean {
    for (const [dataset, snapshots] of this.#byDataset()) {
      if (!sources.some((source) => reaches(source, { recursive }, dataset))) continue;
      if (snapshots.some(({ name }) => alsoSends.some((each) => mayBeNamed(each, name)))) {
        return true;
      }
    }
    return false;
  }
}

/** What a replication finds to send; `nothing` says why. */
export function findsToSend(
  replication: ReplicationTask,
  tasks: readonly SnapshotTask[],
): { readonly found: string } | { readonly nothing: string; readonly byName: boolean } {
  const { snapshotTasks: ids, alsoSends } = replication;
  const bound = tasks.filter(({ id }) => ids.includes(id));
  const live = bound.filter(({ enabled }) => enabled);
  if (live.length > 0) {
    return { found: `it sends the snapshots of task ${live.map(({ id }) => id).join(', ')}` };
  }
  const maker = tasks.find((task) => makes(task, replication));
  if (maker !== undefined) {
    return { found: `snapshot task ${String(maker.id)} makes what it sends` };
  }
  const off = bound.map(({ id }) => `snapshot task ${String(id)} is switched off`);
  const gone = ids
    .filter((id) => !bound.some((task) => task.id === id))
    .map((id) => `snapshot task ${String(id)} is gone`);
  const named = alsoSends.length === 0 ? [] : [`no task makes ${alsoSends.join(' or ')}`];
  return { nothing: [...off, ...gone, ...named].join(', '), byName: alsoSends.length > 0 };
}
