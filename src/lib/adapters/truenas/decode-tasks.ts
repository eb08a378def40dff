import { type ReplicationTask, type SnapshotTask } from '../../core/model/truenas-tasks.ts';
import { millis, type Millis } from '../../core/model/units.ts';
import {
  DecodeError,
  firstText,
  flagOf,
  integerOf,
  isRow,
  type Row,
  textOf,
  textsOf,
} from './decode-values.ts';

export function decodeSnapshotTask(row: Row, system: string): SnapshotTask {
  return {
    system,
    id: integerOf(row, 'id'),
    dataset: textOf(row, 'dataset'),
    // Where it is not told how far a task reaches, it reaches further.
    recursive: flagOf(row, 'recursive', true),
    enabled: flagOf(row, 'enabled', true),
    keepsFor: lifetimeOf(row['lifetime_value'], row['lifetime_unit']),
    naming: firstText(row, ['naming_schema']),
  };
}

const DAY = 86_400_000;

/** Months and years as TrueNAS reckons them. */
const UNITS: Readonly<Record<string, number>> = {
  HOUR: DAY / 24,
  DAY,
  WEEK: 7 * DAY,
  MONTH: 30 * DAY,
  YEAR: 365 * DAY,
};

function lifetimeOf(value: unknown, unit: unknown): Millis | null {
  const length = typeof unit === 'string' ? UNITS[unit] : undefined;
  if (length === undefined || typeof value !== 'number' || !Number.isSafeInteger(value * length))
    return null;
  return millis(value * length);
}

export function decodeReplicationTask(row: Row, system: string): ReplicationTask {
  const direction = row['direction'];
  if (direction !== 'PUSH' && direction !== 'PULL') {
    throw new DecodeError('"direction" is neither PUSH nor PULL');
  }
  return {
    system,
    id: integerOf(row, 'id'),
    name: textOf(row, 'name'),
    direction,
    local: textOf(row, 'transport') === 'LOCAL',
    sources: textsOf(row, 'source_datasets'),
    target: textOf(row, 'target_dataset'),
    recursive: flagOf(row, 'recursive', true),
    enabled: flagOf(row, 'enabled', true),
    snapshotTasks: snapshotTasksOf(row['periodic_snapshot_tasks']),
    alsoSends: sentBy(row),
  };
}

/** Each is the task itself; some programs keep its id alone. */
function snapshotTasksOf(tasks: unknown): readonly number[] {
  if (!Array.isArray(tasks)) return [];
  return (tasks as readonly unknown[]).map((task) =>
    integerOf(isRow(task) ? task : { id: task }, 'id'),
  );
}

/** A pull names its snapshots by `naming_schema`, a push by the other; either may go by an expression instead. */
function sentBy(row: Row): readonly string[] {
  const expression = firstText(row, ['name_regex']);
  return [
    ...textsIn(row, 'naming_schema'),
    ...textsIn(row, 'also_include_naming_schema'),
    ...(expression === null ? [] : [expression]),
  ];
}

function textsIn(row: Row, key: string): readonly string[] {
  return (row[key] ?? null) === null ? [] : textsOf(row, key);
}
