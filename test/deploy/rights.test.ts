import { type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import Orphans from '../../src/commands/orphans.ts';
import Report from '../../src/commands/report.ts';
import { LIST_SPECS } from '../../src/lib/adapters/kubernetes/sources.ts';
import { WATCHED } from '../../src/lib/adapters/kubernetes/watch-cluster.ts';
import { demo } from '../../src/lib/lab/scenario/demo.ts';
import { type World } from '../../src/lib/lab/scenario/world.ts';
import { rolesFrom, SEES_ALL } from '../../src/lib/server/auth/kubernetes-rights.ts';
import { ended, start } from '../support/built-cli.ts';
import { type CommandSite, startSite } from '../support/command-site.ts';
import { KUBERNETES, type Manifest, readManifests } from '../support/manifests.ts';
import {
  type Access,
  accessOf,
  grantsOf,
  isEverybodys,
  isGranted,
  linesOf,
} from '../support/rbac.ts';
import { RealCleanup } from '../support/real-cleanup.ts';
import { Sandbox } from '../support/run-command.ts';

/* What the manifests allow is compared with what is asked of a cluster: nothing may be missing, and nothing be there for nothing. */

const DEV = [process.execPath, resolve(import.meta.dirname, '../../bin/dev.js')] as const;

/** Told of by watches, while `serve` waits for the next scan. */
const WATCHES = WATCHED.flatMap((source) => {
  const { group, resource } = LIST_SPECS[source];
  return accessOf({ method: 'GET', path: `${group}/${resource}?watch=true` }) ?? [];
});

const rolesIn = (...file: readonly string[]): readonly Manifest[] =>
  readManifests(readFileSync(join(KUBERNETES, ...file), 'utf8')).filter(
    ({ kind }) => kind === 'ClusterRole' || kind === 'Role',
  );

const SCAN = grantsOf(rolesIn('base', 'rbac-scan.yaml'));
const AUTH = grantsOf(rolesIn('components', 'auth', 'rbac.yaml'));
const CLEANUP = grantsOf(rolesIn('components', 'cleanup', 'rbac.yaml'));
const SECRETS = grantsOf(rolesIn('components', 'driver-secrets', 'rbac.yaml'));

function askedOf({ requests }: CommandSite['kubernetes']): readonly Access[] {
  return requests.flatMap((request) => accessOf(request) ?? []);
}

const missing = (asked: readonly Access[], grants: readonly Access[]): readonly string[] =>
  linesOf(
    asked.filter(
      (access) => !isEverybodys(access) && !grants.some((grant) => isGranted(access, grant)),
    ),
  );

const needless = (asked: readonly Access[], grants: readonly Access[]): readonly string[] =>
  linesOf(grants.filter((grant) => !asked.some((access) => isGranted(access, grant))));

/** A cluster with everything that may be read, KubeVirt included. */
function wholeWorld(): World {
  const world = demo.build('25.10');
  for (const { objects } of world.clusters) {
    objects['virtualmachines'] ??= [];
    objects['datavolumes'] ??= [];
  }
  return world;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  for (let tries = 0; tries < 150; tries += 1) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    const status = await fetch(`${url}/ready`).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    await wait(200);
  }
  throw new Error('it never got ready');
}

describe('the rights of the manifests', { timeout: 120_000 }, () => {
  it('are what a scan and a report ask for, and nothing more', async () => {
    await using sandbox = await Sandbox.create();
    await using site = await startSite(sandbox, wholeWorld());
    const orphans = await sandbox.run(Orphans, ['-o', 'json'], site.environment);
    expect(orphans.stderr).not.toContain('Error');
    const report = await sandbox.run(Report, ['-o', 'json'], site.environment);
    expect(report.stderr).not.toContain('Error');
    const asked = askedOf(site.kubernetes);
    const secrets = asked.filter(({ resource }) => resource === 'secrets');
    const rest = asked.filter(({ resource }) => resource !== 'secrets');
    expect(missing(rest, SCAN)).toEqual([]);
    expect(needless([...rest, ...WATCHES], SCAN)).toEqual([]);
    // Of Secrets it asks for those of drivers, by their names and one by one.
    expect(secrets.length).toBeGreaterThan(0);
    for (const { verb, name } of secrets) expect([verb, name]).toEqual(['get', expect.any(String)]);
    expect(linesOf(SECRETS)).toEqual([
      'get /secrets nfs-democratic-csi-driver-config in democratic-csi',
    ]);
  });

  it('are what serve asks for, callers of whom Kubernetes is asked included', async () => {
    await using sandbox = await Sandbox.create();
    await using site = await startSite(sandbox, wholeWorld());
    const port = await freePort();
    const file = sandbox.path('truenas-monitor.yaml');
    await writeFile(
      file,
      JSON.stringify({
        server: { listen: `127.0.0.1:${port}`, auth: { mode: 'kubernetes' } },
        metrics: { port: null },
      }),
      { mode: 0o600 },
    );
    const child = start(sandbox, [...DEV, 'serve', '--config', file], site.environment);
    try {
      const url = `http://127.0.0.1:${port}`;
      await untilReady(child, url);
      const headers = { authorization: `Bearer ${site.kubernetes.token}` };
      expect((await fetch(`${url}/api/v1/orphans`, { headers })).status).toBe(200);
    } finally {
      child.kill('SIGTERM');
      await ended(child);
    }
    const asked = askedOf(site.kubernetes).filter(({ resource }) => resource !== 'secrets');
    expect(missing(asked, [...SCAN, ...AUTH])).toEqual([]);
    expect(asked.some(({ verb }) => ['update', 'patch', 'delete'].includes(verb))).toBe(false);
    expect(needless(asked, AUTH)).toEqual([]);
    // A watch that is opened is one of those that are granted, and each that is granted is opened.
    expect(linesOf(asked.filter(({ verb }) => verb === 'watch'))).toEqual(linesOf(WATCHES));
  });

  it.each(['operator', 'approver', 'admin'] as const)(
    'of a caller who is %s are what makes one, and the sight of everything',
    (role) => {
      const roles = rolesIn('components', 'callers', 'roles.yaml');
      const own = roles.filter(({ metadata: { name } }) => name === `truenas-monitor-${role}`);
      const [[, right] = []] = rolesFrom(role);
      const asked = [SEES_ALL, right].flatMap((question) =>
        question?.kind === 'resource' ? [question] : [],
      );
      const lines = asked.map(({ verb, group, resource }) => ({ verb, group, resource }));
      expect(lines).toHaveLength(2);
      expect(linesOf(grantsOf(own))).toEqual(linesOf(lines));
    },
  );

  it('are what clean-up asks for, and a scan never does', async () => {
    await using site = await RealCleanup.start({ program: DEV });
    await site.approved(...(await site.everything()));
    const planned = askedOf(site.kubernetes).filter(({ resource }) => resource !== 'secrets');
    expect(missing(planned, SCAN)).toEqual([]);
    const run = await site.apply();
    await site.run(['rollback', run.run_id, '--execute']);
    const asked = askedOf(site.kubernetes).filter(({ resource }) => resource !== 'secrets');
    expect(missing(asked, [...SCAN, ...CLEANUP])).toEqual([]);
    expect(missing(asked, SCAN)).toEqual(
      expect.arrayContaining([
        'create coordination.k8s.io/leases in kube-system',
        expect.stringMatching(/^patch \/persistentvolumes /),
      ]),
    );
  });

  it('are those that the document tells of', () => {
    const page = readFileSync(join(KUBERNETES, '../../docs/kubernetes-access.md'), 'utf8');
    const documented = [...page.matchAll(/```yaml\n(.*?)```/gs)]
      .map(([, text = '']) => readManifests(text))
      .map((manifests) => linesOf(grantsOf(manifests)));
    expect(documented).toEqual([
      linesOf(SCAN.filter(({ verb }) => verb !== 'watch')),
      linesOf(CLEANUP),
      linesOf(SECRETS),
    ]);
    expect(linesOf(SCAN.filter(({ verb }) => verb === 'watch'))).toEqual(linesOf(WATCHES));
  });
});
