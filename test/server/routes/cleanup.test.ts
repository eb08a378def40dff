import { type LightMyRequestResponse } from 'fastify';
import { describe, expect, test } from 'vitest';
import { deskBusy, runUnknown } from '../../../src/lib/core/cleanup/desk-failures.ts';
import { isIntact } from '../../../src/lib/core/cleanup/plan-hash.ts';
import { type PlanStep } from '../../../src/lib/core/cleanup/plan-schema.ts';
import {
  type PlanEntryWire,
  type PlanViewWire,
} from '../../../src/lib/core/render/wire/cleanup-served-schema.ts';
import { type RunWire } from '../../../src/lib/core/render/wire/cleanup-schema.ts';
import { type Failure } from '../../../src/lib/core/serve/failure.ts';
import { DEFAULT_SERVE } from '../../../src/lib/core/serve/settings.ts';
import { type Caller } from '../../../src/lib/server/auth/access.ts';
import { ANN } from '../../support/cleanup-journals.ts';
import {
  aCleanupHistory,
  aPlan,
  aPlanView,
  aRollback,
  aRun,
  aStepView,
} from '../../support/cleanup-view-builders.ts';
import { publishedSchema } from '../../support/json-schema.ts';
import { PlayedDesk } from '../../support/played-desk.ts';
import { serveScans, type Served, VIEWER } from '../../support/served.ts';

const ADMIN: Caller = { ...VIEWER, name: ANN.name, role: 'admin', actor: ANN };
const PLANS = '/api/v1/cleanup/plans';
const RUNS = '/api/v1/cleanup/runs';
const OTHER_HASH = `sha256:${'0'.repeat(64)}`;

const isView = publishedSchema('cleanup-plan-view');
const isPlanList = publishedSchema('cleanup-plan-list');
const isRunList = publishedSchema('cleanup-run-list');
const isRun = publishedSchema('cleanup-run');
const isError = publishedSchema('error');

interface Site extends AsyncDisposable {
  readonly desk: PlayedDesk;
  readonly served: Served;
  get(url: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  post(
    url: string,
    payload?: object,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
  /** A plan that lies there. */
  plan(): Promise<PlanViewWire>;
}

interface SiteOptions {
  readonly caller?: Caller;
  readonly allowApply?: boolean;
}

async function site({ caller = ADMIN, allowApply = true }: SiteOptions = {}): Promise<Site> {
  const desk = new PlayedDesk();
  const { server: settings } = DEFAULT_SERVE;
  const served = await serveScans({
    // Clean-up never looks at what was scanned before.
    results: [],
    caller,
    context: {
      cleanup: desk,
      settings: { ...DEFAULT_SERVE, server: { ...settings, allowApply } },
    },
  });
  const post: Site['post'] = async (url, payload = {}, headers = {}) =>
    await served.server.inject({ method: 'POST', url, payload, headers });
  return {
    desk,
    served,
    get: async (url, headers = {}) => await served.server.inject({ url, headers }),
    post,
    plan: async () => viewOf(await post(PLANS)),
    [Symbol.asyncDispose]: async () => {
      await served[Symbol.asyncDispose]();
    },
  };
}

function viewOf(answer: LightMyRequestResponse): PlanViewWire {
  const view = answer.json<PlanViewWire>();
  if (!isView(view)) throw new Error(`not of the published form: ${answer.payload}`);
  return view;
}

function runOf(answer: LightMyRequestResponse): RunWire {
  const run = answer.json<RunWire>();
  if (!isRun(run)) throw new Error(`not of the published form: ${answer.payload}`);
  return run;
}

function codeOf(answer: LightMyRequestResponse): readonly [status: number, code: string] {
  const body = answer.json<{ error: { code: string } }>();
  if (!isError(body)) throw new Error(`no error: ${answer.payload}`);
  return [answer.statusCode, body.error.code];
}

function failure(code: string, over: Partial<Failure> = {}): Failure {
  const rest = { class: 'configuration', message: 'why', details: {}, remediation: [] } as const;
  return { ...rest, code, ...over };
}

describe('POST /api/v1/cleanup/plans', () => {
  test('answers with the plan as it is hashed, and where it is', async () => {
    await using at = await site();
    at.desk.once = {
      notIncluded: [{ snapshot: 'tank/a@b', reason: 'no such snapshot was seen on TrueNAS' }],
      warnings: ['a label could not be read'],
    };
    const answer = await at.post(PLANS);
    const view = viewOf(answer);
    expect(answer.statusCode).toBe(201);
    expect(answer.headers).toMatchObject({
      location: `${PLANS}/${view.plan_id}`,
      'cache-control': 'no-store',
    });
    expect(isIntact(view.plan)).toBe(true);
    expect(view).toMatchObject({
      plan_hash: view.plan.plan_hash,
      state: 'awaiting_approval',
      expired: false,
      complete: true,
      by: ANN,
      left_out: view.plan.left_out.length,
      not_included: [{ snapshot: 'tank/a@b' }],
      warnings: ['a label could not be read'],
    });
  });

  test('tells of an incomplete scan, and of what is left out', async () => {
    await using at = await site();
    at.desk.makes = () => aPlanView({ plan: aPlan({ complete: false }) });
    const view = await at.plan();
    expect(view.complete).toBe(false);
    expect(view.plan.left_out[0]?.reason).toContain('--finding');
  });

  test('asks for what the filters of the command line would', async () => {
    await using at = await site();
    await at.post(PLANS, {
      rules: ['dataset-*'],
      findings: ['5c63563aad29d238'],
      include_snapshots: ['tank/k8s/pvc-1@before-upgrade'],
      namespaces: ['media'],
      selector: 'app=db',
      types: ['dataset'],
      older_than: '30d',
      min_severity: 'high',
    });
    expect(at.desk.questions).toEqual([
      {
        kind: 'plan',
        asked: { by: ANN, correlationId: expect.any(String) as unknown },
        request: {
          rules: ['dataset-*'],
          findings: ['5c63563aad29d238'],
          includeSnapshots: ['tank/k8s/pvc-1@before-upgrade'],
          filter: {
            namespaces: ['media'],
            selector: expect.anything() as unknown,
            types: ['Dataset'],
            olderThan: 30 * 86_400_000,
            minSeverity: 'high',
          },
        },
      },
    ]);
  });

  test.each([
    [{ rule: ['dataset-unclaimed'] }, 'UNKNOWN_PARAMETER'],
    [{ rules: 'dataset-unclaimed' }, 'BAD_REQUEST'],
    [{ rules: ['no-such-rule'] }, 'USAGE'],
    [{ rules: ['dataset-unclaimed'], types: ['pv'] }, 'USAGE'],
    [{ findings: ['all'] }, 'BAD_REQUEST'],
    [{ include_snapshots: ['tank/k8s/pvc-1'] }, 'BAD_REQUEST'],
    [{ include_snapshots: ['@x'] }, 'BAD_REQUEST'],
    [{ types: ['volume'] }, 'BAD_REQUEST'],
    [{ older_than: '30' }, 'BAD_REQUEST'],
    [{ min_severity: 'bad' }, 'BAD_REQUEST'],
    [{ selector: '==' }, 'BAD_REQUEST'],
    [[], 'BAD_REQUEST'],
  ])('refuses %j before anything is asked of the desk', async (body, code) => {
    await using at = await site();
    expect(codeOf(await at.post(PLANS, body))).toEqual([400, code]);
    expect(at.desk.questions).toEqual([]);
  });

  test('makes nothing of a request without a body, or with one that is no JSON', async () => {
    await using at = await site();
    const { server } = at.served;
    const none = await server.inject({ method: 'POST', url: PLANS });
    expect(none.statusCode).toBe(400);
    const text = await server.inject({
      ...{ method: 'POST', url: PLANS, payload: '{}' },
      headers: { 'content-type': 'text/plain' },
    });
    expect(text.statusCode).toBe(415);
    expect(at.desk.questions).toEqual([]);
  });

  test('makes one plan for one key, and says the same of it again', async () => {
    await using at = await site();
    at.desk.once = { notIncluded: [], warnings: ['once'] };
    const key = { 'idempotency-key': 'a' };
    const first = viewOf(await at.post(PLANS, { rules: ['dataset-*'] }, key));
    at.desk.once = { notIncluded: [], warnings: [] };
    const again = await at.post(PLANS, { rules: ['dataset-*'] }, key);
    expect(again.statusCode).toBe(201);
    expect(viewOf(again)).toEqual(first);
    const other = viewOf(await at.post(PLANS, {}, { 'idempotency-key': 'b' }));
    expect(other.plan_id).not.toBe(first.plan_id);
    expect(at.desk.questions).toHaveLength(2);
  });

  test('does not take one wish for another under the same key', async () => {
    await using at = await site();
    const key = { 'idempotency-key': 'a' };
    await at.post(PLANS, {}, key);
    const answer = await at.post(PLANS, { rules: ['dataset-*'] }, key);
    expect(codeOf(answer)).toEqual([422, 'IDEMPOTENCY_KEY_USED']);
    expect(at.desk.questions).toHaveLength(1);
  });

  test('leaves a key free where no plan came of it', async () => {
    await using at = await site();
    at.desk.fails = deskBusy('execute');
    const key = { 'idempotency-key': 'a' };
    expect((await at.post(PLANS, {}, key)).statusCode).toBe(409);
    at.desk.fails = null;
    expect((await at.post(PLANS, {}, key)).statusCode).toBe(201);
  });

  test('says so where the plan of a key is not kept any more', async () => {
    await using at = await site();
    const key = { 'idempotency-key': 'a' };
    await at.post(PLANS, {}, key);
    at.desk.kept = { damaged: [], plans: [], runs: [] };
    expect(codeOf(await at.post(PLANS, {}, key))).toEqual([404, 'CLEANUP_PLAN_UNKNOWN']);
  });
});

describe('GET /api/v1/cleanup/plans', () => {
  test('lists them page by page, the newest first, each once, without their steps', async () => {
    await using at = await site();
    for (let count = 0; count < 7; count += 1) await at.plan();
    const seen: string[] = [];
    let next: string | null = `${PLANS}?limit=3`;
    while (next !== null) {
      const answer: LightMyRequestResponse = await at.get(next);
      const list = answer.json<{ plans: PlanEntryWire[]; page: { next: string | null } }>();
      expect(isPlanList(list), answer.payload).toBe(true);
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(list.page).toMatchObject({ total: 7, offset: seen.length });
      seen.push(...list.plans.map(({ plan_id: id }) => id));
      ({ next } = list.page);
    }
    expect(seen).toEqual(at.desk.kept.plans.map(({ id }) => id).toReversed());
  });

  test('goes on after a plan that is in another state by then', async () => {
    await using at = await site();
    for (let count = 0; count < 3; count += 1) await at.plan();
    const url = `${PLANS}?state=awaiting_approval&limit=1`;
    const first = (await at.get(url)).json<{ plans: PlanEntryWire[]; page: { next: string } }>();
    const [newest] = first.plans;
    await at.post(`${PLANS}/${newest?.plan_id ?? ''}/approvals`, { plan_hash: newest?.plan_hash });
    const second = (await at.get(first.page.next)).json<{
      plans: PlanEntryWire[];
      page: object;
    }>();
    expect(second.plans.map(({ plan_id: id }) => id)).toEqual(['0000000000000002']);
    expect(second.page).toMatchObject({ total: 2, offset: 0, limit: 1 });
    const approved = await at.get(`${PLANS}?state=approved,rejected`);
    expect(approved.json<{ plans: object[] }>().plans).toMatchObject([{ state: 'approved' }]);
  });

  test('tells of journals that are damaged, and not where they lie', async () => {
    await using at = await site();
    at.desk.kept = aCleanupHistory();
    for (const [url, isList] of [
      [PLANS, isPlanList],
      [RUNS, isRunList],
    ] as const) {
      const answer = await at.get(url);
      expect(isList(answer.json()), answer.payload).toBe(true);
      expect(answer.json<{ damaged: object[] }>().damaged).toEqual([
        { kind: 'run', id: '20261101-080000-dead', reason: 'line 7 is not what was written' },
      ]);
      expect(answer.payload).not.toContain('/home/ann');
    }
  });

  test.each(['limit=0', 'limit=1001', 'state=new', 'page=2'])('refuses ?%s', async (query) => {
    await using at = await site();
    expect((await at.get(`${PLANS}?${query}`)).statusCode).toBe(400);
    expect(at.desk.reads).toBe(0);
  });

  test.each([
    [PLANS, 'CLEANUP_PLAN_UNKNOWN'],
    [RUNS, 'CLEANUP_RUN_UNKNOWN'],
  ])('says so where the place to go on from is not known in %s', async (url, code) => {
    await using at = await site();
    expect(codeOf(await at.get(`${url}?cursor=none`))).toEqual([404, code]);
  });

  test('stays small where plans are large', async () => {
    await using at = await site();
    const [left] = aPlan().left_out;
    if (left === undefined) throw new Error('the plan leaves something out');
    const plan = aPlan({ left_out: Array.from({ length: 20_000 }, () => left) });
    at.desk.kept = { damaged: [], plans: [aPlanView({ plan })], runs: [] };
    const list = await at.get(PLANS);
    expect(list.payload.length).toBeLessThan(4_000);
    expect(list.json()).toMatchObject({ plans: [{ left_out: 20_000 }] });
    const whole = await at.get(`${PLANS}/${plan.plan_id}`);
    expect(isIntact(viewOf(whole).plan)).toBe(true);
  });
});

describe('GET /api/v1/cleanup/plans/{id}', () => {
  test('answers with an ETag, and with nothing while all is as it was', async () => {
    await using at = await site();
    const { plan_id: id, plan_hash: hash } = await at.plan();
    const first = await at.get(`${PLANS}/${id}`);
    expect(first.statusCode).toBe(200);
    expect(viewOf(first)).not.toHaveProperty('warnings');
    expect(first.headers['cache-control']).toBe('private, no-cache');
    const known = { 'if-none-match': String(first.headers.etag) };
    const same = await at.get(`${PLANS}/${id}`, known);
    expect([same.statusCode, same.payload]).toEqual([304, '']);
    await at.post(`${PLANS}/${id}/approvals`, { plan_hash: hash });
    const approved = await at.get(`${PLANS}/${id}`, known);
    expect(approved.statusCode).toBe(200);
    expect(viewOf(approved).approvals).toMatchObject([{ by: ANN }]);
    const [newer] = [{ 'if-none-match': String(approved.headers.etag) }];
    // Its time is that of both sides, whatever the clock of the server says.
    at.served.clock.move(3_600_000);
    expect((await at.get(`${PLANS}/${id}`, newer)).statusCode).toBe(304);
    at.desk.now = new Date(at.desk.now.getTime() + 3_600_000);
    expect(viewOf(await at.get(`${PLANS}/${id}`, newer)).expired).toBe(true);
  });

  test('knows no plan that was not made', async () => {
    await using at = await site();
    const answer = await at.get(`${PLANS}/none`);
    expect(codeOf(answer)).toEqual([404, 'CLEANUP_PLAN_UNKNOWN']);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test('does not say of a plan whose journal is damaged that there is none', async () => {
    await using at = await site();
    at.desk.kept = {
      ...at.desk.kept,
      damaged: [{ kind: 'plan', id: 'abc', path: '/state/abc.jsonl', reason: 'it is cut short' }],
    };
    const answer = await at.get(`${PLANS}/abc`);
    expect(codeOf(answer)).toEqual([500, 'CLEANUP_STORE']);
    expect(answer.payload).toContain('it is cut short');
    expect((await at.get(`${RUNS}/abc`)).statusCode).toBe(404);
  });
});

describe('POST /api/v1/cleanup/plans/{id}/approvals', () => {
  test.each([
    [{ reason: null }, 'approve', 'approved'],
    [{ verdict: 'approve', reason: 'looked at' }, 'approve', 'approved'],
    [{ verdict: 'reject', reason: 'still needed' }, 'reject', 'rejected'],
  ])('says %j of the plan with this hash', async (said, verdict, state) => {
    await using at = await site();
    const { plan_id: id, plan_hash: hash } = await at.plan();
    const answer = await at.post(`${PLANS}/${id}/approvals`, { plan_hash: hash, ...said });
    expect(answer.statusCode).toBe(201);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(viewOf(answer).state).toBe(state);
    expect(at.desk.questions.at(-1)).toMatchObject({
      kind: 'judge',
      request: { planId: id, planHash: hash, verdict, reason: said.reason },
      asked: { by: ANN },
    });
  });

  test.each([
    {},
    { plan_hash: 'sha256:abc' },
    { plan_hash: OTHER_HASH, verdict: 'maybe' },
    { plan_hash: OTHER_HASH, reason: 'x'.repeat(1_001) },
    { plan_hash: OTHER_HASH, by: 'bob' },
  ])('refuses %j', async (body) => {
    await using at = await site();
    const { plan_id: id } = await at.plan();
    expect((await at.post(`${PLANS}/${id}/approvals`, body)).statusCode).toBe(400);
    expect(at.desk.questions).toHaveLength(1);
  });

  test('says nothing of a plan that is not the one that was read', async () => {
    await using at = await site();
    const { plan_id: id } = await at.plan();
    const answer = await at.post(`${PLANS}/${id}/approvals`, { plan_hash: OTHER_HASH });
    expect(codeOf(answer)).toEqual([409, 'CLEANUP_HASH_DIFFERS']);
    const none = await at.post(`${PLANS}/none/approvals`, { plan_hash: OTHER_HASH });
    expect(codeOf(none)).toEqual([404, 'CLEANUP_PLAN_UNKNOWN']);
  });
});

describe('POST /api/v1/cleanup/plans/{id}/runs', () => {
  test('begins a run, and says where it can be followed', async () => {
    await using at = await site();
    const { plan_id: id, plan_hash: hash } = await at.plan();
    const answer = await at.post(`${PLANS}/${id}/runs`, { plan_hash: hash, execute: true });
    const run = runOf(answer);
    expect(answer.statusCode).toBe(202);
    expect(answer.headers).toMatchObject({
      location: `${RUNS}/${run.run_id}`,
      'cache-control': 'no-store',
    });
    expect(run).toMatchObject({ dry_run: false, state: 'applying', plan_hash: hash, by: ANN });
    expect(runOf(await at.get(String(answer.headers.location))).run_id).toBe(run.run_id);
    expect(at.desk.questions.at(-1)).toMatchObject({
      request: { planId: id, planHash: hash, mode: 'execute' },
      asked: { by: ANN },
    });
  });

  test('answers with what a run would come to, and is none', async () => {
    await using at = await site();
    const { plan_id: id, plan_hash: hash } = await at.plan();
    const answer = await at.post(`${PLANS}/${id}/runs`, { plan_hash: hash, execute: false });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers.location).toBeUndefined();
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(runOf(answer).dry_run).toBe(true);
    expect(at.desk.questions.at(-1)).toMatchObject({ request: { mode: 'rehearse' } });
  });

  test.each([{}, { execute: 'true' }, { execute: 1 }, { execute: null }])(
    'wants to be told whether to change anything: %j is no answer',
    async (said) => {
      await using at = await site();
      const { plan_id: id, plan_hash: hash } = await at.plan();
      const answer = await at.post(`${PLANS}/${id}/runs`, { plan_hash: hash, ...said });
      expect(codeOf(answer)).toEqual([400, 'BAD_REQUEST']);
      expect(answer.payload).toContain('Write true to change both sides');
      expect(at.desk.questions).toHaveLength(1);
    },
  );

  test.each([true, false])(
    'is off unless the configuration says otherwise, for execute: %j as well',
    async (execute) => {
      await using at = await site({ allowApply: false });
      const { plan_id: id, plan_hash: hash } = await at.plan();
      const answer = await at.post(`${PLANS}/${id}/runs`, { plan_hash: hash, execute });
      expect(codeOf(answer)).toEqual([403, 'CLEANUP_APPLY_OFF']);
      expect(at.desk.questions.map(({ kind }) => kind)).toEqual(['plan']);
      expect(at.desk.reads).toBe(0);
    },
  );

  test('carries no plan out that is not the one that was read', async () => {
    await using at = await site();
    const { plan_id: id } = await at.plan();
    const answer = await at.post(`${PLANS}/${id}/runs`, { plan_hash: OTHER_HASH, execute: true });
    expect(codeOf(answer)).toEqual([409, 'CLEANUP_HASH_DIFFERS']);
    expect(at.desk.kept.runs).toEqual([]);
  });
});

describe('GET /api/v1/cleanup/runs', () => {
  test('lists runs without their steps, by state and by plan', async () => {
    await using at = await site();
    at.desk.kept = aCleanupHistory();
    const [applied, stopped, rollback] = at.desk.kept.runs.map(({ id }) => id);
    const ids = async (query: string): Promise<readonly string[]> => {
      const answer = await at.get(`${RUNS}${query}`);
      expect(isRunList(answer.json()), answer.payload).toBe(true);
      expect(answer.headers['cache-control']).toBe('no-store');
      return answer.json<{ runs: { run_id: string }[] }>().runs.map(({ run_id: id }) => id);
    };
    expect(await ids('')).toEqual([rollback, stopped, applied]);
    expect(await ids('?state=unknown,done')).toEqual([stopped, applied]);
    expect(await ids(`?plan=${aPlan().plan_id}`)).toEqual([stopped, applied]);
    expect(await ids('?limit=1')).toEqual([rollback]);
    expect(await ids(`?limit=1&cursor=${rollback ?? ''}`)).toEqual([stopped]);
  });
});

describe('GET /api/v1/cleanup/runs/{id}', () => {
  test.each([
    ['applying', '2'],
    ['verifying', '2'],
    ['rolling_back', '2'],
    ['done', undefined],
    ['stopped', undefined],
    ['unknown', undefined],
  ] as const)('says of one that is %s when to look again: %s', async (state, after) => {
    await using at = await site();
    at.desk.kept = aCleanupHistory({ runs: [aRun({ id: 'one', state })] });
    const answer = await at.get(`${RUNS}/one`);
    expect(runOf(answer).state).toBe(state);
    expect(answer.headers['retry-after']).toBe(after);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers.etag).toBeUndefined();
  });

  test('knows no run that was not', async () => {
    await using at = await site();
    expect(codeOf(await at.get(`${RUNS}/none`))).toEqual([404, 'CLEANUP_RUN_UNKNOWN']);
  });

  test('hands out nothing of what was saved to be made again', async () => {
    await using at = await site();
    const [step] = aPlan().steps;
    if (step === undefined) throw new Error('the plan has steps');
    const saved = { spec: { note: 'saved-in-the-journal' } };
    const target = { side: 'truenas', kind: 'nfs-share', where: { id: 1 } } as const;
    const resource = {
      type: 'create-resource',
      kind: 'persistentvolume',
      namespace: null,
      name: 'a',
    } as const;
    const object = { type: 'create-object', kind: 'nfs-share', refers_to: {} } as const;
    const steps: readonly PlanStep[] = [
      { ...step, change: { ...resource, manifest: saved } },
      { ...step, change: { ...object, fields: saved } },
      { ...step, change: { type: 'set-groups', kind: 'iscsi-target', id: 1, groups: [saved] } },
    ];
    const kept = [{ target, identity: {}, raw: saved }];
    at.desk.kept = aCleanupHistory({
      runs: [
        aRollback({
          id: 'one',
          steps: steps.map((each) => aStepView(each, { state: 'done', saved: kept })),
        }),
      ],
    });
    const answer = await at.get(`${RUNS}/one`);
    expect(runOf(answer).steps.map(({ change }) => change.type)).toEqual([
      'create-resource',
      'create-object',
      'set-groups',
    ]);
    expect(answer.payload).not.toContain('saved-in-the-journal');
  });
});

interface Asked {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly role: string;
  readonly payload?: object;
}

const RUN_BODY = { plan_hash: OTHER_HASH, execute: true };
const ALL: readonly Asked[] = [
  { method: 'GET', url: PLANS, role: 'viewer' },
  { method: 'GET', url: `${PLANS}/a`, role: 'viewer' },
  { method: 'GET', url: RUNS, role: 'viewer' },
  { method: 'GET', url: `${RUNS}/a`, role: 'viewer' },
  { method: 'POST', url: PLANS, role: 'operator', payload: {} },
  {
    ...{ method: 'POST', url: `${PLANS}/a/approvals`, role: 'approver' },
    payload: { plan_hash: OTHER_HASH },
  },
  { method: 'POST', url: `${PLANS}/a/runs`, role: 'admin', payload: RUN_BODY },
];
const CHANGING = ALL.filter(({ method }) => method === 'POST');

async function askAs(
  { served }: Site,
  { method, url, payload }: Asked,
): Promise<LightMyRequestResponse> {
  return await served.server.inject({ method, url, ...(payload !== undefined && { payload }) });
}

describe('clean-up', () => {
  test.each(ALL)('asks for its role: $method $url is for $role', async (asked) => {
    const needed: string[] = [];
    const desk = new PlayedDesk();
    await using served = await serveScans({
      results: [],
      context: {
        cleanup: desk,
        authenticator: {
          admit: (_credentials, { role }) => {
            needed.push(role);
            return Promise.resolve({ state: 'forbidden', reason: 'not for you' });
          },
        },
      },
    });
    const { method, url, payload = {} } = asked;
    const answer = await served.server.inject({
      ...{ method, url },
      ...(method === 'POST' && { payload }),
    });
    expect(codeOf(answer)).toEqual([403, 'FORBIDDEN']);
    expect(needed).toEqual([asked.role]);
    expect([desk.reads, desk.questions.length]).toEqual([0, 0]);
  });

  test.each(ALL)(
    'is of the whole estate: $method $url is not for callers of some namespaces',
    async (asked) => {
      await using at = await site({ caller: { ...ADMIN, namespaces: new Set(['media']) } });
      expect(codeOf(await askAs(at, asked))).toEqual([403, 'FORBIDDEN']);
      expect([at.desk.reads, at.desk.questions.length]).toEqual([0, 0]);
    },
  );

  test.each(CHANGING)('does nothing for somebody without a name: POST $url', async (asked) => {
    await using at = await site({ caller: { ...ADMIN, actor: null } });
    expect(codeOf(await askAs(at, asked))).toEqual([403, 'NO_IDENTITY']);
    expect([at.desk.reads, at.desk.questions.length]).toEqual([0, 0]);
  });

  test.each([
    [failure('CLEANUP_REFUSED'), 409, undefined],
    [failure('CLEANUP_LOCKED', { class: 'transient' }), 409, undefined],
    [deskBusy('execute'), 409, '5'],
    [runUnknown('a'), 404, undefined],
    [failure('USAGE'), 400, undefined],
    [failure('TRUENAS_UNREACHABLE', { class: 'transient' }), 503, '5'],
    [failure('SCANNER_LOST', { class: 'transient' }), 503, '5'],
    [failure('TRUENAS_FORBIDDEN'), 500, undefined],
    [failure('CLEANUP_STORE', { class: 'critical' }), 500, undefined],
    [failure('INTERNAL', { class: 'critical' }), 500, undefined],
  ])('tells of a desk that fails: %o with %i', async (fails, status, after) => {
    await using at = await site();
    at.desk.fails = fails;
    for (const asked of ALL) {
      const answer = await askAs(at, asked);
      expect(codeOf(answer), asked.url).toEqual([status, fails.code]);
      expect(answer.headers['retry-after'], asked.url).toBe(after);
      expect(answer.headers['cache-control'], asked.url).toBe('no-store');
    }
  });

  test('writes into the log who asked for what, and what came of it', async () => {
    await using at = await site();
    const { plan_id: id, plan_hash: hash } = await at.plan();
    await at.post(`${PLANS}/${id}/approvals`, { plan_hash: hash, reason: 'not for the log' });
    await at.post(`${PLANS}/${id}/runs`, { plan_hash: OTHER_HASH, execute: true });
    await at.post(`${PLANS}/${id}/runs`, { plan_hash: hash, execute: true });
    const told = at.served.logged.filter((line) => line.includes('"by"'));
    const who = `"by":"ann@example.org (prod)","request":`;
    const facts = (line: string): string => line.replace(/"request":"[^"]+"/, '"request":');
    expect(told.map(facts)).toEqual([
      `info a clean-up plan was asked for {${who}}`,
      `info a clean-up plan was granted {${who},"plan":"${id}","items":3,"steps":4}`,
      `info an approval of a plan was asked for {${who},"plan":"${id}","plan_hash":"${hash}"}`,
      `info an approval of a plan was granted {${who},"plan":"${id}","plan_hash":"${hash}","state":"approved"}`,
      `info a clean-up run was asked for {${who},"plan":"${id}","plan_hash":"${OTHER_HASH}"}`,
      `info a clean-up run was refused {${who},"plan":"${id}","plan_hash":"${OTHER_HASH}","code":"CLEANUP_HASH_DIFFERS"}`,
      `info a clean-up run was asked for {${who},"plan":"${id}","plan_hash":"${hash}"}`,
      `info a clean-up run was granted {${who},"plan":"${id}","plan_hash":"${hash}","run":"run-1","state":"applying"}`,
    ]);
    expect(at.served.logged.join('')).not.toContain('not for the log');
  });
});
