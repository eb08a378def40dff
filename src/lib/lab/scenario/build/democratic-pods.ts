import { type ContainerSpec } from './containers.ts';
import { type Deployment } from './deployment-facts.ts';
import { type PluginHealth, type PluginPods } from './plugin.ts';
import { CONTROLLER_SIDECARS, registrar, sidecar, type SidecarPlace } from './sidecars.ts';

/*
 * The pods of democratic-csi, as its chart makes them.
 */

const IMAGE = 'registry.example/democratic-csi/democratic-csi:v1.9.5';
const PROXY = 'registry.example/democratic-csi/csi-grpc-proxy:v0.5.7';

/** A release in its namespace, by the name the chart gives it. */
export interface ReleaseFacts {
  readonly deployment: Deployment;
  readonly namespace: string;
  readonly name: string;
  readonly health: PluginHealth;
}

function placeOf({ deployment, namespace, health }: ReleaseFacts): SidecarPlace {
  const { sidecars: versions = {} } = health;
  return { namespace, driver: deployment.driver, socket: '/csi-data/csi.sock', versions };
}

function driverContainer(
  { deployment, health }: ReleaseFacts,
  mode: 'controller' | 'node',
): ContainerSpec {
  return {
    name: 'csi-driver',
    image: health.image ?? IMAGE,
    args: [
      '--csi-version=1.5.0',
      `--csi-name=${deployment.driver}`,
      '--driver-config-file=/config/driver-config-file.yaml',
      '--log-level=info',
      `--csi-mode=${mode}`,
      '--server-socket=/csi-data/csi.sock.internal',
    ],
    volumeMounts: [
      { name: 'socket-dir', mountPath: '/csi-data' },
      { name: 'config', mountPath: '/config' },
    ],
    ...(mode === 'node' ? { securityContext: { privileged: true } } : {}),
  };
}

const PROXY_CONTAINER: ContainerSpec = { name: 'csi-proxy', image: PROXY };

export function controllerPods(facts: ReleaseFacts): PluginPods {
  const [provisioner, ...others] = CONTROLLER_SIDECARS;
  const place = placeOf(facts);
  return {
    labels: {
      'app.kubernetes.io/csi-role': 'controller',
      'app.kubernetes.io/component': 'controller-linux',
    },
    containers: [
      sidecar(provisioner, place),
      driverContainer(facts, 'controller'),
      ...others.map((name) => sidecar(name, place)),
      PROXY_CONTAINER,
    ],
    spec: {
      serviceAccountName: `${facts.name}-controller-sa`,
      volumes: [
        { name: 'socket-dir', emptyDir: {} },
        { name: 'config', secret: { secretName: `${facts.name}-driver-config` } },
      ],
    },
  };
}

export function nodePods(facts: ReleaseFacts): PluginPods {
  const plugins = `/var/lib/kubelet/plugins/${facts.deployment.driver}`;
  return {
    labels: {
      'app.kubernetes.io/csi-role': 'node',
      'app.kubernetes.io/component': 'node-linux',
    },
    containers: [driverContainer(facts, 'node'), PROXY_CONTAINER, registrar(placeOf(facts))],
    spec: {
      serviceAccountName: `${facts.name}-node-sa`,
      hostNetwork: true,
      hostIPC: true,
      volumes: [
        { name: 'socket-dir', hostPath: { path: plugins, type: 'DirectoryOrCreate' } },
        { name: 'config', secret: { secretName: `${facts.name}-driver-config` } },
        { name: 'kubelet-dir', hostPath: { path: '/var/lib/kubelet', type: 'Directory' } },
        { name: 'dev-dir', hostPath: { path: '/dev', type: 'Directory' } },
        { name: 'host-dir', hostPath: { path: '/', type: 'Directory' } },
      ],
    },
  };
}
