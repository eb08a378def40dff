import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  addDeployment,
  type DeploymentOptions,
} from '../../../../src/lib/lab/scenario/build/deployment.ts';
import { addCluster } from '../../../../src/lib/lab/scenario/build/cluster.ts';
import { addNas, newStage } from '../../../../src/lib/lab/scenario/build/stage.ts';
import { at, list } from '../invariants.ts';
import { type LabCluster } from '../../../../src/lib/lab/scenario/world.ts';

function clusterWith(options: DeploymentOptions): LabCluster {
  const stage = newStage();
  const built = addCluster(stage);
  addDeployment(built, addNas(stage, '25.10'), options);
  return built.cluster;
}

function configOf(cluster: LabCluster): unknown {
  const [secret] = list(cluster, 'secrets');
  const data = at(secret, 'data', 'driver-config-file.yaml');
  return parse(Buffer.from(String(data), 'base64').toString());
}

describe('a release of democratic-csi', () => {
  it('has a controller that names the driver, and mounts the Secret with its configuration', () => {
    const cluster = clusterWith({ protocol: 'nfs', instanceId: 'prod' });
    const [pod] = list(cluster, 'pods');
    const args = at(pod, 'spec', 'containers', '1', 'args');
    expect(args).toContain('--csi-name=org.democratic-csi.nfs');
    expect(args).toContain('--driver-config-file=/config/driver-config-file.yaml');
    const [secret] = list(cluster, 'secrets');
    expect(at(pod, 'spec', 'volumes', '1', 'secret', 'secretName')).toBe(secret?.metadata.name);
    expect(configOf(cluster)).toMatchObject({
      driver: 'freenas-api-nfs',
      instance_id: 'prod',
      httpConnection: { host: '10.10.0.5', apiKey: expect.stringContaining('planted-') as unknown },
      zfs: {
        datasetParentName: 'tank/k8s/nfs/vols',
        detachedSnapshotsDatasetParentName: 'tank/k8s/nfs/snaps',
      },
    });
  });

  it.each<[string, DeploymentOptions, Record<string, unknown>]>([
    [
      'over SSH',
      { protocol: 'iscsi', kind: 'freenas-iscsi', config: { sshHost: 'other.example' } },
      { httpConnection: { host: '10.10.0.5' }, sshConnection: { host: 'other.example' } },
    ],
    [
      'without TrueNAS',
      { protocol: 'nvmeof', kind: 'zfs-generic-nvmeof' },
      { driver: 'zfs-generic-nvmeof', sshConnection: { port: 22 } },
    ],
    [
      'with ids of its own',
      { protocol: 'smb', idTemplate: '{{ name }}', idHash: 'md5', keepsDeleted: true },
      {
        _private: {
          csi: {
            volume: {
              idTemplate: '{{ name }}',
              idHash: { strategy: 'md5' },
              deleteStrategy: 'retain',
            },
          },
        },
      },
    ],
    [
      'against the advice of everybody',
      {
        protocol: 'nfs',
        config: {
          scheme: 'http',
          allowInsecure: true,
          apiVersion: 1,
          shareHost: 'other.example',
          quotas: false,
          allowedNetworks: ['192.168.0.0/24'],
        },
      },
      {
        httpConnection: { protocol: 'http', port: 80, allowInsecure: true, apiVersion: 1 },
        zfs: { datasetEnableQuotas: false },
        nfs: { shareHost: 'other.example', shareAllowedNetworks: ['192.168.0.0/24'] },
      },
    ],
    [
      'with portals of its own',
      { protocol: 'iscsi', config: { port: 8443, portalGroup: 7, initiatorGroup: 9 } },
      {
        httpConnection: { protocol: 'https', port: 8443 },
        iscsi: {
          targetPortal: '10.10.0.5:3260',
          targetGroups: [
            {
              targetGroupPortalGroup: 7,
              targetGroupInitiatorGroup: 9,
              targetGroupAuthType: 'None',
            },
          ],
        },
      },
    ],
    [
      'with names of its own',
      { protocol: 'iscsi', assetPrefix: 'a-', assetSuffix: '-b', assetTemplate: '{{ name }}' },
      { iscsi: { namePrefix: 'a-', nameSuffix: '-b', nameTemplate: '{{ name }}' } },
    ],
  ])('%s is configured as people configure it', (_, options, expected) => {
    expect(configOf(clusterWith(options))).toMatchObject(expected);
  });

  it('may have no Secret, one that is no YAML, or only its classes left', () => {
    expect(list(clusterWith({ protocol: 'nfs', config: null }), 'secrets')).toEqual([]);
    expect(() => configOf(clusterWith({ protocol: 'nfs', config: 'driver: [' }))).toThrow();
    const left = clusterWith({ protocol: 'nfs', uninstalled: true });
    expect(list(left, 'csidrivers')).toEqual([]);
    expect(list(left, 'deployments')).toEqual([]);
    expect(list(left, 'storageclasses')).toHaveLength(1);
    expect(list(left, 'volumesnapshotclasses')).toHaveLength(2);
  });
});
