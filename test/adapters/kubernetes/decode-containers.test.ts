import { describe, expect, it } from 'vitest';
import { decodeContainers } from '../../../src/lib/adapters/kubernetes/decode-containers.ts';

const DRIVER = {
  name: 'csi-driver',
  image: 'registry.example:5000/democratic-csi/democratic-csi:v1.9.5@sha256:0123',
  args: ['--csi-name=org.democratic-csi.nfs', '--csi-mode=controller'],
};

function decoded(containers: unknown[], containerStatuses: unknown[] = []) {
  return decodeContainers({ spec: { containers }, status: { containerStatuses } });
}

function argsOf(container: object) {
  return decoded([DRIVER, { name: 'other', image: 'x', ...container }])[1]?.args;
}

describe('the containers that are kept', () => {
  it('are all of a pod of a driver', () => {
    const proxy = { name: 'csi-proxy', image: 'registry.example/grpc-proxy:v0.5.1' };
    expect(decoded([proxy, DRIVER])).toEqual([
      {
        name: 'csi-proxy',
        image: 'registry.example/grpc-proxy:v0.5.1',
        args: [],
        ready: false,
        restarts: 0,
        lastEndedAt: null,
        waiting: null,
      },
      {
        name: 'csi-driver',
        image: DRIVER.image,
        args: ['--csi-name=org.democratic-csi.nfs', '--csi-mode=controller'],
        ready: false,
        restarts: 0,
        lastEndedAt: null,
        waiting: null,
      },
    ]);
  });

  it.each([
    [{ image: 'registry.example/sig-storage/csi-provisioner:v5.3.0' }],
    [{ image: 'registry.example:5000/csi-attacher' }],
    [{ image: 'registry.example/sig-storage/csi-node-driver-registrar@sha256:0123' }],
    [{ image: 'registry.example/sig-storage/snapshot-controller:v8.2.1' }],
    [{ image: 'registry.example/rancher/mirrored-sig-storage-snapshot-controller:v8.2.0' }],
    [{ image: 'registry.example/tns-csi:v0.9.6' }],
    [{ image: 'registry.example/art-dev@sha256:0123', name: 'snapshot-controller' }],
    [{ image: 'registry.example/sidecar:1', args: ['--csi-address=/csi/csi.sock'] }],
    [{ image: 'registry.example/sidecar:1', args: ['-csi-address', '/csi/csi.sock'] }],
    [
      {
        image: 'registry.example/x:1',
        command: ['x', '--kubelet-registration-path=/a/b/csi.sock'],
      },
    ],
    [{ image: 'registry.example/x:1', args: ['--driver-config-file', '/config/driver.yaml'] }],
  ])('are those of a pod with %j', (container) => {
    expect(decoded([{ name: 'a', ...container }])).toHaveLength(1);
  });

  it.each([
    [{ image: 'registry.example/csi/postgres:17' }],
    [{ image: 'registry.example/tape-and-scsi:1' }],
    [{ image: 'registry.example/web:csi' }],
    [{ image: 'registry.example/web', args: ['--csi-addresses=5'] }],
    [{ image: 'registry.example/web', env: [{ name: 'A', value: '--csi-name=a' }] }],
    [{}],
    ['rubbish'],
  ])('are none of a pod with %j', (container) => {
    expect(decoded([container])).toEqual([]);
  });

  it('are not those that only prepare the pod', () => {
    const spec = { initContainers: [DRIVER], containers: [{ name: 'a', image: 'x' }] };
    expect(decodeContainers({ spec })).toEqual([]);
    expect(decodeContainers({ spec: { ...spec, containers: [DRIVER] } })).toHaveLength(1);
  });
});

describe('the command line of a container', () => {
  it('keeps what is on the list, one word for each flag', () => {
    const container = {
      command: ['/tns-csi', '--csi-mode', 'node'],
      args: [
        '-leader-election',
        '--csi-name',
        'tns.csi.io',
        '--feature-gates=A=true,B=false',
        '--v',
      ],
    };
    expect(argsOf(container)).toEqual([
      '--csi-mode=node',
      '--leader-election',
      '--csi-name=tns.csi.io',
      '--feature-gates=A=true,B=false',
      '--v',
    ]);
  });

  it('holds no secret, however it is written', () => {
    const args = ['--api-key=PLANTED', '--api-key', 'PLANTED', '-password=PLANTED', 'PLANTED', 7];
    expect(argsOf({ args: [...args, '--csi-name=a'] })).toEqual(['--csi-name=a']);
  });

  it('has its variables filled in as far as the pod spells them out', () => {
    const container = {
      args: [
        '--kubelet-registration-path=$(PATH_OF_SOCKET)',
        '--leader-election-namespace=$(NAMESPACE)',
        '--csi-address=$(NOBODY_KNOWS)',
      ],
      env: [
        { name: 'PATH_OF_SOCKET', value: '/var/lib/kubelet/plugins/tns.csi.io/csi.sock' },
        { name: 'NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
      ],
    };
    expect(argsOf(container)).toEqual([
      '--kubelet-registration-path=/var/lib/kubelet/plugins/tns.csi.io/csi.sock',
      '--leader-election-namespace=$(NAMESPACE)',
      '--csi-address=$(NOBODY_KNOWS)',
    ]);
  });
});

describe('the state of a container', () => {
  const state = (status: object) => decoded([DRIVER], [{ name: 'csi-driver', ...status }])[0];

  it('says that it is well, and when it last was not', () => {
    const lastState = { terminated: { exitCode: 1, finishedAt: '2026-11-21T08:00:00Z' } };
    const running = { running: { startedAt: '2026-11-21T08:00:05Z' } };
    expect(state({ ready: true, restartCount: 4, state: running, lastState })).toMatchObject({
      ready: true,
      restarts: 4,
      lastEndedAt: new Date('2026-11-21T08:00:00Z'),
      waiting: null,
    });
  });

  it('says what it waits for', () => {
    const lastState = { terminated: { finishedAt: '2026-11-22T11:50:00Z' } };
    const waiting = { waiting: { reason: 'CrashLoopBackOff', message: 'PLANTED' } };
    expect(state({ ready: false, restartCount: 40, state: waiting, lastState })).toMatchObject({
      ready: false,
      restarts: 40,
      lastEndedAt: new Date('2026-11-22T11:50:00Z'),
      waiting: 'CrashLoopBackOff',
    });
  });

  it('knows an end that was a moment ago', () => {
    const terminated = { finishedAt: '2026-11-22T12:00:00Z' };
    const lastState = { terminated: { finishedAt: '2026-11-22T11:00:00Z' } };
    expect(state({ state: { terminated }, lastState })).toMatchObject({
      lastEndedAt: new Date('2026-11-22T12:00:00Z'),
    });
  });
});
