import { type ContainerSpec } from './containers.ts';

/** What Kubernetes puts beside a CSI driver. */
export type Sidecar = keyof typeof SIDECARS;

interface SidecarFacts {
  readonly image: string;
  readonly version: string;
  readonly args: readonly string[];
  /** Name of the Lease by which one of several leads; undefined where nobody has to. */
  readonly lease?: (driver: string) => string;
}

const SIDECARS = {
  'external-provisioner': {
    image: 'csi-provisioner',
    version: 'v5.3.0',
    args: ['--timeout=90s', '--worker-threads=10', '--extra-create-metadata'],
    lease: (driver) => driver,
  },
  'external-attacher': {
    image: 'csi-attacher',
    version: 'v4.9.0',
    args: ['--timeout=90s', '--worker-threads=10'],
    lease: (driver) => `external-attacher-leader-${driver}`,
  },
  'external-resizer': {
    image: 'csi-resizer',
    version: 'v1.14.0',
    args: ['--timeout=90s', '--workers=10'],
    lease: (driver) => `external-resizer-${driver}`,
  },
  'external-snapshotter': {
    image: 'csi-snapshotter',
    version: 'v8.3.0',
    args: ['--timeout=90s', '--worker-threads=10'],
    lease: (driver) => `external-snapshotter-leader-${driver}`,
  },
  'driver-registrar': { image: 'csi-node-driver-registrar', version: 'v2.14.0', args: [] },
} as const satisfies Record<string, SidecarFacts>;

/** Those of a controller. */
export const CONTROLLER_SIDECARS = [
  'external-provisioner',
  'external-attacher',
  'external-resizer',
  'external-snapshotter',
] as const satisfies readonly Sidecar[];

export type SidecarVersions = Readonly<Partial<Record<Sidecar, string>>>;

export interface SidecarPlace {
  readonly namespace: string;
  readonly driver: string;
  /** Where the driver listens. */
  readonly socket: string;
  readonly versions: SidecarVersions;
}

function factsOf(name: Sidecar): SidecarFacts {
  return SIDECARS[name];
}

export function sidecar(name: Sidecar, place: SidecarPlace): ContainerSpec {
  const { image, version, args, lease } = factsOf(name);
  const leading = ['--leader-election', `--leader-election-namespace=${place.namespace}`];
  return {
    name,
    image: `registry.example/sig-storage/${image}:${place.versions[name] ?? version}`,
    args: [
      '--v=5',
      ...(lease === undefined ? [] : leading),
      ...args,
      `--csi-address=${place.socket}`,
    ],
  };
}

/** Tells the kubelet of a node where the driver listens. */
export function registrar(place: SidecarPlace): ContainerSpec {
  const { args, ...container } = sidecar('driver-registrar', place);
  const path = `/var/lib/kubelet/plugins/${place.driver}/csi.sock`;
  const own = Array.isArray(args) ? (args as string[]) : [];
  return { ...container, args: [...own, `--kubelet-registration-path=${path}`] };
}

/** The Lease a sidecar leads by; undefined where it has none. */
export function leaseOf(name: string, driver: string): string | undefined {
  const facts = Object.entries<SidecarFacts>(SIDECARS).find(([each]) => each === name)?.[1];
  return facts?.lease?.(driver.replaceAll('.', '-'));
}
