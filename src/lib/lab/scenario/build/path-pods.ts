import { type ContainerSpec } from './containers.ts';
import { type PathDriverName } from './path-driver-name.ts';
import { type PluginHealth, type PluginPods } from './plugin.ts';
import { CONTROLLER_SIDECARS, registrar, sidecar, type SidecarPlace } from './sidecars.ts';

/*
 * The pods of drivers other than democratic-csi, as their manifests make them.
 */

interface Facts {
  /** Name of its workloads, and of the container that is the driver. */
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  readonly args: readonly string[];
}

const FACTS: Readonly<Record<PathDriverName, Facts>> = {
  'csi.truenas.io': {
    name: 'truenas-csi',
    namespace: 'truenas-csi',
    image: 'registry.example/truenas/truenas-csi:v1.3.0',
    args: ['--endpoint=unix:///csi/csi.sock', '--v=4'],
  },
  'tns.csi.io': {
    name: 'tns-csi',
    namespace: 'tns-csi',
    image: 'registry.example/tns-csi/tns-csi:v0.9.6',
    args: ['--endpoint=unix:///csi/csi.sock', '--driver-name=tns.csi.io', '--v=2'],
  },
};

export interface PathPods {
  readonly name: string;
  readonly namespace: string;
  readonly controller: PluginPods;
  readonly node: PluginPods;
}

export function pathPods(driver: PathDriverName, health: PluginHealth): PathPods {
  const { name, namespace, image, args } = FACTS[driver];
  const versions = health.sidecars ?? {};
  const place: SidecarPlace = { namespace, driver, socket: '/csi/csi.sock', versions };
  const main: ContainerSpec = { name, image: health.image ?? image, args };
  const podsOf = (
    role: string,
    sidecars: readonly ContainerSpec[],
    spec: Record<string, unknown>,
  ): PluginPods => ({
    labels: { app: `${name}-${role}` },
    containers: [main, ...sidecars],
    spec: { serviceAccountName: `${name}-${role}-sa`, ...spec },
  });
  const kubelet = { path: '/var/lib/kubelet', type: 'Directory' };
  return {
    name,
    namespace,
    controller: podsOf(
      'controller',
      CONTROLLER_SIDECARS.map((each) => sidecar(each, place)),
      { volumes: [{ name: 'socket-dir', emptyDir: {} }] },
    ),
    node: podsOf('node', [registrar(place)], {
      hostNetwork: true,
      volumes: [{ name: 'kubelet-dir', hostPath: kubelet }],
    }),
  };
}
