import { type KubernetesObject } from './world.ts';
import { addPod } from './build/pods.ts';
import { objectsOf, type Cluster, type Nas } from './build/stage.ts';
import { nodesByClaim } from './build/use.ts';
import { type Volume } from './build/volume.ts';
import { addWorkload } from './build/workloads.ts';

/** `data-postgres-0` is made for the first pod of the StatefulSet `postgres` from its template `data`. */
const TEMPLATED = /^(data|storage|repo-data|redis-data|prometheus-db|alertmanager-db)-(.+)-(\d+)$/;

interface Templated {
  readonly template: string;
  readonly app: string;
  readonly ordinal: string;
}

function templatedOf({ claimName }: Volume): Templated | undefined {
  const [, template, app, ordinal] = TEMPLATED.exec(claimName) ?? [];
  if (template === undefined || app === undefined || ordinal === undefined) return undefined;
  return { template, app, ordinal };
}

function findWorkload(
  cluster: Cluster,
  resource: string,
  name: string,
): KubernetesObject | undefined {
  return objectsOf(cluster.cluster, resource).find(
    ({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}` === name,
  );
}

/** Gives volumes the workloads and pods that use them. */
export function addUsers(volumes: readonly Volume[]): void {
  for (const [index, volume] of volumes.entries()) {
    const { cluster } = volume.deployment;
    const days = 1 + index * 1.3;
    const templated = templatedOf(volume);
    if (templated === undefined) addStateless(cluster, volume, days);
    else addStateful(cluster, volume, templated, days);
  }
}

function addStateful(
  cluster: Cluster,
  { namespace, claimName }: Volume,
  { template, app, ordinal }: Templated,
  days: number,
): void {
  const name = `${namespace}/${app}`;
  const owner =
    findWorkload(cluster, 'statefulsets', name) ??
    addWorkload(cluster, 'StatefulSet', { name, days: 190.2, claimTemplates: [template] });
  addPod(cluster, { pod: `${name}-${ordinal}`, days, claims: [claimName], owner });
}

function addStateless(cluster: Cluster, { namespace, claimName }: Volume, days: number): void {
  const name = `${namespace}/${claimName}`;
  const claims = [claimName];
  const deployment = addWorkload(cluster, 'Deployment', { name, days: 190.2, claims });
  const owner = addWorkload(cluster, 'ReplicaSet', {
    name: `${name}-6d8f9c7b45`,
    days: 40.7,
    claims,
    owner: deployment,
  });
  addPod(cluster, { pod: `${name}-6d8f9c7b45-q7zt2`, days, claims, owner });
}

/** Logs the machines whose pods use these disks in to their targets. */
export function addSessions(cluster: Cluster, nas: Nas, volumes: readonly Volume[]): void {
  const nodes = nodesByClaim(cluster);
  for (const { namespace, claimName, assets } of volumes) {
    const node = nodes.get(`${namespace}/${claimName}`);
    if (node === undefined) continue;
    nas.system.iscsiSessions.push({
      initiator: `iqn.2004-10.com.ubuntu:01:${node}`,
      initiatorAddress: `10.10.0.2${node.slice(-1)}`,
      target: `${nas.system.iscsiBasename}:${assets}`,
    });
  }
}
