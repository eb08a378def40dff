import { describe, expect, it } from 'vitest';
import { decodePod } from '../../../src/lib/adapters/kubernetes/decode-pods.ts';

function aPod(volumes: unknown[]): Record<string, unknown> {
  return {
    metadata: { name: 'web-0', uid: 'u', namespace: 'n' },
    spec: { volumes },
    status: { phase: 'Running' },
  };
}

describe('decodePod', () => {
  it('lists the claims it names, and those made for its ephemeral volumes', () => {
    const pod = decodePod(
      aPod([
        { name: 'data', persistentVolumeClaim: { claimName: 'data-web-0' } },
        { name: 'scratch', ephemeral: { volumeClaimTemplate: {} } },
        { name: 'config', configMap: { name: 'x' } },
        { name: 'tmp', emptyDir: {} },
      ]),
      'prod',
    );
    expect(pod).toMatchObject({
      cluster: 'prod',
      name: 'web-0',
      namespace: 'n',
      phase: 'Running',
      claims: ['data-web-0', 'web-0-scratch'],
      inlineVolumes: [],
    });
  });

  it('lists volumes that are written into it', () => {
    const pod = decodePod(
      aPod([
        { name: 'a', nfs: { server: 'nas1', path: '/mnt/tank/a' } },
        { name: 'b', iscsi: { targetPortal: 'nas1:3260', iqn: 'iqn.x:b', lun: 1 } },
        { name: 'c', csi: { driver: 'd', volumeAttributes: { share: '/mnt/c', password: 'x' } } },
        { name: 'd', flexVolume: { driver: 'fstab/cifs', options: { networkPath: '//nas/d' } } },
        { name: 'e', hostPath: { path: '/mnt/tank/e', type: '' } },
        { name: 'f', flexVolume: { driver: 'fstab/cifs' } },
        { name: 'g', hostPath: { path: '/var/lib/kubelet' } },
        { name: 'h', flexVolume: { driver: 'nodeagent/uds' } },
      ]),
      'prod',
    );
    expect(pod?.claims).toEqual([]);
    expect(pod?.inlineVolumes).toEqual([
      { kind: 'nfs', server: 'nas1', path: '/mnt/tank/a' },
      { kind: 'iscsi', portal: 'nas1:3260', iqn: 'iqn.x:b', lun: 1 },
      { kind: 'csi', driver: 'd', handle: '', attributes: { share: '/mnt/c' } },
      { kind: 'smb', source: '//nas/d' },
      { kind: 'path', type: 'hostPath', path: '/mnt/tank/e' },
      { kind: 'unread', type: 'flexVolume' },
    ]);
  });

  it.each([
    ['True', true],
    ['False', false],
    ['Unknown', null],
  ])('with Ready %s is ready: %s', (status, ready) => {
    const item = { ...aPod([]), status: { conditions: [{ type: 'Ready', status }] } };
    expect(decodePod(item, 'prod')).toMatchObject({ ready, containers: [] });
  });

  it('reads a pod without volumes or status', () => {
    const item = { metadata: { name: 'a', uid: 'u', namespace: 'n' } };
    expect(decodePod(item, 'prod')).toMatchObject({ phase: 'Unknown', claims: [] });
  });

  it.each([
    [{ name: 'a', persistentVolumeClaim: {} }],
    [{ name: 'a', persistentVolumeClaim: null }],
    [{ ephemeral: {} }],
    [{ name: 'a', nfs: {} }],
    [{ name: 'a', csi: 'rubbish' }],
    [{ name: 'a', hostPath: 'rubbish' }],
    ['rubbish'],
  ])('cannot read a pod that mounts %j: what it uses would look unused', (volume) => {
    expect(decodePod(aPod([volume]), 'prod')).toBeUndefined();
  });

  it('cannot read a pod without a namespace', () => {
    expect(decodePod({ metadata: { name: 'a', uid: 'u' } }, 'prod')).toBeUndefined();
  });
});
