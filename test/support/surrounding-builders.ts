import { type Connection, type TlsFacts } from '../../src/lib/core/model/connection.ts';
import { type Container } from '../../src/lib/core/model/container.ts';
import {
  type ApiGroup,
  type CsiNode,
  type Lease,
  type Namespace,
  type Permission,
} from '../../src/lib/core/model/kubernetes-surroundings.ts';
import {
  type IscsiAuth,
  type IscsiPortal,
  type NasAccount,
  type NasAddress,
  type NasAlert,
  type NasMethod,
  type NasService,
} from '../../src/lib/core/model/truenas-surroundings.ts';
import { millis } from '../../src/lib/core/model/units.ts';
import { type Pod } from '../../src/lib/core/model/kubernetes.ts';
import { aPod, JUST_NOW, meta } from './builders.ts';

/*
 * What is around storage: valid by default, override what matters.
 */

export function aContainer(over: Partial<Container> = {}): Container {
  return {
    name: 'csi-driver',
    image: 'democraticcsi/democratic-csi:v1.9.5',
    args: ['--csi-name=org.democratic-csi.nfs'],
    ready: true,
    restarts: 0,
    lastEndedAt: null,
    waiting: null,
    ...over,
  };
}

/** A sidecar of a driver: `provisioner`, `attacher`, … */
export function aSidecar(what: string, tag: string, over: Partial<Container> = {}): Container {
  const image = `registry.k8s.io/sig-storage/csi-${what}:${tag}`;
  return aContainer({ name: `external-${what}`, image, args: ['--leader-election'], ...over });
}

/** The pod of a driver that makes volumes, with all that belongs into it. */
export function aControllerPod(over: Partial<Pod> = {}): Pod {
  return aPod({
    ...meta('nas-nfs-democratic-csi-controller-7d9c6b5f4-x2x7k', 'democratic-csi'),
    owners: [{ kind: 'ReplicaSet', name: 'nas-nfs-democratic-csi-controller-7d9c6b5f4' }],
    containers: [
      aSidecar('attacher', 'v4.8.0'),
      aSidecar('provisioner', 'v5.2.0'),
      aSidecar('resizer', 'v1.13.0'),
      aSidecar('snapshotter', 'v8.2.1'),
      aContainer(),
    ],
    ...over,
  });
}

/** The pod of a driver that mounts volumes on one node. */
export function aNodePod(over: Partial<Pod> = {}): Pod {
  return aPod({
    ...meta(`nas-nfs-democratic-csi-node-${over.node ?? 'worker-1'}`, 'democratic-csi'),
    owners: [{ kind: 'DaemonSet', name: 'nas-nfs-democratic-csi-node' }],
    containers: [aContainer()],
    ...over,
  });
}

/** The pod that turns snapshots of Kubernetes into those of drivers. */
export function aSnapshotControllerPod(over: Partial<Pod> = {}): Pod {
  const image = 'registry.k8s.io/sig-storage/snapshot-controller:v8.2.1';
  return aPod({
    ...meta('snapshot-controller-66d7c9d8f-abcde', 'kube-system'),
    owners: [{ kind: 'ReplicaSet', name: 'snapshot-controller-66d7c9d8f' }],
    containers: [aContainer({ name: 'snapshot-controller', image, args: ['--leader-election'] })],
    ...over,
  });
}

export function aCsiNode(over: Partial<CsiNode> = {}): CsiNode {
  return { ...meta('worker-1', null), drivers: ['org.democratic-csi.nfs'], ...over };
}

export function aLease(over: Partial<Lease> = {}): Lease {
  return {
    ...meta('external-attacher-leader-org-democratic-csi-nfs', 'democratic-csi'),
    holder: 'nas-nfs-democratic-csi-controller-0',
    renewedAt: JUST_NOW,
    duration: millis(15_000),
    ...over,
  };
}

export function aKubernetesNamespace(over: Partial<Namespace> = {}): Namespace {
  return { ...meta('democratic-csi', null), ...over };
}

export function anApiGroup(over: Partial<ApiGroup> = {}): ApiGroup {
  return { cluster: 'prod', name: 'snapshot.storage.k8s.io', versions: ['v1'], ...over };
}

export function aPermission(over: Partial<Permission> = {}): Permission {
  return {
    cluster: 'prod',
    verb: 'list',
    group: '',
    resource: 'persistentvolumes',
    namespace: null,
    name: null,
    allowed: true,
    ...over,
  };
}

export function aPortal(over: Partial<IscsiPortal> = {}): IscsiPortal {
  return { system: 'nas1', id: 1, tag: 1, listen: ['0.0.0.0'], ...over };
}

export function anAuth(over: Partial<IscsiAuth> = {}): IscsiAuth {
  return { system: 'nas1', id: 1, tag: 1, ...over };
}

export function aService(over: Partial<NasService> = {}): NasService {
  return { system: 'nas1', name: 'nfs', running: true, atBoot: true, ...over };
}

export function anAlert(over: Partial<NasAlert> = {}): NasAlert {
  return {
    system: 'nas1',
    id: 'a1',
    level: 'WARNING',
    kind: 'ScrubPaused',
    text: "Scrub for pool 'tank' is paused.",
    at: JUST_NOW,
    dismissed: false,
    ...over,
  };
}

export function anAddress(over: Partial<NasAddress> = {}): NasAddress {
  return { system: 'nas1', address: '10.0.0.5', ...over };
}

export function anAccount(over: Partial<NasAccount> = {}): NasAccount {
  return {
    system: 'nas1',
    username: 'truenas-monitor',
    roles: ['READONLY_ADMIN'],
    key: { name: 'monitor', expiresAt: null, revoked: false },
    ...over,
  };
}

export function aMethod(over: Partial<NasMethod> = {}): NasMethod {
  return { system: 'nas1', name: 'pool.query', allowed: true, ...over };
}

export function aConnection(over: Partial<Connection> = {}): Connection {
  return {
    side: 'truenas',
    name: 'nas1',
    host: 'nas1.example',
    secure: true,
    loopback: false,
    tls: null,
    requests: 20,
    latency: { p50: millis(12), p95: millis(40) },
    failure: null,
    ...over,
  };
}

export function tlsFacts(over: Partial<TlsFacts> = {}): TlsFacts {
  return {
    protocol: 'TLSv1.3',
    subject: 'nas1.example',
    issuer: 'Example CA',
    validFrom: new Date('2026-06-01T00:00:00Z'),
    validTo: new Date('2027-06-01T00:00:00Z'),
    trusted: true,
    distrust: null,
    verified: true,
    pinned: null,
    spki: 'r/mIkG3eEpVdm+u/ko/cwxzOMo1bk4TyHIlByibiA5E=',
    ...over,
  };
}
