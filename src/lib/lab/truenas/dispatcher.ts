import { setTimeout as sleep } from 'node:timers/promises';
import { CallError, EnvelopeError, Errno, invalid, methodNotFound } from './errors.ts';
import { latencyOf, matchesMethod, takeError } from './faults.ts';
import { JsonText, toText } from './json.ts';
import { type Audience, type Call, type Lab, type Method } from './method.ts';
import { runWithOddRows } from './odd-rows.ts';
import { METHODS } from './registry.ts';
import { hasRole } from './roles.ts';
import { type Session, type SessionUser } from './session.ts';

/** What happens to an answer: it is sent, or nobody ever hears of it. */
export const LOST = Symbol('lost answer');

/** The connection ends in place of an answer. */
export const BROKEN = Symbol('broken connection');

export interface Request {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly messageId: unknown;
}

/** The method of a name, if this version has it. */
export function findMethod(lab: Lab, name: string): Method | undefined {
  return lab.table.methods.has(name) ? METHODS[name] : undefined;
}

function audienceOf(lab: Lab, name: string, method: Method): Audience {
  return lab.table.roles[name] ?? method.audience;
}

/** Whether a session may call a method, faults aside. */
function mayCall(lab: Lab, user: SessionUser | null, name: string, method: Method): boolean {
  const audience = audienceOf(lab, name, method);
  if (audience === 'anyone') return true;
  if (user === null) return false;
  return audience === 'session' || hasRole(user.roles, audience);
}

/** Names of the methods that are open to a user. */
export function openMethods(lab: Lab, user: SessionUser | null): readonly string[] {
  return [...lab.table.methods].filter((name) => {
    const method = METHODS[name];
    const denied = matchesMethod(lab.faults.deniedMethods, name);
    return method !== undefined && !denied && mayCall(lab, user, name, method);
  });
}

const NEVER_LIMITED = 'core.set_options';

async function limitRate(lab: Lab, session: Session, name: string): Promise<void> {
  if (session.user !== null || name === NEVER_LIMITED) return;
  const counted = lab.limiter.exceeds(name, session.remoteAddress, performance.now());
  if (!counted && lab.faults.rateLimited !== true) return;
  await sleep(lab.faults.rateLimitDelayMs ?? 1000 + Math.random() * 9000);
  throw new CallError('Rate Limit Exceeded', Errno.EBUSY);
}

function expire(lab: Lab, session: Session): void {
  const times = lab.faults.expireSession ?? 0;
  if (times <= 0 || session.user === null) return;
  lab.faults.expireSession = times - 1;
  session.user = null;
}

async function authorize(lab: Lab, session: Session, name: string, method: Method): Promise<void> {
  if (audienceOf(lab, name, method) === 'anyone') {
    await limitRate(lab, session, name);
  } else if (session.user === null) {
    throw new CallError('Not authenticated', Errno.ENOTAUTHENTICATED);
  }
  const denied = matchesMethod(lab.faults.deniedMethods, name);
  if (denied || !mayCall(lab, session.user, name, method)) {
    throw new CallError('Not authorized', Errno.EACCES);
  }
}

function throwInjected(lab: Lab, name: string): void {
  const error = takeError(lab.faults, name);
  switch (error?.kind) {
    case undefined:
      return;
    case 'call':
      throw new CallError(error.message, error.errno);
    case 'validation':
      throw invalid(error.attribute, error.message, error.errno);
    case 'jsonrpc':
      throw new EnvelopeError(error.code, error.message);
  }
}

/** Methods whose answers depend on more than the state and the parameters. */
const FRESH = /^(?:auth|core|system|alert)\./u;

/** Enough for every list of a scan; single look-ups beyond are built anew. */
const KEPT_ANSWERS = 64;

async function execute(call: Call, name: string, method: Method): Promise<unknown> {
  const { lab, view } = call;
  if (method.kind === 'job') return runJob(call, name, method);
  if (method.kind === 'write') {
    try {
      return await method.run(call);
    } finally {
      lab.views.touch();
    }
  }
  if (FRESH.test(name)) return runWithOddRows(call, name, method);
  const key = `${name} ${JSON.stringify(call.params)}`;
  const known = view.answers.get(key);
  const text = known ?? toText(await runWithOddRows(call, name, method));
  if (view.answers.size < KEPT_ANSWERS) view.answers.set(key, text);
  return new JsonText(text);
}

async function runJob(call: Call, name: string, method: Method): Promise<unknown> {
  const { lab, session, params, messageId } = call;
  const { id, done } = lab.jobs.start({
    method: name,
    params,
    messageId,
    username: session.user?.username ?? null,
    now: () => lab.now(),
    run: async () => {
      try {
        return await method.run({ ...call, view: lab.views.current() });
      } finally {
        lab.views.touch();
      }
    },
  });
  const legacy =
    session.options.legacy_jobs || !lab.table.connectionOptions.includes('legacy_jobs');
  if (!legacy) return done;
  // Whoever asks for the id learns of the failure from the job.
  done.catch(() => undefined);
  return id;
}

/** Runs one call of one session: faults, rights, and then the method. */
export async function dispatch(lab: Lab, session: Session, request: Request): Promise<unknown> {
  const { method: name, params, messageId } = request;
  await lab.faults.onCall?.(name, params);
  const latency = latencyOf(lab.faults, name);
  if (latency > 0) await sleep(latency);
  if (matchesMethod(lab.faults.lostRequests, name)) return BROKEN;
  const method = findMethod(lab, name);
  if (method === undefined) throw methodNotFound();
  expire(lab, session);
  throwInjected(lab, name);
  await authorize(lab, session, name, method);
  if (matchesMethod(lab.faults.emptyLists, name)) return [];
  if (lab.faults.onCall !== undefined) lab.views.touch();
  const call: Call = { lab, session, params, messageId, view: lab.views.current() };
  const result = await execute(call, name, method);
  if (matchesMethod(lab.faults.dropAfterActing, name)) return BROKEN;
  return matchesMethod(lab.faults.lostAnswers, name) ? LOST : result;
}
