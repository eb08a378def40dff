import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KubeconfigError } from '../../../src/lib/core/model/errors.ts';
import {
  currentContextOf,
  loadKubeconfig,
  type KubeconfigOrigin,
} from '../../../src/lib/adapters/kubernetes/kubeconfig.ts';
import { everythingIn, kubeconfigFor } from './support.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
  vi.stubEnv('HOME', directory);
  vi.stubEnv('KUBECONFIG', '');
  vi.stubEnv('KUBERNETES_SERVICE_HOST', '');
  vi.stubEnv('KUBERNETES_SERVICE_PORT', '');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

function origin(overrides: Partial<KubeconfigOrigin> = {}): KubeconfigOrigin {
  return {
    cluster: 'prod',
    kubeconfig: null,
    kubeconfigText: undefined,
    context: null,
    inCluster: false,
    rootDirectory: directory,
    ...overrides,
  };
}

async function write(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  return path;
}

describe('the current context', () => {
  it('is what the usual kubeconfig says, or the one that is named', async () => {
    await write('.kube/config', 'current-context: home\n');
    const named = await write('other', 'current-context: office\n');
    expect(await currentContextOf(null)).toBe('home');
    expect(await currentContextOf(named)).toBe('office');
  });

  it('is unknown where no kubeconfig says it, or none can be read', async () => {
    const broken = await write('broken', '{');
    const silent = await write('silent', 'contexts: []\n');
    expect(await currentContextOf(null)).toBeNull();
    expect(await currentContextOf(silent)).toBeNull();
    expect(await currentContextOf(broken)).toBeNull();
    expect(await currentContextOf('/nowhere')).toBeNull();
  });
});

async function failureOf(overrides: Partial<KubeconfigOrigin>): Promise<KubeconfigError> {
  const error: unknown = await loadKubeconfig(origin(overrides)).catch((thrown: unknown) => thrown);
  if (!(error instanceof KubeconfigError)) throw new Error('it did not fail as it should');
  expect(error.message).toMatch(/^cluster prod: /);
  expect(error.remediation.length).toBeGreaterThan(0);
  return error;
}

function twoContexts(current?: string): string {
  return JSON.stringify({
    clusters: [
      { name: 'c1', cluster: { server: 'https://one.invalid:6443' } },
      { name: 'c2', cluster: { server: 'https://two.invalid:6443' } },
    ],
    users: [{ name: 'u', user: { token: 'test-token' } }],
    contexts: [
      { name: 'one', context: { cluster: 'c1', user: 'u' } },
      { name: 'two', context: { cluster: 'c2', user: 'u' } },
    ],
    'current-context': current,
  });
}

describe('where a kubeconfig is found', () => {
  it('is the file that is named', async () => {
    vi.stubEnv('KUBECONFIG', '/nowhere');
    const kubeconfig = await write('mine', twoContexts('one'));
    const { server } = await loadKubeconfig(origin({ kubeconfig }));
    expect(server.host).toBe('one.invalid:6443');
  });

  it('may be named relative to the home directory', async () => {
    await write('mine', twoContexts('one'));
    const { server } = await loadKubeconfig(origin({ kubeconfig: '~/mine' }));
    expect(server.host).toBe('one.invalid:6443');
  });

  it('is the default file where nothing is named', async () => {
    await write('.kube/config', twoContexts('two'));
    const { server } = await loadKubeconfig(origin());
    expect(server.host).toBe('two.invalid:6443');
  });

  it('is every file of $KUBECONFIG, where the first to name something wins', async () => {
    const first = await write('first', kubeconfigFor('https://first.invalid'));
    const second = await write('second', twoContexts('two'));
    vi.stubEnv('KUBECONFIG', [join(directory, 'missing'), first, second].join(delimiter));
    await expect(loadKubeconfig(origin())).resolves.toMatchObject({
      server: { host: 'first.invalid' },
    });
    await expect(loadKubeconfig(origin({ context: 'two' }))).resolves.toMatchObject({
      server: { host: 'two.invalid:6443' },
    });
  });

  it('is the service account in a pod without a kubeconfig', async () => {
    await write('var/run/secrets/kubernetes.io/serviceaccount/token', 'pod-token\n');
    vi.stubEnv('KUBERNETES_SERVICE_HOST', 'fd00::1');
    vi.stubEnv('KUBERNETES_SERVICE_PORT', '443');
    for (const inCluster of [true, false]) {
      const { server } = await loadKubeconfig(origin({ inCluster }));
      expect(server.href).toBe('https://[fd00::1]/');
    }
  });

  it('fails in a pod that has no service account', async () => {
    vi.stubEnv('KUBERNETES_SERVICE_HOST', '10.0.0.1');
    const { message } = await failureOf({ inCluster: true });
    expect(message).toContain('service account');
  });

  it('fails outside of a pod', async () => {
    await failureOf({ inCluster: true });
  });

  it('fails where there is none', async () => {
    const { message } = await failureOf({});
    expect(message).toContain('no kubeconfig was found');
  });

  it('fails where the named file does not exist', async () => {
    const { message } = await failureOf({ kubeconfig: join(directory, 'missing') });
    expect(message).toMatch(/missing does not exist$/);
  });

  it('fails where the named file cannot be read', async () => {
    const { message } = await failureOf({ kubeconfig: directory });
    expect(message).toMatch(/cannot be read$/);
  });
});

describe('a kubeconfig', () => {
  it('that is malformed is refused with its line, and without its text', async () => {
    const kubeconfigText = 'users:\n- name: u\n  user: {token: hunter2-secret\n  : }]\n';
    const error = await failureOf({ kubeconfigText });
    expect(error.message).toMatch(/is not valid YAML \(line \d+: [A-Z_]+\)$/);
    expect(everythingIn(error)).not.toContain('hunter2');
  });

  it.each([['just text'], ['[1, 2]'], ['a: &a [*a, *b]']])(
    'that is %j is refused',
    async (text) => {
      const error = await failureOf({ kubeconfig: await write('bad', text) });
      expect(error.message).toMatch(/bad is not (?:a kubeconfig|valid YAML)/);
    },
  );

  it('that is empty has no contexts', async () => {
    const error = await failureOf({ kubeconfigText: '' });
    expect(error.message).toContain('no current context');
    expect(error.remediation[0]).toContain('no contexts');
  });

  it('without the context asked for names those it has', async () => {
    const error = await failureOf({ kubeconfigText: twoContexts('one'), context: 'three' });
    expect(error.message).toBe('cluster prod: there is no context three');
    expect(error.remediation.join(' ')).toContain('one, two');
  });

  it('without a current context names those it has', async () => {
    const error = await failureOf({ kubeconfigText: twoContexts() });
    expect(error.message).toContain('no current context');
    expect(error.remediation.join(' ')).toContain('one, two');
  });

  it.each([
    [{ cluster: 'nowhere' }, 'names cluster nowhere, which is not there'],
    [{}, 'names no cluster'],
    [{ cluster: 'c', user: 'nobody' }, 'names user nobody, which is not there'],
  ])('with the context %j is refused', async (context, message) => {
    const kubeconfigText = JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: 'https://one.invalid' } }],
      contexts: [{ name: 'x', context }],
      'current-context': 'x',
    });
    const error = await failureOf({ kubeconfigText });
    expect(error.message).toContain(message);
  });

  it.each([
    ['not an address', /not an http or https address/],
    ['ftp://one.invalid', /not an http or https address/],
    ['https://admin:hunter2-secret@one.invalid', /carries a user or password/],
  ])('with the server %j is refused', async (server, message) => {
    const error = await failureOf({ kubeconfigText: kubeconfigFor(server) });
    expect(error.message).toMatch(message);
    expect(everythingIn(error)).not.toContain('hunter2');
  });

  it('may hold broken entries that the context does not use', async () => {
    const kubeconfigText = JSON.stringify({
      clusters: [
        { name: 'broken' },
        { name: 'c', cluster: { server: 'https://one.invalid' } },
        'rubbish',
      ],
      users: [{}],
      contexts: [{ name: 'x', context: { cluster: 'c' } }],
      'current-context': 'x',
    });
    const { server } = await loadKubeconfig(origin({ kubeconfigText }));
    expect(server.host).toBe('one.invalid');
  });
});
