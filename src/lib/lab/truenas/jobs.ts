import { type LabSystem } from '../scenario/world.ts';
import { CallError, errnoName, ValidationErrors } from './errors.ts';
import { type EventBus } from './events.ts';
import { type Fields, dateOf } from './json.ts';

const KEPT = 1000;

/** What every job has, whatever becomes of it. */
const UNFINISHED: Fields = {
  message_ids: [],
  transient: false,
  description: null,
  abortable: false,
  logs_path: null,
  logs_excerpt: null,
  progress: { percent: 0, description: '', extra: null },
  result: null,
  result_encoding_error: null,
  error: null,
  exception: null,
  exc_info: null,
  state: 'RUNNING',
  time_started: null,
  time_finished: null,
  credentials: null,
};

const credentialsOf = (username: string | null): Fields | null =>
  username === null || username === '' ? null : { type: 'API_KEY', data: { username } };

/** The jobs of the world that are under way from the beginning. */
export function standingJobs(system: LabSystem, now: Date): readonly Fields[] {
  return (system.runningJobs ?? []).map((job) => ({
    ...UNFINISHED,
    id: job.id,
    method: job.method,
    arguments: job.arguments,
    state: job.state ?? 'RUNNING',
    time_started: job.state === 'WAITING' ? null : dateOf(now),
    credentials: credentialsOf(job.username ?? null),
  }));
}

export interface JobRequest {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly messageId: unknown;
  readonly username: string | null;
  readonly now: () => Date;
  readonly run: () => unknown;
}

function describe(cause: unknown): Fields {
  if (cause instanceof ValidationErrors) {
    const info = { repr: cause.message, type: 'VALIDATION', errno: null, extra: cause.errors };
    return { error: cause.message, exception: cause.message, exc_info: info };
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  const errno = cause instanceof CallError ? cause.errno : 22;
  const text = `[${errnoName(errno)}] ${message}`;
  const info = {
    repr: `CallError(${JSON.stringify(message)})`,
    type: 'CallError',
    errno,
    extra: null,
  };
  return { error: text, exception: `Traceback (most recent call last):\n${text}`, exc_info: info };
}

/** Runs jobs one after the other, remembers the newest thousand, and announces what they do. */
export class JobStore {
  readonly #jobs: Fields[] = [];
  readonly #events: EventBus;
  #nextId = 1;

  constructor(events: EventBus) {
    this.#events = events;
  }

  list(): readonly Fields[] {
    return this.#jobs;
  }

  /** Starts a job; `done` settles with its result. */
  start(request: JobRequest): { readonly id: number; readonly done: Promise<unknown> } {
    const id = this.#nextId++;
    const job: Fields = {
      ...UNFINISHED,
      id,
      message_ids: request.messageId === null ? [] : [request.messageId],
      method: request.method,
      arguments: request.params,
      time_started: dateOf(request.now()),
      credentials: credentialsOf(request.username),
    };
    this.#jobs.push(job);
    if (this.#jobs.length > KEPT) this.#jobs.shift();
    this.#announce('added', job);
    return { id, done: this.#finish(job, request) };
  }

  async #finish(job: Fields, request: JobRequest): Promise<unknown> {
    // The id is answered first, as a real job outlives the call that started it.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      job['result'] = await request.run();
      job['state'] = 'SUCCESS';
      job['progress'] = { percent: 100, description: '', extra: null };
      return job['result'];
    } catch (cause) {
      Object.assign(job, describe(cause), { state: 'FAILED' });
      throw cause;
    } finally {
      job['time_finished'] = dateOf(request.now());
      this.#announce('changed', job);
    }
  }

  #announce(msg: 'added' | 'changed', job: Fields): void {
    this.#events.emit({
      msg,
      collection: 'core.get_jobs',
      id: Number(job['id']),
      fields: { ...job },
    });
  }
}
