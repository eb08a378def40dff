import { afterEach, describe, expect, it } from 'vitest';
import { type LabClient, startLab } from '../../support/kubernetes-lab.ts';

const AUTHENTICATION = '/apis/authentication.k8s.io/v1';
const AUTHORIZATION = '/apis/authorization.k8s.io/v1';
const AUDIENCE = 'https://kubernetes.default.svc.cluster.local';
const USER = 'system:serviceaccount:truenas-monitor:truenas-monitor';

let client: LabClient;
afterEach(() => client.close());

async function ask(path: string, spec: object | undefined) {
  const answer = await client.send('POST', path, { spec });
  expect(answer.status).toBe(201);
  return answer.body.status as Record<string, unknown>;
}

describe('a TokenReview', () => {
  it('knows the token of the lab, for the audience of the API', async () => {
    client = await startLab();
    const { token } = client.lab;
    const review = (spec: object) => ask(`${AUTHENTICATION}/tokenreviews`, spec);
    const known = { authenticated: true, user: { username: USER }, audiences: [AUDIENCE] };
    expect(await review({ token })).toMatchObject(known);
    expect(await review({ token, audiences: ['other', AUDIENCE] })).toMatchObject(known);
    const other = await review({ token, audiences: ['other'] });
    expect(other).not.toHaveProperty('authenticated');
    expect(other['error']).toContain('audiences');
    expect(await review({ token: 'wrong' })).toEqual({ user: {}, error: 'invalid bearer token' });
  });
});

describe('reviews of others', () => {
  const anna = {
    token: 'token-of-anna',
    username: 'anna',
    uid: 'uid-of-anna',
    groups: ['storage'],
    audiences: ['truenas-monitor'],
    rights: [
      'list persistentvolumeclaims@media',
      'create scans.truenas-monitor.io',
      'get /metrics',
    ],
  };

  it('know whose token it is, for what it was made for', async () => {
    client = await startLab();
    client.lab.users.push(anna);
    const review = (audiences: string[]) =>
      ask(`${AUTHENTICATION}/tokenreviews`, { token: anna.token, audiences });
    expect(await review(['truenas-monitor', AUDIENCE])).toStrictEqual({
      authenticated: true,
      user: { username: 'anna', uid: 'uid-of-anna', groups: ['storage'] },
      audiences: ['truenas-monitor'],
    });
    expect(await review([])).not.toHaveProperty('authenticated');
  });

  it('allow what is in their rights, and that alone', async () => {
    client = await startLab();
    client.lab.users.push(anna);
    const allowed = async (spec: object) =>
      (await ask(`${AUTHORIZATION}/subjectaccessreviews`, { user: 'anna', ...spec }))['allowed'];
    const claims = (namespace: string) => ({
      resourceAttributes: { verb: 'list', resource: 'persistentvolumeclaims', namespace },
    });
    const scans = { verb: 'create', group: 'truenas-monitor.io', resource: 'scans' };
    expect(await allowed(claims('media'))).toBe(true);
    expect(await allowed(claims('web'))).toBe(false);
    expect(await allowed(claims(''))).toBe(false);
    expect(await allowed({ resourceAttributes: scans })).toBe(true);
    expect(await allowed({ resourceAttributes: { ...scans, verb: 'delete' } })).toBe(false);
    expect(await allowed({ nonResourceAttributes: { verb: 'get', path: '/metrics' } })).toBe(true);
    expect(await allowed({ nonResourceAttributes: { verb: 'get', path: '/' } })).toBe(false);
    // Whoever is limited is somebody else.
    expect(await allowed({ ...claims('media'), extra: { scopes: ['user:info'] } })).toBe(false);
  });
});

describe('a SelfSubjectReview', () => {
  it('says who asks', async () => {
    client = await startLab();
    const status = await ask(`${AUTHENTICATION}/selfsubjectreviews`, undefined);
    expect(status).toMatchObject({ userInfo: { username: USER } });
  });
});

describe('a SelfSubjectReview of an older cluster', () => {
  it.each([
    ['v1.26.4', 'v1alpha1', ['v1', 'v1alpha1']],
    ['v1.27.4', 'v1beta1', ['v1', 'v1beta1']],
    ['v1.28.0', 'v1', ['v1']],
  ])('is asked in %s by the version %s alone', async (version, served, versions) => {
    client = await startLab({ version });
    for (const each of ['v1', 'v1beta1', 'v1alpha1']) {
      const path = `/apis/authentication.k8s.io/${each}/selfsubjectreviews`;
      const { status } = await client.send('POST', path, {});
      expect(status).toBe(each === served ? 201 : 404);
    }
    const { body } = await client.get('/apis/authentication.k8s.io');
    expect(body).toMatchObject({ versions: versions.map((each) => ({ version: each })) });
    const { resources } = (await client.get(`/apis/authentication.k8s.io/${served}`)).body;
    expect(resources).toContainEqual(expect.objectContaining({ name: 'selfsubjectreviews' }));
  });
});

describe('an access review', () => {
  it('agrees with what the server then denies', async () => {
    client = await startLab({ forbidden: ['secrets', 'pods@kube-system', 'events@*'] });
    const may = async (resource: string, namespace?: string) => {
      const resourceAttributes = { verb: 'list', resource, namespace };
      const { allowed } = await ask(`${AUTHORIZATION}/selfsubjectaccessreviews`, {
        resourceAttributes,
      });
      const scope = namespace === undefined ? '' : `namespaces/${namespace}/`;
      const { status } = await client.get(`/api/v1/${scope}${resource}`);
      expect(status).toBe(allowed === true ? 200 : 403);
      return allowed;
    };
    expect(await may('persistentvolumes')).toBe(true);
    expect(await may('secrets')).toBe(false);
    expect(await may('secrets', 'media')).toBe(false);
    expect(await may('pods')).toBe(true);
    expect(await may('pods', 'kube-system')).toBe(false);
    expect(await may('pods', 'media')).toBe(true);
    expect(await may('events')).toBe(false);
    expect(await may('events', 'media')).toBe(true);
  });

  it('tells one verb from another', async () => {
    client = await startLab({ forbidden: ['delete:pods'] });
    const path = `${AUTHORIZATION}/selfsubjectaccessreviews`;
    for (const [verb, allowed] of [
      ['delete', false],
      ['get', true],
    ]) {
      const resourceAttributes = { verb, resource: 'pods' };
      expect(await ask(path, { resourceAttributes })).toMatchObject({ allowed });
    }
  });

  it('answers for others, who have no rights', async () => {
    client = await startLab({ forbidden: ['secrets'] });
    const review = (user: string, resource: string) =>
      ask(`${AUTHORIZATION}/subjectaccessreviews`, { user, resourceAttributes: { resource } });
    expect(await review(USER, 'pods')).toMatchObject({ allowed: true });
    expect(await review(USER, 'secrets')).toMatchObject({ allowed: false });
    expect(await review('somebody', 'pods')).toMatchObject({ allowed: false });
    const local = `${AUTHORIZATION}/namespaces/media/localsubjectaccessreviews`;
    expect(
      await ask(local, { user: USER, resourceAttributes: { resource: 'pods' } }),
    ).toMatchObject({ allowed: true });
  });

  it('allows what is not about resources, and nothing when asked nothing', async () => {
    client = await startLab();
    const path = `${AUTHORIZATION}/selfsubjectaccessreviews`;
    const nonResourceAttributes = { path: '/version', verb: 'get' };
    expect(await ask(path, { nonResourceAttributes })).toEqual({ allowed: true });
    expect(await ask(path, undefined)).toEqual({ allowed: false });
  });
});

it('reviews are asked by POST with an object, and by nothing else', async () => {
  client = await startLab();
  const path = `${AUTHENTICATION}/tokenreviews`;
  expect((await client.get(path)).status).toBe(405);
  expect((await client.send('POST', path, [])).status).toBe(400);
});
