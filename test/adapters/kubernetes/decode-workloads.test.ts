import { describe, expect, it } from 'vitest';
import {
  decodeCronJob,
  decodeDaemonSet,
  decodeDataVolume,
  decodeDeployment,
  decodeJob,
  decodeReplicaSet,
  decodeReplicationController,
  decodeStatefulSet,
  decodeVirtualMachine,
} from '../../../src/lib/adapters/kubernetes/decode-workloads.ts';

const metadata = { name: 'web', uid: 'u', namespace: 'n' };

function podTemplate(...claims: string[]): object {
  const volumes = claims.map((claimName) => ({
    name: claimName,
    persistentVolumeClaim: { claimName },
  }));
  return { spec: { volumes: [{ name: 'tmp', emptyDir: {} }, ...volumes] } };
}

const template = podTemplate('data');

describe('what keeps pods running', () => {
  it.each([
    ['Deployment', decodeDeployment],
    ['ReplicaSet', decodeReplicaSet],
    ['ReplicationController', decodeReplicationController],
    ['StatefulSet', decodeStatefulSet],
  ])('reads the claims and the number of pods of a %s', (kind, decode) => {
    const item = { metadata, spec: { replicas: 0, template } };
    expect(decode(item, 'prod')).toMatchObject({
      cluster: 'prod',
      name: 'web',
      namespace: 'n',
      kind,
      replicas: 0,
      suspended: false,
      finished: false,
      claims: ['data'],
      claimPrefixes: [],
    });
    expect(decode({ metadata, spec: { template } }, 'prod')?.replicas).toBe(1);
  });

  it('reads a DaemonSet, whose pods are as many as there are nodes', () => {
    expect(decodeDaemonSet({ metadata, spec: { template } }, 'prod')).toMatchObject({
      kind: 'DaemonSet',
      replicas: null,
      claims: ['data'],
    });
  });

  it('knows how the claims of a StatefulSet begin', () => {
    const volumeClaimTemplates = [
      { metadata: { name: 'data' }, spec: {} },
      { metadata: { name: 'wal' }, spec: {} },
    ];
    const item = { metadata, spec: { template: podTemplate(), volumeClaimTemplates } };
    expect(decodeStatefulSet(item, 'prod')).toMatchObject({
      claims: [],
      claimPrefixes: ['data-web-', 'wal-web-'],
    });
  });

  it('keeps the volumes that are written straight into a template', () => {
    const volumes = [
      { name: 'media', nfs: { server: 'nas1', path: '/mnt/tank/media' } },
      { name: 'scratch', emptyDir: {} },
    ];
    const item = { metadata, spec: { template: { spec: { volumes } } } };
    expect(decodeDeployment(item, 'prod')).toMatchObject({
      claims: [],
      inlineVolumes: [{ kind: 'nfs', server: 'nas1', path: '/mnt/tank/media' }],
    });
    const unreadable = [{ name: 'media', nfs: { server: 'nas1' } }];
    const broken = { metadata, spec: { template: { spec: { volumes: unreadable } } } };
    expect(decodeDeployment(broken, 'prod')).toBeUndefined();
  });

  it('takes ephemeral volumes for what they are: claims of a pod', () => {
    const volumes = [{ name: 'scratch', ephemeral: { volumeClaimTemplate: {} } }];
    const item = { metadata, spec: { template: { spec: { volumes } } } };
    expect(decodeDeployment(item, 'prod')).toMatchObject({ claims: [], claimPrefixes: [] });
  });

  it('reads a ReplicationController that has no template of its own', () => {
    expect(decodeReplicationController({ metadata, spec: {} }, 'prod')).toMatchObject({
      claims: [],
    });
  });

  it.each([
    [{ spec: { template } }],
    [{ metadata: { name: 'a', uid: 'u' }, spec: { template } }],
    [{ metadata }],
    [{ metadata, spec: {} }],
    [{ metadata, spec: { template: {} } }],
    [{ metadata, spec: { template: { spec: { volumes: ['x'] } } } }],
    [{ metadata, spec: { template: { spec: { volumes: [{ persistentVolumeClaim: {} }] } } } }],
  ])('cannot read %j', (item) => {
    expect(decodeDeployment(item, 'prod')).toBeUndefined();
    expect(decodeStatefulSet(item, 'prod')).toBeUndefined();
    expect(decodeDaemonSet(item, 'prod')).toBeUndefined();
    expect(decodeJob(item, 'prod')).toBeUndefined();
  });

  it('cannot read a StatefulSet whose claims have no name', () => {
    const spec = { template, volumeClaimTemplates: [{ metadata: {} }, 'x'] };
    expect(decodeStatefulSet({ metadata, spec }, 'prod')).toBeUndefined();
  });

  it('cannot read a ReplicationController whose template makes no sense', () => {
    const spec = { template: { spec: { volumes: [1] } } };
    expect(decodeReplicationController({ metadata, spec }, 'prod')).toBeUndefined();
  });
});

describe('what runs to an end', () => {
  it.each([
    ['Complete', 'True', true],
    ['Failed', 'True', true],
    ['Failed', 'False', false],
    ['SuccessCriteriaMet', 'True', false],
  ])('takes a Job with condition %s %s for finished: %s', (type, status, finished) => {
    const item = { metadata, spec: { template }, status: { conditions: [{ type, status }] } };
    expect(decodeJob(item, 'prod')).toMatchObject({ kind: 'Job', finished, suspended: false });
  });

  it('knows a Job that waits', () => {
    const item = { metadata, spec: { template, suspend: true } };
    expect(decodeJob(item, 'prod')).toMatchObject({ suspended: true, finished: false });
  });

  it.each([
    [true, true],
    [undefined, false],
  ])('reads a CronJob with suspend %s as suspended: %s', (suspend, suspended) => {
    const item = { metadata, spec: { suspend, jobTemplate: { spec: { template } } } };
    expect(decodeCronJob(item, 'prod')).toMatchObject({
      kind: 'CronJob',
      suspended,
      claims: ['data'],
    });
  });

  it('cannot read a CronJob without a template', () => {
    expect(decodeCronJob({ metadata, spec: {} }, 'prod')).toBeUndefined();
  });
});

describe('virtual machines', () => {
  const volumes = [
    { name: 'root', dataVolume: { name: 'web-root' } },
    { name: 'data', persistentVolumeClaim: { claimName: 'web-data' } },
    { name: 'base', ephemeral: { persistentVolumeClaim: { claimName: 'golden' } } },
    { name: 'dump', memoryDump: { claimName: 'web-dump' } },
    { name: 'seed', cloudInitNoCloud: { userData: 'password: planted' } },
  ];
  const machine = {
    template: { spec: { volumes } },
    dataVolumeTemplates: [{ metadata: { name: 'web-root' } }, { metadata: { name: 'web-extra' } }],
  };

  it('have the claims of their disks, and those that are made for them', () => {
    const decoded = decodeVirtualMachine({ metadata, spec: machine }, 'prod');
    expect(decoded).toMatchObject({
      kind: 'VirtualMachine',
      replicas: null,
      claims: ['web-root', 'web-data', 'golden', 'web-dump', 'web-extra'],
    });
    expect(JSON.stringify(decoded)).not.toContain('planted');
  });

  it.each([
    [{ running: false }, true],
    [{ running: true }, false],
    [{ runStrategy: 'Halted' }, true],
    [{ runStrategy: 'Manual' }, false],
  ])('with %j are off: %s', (how, suspended) => {
    const item = { metadata, spec: { ...machine, ...how } };
    expect(decodeVirtualMachine(item, 'prod')).toMatchObject({ suspended });
  });

  it.each([
    [{}],
    [{ template: {} }],
    [{ ...machine, dataVolumeTemplates: [{}] }],
    [{ template: { spec: { volumes: ['x'] } } }],
    [{ template: { spec: { volumes: [{ dataVolume: {} }] } } }],
  ])('cannot be read from %j', (spec) => {
    expect(decodeVirtualMachine({ metadata, spec }, 'prod')).toBeUndefined();
  });
});

describe('data volumes', () => {
  it.each([
    [{ pvc: { name: 'golden' } }, ['web', 'golden']],
    [{ pvc: { name: 'golden', namespace: 'n' } }, ['web', 'golden']],
    [{ pvc: { name: 'golden', namespace: 'images' } }, ['web']],
    [{ http: { url: 'https://images.example/disk.img' } }, ['web']],
  ])('filled from %j have the claims %j', (source, claims) => {
    expect(decodeDataVolume({ metadata, spec: { source } }, 'prod')).toMatchObject({
      kind: 'DataVolume',
      claims,
    });
  });
});
