import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command } from '@oclif/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import Report from '../../src/commands/report.ts';
import Serve from '../../src/commands/serve.ts';
import { loadConfig } from '../../src/lib/adapters/config/load.ts';
import { type KubernetesLab, startKubernetesLab } from '../../src/lib/lab/kubernetes/server.ts';
import { certificate } from '../support/command-site.ts';
import { findKubectl, type Kubectl, kubectlFor } from '../support/kubectl.ts';
import { aCluster } from '../support/kubernetes-lab.ts';
import {
  build,
  type Container,
  KUBERNETES,
  type Manifest,
  OVERLAYS,
  type PodSpec,
  readManifests,
  writeOverlay,
} from '../support/manifests.ts';
import { needsTool } from '../support/missing-tool.ts';
import { Sandbox } from '../support/run-command.ts';

const found = findKubectl();
const kubectlPath = 'path' in found ? found.path : '';
const COMPONENTS = readdirSync(join(KUBERNETES, 'components'));
/** For those who need them: no overlay gives them to everybody. */
const OPTIONAL = ['cleanup', 'driver-secrets'];

function one(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const manifest = manifests.find((each) => each.kind === kind && each.metadata.name === name);
  if (manifest === undefined) throw new Error(`no ${kind} ${name}`);
  return manifest;
}

function podsOf(manifests: readonly Manifest[]): readonly PodSpec[] {
  return manifests.flatMap(({ spec }) => {
    const pod = spec?.template?.spec ?? spec?.jobTemplate?.spec.template.spec;
    return pod === undefined ? [] : [pod];
  });
}

function containerOf({ spec }: Manifest): Container {
  const [container] = spec?.template?.spec.containers ?? [];
  if (container === undefined) throw new Error('no container');
  return container;
}

/** What the namespace, the Secret and roles of somebody else's namespaces are called, for a short list. */
const named = ({ kind, metadata: { name, namespace } }: Manifest): string =>
  [kind, namespace, name].filter((part) => part !== undefined).join(' ');

describe('the manifests', { timeout: 60_000, ...needsTool('kubectl', kubectlPath !== '') }, () => {
  let sandbox: Sandbox;
  let lab: KubernetesLab;
  let kubectl: Kubectl;
  const texts = new Map<string, string>();

  const manifestsOf = (overlay: string): readonly Manifest[] =>
    readManifests(texts.get(overlay) ?? '');

  beforeAll(async () => {
    sandbox = await Sandbox.create();
    const world = aCluster({
      platform: 'openshift',
      objects: { servicemonitors: [], prometheusrules: [] },
    });
    // kubectl sends a token over https alone.
    const tls = { ...certificate('server'), ca: certificateAuthority() };
    lab = await startKubernetesLab(world, { now: () => new Date(), tls });
    kubectl = kubectlFor(kubectlPath, lab.kubeconfig());
    for (const overlay of OVERLAYS) {
      texts.set(overlay, await build(kubectl, join(KUBERNETES, 'overlays', overlay)));
    }
    await writeOverlay(sandbox.path('own'), {
      overlay: 'minimal',
      components: [...OPTIONAL, 'common'],
    });
    texts.set('own', await build(kubectl, sandbox.path('own')));
  });

  afterAll(async () => {
    await kubectl.dispose();
    await lab.close();
    await sandbox[Symbol.asyncDispose]();
  });

  const apply = async (text: string): Promise<readonly string[]> => {
    const file = sandbox.path('all.yaml');
    await writeFile(file, text);
    const { code, stdout, stderr } = await kubectl.run(
      ...['apply', '--dry-run=server', '--validate=false', '--filename', file],
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout.trim().split('\n');
  };

  it.each([...OVERLAYS, 'own'])('of %s are all taken by a server', async (overlay) => {
    const before = JSON.stringify(lab.cluster.objects);
    const taken = await apply(texts.get(overlay) ?? '');
    expect(taken).toHaveLength(manifestsOf(overlay).length);
    for (const line of taken) expect(line).toMatch(/ (?:created|configured) \(server dry run\)$/);
    expect(JSON.stringify(lab.cluster.objects)).toBe(before);
  });

  it('fail where the server does not know a kind', async () => {
    const file = sandbox.path('unknown.yaml');
    await writeFile(file, 'apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: x}\n');
    const { code, stderr } = await kubectl.run(
      ...['apply', '--dry-run=server', '--validate=false', '--filename', file],
    );
    expect(code).toBe(1);
    expect(stderr).toContain('no matches for kind "Widget"');
  });

  it('hold every component that there is', () => {
    const used = [...OVERLAYS, 'own'].flatMap((overlay) => {
      if (overlay === 'own') return OPTIONAL;
      const file = join(KUBERNETES, 'overlays', overlay, 'kustomization.yaml');
      return [...readFileSync(file, 'utf8').matchAll(/components\/([\w-]+)/g)].map(
        ([, name = '']) => name,
      );
    });
    expect([...new Set(used)].toSorted()).toEqual(COMPONENTS.toSorted());
  });

  it('hold a Secret to fill in, which no overlay includes and which holds no key', async () => {
    const text = await readFile(join(KUBERNETES, 'secret.example.yaml'), 'utf8');
    expect(await apply(text)).toEqual(['secret/truenas-monitor created (server dry run)']);
    expect(text).toContain('truenas-api-key: REPLACE-ME\n');
    for (const overlay of OVERLAYS) {
      const secrets = manifestsOf(overlay).filter(({ kind }) => kind === 'Secret');
      expect(secrets.filter(({ data }) => data !== undefined)).toEqual([]);
      expect(texts.get(overlay)).not.toContain('stringData');
    }
  });

  it('leave in their namespaces the roles that are about those', () => {
    const elsewhere = manifestsOf('own').filter(
      ({ metadata: { namespace = 'truenas-monitor' } }) => namespace !== 'truenas-monitor',
    );
    expect(elsewhere.map(named).toSorted()).toEqual([
      'Role default truenas-monitor',
      'Role democratic-csi truenas-monitor-driver-config',
      'Role kube-system truenas-monitor-cleanup',
      'RoleBinding default truenas-monitor',
      'RoleBinding democratic-csi truenas-monitor-driver-config',
      'RoleBinding kube-system truenas-monitor-cleanup',
    ]);
  });

  it.each([...OVERLAYS, 'own'])('of %s bind accounts and roles that are there', (overlay) => {
    const manifests = manifestsOf(overlay);
    const bindings = manifests.filter(({ kind }) => kind.endsWith('Binding'));
    expect(bindings.length).toBeGreaterThan(1);
    for (const { roleRef, subjects = [], metadata } of bindings) {
      const role = one(manifests, roleRef?.kind ?? '', roleRef?.name ?? '');
      expect(role.metadata.namespace).toBe(metadata.namespace);
      expect(subjects).toHaveLength(1);
      for (const { name, namespace } of subjects) {
        expect(one(manifests, 'ServiceAccount', name).metadata.namespace).toBe(namespace);
      }
    }
  });

  it.each(OVERLAYS)('of %s run a pod that asks for nothing special', (overlay) => {
    const pods = podsOf(manifestsOf(overlay));
    expect(pods).toHaveLength(overlay === 'minimal' ? 1 : 2);
    for (const pod of pods) {
      // Users and groups are those of the project on OpenShift, and a named one would be refused.
      expect(pod.securityContext).toEqual({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
        fsGroupChangePolicy: 'OnRootMismatch',
        ...(overlay === 'kubernetes' && { fsGroup: 65_532 }),
      });
      expect(pod.automountServiceAccountToken).toBe(false);
      expect(Object.keys(pod).filter((key) => key.startsWith('host'))).toEqual([]);
      for (const { securityContext, resources } of pod.containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(resources.limits['memory']).toBe('512Mi');
      }
      const account = pod.volumes.find(({ name }) => name === 'account');
      expect(JSON.stringify(account)).toContain('"expirationSeconds":3600');
      const kinds = pod.volumes.flatMap((volume) =>
        Object.keys(volume).filter((key) => key !== 'name'),
      );
      expect(kinds).not.toContain('hostPath');
    }
  });

  it.each(OVERLAYS)('of %s mount whatever they name', (overlay) => {
    for (const pod of podsOf(manifestsOf(overlay))) {
      const volumes = pod.volumes.map(({ name }) => name);
      const mounted = pod.containers.flatMap(({ volumeMounts }) => volumeMounts);
      expect(mounted.map(({ name }) => name).toSorted()).toEqual(volumes.toSorted());
    }
  });

  it('name the image by the version of this release, and never by "latest"', () => {
    for (const overlay of OVERLAYS) {
      const images = podsOf(manifestsOf(overlay)).flatMap(({ containers }) =>
        containers.map(({ image }) => image),
      );
      expect([...new Set(images)]).toEqual([`truenas-monitor:${packageJson.version}`]);
    }
  });

  it('start commands with flags that they have', () => {
    const commands: Readonly<Record<string, typeof Command>> = { report: Report, serve: Serve };
    const starts = podsOf(manifestsOf('kubernetes')).flatMap(({ containers }) =>
      containers.map(({ args }) => args),
    );
    expect(starts.map(([name]) => name).toSorted()).toEqual(['report', 'serve']);
    for (const [name = '', ...args] of starts) {
      const command = commands[name];
      const known = Object.keys({ ...command?.flags, ...command?.baseFlags });
      const flags = args.filter((arg) => arg.startsWith('--')).map((arg) => arg.slice(2));
      expect(known).toEqual(expect.arrayContaining(flags.map((flag) => flag.split('=')[0])));
    }
  });

  it('write a report where its volume is, with the command of the CronJob', async () => {
    const [pod] = podsOf(manifestsOf('kubernetes').filter(({ kind }) => kind === 'CronJob'));
    const [container] = pod?.containers ?? [];
    const [, ...args] = container?.args ?? [];
    // The mount is there before the report is, and the directory below it is not.
    const moved = args
      .filter((arg) => !arg.startsWith('--config'))
      .map((arg) => arg.replace('/var/lib/truenas-monitor', sandbox.directory));
    const { exitCode, stdout } = await sandbox.run(Report, ['--demo', ...moved]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(readdirSync(sandbox.path('reports')).toSorted()).toEqual([
      expect.stringMatching(/\.html$/),
      expect.stringMatching(/\.json$/),
    ]);
  });

  it('run one service at a time, and end it with time to spare', () => {
    const { spec } = one(manifestsOf('kubernetes'), 'Deployment', 'truenas-monitor');
    expect(spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
    expect(spec?.template?.spec.terminationGracePeriodSeconds).toBeGreaterThan(10);
  });

  it('hold a configuration that loads, and serves at the ports that are named', async () => {
    const manifests = manifestsOf('minimal');
    const configMap = manifests.find(({ kind }) => kind === 'ConfigMap');
    expect(configMap).toMatchObject({ immutable: true });
    // A changed configuration has another name, so that the Deployment changes with it.
    expect(configMap?.metadata.name).toMatch(/^truenas-monitor-[a-z0-9]{10}$/);
    await mkdir(sandbox.path('secrets'));
    await writeFile(sandbox.path('secrets', 'truenas-api-key'), '1-key\n', { mode: 0o600 });
    const text = configMap?.data?.['truenas-monitor.yaml'] ?? '';
    const file = sandbox.path('truenas-monitor.yaml');
    // Where the pod mounts the Secret: mounted here, since nobody has that directory.
    const mounted = text.replace('/run/secrets/truenas-monitor', sandbox.path('secrets'));
    expect(mounted).not.toBe(text);
    await writeFile(file, mounted, { mode: 0o600 });
    const { config, warnings } = await loadConfig({
      file,
      environment: { KUBERNETES_SERVICE_HOST: '10.0.0.1' },
      ruleNames: [],
    });
    expect(warnings).toEqual([]);
    expect(config.clusters).toMatchObject([{ inCluster: true }]);
    expect(config.systems[0]?.apiKey?.reveal()).toBe('1-key');
    const deployment = one(manifests, 'Deployment', 'truenas-monitor');
    const container = containerOf(deployment);
    expect(container.ports).toEqual([
      { name: 'http', containerPort: config.serve.server.listen.port },
      { name: 'metrics', containerPort: config.serve.metrics.listen?.port },
    ]);
    expect([config.serve.server.listen.host, config.serve.metrics.listen?.host]).toEqual([
      '0.0.0.0',
      '0.0.0.0',
    ]);
    // Nobody is let in without a token from outside of the pod.
    expect(config.serve.server.auth.mode).toBe('kubernetes');
    expect(config.serve.metrics.auth).toBe('auto');
    expect(container.volumeMounts).toContainEqual(
      expect.objectContaining({ mountPath: '/run/secrets/truenas-monitor' }),
    );
    const { spec } = one(manifests, 'Service', 'truenas-monitor');
    expect(spec?.ports?.map(({ targetPort }) => targetPort)).toEqual(['http', 'metrics']);
  });

  it('mount volumes where the image keeps what it keeps', async () => {
    const dockerfile = await readFile(join(KUBERNETES, '../../Dockerfile'), 'utf8');
    const kept = [...dockerfile.matchAll(/XDG_(\w+)_HOME=(\S+)/g)];
    expect(kept.map(([, what]) => what).toSorted()).toEqual(['CACHE', 'DATA', 'STATE']);
    for (const overlay of OVERLAYS) {
      for (const { containers } of podsOf(manifestsOf(overlay))) {
        const mounted = containers.flatMap(({ volumeMounts }) =>
          volumeMounts.map(({ mountPath }) => mountPath),
        );
        for (const [, , path = ''] of kept) expect(mounted).toContain(path);
      }
    }
  });

  it('let in what asks for answers or metrics alone, and out what is read', () => {
    const { spec } = one(manifestsOf('kubernetes'), 'NetworkPolicy', 'truenas-monitor');
    const namespace = (name: string): object => ({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
    });
    expect(spec?.ingress).toEqual([
      { from: [namespace('ingress-nginx')], ports: [{ port: 'http' }] },
      { from: [namespace('monitoring')], ports: [{ port: 'metrics' }] },
    ]);
    expect(spec?.egress).toEqual([
      {
        to: [namespace('kube-system')],
        ports: [
          { port: 53, protocol: 'UDP' },
          { port: 53, protocol: 'TCP' },
        ],
      },
      { ports: [{ port: 443 }, { port: 6443 }] },
    ]);
  });

  it('let Prometheus scrape as somebody who may read metrics and nothing else, and bring it the alerts', () => {
    for (const overlay of ['kubernetes', 'openshift']) {
      const manifests = manifestsOf(overlay);
      expect(one(manifests, 'ClusterRole', 'truenas-monitor-scraper').rules).toEqual([
        { nonResourceURLs: ['/metrics'], verbs: ['get'] },
      ]);
      const bound = manifests.filter(({ subjects = [] }) =>
        subjects.some(({ name }) => name === 'truenas-monitor-scraper'),
      );
      expect(bound.map(named)).toEqual(['ClusterRoleBinding truenas-monitor-scraper']);
      const { labels } = one(manifests, 'Service', 'truenas-monitor').metadata;
      expect(one(manifests, 'ServiceMonitor', 'truenas-monitor').spec).toMatchObject({
        selector: {
          matchLabels: {
            'app.kubernetes.io/name': labels?.['app.kubernetes.io/name'],
            'app.kubernetes.io/component': labels?.['app.kubernetes.io/component'],
          },
        },
        endpoints: [
          {
            port: 'metrics',
            path: '/metrics',
            authorization: { credentials: { name: 'truenas-monitor-scraper', key: 'token' } },
          },
        ],
      });
      const rules = one(manifests, 'PrometheusRule', 'truenas-monitor').metadata;
      expect(rules.namespace).toBe('truenas-monitor');
      const dashboard = one(manifests, 'ConfigMap', 'truenas-monitor-dashboard');
      expect(dashboard.metadata.labels).toMatchObject({ grafana_dashboard: '1' });
    }
  });

  it('give nobody a role of the API until somebody binds it', () => {
    const manifests = manifestsOf('kubernetes');
    for (const role of ['viewer', 'operator', 'approver', 'admin']) {
      const { rules = [] } = one(manifests, 'ClusterRole', `truenas-monitor-${role}`);
      // Who sees nothing could do nothing else either.
      expect(rules[0]).toEqual({
        apiGroups: [''],
        resources: ['persistentvolumes'],
        verbs: ['list'],
      });
      const bindings = manifests.filter(
        ({ roleRef }) => roleRef?.name === `truenas-monitor-${role}`,
      );
      expect(bindings).toEqual([]);
    }
  });

  it('come with a Route on OpenShift and an Ingress elsewhere', () => {
    const kinds = (overlay: string): readonly string[] =>
      manifestsOf(overlay).map(({ kind }) => kind);
    expect(kinds('openshift')).toContain('Route');
    expect(kinds('openshift')).not.toContain('Ingress');
    expect(kinds('kubernetes')).toContain('Ingress');
    expect(kinds('kubernetes')).not.toContain('Route');
    expect(kinds('minimal').toSorted()).toEqual([
      ...['ClusterRole', 'ClusterRole', 'ClusterRoleBinding', 'ClusterRoleBinding', 'ConfigMap'],
      ...['Deployment', 'Namespace', 'Role', 'RoleBinding', 'Service', 'ServiceAccount'],
    ]);
  });
});

function certificateAuthority(): string {
  return readFileSync(new URL('../fixtures/tls/ca.pem', import.meta.url), 'utf8');
}
