import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type AuthenticatorOptions,
  openAuthenticator,
} from '../../../src/lib/cli/serve/open-authenticator.ts';
import { type DemoCluster } from '../../../src/lib/cli/serve/protocol.ts';
import { DEFAULT_SERVE, type ServerSettings } from '../../../src/lib/core/serve/settings.ts';
import { type KubernetesLab } from '../../../src/lib/lab/kubernetes/server.ts';
import { startLab } from '../../support/kubernetes-lab.ts';
import { type Reached, serving } from '../../support/serving.ts';

interface Site extends Reached {
  readonly told: string[];
  now: number;
}

async function site(
  overrides: Partial<AuthenticatorOptions>,
  settings: Partial<ServerSettings> = {},
): Promise<Site> {
  const told: string[] = [];
  const state = { now: Date.now() };
  const opened = await openAuthenticator({
    settings: { ...DEFAULT_SERVE.server, ...settings },
    clusters: [],
    demo: null,
    namespaces: () => new Set(['media']),
    clock: { now: () => new Date(state.now) },
    logger: { log: (level, message) => told.push(`${level}: ${message}`) },
    ...overrides,
  });
  onTestFinished(opened.close);
  const served = await serving({ authenticator: opened.authenticator });
  return Object.assign(state, { ...served, told });
}

async function aLab(): Promise<KubernetesLab> {
  const { lab } = await startLab();
  onTestFinished(async () => {
    await lab.close();
  });
  return lab;
}

function own(lab: KubernetesLab): DemoCluster {
  return { name: lab.cluster.name, kubeconfig: lab.kubeconfig() };
}

describe('the demo', () => {
  it('knows callers by its own cluster, even after that was replaced by another', async () => {
    const labs = [await aLab(), await aLab()];
    let clusters: DemoCluster[] = [];
    const at = await site({ demo: () => clusters });
    const post = async (token: string): Promise<number> =>
      (await at.ask('/test/operator', { method: 'POST', token })).status;

    expect(await post('early')).toBe(503);
    for (const lab of labs) {
      clusters = [own(lab)];
      expect(await post(lab.token)).toBe(200);
      await lab.close();
    }
  });

  it('lets everybody on this machine read, without a cluster', async () => {
    const { ask } = await site({ demo: () => [] });
    expect((await ask('/test/viewer')).status).toBe(200);
    expect((await ask('/test/operator', { method: 'POST' })).status).toBe(401);
  });
});

describe('a configuration', () => {
  it('that asks Kubernetes of everybody lets nobody read without', async () => {
    const lab = await aLab();
    const auth = { ...DEFAULT_SERVE.server.auth, mode: 'kubernetes' } as const;
    const { ask } = await site({ demo: () => [own(lab)] }, { auth });
    expect((await ask('/test/viewer')).status).toBe(401);
    expect((await ask('/test/viewer', { token: lab.token })).status).toBe(200);
  });

  it('whose kubeconfig is not there lets nobody in, and says why once a minute', async () => {
    const at = await site({
      clusters: [
        { name: 'prod', kubeconfig: '/nowhere/kubeconfig', context: null, inCluster: false },
      ],
    });
    for (let count = 0; count < 3; count += 1) {
      const answer = await at.ask('/test/operator', {
        method: 'POST',
        token: `a-${String(count)}`,
      });
      expect(answer.status).toBe(503);
      expect(answer.text).not.toContain('/nowhere');
    }
    expect(at.told.length).toBe(1);
    expect(at.told[0]).toContain('no caller can be known: ');
    at.now += 60_000;
    await at.ask('/test/operator', { method: 'POST', token: 'a-4' });
    expect(at.told.length).toBe(2);
  });

  it('of tokens lets nobody read without one, on loopback either', async () => {
    const { auth } = DEFAULT_SERVE.server;
    const jwt = { ...auth.jwt, issuer: 'https://issuer.example', jwksFile: '/nowhere/keys.json' };
    const at = await site({}, { auth: { ...auth, mode: 'jwt', jwt } });
    expect((await at.ask('/test/viewer')).status).toBe(401);
    expect((await at.ask('/test/viewer', { token: 'e30.e30.e30' })).status).toBe(401);
    const head = Buffer.from('{"alg":"RS256"}').toString('base64url');
    expect((await at.ask('/test/viewer', { token: `${head}.e30.e30` })).status).toBe(503);
    expect(at.told[0]).toContain('ENOENT');
  });
});
