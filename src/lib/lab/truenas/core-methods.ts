import { randomUUID } from 'node:crypto';
import { CallError, Errno, invalid } from './errors.ts';
import { standingJobs } from './jobs.ts';
import { type Fields, pick } from './json.ts';
import { read } from './listing.ts';
import { type Call, fieldsParam, type MethodTable, readQuery, textParam } from './method.ts';
import { filterList } from './query-options.ts';
import { hasRole } from './roles.ts';

function setOptions(call: Call): Fields | null {
  const asked = pick(fieldsParam(call, 0, 'options'), call.lab.table.connectionOptions);
  for (const [name, value] of Object.entries(asked)) {
    if (typeof value !== 'boolean')
      throw invalid(`options.${name}`, 'Input should be a valid boolean');
  }
  Object.assign(call.session.options, asked);
  const { optionsAreEchoed, connectionOptions } = call.lab.table;
  return optionsAreEchoed ? pick({ ...call.session.options }, connectionOptions) : null;
}

/** The role that may follow a collection; jobs and one's own session are open to all. */
function collectionRoles(collection: string): readonly string[] | null {
  return collection === 'core.get_jobs' ? null : ['READONLY_ADMIN'];
}

/** Starts sending the events of a collection. @param id what the client will end it by */
export function subscribe(
  { session, lab }: Pick<Call, 'session' | 'lab'>,
  collection: string,
  id: string,
): void {
  const { user, notify } = session;
  if (user === null) throw new CallError('Not authenticated', Errno.ENOTAUTHENTICATED);
  const roles = collectionRoles(collection);
  if (roles !== null && !hasRole(user.roles, roles)) {
    throw new CallError('Not authorized', Errno.EACCES);
  }
  session.subscriptions.add(id);
  lab.events.subscribe(id, collection, (event) => notify?.(event, id));
}

function unsubscribe({ session, lab }: Call, id: string): void {
  // A client ends its own subscriptions only.
  if (session.subscriptions.delete(id)) lab.events.unsubscribe(id);
}

/** Jobs of the caller; a full administrator sees all. */
function jobs({ lab, session }: Call): readonly Fields[] {
  const all = [...standingJobs(lab.system, lab.now()), ...lab.jobs.list()].map((job) =>
    pick(job, lab.table.fields.job),
  );
  if (session.user?.roles.includes('FULL_ADMIN') === true) return all;
  return all.filter((job) =>
    JSON.stringify(job['credentials']).includes(`"username":"${session.user?.username ?? ''}"`),
  );
}

/** `core.get_methods` is added where the registry is, which it lists. */
export const CORE_METHODS: MethodTable = {
  'core.ping': read('anyone', () => 'pong'),
  'core.set_options': read('anyone', setOptions, ['options']),
  'core.subscribe': read(
    'session',
    (call) => {
      const id = randomUUID();
      subscribe(call, textParam(call, 0, 'name'), id);
      return id;
    },
    ['name'],
  ),
  'core.unsubscribe': read(
    'session',
    (call) => {
      unsubscribe(call, textParam(call, 0, 'ident'));
      return null;
    },
    ['ident'],
  ),
  'core.get_jobs': {
    audience: 'session',
    kind: 'query',
    parameters: ['filters', 'options'],
    run: (call) => filterList(jobs(call), readQuery(call)),
  },
};
