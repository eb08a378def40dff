import { describe, expect, it } from 'vitest';
import { driverPlaces } from '../../../src/lib/adapters/kubernetes/driver-pods.ts';

interface PodParts {
  readonly args?: readonly unknown[];
  readonly command?: readonly unknown[];
  readonly env?: unknown;
  readonly mount?: object;
  readonly volume?: object;
}

const ARGS = [
  '--csi-name=org.democratic-csi.nfs',
  '--driver-config-file=/config/driver-config-file.yaml',
];

function aPod({ args = ARGS, command, env, mount, volume }: PodParts = {}): object {
  const sidecar = { name: 'provisioner', args: ['--v=5'] };
  const driver = {
    name: 'csi-driver',
    command,
    args,
    env,
    volumeMounts: [
      { name: 'socket', mountPath: '/csi-data' },
      { name: 'config', mountPath: '/config', ...mount },
    ],
  };
  const config = { name: 'config', ...(volume ?? { secret: { secretName: 'nfs-config' } }) };
  return {
    metadata: { name: 'nfs-controller-0', namespace: 'democratic-csi' },
    spec: {
      containers: [sidecar, driver],
      volumes: [{ name: 'socket', emptyDir: {} }, config],
    },
  };
}

const found = {
  secret: { namespace: 'democratic-csi', name: 'nfs-config' },
  key: 'driver-config-file.yaml',
  driver: 'org.democratic-csi.nfs',
  environment: new Map(),
};

describe('driverPlaces', () => {
  it('finds the Secret behind the file a driver is started with', () => {
    expect(driverPlaces(aPod())).toEqual([found]);
  });

  it.each<[string, PodParts]>([
    [
      'words apart',
      {
        args: [
          '--driver-config-file',
          '/config/driver-config-file.yaml',
          '--csi-name',
          'org.democratic-csi.nfs',
        ],
      },
    ],
    ['a command', { args: [7], command: ARGS }],
    ['a slash at the end of the mount', { mount: { mountPath: '/config/' } }],
    [
      'the file mounted alone',
      {
        mount: { mountPath: '/config/driver-config-file.yaml', subPath: 'driver-config-file.yaml' },
      },
    ],
    [
      'its key among others',
      {
        volume: {
          secret: {
            secretName: 'nfs-config',
            items: [{ key: 'driver-config-file.yaml', path: 'driver-config-file.yaml' }],
          },
        },
      },
    ],
    [
      'a projected volume',
      {
        volume: {
          projected: {
            sources: [{ configMap: { name: 'ca' } }, { secret: { name: 'nfs-config' } }],
          },
        },
      },
    ],
  ])('finds it with %s', (_, parts) => {
    expect(driverPlaces(aPod(parts))).toEqual([found]);
  });

  it('finds a key of another name, and a file below its mount', () => {
    const items = [{ key: 'driver.yaml', path: 'sub/driver-config-file.yaml' }];
    const parts = {
      mount: { subPath: 'sub/' },
      volume: { secret: { secretName: 'nfs-config', items } },
    };
    expect(driverPlaces(aPod(parts))).toEqual([{ ...found, key: 'driver.yaml' }]);
  });

  it('knows no driver name where no argument says it', () => {
    const args = ['--driver-config-file=/config/driver-config-file.yaml', '--csi-name='];
    expect(driverPlaces(aPod({ args }))).toEqual([{ ...found, driver: null }]);
  });

  it('knows the variables whose values the pod spells out', () => {
    const env = [
      { name: 'PARENT', value: 'tank/k8s' },
      { name: 'KEY', valueFrom: { secretKeyRef: {} } },
      'rubbish',
    ];
    expect(driverPlaces(aPod({ env }))).toEqual([
      { ...found, environment: new Map([['PARENT', 'tank/k8s']]) },
    ]);
  });

  it.each<[string, unknown]>([
    ['something else', 'x'],
    ['an object without a namespace', { metadata: { name: 'a' } }],
    ['any other pod', aPod({ args: ['--v=5'] })],
    ['an argument without a file', aPod({ args: ['--driver-config-file='] })],
    [
      'a file that is mounted from nowhere',
      aPod({ args: ['--driver-config-file=/etc/driver.yaml'] }),
    ],
    ['a mount of a volume that is not there', aPod({ mount: { name: 'other' } })],
    ['a mount without a path', aPod({ mount: { mountPath: null } })],
    [
      'a mount of the whole file without a key',
      aPod({ mount: { mountPath: ARGS[1]?.split('=')[1] } }),
    ],
    ['a config map', aPod({ volume: { configMap: { name: 'nfs-config' } } })],
    [
      'a key that is not mounted',
      aPod({ volume: { secret: { secretName: 'a', items: [{ key: 'x', path: 'x' }] } } }),
    ],
    [
      'a mounted file without a key',
      aPod({
        volume: { secret: { secretName: 'a', items: [{ path: 'driver-config-file.yaml' }] } },
      }),
    ],
  ])('finds none in %s', (_, pod) => {
    expect(driverPlaces(pod)).toEqual([]);
  });
});
