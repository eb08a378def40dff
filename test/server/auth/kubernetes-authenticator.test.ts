import { onTestFinished, describe, expect, it } from 'vitest';
import { openReviews } from '../../../src/lib/adapters/kubernetes/open-reviews.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { type KubernetesFaults } from '../../../src/lib/lab/kubernetes/faults.ts';
import { type LabUser } from '../../../src/lib/lab/kubernetes/lab-user.ts';
import { type KubernetesLab } from '../../../src/lib/lab/kubernetes/server.ts';
import { type Unavailable } from '../../../src/lib/ports/authentication.ts';
import {
  ANSWER_TIMES,
  type AnswerTimes,
  KubernetesAuthenticator,
} from '../../../src/lib/server/auth/kubernetes-authenticator.ts';
import { anObject, startLab } from '../../support/kubernetes-lab.ts';
import { type Reached, serving } from '../../support/serving.ts';

const NO_WAITING = { random: () => 0, sleep: () => Promise.resolve() };

interface Site extends Reached {
  readonly lab: KubernetesLab;
  readonly told: Unavailable[];
  /** Questions of one kind the cluster was asked so far. */
  readonly asked: (resource: string) => number;
}

interface SiteOptions {
  readonly audience?: string;
  readonly namespaces?: readonly string[] | null;
  readonly times?: Partial<AnswerTimes>;
  readonly faults?: KubernetesFaults;
}

async function site(options: SiteOptions = {}): Promise<Site> {
  const { audience = null, namespaces = ['databases', 'media'], times = {}, faults = {} } = options;
  const kubeSystem = anObject('Namespace', 'kube-system', { metadata: { uid: 'the-cluster' } });
  const { lab } = await startLab({ objects: { namespaces: [kubeSystem] } }, { faults });
  onTestFinished(async () => {
    await lab.close();
  });
  const reviewer = await openReviews(
    {
      name: 'prod',
      kubeconfig: null,
      kubeconfigText: lab.kubeconfig(),
      context: 'prod',
      inCluster: false,
      audience,
      timeout: millis(500),
    },
    { timing: NO_WAITING, rootDirectory: '' },
  );
  onTestFinished(async () => {
    await reviewer.close();
  });
  const told: Unavailable[] = [];
  const authenticator = new KubernetesAuthenticator({
    reviewer,
    namespaces: () => (namespaces === null ? null : new Set(namespaces)),
    onUnavailable: (unavailable) => told.push(unavailable),
    times: { ...ANSWER_TIMES, ...times },
  });
  const served = await serving({ authenticator, host: '0.0.0.0' });
  return {
    ...served,
    lab,
    told,
    asked: (resource) => lab.requests.filter(({ path }) => path.endsWith(`/${resource}`)).length,
  };
}

function aUser(rights: readonly string[], overrides: Partial<LabUser> = {}): LabUser {
  return {
    token: 'token-of-anna',
    username: 'anna',
    uid: 'uid-of-anna',
    groups: ['storage', 'system:authenticated'],
    rights,
    ...overrides,
  };
}

describe('who is let in', () => {
  it('lets whoever may list volumes read everything', async () => {
    const { ask, lab } = await site();
    lab.users.push(aUser(['list persistentvolumes']));
    const { status, body } = await ask('/test/viewer', { token: 'token-of-anna' });
    expect(status).toBe(200);
    expect(body.caller).toStrictEqual({
      name: 'anna',
      groups: ['storage', 'system:authenticated'],
      role: 'viewer',
      namespaces: null,
      actor: {
        kind: 'kubernetes',
        name: 'anna',
        uid: 'uid-of-anna',
        groups: ['storage', 'system:authenticated'],
        cluster: 'prod',
        cluster_uid: 'the-cluster',
      },
    });
  });

  it('limits others to the namespaces whose claims they may list', async () => {
    const { ask, lab } = await site({ namespaces: ['media', 'databases', 'web'] });
    lab.users.push(
      aUser(['list persistentvolumeclaims@media', 'list persistentvolumeclaims@elsewhere']),
    );
    const { body } = await ask('/test/viewer', { token: 'token-of-anna' });
    expect(body.caller.namespaces).toStrictEqual(['media']);
    const whole = await ask('/test/everything', { token: 'token-of-anna' });
    expect([whole.status, whole.body.error.message]).toStrictEqual([
      403,
      'this is about the whole estate, and you may see some namespaces of it',
    ]);
  });

  it('asks once instead of for each namespace where claims may be listed in all', async () => {
    const { ask, asked, lab } = await site({ namespaces: ['media', 'databases', 'web'] });
    lab.users.push(aUser(['list persistentvolumeclaims']));
    const { body } = await ask('/test/viewer', { token: 'token-of-anna' });
    expect(body.caller.namespaces).toStrictEqual(['databases', 'media', 'web']);
    expect(asked('subjectaccessreviews')).toBe(2);
  });

  it('lets nobody in who may see nothing', async () => {
    const { ask, lab } = await site();
    lab.users.push(aUser([]));
    const { status, body } = await ask('/test/viewer', { token: 'token-of-anna' });
    expect([status, body.error.code]).toStrictEqual([403, 'FORBIDDEN']);
  });

  it('cannot tell what somebody may see before it has seen anything itself', async () => {
    const { ask, lab, told } = await site({ namespaces: null });
    lab.users.push(aUser(['list persistentvolumeclaims@media']));
    const { status } = await ask('/test/viewer', { token: 'token-of-anna' });
    expect([status, told.length]).toStrictEqual([503, 1]);
  });

  it.each([
    ['operator', 'create scans.truenas-monitor.io'],
    ['approver', 'approve plans.truenas-monitor.io'],
    ['admin', 'apply plans.truenas-monitor.io'],
  ])('takes whoever has the right for it as %s', async (role, right) => {
    const { ask, lab } = await site();
    lab.users.push(
      aUser(['list persistentvolumes', right]),
      aUser(['list persistentvolumes'], { token: 'token-of-bert', username: 'bert' }),
    );
    const yes = await ask(`/test/${role}`, { method: 'POST', token: 'token-of-anna' });
    expect([yes.status, yes.body.caller.role]).toStrictEqual([200, role]);
    const no = await ask(`/test/${role}`, { method: 'POST', token: 'token-of-bert' });
    expect(no.status).toBe(403);
    expect(no.body.error.message).toContain(right.split(' ')[1]);
  });

  it('lets an admin do what an operator may, and not the other way round', async () => {
    const { ask, lab } = await site();
    lab.users.push(
      aUser(['list persistentvolumes', 'apply plans.truenas-monitor.io']),
      aUser(['list persistentvolumes', 'create scans.truenas-monitor.io'], {
        token: 'token-of-bert',
        username: 'bert',
      }),
    );
    expect((await ask('/test/operator', { token: 'token-of-anna' })).body.caller.role).toBe(
      'admin',
    );
    expect((await ask('/test/admin', { token: 'token-of-bert' })).status).toBe(403);
  });

  it('lets those scrape who may get the path, and do nothing else', async () => {
    const { ask, lab } = await site();
    lab.users.push(aUser(['get /metrics']));
    const { status, text } = await ask('/metrics', { token: 'token-of-anna' });
    expect(status).toBe(200);
    expect(text).toContain('truenas_monitor_result_available 0');
    expect((await ask('/test/viewer', { token: 'token-of-anna' })).status).toBe(403);
  });

  it('passes on what limits a token, such as the scopes of OpenShift', async () => {
    const { ask, lab } = await site();
    lab.users.push(
      aUser(['list persistentvolumes'], {
        extra: { 'scopes.authorization.openshift.io': ['user:info'] },
      }),
    );
    const { status } = await ask('/test/viewer', { token: 'token-of-anna' });
    expect(status).toBe(200);
  });
});

describe('who is not', () => {
  it.each([
    ['no header', {}],
    ['another scheme', { authorization: 'Basic YW5uYTpzZWNyZXQ=' }],
    ['no token', { authorization: 'Bearer ' }],
    ['two tokens', { authorization: 'Bearer one two' }],
    ['what no token can hold', { authorization: 'Bearer {"a":1}' }],
    ['a very long one', { authorization: `Bearer ${'a'.repeat(13_000)}` }],
  ])('refuses %s without asking anybody', async (_, headers) => {
    const { ask, lab } = await site();
    const { status, headers: answered, body } = await ask('/test/viewer', { headers });
    expect([status, body.error.code]).toStrictEqual([401, 'UNAUTHENTICATED']);
    expect(answered.get('www-authenticate')).toContain('Bearer realm="truenas-monitor"');
    expect(lab.requests).toStrictEqual([]);
  });

  it('refuses a token that the cluster does not know, and never repeats it', async () => {
    const { ask, logged } = await site();
    const { status, text } = await ask('/test/viewer', { token: 'made-up-token' });
    expect(status).toBe(401);
    expect(text + JSON.stringify(logged)).not.toContain('made-up-token');
  });

  it('refuses a token that was made for another audience', async () => {
    const { ask, lab } = await site({ audience: 'truenas-monitor' });
    lab.users.push(
      aUser(['list persistentvolumes']),
      aUser(['list persistentvolumes'], {
        token: 'token-of-bert',
        username: 'bert',
        audiences: ['truenas-monitor'],
      }),
    );
    expect((await ask('/test/viewer', { token: 'token-of-anna' })).status).toBe(401);
    expect((await ask('/test/viewer', { token: 'token-of-bert' })).status).toBe(200);
  });

  it('lets nobody in on a route that does not say who may ask', async () => {
    const { ask, lab } = await site();
    lab.users.push(aUser(['list persistentvolumes']));
    const { status, body } = await ask('/test/silent', { token: 'token-of-anna' });
    expect([status, body.error.code]).toStrictEqual([500, 'INTERNAL']);
  });
});

describe('a cluster that cannot be asked', () => {
  it.each<[string, KubernetesFaults]>([
    ['is gone', { stopAccepting: true }],
    ['answers with errors', { status: { tokenreviews: { status: 503 } } }],
    ['denies the review', { status: { tokenreviews: { status: 403 } } }],
    ['does not take our own token', { unauthorized: true }],
    ['is another program', { html: true }],
    ['takes too long', { latencyMs: 800 }],
    ['does not say what is allowed', { status: { subjectaccessreviews: { status: 500 } } }],
    ['denies the review of access', { status: { subjectaccessreviews: { status: 403 } } }],
  ])('lets nobody in where it %s', async (_, faults) => {
    const { ask, lab, told } = await site({ faults, times: { deadline: millis(1_500) } });
    lab.users.push(aUser(['list persistentvolumes']));
    const { status, headers, body } = await ask('/test/viewer', { token: 'token-of-anna' });
    expect([status, body.error.code]).toStrictEqual([503, 'AUTH_UNAVAILABLE']);
    expect(headers.get('retry-after')).toBe('5');
    expect(told.length).toBe(1);
    // Which server that is, is nobody's business.
    expect(body.error.message).not.toContain('127.0.0.1');
  });

  it('says in the log which right is missing', async () => {
    const { ask, told } = await site({ faults: { status: { tokenreviews: { status: 403 } } } });
    await ask('/test/viewer', { token: 'token-of-anna' });
    expect(told[0]?.reason).toBe('truenas-monitor may not create tokenreviews');
    expect(told[0]?.remediation.join()).toContain('system:auth-delegator');
  });

  it('lets them in again once it is back', async () => {
    const { ask, lab } = await site({
      faults: { status: { tokenreviews: { status: 503 } } },
      times: { noAnswer: millis(20) },
    });
    lab.users.push(aUser(['list persistentvolumes']));
    expect((await ask('/test/viewer', { token: 'token-of-anna' })).status).toBe(503);
    lab.faults.status = undefined;
    await expect
      .poll(async () => (await ask('/test/viewer', { token: 'token-of-anna' })).status)
      .toBe(200);
  });
});

describe('what is kept', () => {
  it('asks the cluster once for many requests at the same time', async () => {
    const { ask, asked, lab } = await site({ faults: { latencyMs: 50 } });
    lab.users.push(aUser(['list persistentvolumes']));
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => await ask('/test/viewer', { token: 'token-of-anna' })),
    );
    expect(new Set(answers.map(({ status }) => status))).toStrictEqual(new Set([200]));
    expect([asked('tokenreviews'), asked('subjectaccessreviews')]).toStrictEqual([1, 1]);
  });

  it('forgets a token that was revoked within the time', async () => {
    const { ask, lab } = await site({ times: { yes: millis(100) } });
    lab.users.push(aUser(['list persistentvolumes']));
    expect((await ask('/test/viewer', { token: 'token-of-anna' })).status).toBe(200);
    lab.users.length = 0;
    expect((await ask('/test/viewer', { token: 'token-of-anna' })).status).toBe(200);
    await expect
      .poll(async () => (await ask('/test/viewer', { token: 'token-of-anna' })).status)
      .toBe(401);
  });

  it('keeps a yes for no more than ten seconds, and a no for less', () => {
    expect(ANSWER_TIMES.yes).toBeLessThanOrEqual(10_000);
    expect(ANSWER_TIMES.no).toBeLessThan(ANSWER_TIMES.yes);
    expect(ANSWER_TIMES.noAnswer).toBeLessThan(ANSWER_TIMES.no);
  });
});
