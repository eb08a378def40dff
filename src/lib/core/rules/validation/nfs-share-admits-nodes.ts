import { mountPathOf } from '../../correlate/snapshot-use.ts';
import { refOnSystem } from '../../model/surroundings.ts';
import { type Node } from '../../model/kubernetes.ts';
import { counted, firstFew } from '../../render/text/format.ts';
import { Admission, nodesFor } from '../checks/admission.ts';
import { boundVolumesOn, serversOf } from '../checks/bound-volumes.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

/** Shares that admit the same, and who mounts them. */
interface Group {
  readonly admission: Admission;
  shares: number;
  /** Cluster and driver, as one text. */
  readonly users: Map<string, { readonly cluster: string; readonly driver: string }>;
  readonly servers: Set<string>;
}

function judge(
  { admission, servers }: Group,
  nodes: readonly Node[],
): Pick<Inspection, 'sound' | 'seen'> {
  const asked = nodes.map((node) => ({ node, admitted: admission.admits(node) }));
  const shutOut = asked.filter(({ admitted }) => admitted === false).map(({ node }) => node.name);
  const names = firstFew(shutOut.toSorted(), 5);
  if (shutOut.length > 0) {
    const apart = [...servers].find((each) => admission.isStorageNetworkOf(each, nodes));
    return apart === undefined
      ? { sound: false, seen: `they do not admit ${counted(shutOut.length, 'node')}: ${names}` }
      : {
          sound: undefined,
          seen: `they admit the network of ${apart}, in which nodes may have addresses that Kubernetes does not list`,
        };
  }
  return asked.every(({ admitted }) => admitted === true)
    ? { sound: true, seen: `they admit all of ${counted(nodes.length, 'node')}` }
    : { sound: undefined, seen: 'some nodes may be among its names, which are not resolved here' };
}

export const nfsShareAdmitsNodes = defineCheck({
  id: 'nfs-share-admits-nodes',
  category: 'validation',
  severity: 'medium',
  component: 'sharing',
  title: 'NFS shares of volumes admit every node',
  scope: 'system',
  subjects: ['NfsShare'],
  requires: ['nfsShares', 'persistentVolumes', 'volumeLinks', 'nodes'],
  consults: ['csiNodes'],
  steps: [
    'Add the network of the nodes to the shares (Shares, NFS, Networks), or the nodes to their hosts.',
    'Set `nfs.shareAllowedNetworks` and `nfs.shareAllowedHosts` of the driver alike and restart its controller, so that new volumes get it right.',
    'If nodes reach the NAS from other addresses than those Kubernetes lists, ignore this check.',
  ],

  *inspect({ nfsShares, persistentVolumes, volumeLinks, nodes, csiNodes }, { home }) {
    const byPath = Map.groupBy(
      nfsShares.filter(({ enabled }) => enabled),
      ({ path }) => path,
    );
    const groups = new Map<string, Group>();
    for (const bound of boundVolumesOn(home, persistentVolumes, volumeLinks)) {
      const { volume, dataset, protocol } = bound;
      if (protocol !== 'nfs' || volume.source.kind !== 'csi') continue;
      for (const share of byPath.get(mountPathOf(dataset)) ?? []) {
        const key = JSON.stringify([share.networks.toSorted(), share.hosts.toSorted()]);
        const group = groups.get(key) ?? {
          admission: new Admission(share),
          shares: 0,
          users: new Map<string, { cluster: string; driver: string }>(),
          servers: new Set<string>(),
        };
        groups.set(key, group);
        group.shares += 1;
        const { cluster } = volume;
        const { driver } = volume.source;
        group.users.set(`${cluster} ${driver}`, { cluster, driver });
        for (const server of serversOf(volume)) group.servers.add(server);
      }
    }
    const registered = new Map(
      csiNodes.items.map((each) => [`${each.cluster} ${each.name}`, each]),
    );
    for (const group of groups.values()) {
      const wanted = new Set(
        [...group.users.values()].flatMap(({ cluster, driver }) =>
          nodesFor(cluster, driver, nodes, registered),
        ),
      );
      const { text } = group.admission;
      const { sound, seen } = judge(group, [...wanted]);
      yield {
        subject: refOnSystem('NfsShare', home, text),
        sound,
        seen: `${counted(group.shares, 'share')} of bound volumes for ${text}: ${seen}`,
      };
    }
  },
});
