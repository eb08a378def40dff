import { type ReplicationTask, type RunningJob } from '../../core/model/truenas-tasks.ts';
import { type Decoded, decodeRows } from './decode-rows.ts';
import {
  DecodeError,
  integerOf,
  isRow,
  listOf,
  type Row,
  type Rows,
  textOf,
} from './decode-values.ts';
import { type ReadList } from './dialect.ts';

/** A job that has not ended is in one of these states. A job moves from the first to the second, never back. */
export const UNDER_WAY = ['WAITING', 'RUNNING'] as const;

export const JOBS = {
  method: 'core.get_jobs',
  path: '/core/get_jobs',
  select: ['id', 'method', 'arguments'],
} as const;

const RUN_TASK = 'replication.run';
const BULK = 'core.bulk';
const ABOUT_DATASETS = /^(?:replication\.run_onetime$|pool\.dataset\.|pool\.snapshot\.|zfs\.)/;

/** Members of an argument that name a dataset or snapshot, or several. */
const NAMING = [
  'source_datasets',
  'target_dataset',
  'dataset',
  'dataset_dst',
  'snapshot',
  'path',
  'paths',
  'name',
  'id',
];

/**
 * Lists the jobs under way that are about datasets. TrueNAS shows a user without full rights the jobs of that user
 * alone, and says nothing of the others: a job in the list is there, but that none is there proves nothing.
 *
 * @param read the rows of all jobs under way, as far as they are shown
 * @param tasks replication tasks: a job that runs one names it by its id
 */
export function jobList(
  system: string,
  read: (signal: AbortSignal) => Promise<Rows>,
  tasks: ReadList<ReplicationTask>,
): ReadList<RunningJob> {
  return async (signal) => {
    const rows = [...(await read(signal))];
    const runsTask = rows.some((row) => isRow(row) && row['method'] === RUN_TASK);
    return decodeJobs(rows, runsTask ? (await tasks(signal)).items : [], system);
  };
}

/** Of each job, what it is and which datasets it names: its arguments may hold secrets, and are not kept. */
function decodeJobs(
  rows: readonly unknown[],
  tasks: readonly ReplicationTask[],
  system: string,
): Decoded<RunningJob> {
  const seen = new Set<number>();
  return decodeRows(rows, (row) => {
    const id = integerOf(row, 'id');
    // Over REST each state is asked for by itself, and a job may have gone from one to the next.
    if (seen.has(id)) return undefined;
    seen.add(id);
    const method = textOf(row, 'method');
    const datasets = [...new Set(namedDatasets(method, row, tasks))];
    return datasets.length === 0 ? undefined : { system, id, method, datasets };
  });
}

function namedDatasets(
  method: string,
  row: Row,
  tasks: readonly ReplicationTask[],
): readonly string[] {
  if (method === RUN_TASK) return namedByTask(listOf(row, 'arguments')[0], tasks);
  if (method === BULK) {
    const [inner, calls] = listOf(row, 'arguments');
    const isOurs = typeof inner === 'string' && ABOUT_DATASETS.test(inner);
    return isOurs && Array.isArray(calls) ? (calls as readonly unknown[]).flatMap(inCall) : [];
  }
  return ABOUT_DATASETS.test(method) ? inCall(listOf(row, 'arguments')) : [];
}

function namedByTask(id: unknown, tasks: readonly ReplicationTask[]): readonly string[] {
  const task = tasks.find((candidate) => candidate.id === id);
  if (task === undefined) throw new DecodeError('the task it runs is not known');
  return [...task.sources, task.target];
}

/** What the first argument of a call names: by itself, or in its members. */
function inCall(call: unknown): readonly string[] {
  const [first] = Array.isArray(call) ? (call as readonly unknown[]) : [];
  return isRow(first) ? NAMING.flatMap((key) => namesIn(first[key])) : namesIn(first);
}

function namesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return (value as readonly unknown[]).flatMap(namesIn);
  if (typeof value !== 'string') return [];
  const [dataset = ''] = value.replace(/^\/mnt\//, '').split('@', 1);
  return dataset === '' ? [] : [dataset];
}
