import { readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { InsecureTransportError, KubeconfigError } from '../../../src/lib/core/model/errors.ts';
import { startKubernetesLab, type KubernetesLab } from '../../../src/lib/lab/kubernetes/server.ts';
import { aCluster, everythingIn, kubeconfigFor, NEVER, NOW, open, serve } from './support.ts';

const SECRET = 'hunter2-never-to-be-seen';

let directory: string;
let lab: KubernetesLab;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'credentials-'));
  lab = await startKubernetesLab(aCluster(), { now: () => NOW });
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await lab.close();
  await rm(directory, { recursive: true });
});

function fixture(name: string): string {
  return readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8');
}

async function write(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  return path;
}

/** A program that does as the given script says. */
async function script(name: string, lines: readonly string[]): Promise<string> {
  const path = await write(name, ['#!/bin/sh', ...lines, ''].join('\n'));
  await chmod(path, 0o755);
  return path;
}

function execUser(command: string, args: readonly string[] = []): object {
  return { exec: { apiVersion: 'client.authentication.k8s.io/v1', command, args } };
}

/** Shell lines that answer as a plug-in does. */
function answering(token: string): string {
  const credential = { kind: 'ExecCredential', status: { token } };
  return `echo '${JSON.stringify(credential)}'`;
}

async function openWith(user: object, server = lab.url) {
  return await open({ kubeconfigText: kubeconfigFor(server, user) });
}

async function failureOf(user: object, server?: string): Promise<Error> {
  const { reader, logged } = await openWith(user, server);
  const error: unknown = await reader.identify(NEVER).catch((thrown: unknown) => thrown);
  const listing = await reader.list('pods', NEVER);
  expect(listing.coverage.state).toBe('failed');
  expect(everythingIn(error) + JSON.stringify([listing, logged])).not.toContain(SECRET);
  if (!(error instanceof Error)) throw new Error('it did not fail as it should');
  return error;
}

describe('a token', () => {
  it('stands in the kubeconfig', async () => {
    const { reader } = await openWith({ token: lab.token });
    await expect(reader.identify(NEVER)).resolves.toMatchObject({ uid: 'kube-system-uid' });
  });

  it.each(['tokenFile', 'token-file'])('stands in a file named by %s, and wins', async (key) => {
    const path = await write('token', `${lab.token}\n`);
    const { reader } = await openWith({ [key]: path, token: SECRET });
    await expect(reader.identify(NEVER)).resolves.toMatchObject({ uid: 'kube-system-uid' });
  });

  it('in a file is looked for beside the kubeconfig', async () => {
    await write('conf/token', lab.token);
    const kubeconfig = await write('conf/config', kubeconfigFor(lab.url, { tokenFile: 'token' }));
    const { reader } = await open({ kubeconfig });
    await expect(reader.identify(NEVER)).resolves.toMatchObject({ uid: 'kube-system-uid' });
  });

  it('in a file is read again once it is refused', async () => {
    const path = await write('token', SECRET);
    const { reader } = await openWith({ tokenFile: path });
    await expect(reader.identify(NEVER)).rejects.toThrow(/does not accept the credentials/);
    await write('token', lab.token);
    await expect(reader.identify(NEVER)).resolves.toMatchObject({ uid: 'kube-system-uid' });
  });

  it('file that is missing is named', async () => {
    const error = await failureOf({ tokenFile: join(directory, 'missing') });
    expect(error).toBeInstanceOf(KubeconfigError);
    expect(error.message).toMatch(/cannot be read: .*missing$/);
  });

  it('of a pod is read again once it is refused', async () => {
    const account = 'var/run/secrets/kubernetes.io/serviceaccount';
    const tls = { cert: fixture('server.pem'), key: fixture('server-key.pem') };
    const secure = await startKubernetesLab(aCluster(), { now: () => NOW, tls });
    onTestFinished(() => secure.close());
    vi.stubEnv('KUBERNETES_SERVICE_HOST', '127.0.0.1');
    vi.stubEnv('KUBERNETES_SERVICE_PORT', new URL(secure.url).port);
    await write(`${account}/ca.crt`, fixture('ca.pem'));
    await write(`${account}/token`, SECRET);
    const { reader } = await open({ inCluster: true }, directory);
    await expect(reader.identify(NEVER)).rejects.toThrow(/does not accept the credentials/);
    await write(`${account}/token`, `${secure.token}\n`);
    await expect(reader.identify(NEVER)).resolves.toMatchObject({ uid: 'kube-system-uid' });
  });
});

describe('an exec plug-in', () => {
  it('gives the token, and runs once for requests at the same time', async () => {
    const log = join(directory, 'runs');
    const command = await script('plugin', [
      `echo "$KUBERNETES_EXEC_INFO" >> '${log}'`,
      answering(lab.token),
    ]);
    const { reader } = await openWith(execUser(command));
    await reader.identify(NEVER);
    const runs = (await readFile(log, 'utf8')).trim().split('\n');
    expect(runs.map((run) => JSON.parse(run) as unknown)).toEqual([
      {
        apiVersion: 'client.authentication.k8s.io/v1',
        kind: 'ExecCredential',
        spec: { interactive: false },
      },
    ]);
  });

  it('is looked for beside the kubeconfig where its name has a slash', async () => {
    await script('conf/bin/plugin', [answering(lab.token)]);
    const kubeconfig = await write('conf/config', kubeconfigFor(lab.url, execUser('./bin/plugin')));
    const { reader } = await open({ kubeconfig });
    await expect(reader.identify(NEVER)).resolves.toMatchObject({ uid: 'kube-system-uid' });
  });

  it('keeps the variables that the kubeconfig gives it', async () => {
    const env = [{ name: 'KUBERNETES_EXEC_INFO', value: lab.token }];
    const command = await script('plugin', [
      `echo '{"status":{"token":"'"$KUBERNETES_EXEC_INFO"'"}}'`,
    ]);
    const { reader } = await openWith({ exec: { command, env } });
    await expect(reader.identify(NEVER)).resolves.toMatchObject({ uid: 'kube-system-uid' });
  });

  it('runs again when its token is refused', async () => {
    const flag = join(directory, 'ran');
    const command = await script('plugin', [
      `if [ -e '${flag}' ]; then ${answering(lab.token)}; else touch '${flag}'; ${answering(SECRET)}; fi`,
    ]);
    const { reader } = await openWith(execUser(command));
    await expect(reader.identify(NEVER)).resolves.toMatchObject({ uid: 'kube-system-uid' });
  });

  it('that is not installed is named, without its arguments', async () => {
    const error = await failureOf(execUser('no-such-plugin', ['--password', SECRET]));
    expect(error).toBeInstanceOf(KubeconfigError);
    expect(error.message).toBe('cluster prod: the exec plug-in no-such-plugin is not installed');
  });

  it.each([
    ['fails', `echo ${SECRET} >&2; exit 1`],
    ['answers rubbish', `echo ${SECRET}`],
    ['answers without a credential', `echo '{"token":"${SECRET}"}'`],
    ['answers nothing', 'true'],
  ])('that %s is named, without what it wrote', async (_, line) => {
    const command = await script('plugin', [line]);
    const error = await failureOf(execUser(command));
    expect(error).toBeInstanceOf(KubeconfigError);
    expect(error.message).toMatch(/plug-in .*plugin gave no credentials$/);
  });

  it('that waits for somebody does not outlive an abort', async () => {
    const controller = new AbortController();
    const reason = new Error('interrupted');
    const pid = join(directory, 'pid');
    const command = await script('plugin', [`echo $$ > '${pid}'`, 'exec sleep 60']);
    const { reader } = await openWith(execUser(command));
    const identity = reader.identify(controller.signal);
    controller.abort(reason);
    await expect(identity).rejects.toBe(reason);
    const started = await vi.waitUntil(
      async () => Number(await readFile(pid, 'utf8').catch(() => '')),
      { timeout: 10_000 },
    );
    process.kill(started);
  });
});

describe('other credentials', () => {
  it('that cannot be renewed are a failure without their text', async () => {
    const config = { 'id-token': SECRET, 'client-secret': SECRET };
    const error = await failureOf({ 'auth-provider': { name: 'oidc', config } });
    expect(error.message).toMatch(/does not accept the credentials|no credentials/);
  });

  it('that are malformed are a failure without their text', async () => {
    const jwt = `${Buffer.from('{').toString('base64url')}.${SECRET}.x`;
    const error = await failureOf({
      'auth-provider': { name: 'oidc', config: { 'id-token': jwt } },
    });
    expect(error.message).toMatch(/no credentials could be obtained/);
  });

  it('as user and password are sent as such', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{"metadata":{},"items":[]}');
    });
    const { reader } = await openWith({ username: 'admin', password: 'x' }, url);
    await reader.list('pods', NEVER);
    expect(seen).toEqual([`Basic ${Buffer.from('admin:x').toString('base64')}`]);
  });
});

describe('impersonation', () => {
  it.each([
    ['a token', { token: 'x' }],
    ['a plug-in', { exec: { command: '/bin/echo', args: ['{"status":{"token":"x"}}'] } }],
  ])('goes with %s, groups and all', async (_, user) => {
    const seen: IncomingHttpHeaders[] = [];
    const url = await serve((request, response) => {
      seen.push(request.headers);
      response.end('{"metadata":{},"items":[]}');
    });
    const who = { as: 'auditor', 'as-uid': '7', 'as-groups': ['a', 'b'] };
    const extra = { 'as-user-extra': { scope: ['view'], odd: 'x' } };
    const { reader } = await openWith({ ...user, ...who, ...extra }, url);
    await reader.list('pods', NEVER);
    expect(seen).toMatchObject([
      {
        authorization: 'Bearer x',
        'impersonate-user': 'auditor',
        'impersonate-uid': '7',
        'impersonate-group': 'a, b',
        'impersonate-extra-scope': 'view',
      },
    ]);
  });
});

describe('a proxy', () => {
  it('that lets nothing through is a cluster that cannot be reached', async () => {
    const path = await write('token', `${lab.token}\n`);
    const proxy = await serve((_, response) => {
      response.writeHead(502).end();
    });
    const kubeconfigText = JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1', 'proxy-url': proxy } }],
      users: [{ name: 'u', user: { tokenFile: path, token: SECRET } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    });
    const { reader } = await open({ kubeconfigText });
    await expect(reader.identify(NEVER)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
  });
});

describe('plain http', () => {
  it.each([
    ['a token', { token: SECRET }],
    ['a password', { username: 'admin', password: SECRET }],
  ])('to another machine is refused %s', async (_, user) => {
    const error = await failureOf(user, 'http://nas.invalid:8080');
    expect(error).toBeInstanceOf(InsecureTransportError);
    expect(error.message).toContain('nas.invalid:8080');
  });

  function proxied(user: object, proxy: string): string {
    return JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: lab.url, 'proxy-url': proxy } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    });
  }

  /** A proxy that lets nothing through. */
  async function countingProxy() {
    const asked: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      asked.push(request.url);
      response.writeHead(502).end();
    });
    return { url, asked };
  }

  it('through a proxy is refused, wherever it seems to go', async () => {
    const { url, asked } = await countingProxy();
    const { reader } = await open({ kubeconfigText: proxied({ token: SECRET }, url) });
    await expect(reader.identify(NEVER)).rejects.toThrow(InsecureTransportError);
    expect(asked).toEqual([]);
  });

  it('is allowed where there is nothing to keep secret', async () => {
    const { url, asked } = await countingProxy();
    const { reader } = await open({ kubeconfigText: proxied({}, url) });
    await expect(reader.identify(NEVER)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
    expect(asked).toContain(`${lab.url}/version`);
  });
});
