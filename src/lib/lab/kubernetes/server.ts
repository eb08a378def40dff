import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, type Socket } from 'node:net';
import { type KubernetesObject, type LabCluster } from '../scenario/world.ts';
import { answer } from './answer.ts';
import { Controllers } from './controllers.ts';
import { type LabState } from './exchange.ts';
import { type KubernetesFaults } from './faults.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { type LabUser } from './lab-user.ts';
import { ListSnapshots } from './list-snapshots.ts';
import { ObjectStore } from './store.ts';

export interface KubernetesLabOptions {
  readonly now: () => Date;
  /** Serves https. `ca` goes into the kubeconfig, for clients that do not know who signed `cert`. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string };
  readonly faults?: KubernetesFaults;
  /** Told of what a CSI driver now deletes the data of: a PersistentVolume, or a VolumeSnapshotContent. */
  readonly onDriverDelete?: (object: KubernetesObject) => void;
}

export interface KubernetesLab {
  readonly url: string;
  /** The one bearer token that is accepted. */
  readonly token: string;
  /** The live state: change it, and the next answer shows it. */
  readonly cluster: LabCluster;
  /** Others whom reviews know, and who get no further themselves; add to them at run time. */
  readonly users: LabUser[];
  /** Mutable at run time. */
  readonly faults: KubernetesFaults;
  /** What was asked so far; the path includes the query. */
  readonly requests: { method: string; path: string }[];
  /** YAML text; its context is named like the cluster. kubectl sends a token only over https. */
  kubeconfig(): string;
  /**
   * Tells watches of what was changed in `cluster` directly. Of kinds with many objects, changes within an object are
   * only noticed by this.
   */
  refresh(): void;
  close(): Promise<void>;
}

/** Starts a Kubernetes API server on a free loopback port, which answers from `cluster`. */
export async function startKubernetesLab(
  cluster: LabCluster,
  options: KubernetesLabOptions,
): Promise<KubernetesLab> {
  const { tls, faults = {} } = options;
  const token = randomBytes(24).toString('base64url');
  const store = new ObjectStore(cluster);
  const now = (): Date =>
    new Date(options.now().getTime() + (cluster.clockSkewSeconds ?? 0) * 1000);
  const snapshots = new ListSnapshots(now);
  const controllers = new Controllers(options.onDriverDelete ?? (() => undefined));
  const users: LabUser[] = [];
  const lab: LabState = { cluster, store, snapshots, controllers, faults, token, users, now };
  const requests: KubernetesLab['requests'] = [];

  const server = tls === undefined ? createHttpServer() : createHttpsServer(tls);
  server.on('request', (request, response) => {
    if (faults.stopAccepting === true) {
      request.socket.destroy();
      return;
    }
    requests.push({ method: request.method ?? '', path: request.url ?? '' });
    response.on('error', () => response.destroy());
    answer(lab, request, response).catch(() => response.destroy());
  });
  // A client that goes on with a connection must never find it closed for having been idle.
  server.keepAliveTimeout = 0;
  const sockets = trackSockets(server, faults);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port, not on a pipe
  const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;

  return {
    url,
    token,
    cluster,
    users,
    faults,
    requests,
    kubeconfig: () => kubeconfigText(cluster.name, url, token, tls?.ca),
    refresh: () => {
      store.refresh();
    },
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Every open socket, so that closing waits for no client. */
function trackSockets(server: Server, faults: KubernetesFaults): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    if (faults.stopAccepting === true) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}
