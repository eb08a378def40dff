import { type CsiNode } from '../../model/kubernetes-surroundings.ts';
import { type Node } from '../../model/kubernetes.ts';
import { type NfsShare } from '../../model/truenas.ts';
import { isWithin, parseIp, parseNetwork, type IpNetwork } from './ip-addresses.ts';

/** Who may mount a share: everybody where neither says anything. */
export class Admission {
  readonly #networks: readonly IpNetwork[];
  readonly #names: readonly string[];
  readonly #isOpen: boolean;
  /** In words. */
  readonly text: string;

  constructor({ networks, hosts }: Pick<NfsShare, 'networks' | 'hosts'>) {
    const entries = [...networks, ...hosts];
    this.#networks = entries.flatMap((entry) => parseNetwork(entry) ?? []);
    this.#names = entries
      .filter((entry) => parseNetwork(entry) === undefined)
      .map((entry) => entry.toLowerCase());
    this.#isOpen = entries.length === 0 || this.#names.includes('*');
    this.text = this.#isOpen ? 'everybody' : entries.toSorted().join(', ');
  }

  /** Whether a node is among them; undefined where that hangs on a name, which only the NAS can resolve. */
  admits({ name, addresses }: Pick<Node, 'name' | 'addresses'>): boolean | undefined {
    if (this.#isOpen || this.#isNamed(name.toLowerCase())) return true;
    const ips = addresses.flatMap((address) => parseIp(address) ?? []);
    // A node that tells no address cannot be looked for.
    if (ips.length === 0) return undefined;
    if (ips.some((ip) => this.#networks.some((network) => isWithin(ip, network)))) return true;
    return this.#names.length > 0 ? undefined : false;
  }

  #isNamed(node: string): boolean {
    return this.#names.some((name) => name === node || name.split('.', 1)[0] === node);
  }

  /**
   * Networks of a server's own in which no node is seen: nodes have addresses for storage that Kubernetes does not list.
   */
  isStorageNetworkOf(server: string, nodes: readonly Pick<Node, 'addresses'>[]): boolean {
    const ip = parseIp(server);
    if (ip === undefined) return false;
    const seen = nodes.flatMap(({ addresses }) => addresses.flatMap((each) => parseIp(each) ?? []));
    return this.#networks.some(
      (network) => isWithin(ip, network) && !seen.some((each) => isWithin(each, network)),
    );
  }
}

/** The nodes on which pods with volumes of a driver may run. */
export function nodesFor(
  cluster: string,
  driver: string,
  nodes: readonly Node[],
  csiNodes: ReadonlyMap<string, CsiNode>,
): readonly Node[] {
  return nodes.filter((node) => {
    if (node.cluster !== cluster || !node.schedulable) return false;
    const registered = csiNodes.get(`${cluster} ${node.name}`);
    return registered === undefined || registered.drivers.includes(driver);
  });
}
