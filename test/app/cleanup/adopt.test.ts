import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { adoptDatasets } from '../../../src/lib/app/cleanup/adopt.ts';
import { type AdoptionRequest } from '../../../src/lib/core/cleanup/adopt/adoption.ts';
import { CleanupRefusedError } from '../../../src/lib/core/model/errors.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { renderAdoptions } from '../../../src/lib/core/render/adoption.ts';
import { addDeployment } from '../../../src/lib/lab/scenario/build/deployment.ts';
import { CLAIM_TEMPLATE } from '../../../src/lib/lab/scenario/build/handle.ts';
import { addPathDriver } from '../../../src/lib/lab/scenario/build/path-driver.ts';
import { type PathDriverName } from '../../../src/lib/lab/scenario/build/path-driver-name.ts';
import { addPathVolume } from '../../../src/lib/lab/scenario/build/path-volume.ts';
import { type Protocol } from '../../../src/lib/lab/scenario/build/protocol.ts';
import {
  addOne,
  addSound,
  finish,
  newSite,
  type Site,
} from '../../../src/lib/lab/scenario/build/site.ts';
import {
  TRUENAS_VERSIONS,
  type KubernetesObject,
  type TrueNasVersion,
  type World,
} from '../../../src/lib/lab/scenario/world.ts';
import { toDriverConfig } from '../../../src/lib/lab/scenario/driver-config.ts';
import { startKubernetesLab } from '../../../src/lib/lab/kubernetes/server.ts';
import { needsTool } from '../../support/missing-tool.ts';
import { Sandbox } from '../../support/run-command.ts';
import { findKubectl, kubectlFor } from '../../support/kubectl.ts';
import { type RunningWorld, runWorld, withPorts } from '../../support/scan-scenario.ts';

const CLAIM = { namespace: 'apps', name: 'wanted' } as const;

function request(dataset: string, over: Partial<AdoptionRequest> = {}): AdoptionRequest {
  return { dataset, system: null, cluster: null, claim: CLAIM, storageClass: null, ...over };
}

function adoptIn(running: RunningWorld, ...wanted: AdoptionRequest[]) {
  return withPorts(running, {}, (ports) =>
    adoptDatasets(ports, wanted, {
      drivers: running.world.drivers.map(toDriverConfig),
      policy: DEFAULT_POLICY,
      signal: AbortSignal.timeout(60_000),
    }),
  );
}

interface Lost {
  readonly dataset: string;
  readonly pv: KubernetesObject | undefined;
}

const democratic =
  (protocol: Protocol, options: Partial<Parameters<typeof addDeployment>[2]> = {}) =>
  (site: Site): Lost => {
    const deployment = addDeployment(site.cluster, site.nas, {
      protocol,
      parent: `tank/more/${protocol}/vols`,
      driver: `org.democratic-csi.more-${protocol}`,
      storageClass: `more-${protocol}`,
      ...options,
    });
    addSound(deployment, 3);
    return addOne(deployment, 'apps/wanted');
  };

const path =
  (driver: PathDriverName, protocol: Protocol) =>
  (site: Site): Lost => {
    const installed = addPathDriver(site.cluster, site.nas, { driver, protocol });
    for (const index of [1, 2, 3])
      addPathVolume(installed, { claim: `apps/sound-${String(index)}` });
    return addPathVolume(installed, { claim: 'apps/wanted' });
  };

const DRIVERS: Readonly<Record<string, (site: Site) => Lost>> = {
  'democratic-csi over NFS': democratic('nfs'),
  'democratic-csi over SMB': democratic('smb'),
  'democratic-csi over iSCSI': democratic('iscsi'),
  'democratic-csi over iSCSI with hashed handles': democratic('iscsi', { idHash: 'crc16' }),
  'democratic-csi over NFS with handles after the claim': democratic('nfs', {
    idTemplate: CLAIM_TEMPLATE,
  }),
  'democratic-csi with an instance id': democratic('nfs', { instanceId: 'blue' }),
  'democratic-csi over SSH': democratic('iscsi', { kind: 'freenas-iscsi' }),
  'democratic-csi, generic, over NFS': democratic('nfs', { kind: 'zfs-generic-nfs' }),
  'democratic-csi, generic, over iSCSI': democratic('iscsi', { kind: 'zfs-generic-iscsi' }),
  'csi.truenas.io over NFS': path('csi.truenas.io', 'nfs'),
  'csi.truenas.io over iSCSI': path('csi.truenas.io', 'iscsi'),
  'tns.csi.io over NFS': path('tns.csi.io', 'nfs'),
  'tns.csi.io over SMB': path('tns.csi.io', 'smb'),
  'tns.csi.io over iSCSI': path('tns.csi.io', 'iscsi'),
};

const LATER: typeof DRIVERS = {
  'democratic-csi over NVMe-oF': democratic('nvmeof'),
  'tns.csi.io over NVMe-oF': path('tns.csi.io', 'nvmeof'),
};

const CASES = TRUENAS_VERSIONS.flatMap((version) =>
  Object.entries(version === '25.10' || version === '26' ? { ...DRIVERS, ...LATER } : DRIVERS).map(
    ([driver, make]) => [driver, version, make] as const,
  ),
);

/** A world in which a volume and its claim are gone, while its dataset and all that exports it are there. */
function lostWorld(version: TrueNasVersion, make: (site: Site) => Lost) {
  const site = newSite(version);
  addSound(site.nfs, 3);
  const { dataset, pv } = make(site);
  const { world } = finish(site, []);
  if (pv === undefined) throw new Error('it had a volume');
  const [cluster] = world.clusters;
  const take = (resource: string, name: string, namespace?: string): KubernetesObject => {
    const list = cluster?.objects[resource] ?? [];
    const index = list.findIndex(
      ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
    );
    const [taken] = list.splice(index, 1);
    if (index < 0 || taken === undefined) throw new Error(`no ${resource} ${name}`);
    return taken;
  };
  take('persistentvolumes', pv.metadata.name);
  const claim = take('persistentvolumeclaims', 'wanted', 'apps');
  // An attachment that is left names the volume, which then is not forgotten.
  const attachments = cluster?.objects['volumeattachments'] ?? [];
  const named = attachments.filter((each) =>
    JSON.stringify(each['spec']).includes(pv.metadata.name),
  );
  for (const { metadata } of named) take('volumeattachments', metadata.name);
  return { world, dataset, pv, claim };
}

const IDENTITY = 'storage.kubernetes.io/csiProvisionerIdentity';

/** What a volume is, without what is of one moment or one run of its provisioner. */
function specOf(object: unknown): unknown {
  const { spec } = structuredClone(object) as { spec: Record<string, Record<string, unknown>> };
  delete spec['persistentVolumeReclaimPolicy'];
  delete spec['claimRef']?.['uid'];
  delete spec['claimRef']?.['resourceVersion'];
  delete (spec['csi']?.['volumeAttributes'] as Record<string, unknown> | undefined)?.[IDENTITY];
  return spec;
}

const RESOURCES: Readonly<Record<string, string>> = {
  PersistentVolume: 'persistentvolumes',
  PersistentVolumeClaim: 'persistentvolumeclaims',
};

/** Hands manifests to the lab's API. */
async function post(running: RunningWorld, manifests: readonly unknown[]): Promise<void> {
  const [lab] = running.clusters;
  if (lab === undefined) throw new Error('a cluster');
  for (const manifest of manifests as readonly KubernetesObject[]) {
    const { namespace } = manifest.metadata;
    const place = namespace === undefined ? '' : `namespaces/${namespace}/`;
    const answer = await fetch(`${lab.url}/api/v1/${place}${RESOURCES[manifest.kind] ?? ''}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${lab.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(manifest),
    });
    expect(answer.status, await answer.text()).toBe(201);
  }
}

describe('a dataset without a volume', () => {
  test.each(CASES)(
    'of %s gets back the very volume it had, over TrueNAS %s',
    async (_, version, make) => {
      const { world, dataset, pv, claim } = lostWorld(version, make);
      await using running = await runWorld(world);
      const [adoption] = await adoptIn(running, request(dataset));
      if (adoption === undefined) throw new Error('an adoption');
      const [volume, made] = adoption.manifests;
      expect(volume).toMatchObject({
        kind: 'PersistentVolume',
        metadata: {
          name: pv.metadata.name,
          annotations: {
            'pv.kubernetes.io/provisioned-by':
              pv.metadata.annotations?.['pv.kubernetes.io/provisioned-by'],
          },
        },
        spec: { persistentVolumeReclaimPolicy: 'Retain' },
      });
      expect(specOf(volume)).toEqual(specOf(pv));
      expect(made).toMatchObject({ metadata: CLAIM });
      expect(specOf(made)).toEqual(specOf(claim));
      expect(adoption.cautions).toEqual([]);
    },
  );
});

describe('what is adopted', () => {
  test.each(CASES)('of %s is no finding any more, over TrueNAS %s', async (_, version, make) => {
    const { world, dataset } = lostWorld(version, make);
    await using running = await runWorld(world);
    const about = async () => {
      const { findings } = await running.scan();
      return findings
        .filter(({ place, severity }) => place?.path === dataset && severity !== 'info')
        .map(({ rule }) => rule);
    };
    expect(await about()).not.toEqual([]);
    const [adoption] = await adoptIn(running, request(dataset));
    await post(running, adoption?.manifests ?? []);
    bind(running.world);
    expect(await about()).toEqual([]);
  });
});

const tlsFile = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../fixtures/tls', name), 'utf8');
const kubectl = findKubectl();
const kubectlPath = 'path' in kubectl ? kubectl.path : '';

describe('the real kubectl', needsTool('kubectl', kubectlPath !== ''), () => {
  test('applies the manifests as they are written', async () => {
    const { world, dataset, pv } = lostWorld('25.10', democratic('nfs'));
    await using running = await runWorld(world);
    await using sandbox = await Sandbox.create();
    const text = renderAdoptions(await adoptIn(running, request(dataset)), 'yaml');
    const file = sandbox.path('adopted.yaml');
    await writeFile(file, text);
    const [cluster] = world.clusters;
    if (cluster === undefined) throw new Error('a cluster');
    const tls = {
      cert: tlsFile('server.pem'),
      key: tlsFile('server-key.pem'),
      ca: tlsFile('ca.pem'),
    };
    // It sends a token over https alone.
    const lab = await startKubernetesLab(cluster, { now: () => new Date(world.now), tls });
    const client = kubectlFor(kubectlPath, lab.kubeconfig());
    try {
      const { code, stdout } = await client.run('apply', '--validate=false', '-f', file);
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: `persistentvolume/${pv.metadata.name} created\npersistentvolumeclaim/wanted created\n`,
      });
    } finally {
      await client.dispose();
      await lab.close();
    }
  });
});

/** The lab has no controller that binds: this is all that one would do. */
function bind(world: World): void {
  for (const { objects } of world.clusters) {
    for (const pv of objects['persistentvolumes'] ?? []) {
      const claims = objects['persistentvolumeclaims'] ?? [];
      const ref = (pv['spec'] as { claimRef?: { name: string; namespace: string; uid?: string } })
        .claimRef;
      const claim = claims.find(
        ({ metadata }) => metadata.name === ref?.name && metadata.namespace === ref.namespace,
      );
      if (ref === undefined || ref.uid !== undefined || claim === undefined) continue;
      ref.uid = claim.metadata.uid;
      pv['status'] = { phase: 'Bound' };
      claim['status'] = { phase: 'Bound' };
    }
  }
}

describe('is refused', () => {
  async function refusal(
    change: (site: Site) => string,
    over: Partial<AdoptionRequest> = {},
  ): Promise<string> {
    const site = newSite('25.10');
    addSound(site.nfs, 6);
    const dataset = change(site);
    await using running = await runWorld(finish(site, []).world);
    try {
      await adoptIn(running, request(dataset, over));
    } catch (error) {
      if (error instanceof CleanupRefusedError)
        return [error.message, ...error.remediation].join(' | ');
      throw error;
    }
    return 'adopted';
  }
  const GONE = { gone: ['pv', 'claim'] } as const;

  test('what a volume uses', async () => {
    expect(await refusal((site) => addOne(site.nfs, 'apps/used').dataset)).toMatch(
      /is the volume of pvc-/,
    );
  });

  test('what is not there', async () => {
    expect(await refusal(() => 'tank/k8s/nfs/vols/none')).toMatch(/there is no such dataset/);
  });

  test('what no driver keeps', async () => {
    expect(await refusal((site) => site.nfs.parent)).toMatch(/no registered driver keeps/);
  });

  test('what is in quarantine, and says how to get it out', async () => {
    const text = await refusal((site) => {
      const { dataset, record } = addOne(site.nfs, 'apps/lost', GONE);
      if (record !== undefined) {
        record.userProperties['truenas-monitor:quarantined'] =
          `${dataset};2026-11-01T00:00:00Z;plan-7`;
      }
      return dataset;
    });
    expect(text).toMatch(/in quarantine by plan plan-7.*cleanup rollback/);
  });

  test('what another deployment made', async () => {
    const text = await refusal((site) => {
      const { dataset, record } = addOne(site.nfs, 'apps/lost', GONE);
      if (record !== undefined) {
        record.userProperties['democratic-csi:volume_context_provisioner_instance_id'] = 'green';
      }
      return dataset;
    });
    expect(text).toMatch(/belongs to another deployment: instance_id green/);
  });

  test('what was never finished', async () => {
    const text = await refusal(
      (site) => addOne(site.nfs, 'apps/lost', { ...GONE, stopsAt: 'success' }).dataset,
    );
    expect(text).toMatch(/never finished/);
  });

  test('what does not say whose it was, until somebody does', async () => {
    const make = (site: Site) => addOne(site.nfs, 'apps/lost', GONE).dataset;
    expect(await refusal(make, { claim: null })).toMatch(/--claim NAMESPACE\/NAME/);
    expect(await refusal(make)).toBe('adopted');
  });

  test('a claim that has another volume', async () => {
    const text = await refusal((site) => {
      addOne(site.nfs, 'apps/wanted');
      return addOne(site.nfs, 'apps/lost', GONE).dataset;
    });
    expect(text).toMatch(/claim apps\/wanted of cluster \S+ is there already and has volume pvc-/);
  });

  test('a class and a cluster that are not there', async () => {
    const make = (site: Site) => addOne(site.nfs, 'apps/lost', GONE).dataset;
    expect(await refusal(make, { storageClass: 'none' })).toMatch(/with a StorageClass none/);
    expect(await refusal(make, { cluster: 'none' })).toMatch(/in cluster none/);
    expect(await refusal(make, { system: 'none' })).toMatch(/no such dataset on none/);
  });

  test('a volume whose PersistentVolumes were not read whole', async () => {
    const text = await refusal((site) => {
      const { pv } = addOne(site.nfs, 'apps/odd');
      if (pv !== undefined) (pv['spec'] as Record<string, unknown>)['csi'] = 'of another kind';
      return addOne(site.nfs, 'apps/lost', GONE).dataset;
    });
    expect(text).toMatch(/persistentVolumes of \S+ could not be read whole/);
  });
});

describe('says what to look at', () => {
  async function cautionsOf(
    version: TrueNasVersion,
    change: (site: Site) => string,
  ): Promise<string> {
    const site = newSite(version);
    addSound(site.nfs, 6);
    addSound(site.iscsi, 3);
    const dataset = change(site);
    await using running = await runWorld(finish(site, []).world);
    const adoptions = await adoptIn(running, request(dataset));
    return renderAdoptions(adoptions, 'yaml');
  }
  const GONE = { gone: ['pv', 'claim', 'share'] } as const;

  test.each(TRUENAS_VERSIONS)('where nothing exports it over TrueNAS %s', async (version) => {
    expect(
      await cautionsOf(version, (site) => addOne(site.nfs, 'apps/lost', GONE).dataset),
    ).toMatch(/^# CAUTION: No NFS share exports the dataset.*share-missing/m);
    expect(
      await cautionsOf(version, (site) => addOne(site.iscsi, 'apps/lost', GONE).dataset),
    ).toMatch(/^# CAUTION: No iSCSI target exports the dataset/m);
  });

  test('where its share is disabled', async () => {
    const text = await cautionsOf('25.10', (site) => {
      const { dataset } = addOne(site.nfs, 'apps/lost', { gone: ['pv', 'claim'] });
      for (const share of site.nas.system.nfsShares)
        if (share.path === `/mnt/${dataset}`) share.enabled = false;
      return dataset;
    });
    expect(text).toMatch(/^# CAUTION: The NFS share of the dataset is disabled/m);
  });

  test('where no quota tells its size', async () => {
    const text = await cautionsOf('25.10', (site) => {
      const { dataset, record } = addOne(site.nfs, 'apps/lost', { gone: ['pv', 'claim'] });
      if (record !== undefined) Object.assign(record, { refquota: 0 });
      return dataset;
    });
    expect(text).toMatch(/^# CAUTION: The dataset has no quota/m);
    expect(text).toMatch(/storage: 5Gi/);
  });
});
