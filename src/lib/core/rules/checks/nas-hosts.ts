import { BySystem } from '../../correlate/by-system.ts';
import { type ParentIndex } from '../../correlate/parents.ts';
import { trimSlashes } from '../../correlate/paths.ts';
import { type SystemIdentity } from '../../model/inventory.ts';
import { type DriverSecret } from '../../model/kubernetes.ts';
import { type NasAddress } from '../../model/truenas-surroundings.ts';
import { firstFew } from '../../render/text/format.ts';
import { hostOf, ipKey } from './ip-addresses.ts';

/** What a host is called whichever way it is written: addresses have many spellings, and names no case. */
export function hostKey(host: string): string {
  return ipKey(host) ?? host.trim().toLowerCase().replace(/\.$/, '');
}

export function isName(host: string): boolean {
  return ipKey(host) === undefined;
}

/** Which system answers at a name or an address. Names are not resolved: what the nodes make of them is not seen here. */
export class NasHosts {
  readonly #systems = new Map<string, Set<string>>();
  readonly #addresses = new BySystem<string>();
  readonly #counts = new Map<string, string[]>();

  constructor(systems: readonly SystemIdentity[], addresses: readonly NasAddress[]) {
    for (const { name, host } of systems) this.#add(hostOf(host), name);
    for (const { system, address } of addresses) {
      const [bare = address] = address.split('/', 1);
      if (this.#addresses.get(system, hostKey(bare)) === undefined) {
        this.#addresses.set(system, hostKey(bare), bare);
        const known = this.#counts.get(system);
        if (known === undefined) this.#counts.set(system, [bare]);
        else known.push(bare);
      }
      this.#add(bare, system);
    }
  }

  #add(host: string, system: string): void {
    const key = hostKey(host);
    const known = this.#systems.get(key);
    if (known === undefined) this.#systems.set(key, new Set([system]));
    else known.add(system);
  }

  /** Systems that have this address, or are configured under this host. */
  systemsAt(host: string): readonly string[] {
    return [...(this.#systems.get(hostKey(host)) ?? [])];
  }

  /** Addresses of a system, in words; undefined where it tells none, as none would. */
  addressesOf(system: string): string | undefined {
    const addresses = this.#counts.get(system);
    return addresses && firstFew(addresses.toSorted(), 4);
  }

  /**
   * Systems a driver is known to work on: those it talks to, and where a declaration or a host says so. Where a parent merely
   * exists proves nothing, since a replica has the same.
   */
  homesOf(secret: DriverSecret, parents: Pick<ParentIndex, 'forDriver'>): readonly string[] {
    const { cluster, driver, hosts, settings } = secret;
    const texts = [...hosts, settings.shareHost ?? [], ...settings.portals].flat();
    const known = new Set(texts.flatMap((text) => this.systemsAt(hostOf(text))));
    if (driver === null || secret.parent === null) return [...known];
    const path = trimSlashes(secret.parent);
    for (const parent of parents.forDriver(cluster, driver)) {
      if (parent.located && parent.path === path) known.add(parent.system);
    }
    return [...known];
  }
}

/** The one system a driver works on, or why that is not known. */
export function homeOf(
  secret: DriverSecret,
  hosts: NasHosts,
  parents: Pick<ParentIndex, 'forDriver'>,
): { readonly system: string } | { readonly why: string } {
  const [only, ...others] = hosts.homesOf(secret, parents);
  if (only !== undefined && others.length === 0) return { system: only };
  const talksTo = firstFew(secret.hosts, 3);
  return {
    why:
      only === undefined
        ? `its driver talks to ${talksTo === '' ? 'a host it does not name' : talksTo}, and that is not known to be a system of this configuration`
        : `its driver works with several systems: ${firstFew([only, ...others].toSorted(), 3)}`,
  };
}
