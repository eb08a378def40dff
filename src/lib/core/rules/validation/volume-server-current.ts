import { BySystem } from '../../correlate/by-system.ts';
import { type DriverSecret } from '../../model/kubernetes.ts';
import { refInCluster } from '../../model/surroundings.ts';
import { counted } from '../../render/text/format.ts';
import { serversOf } from '../checks/bound-volumes.ts';
import { hostOf } from '../checks/ip-addresses.ts';
import { doubtOf } from '../checks/judged-parents.ts';
import { hostKey, isName, NasHosts } from '../checks/nas-hosts.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

/** A host that volumes of one driver are mounted from. */
interface Server {
  readonly cluster: string;
  readonly driver: string;
  readonly host: string;
  /** The system its volumes lie on; of several the first, and they are judged alike. */
  readonly system: string;
  volumes: number;
  /** Why they may be another system's; undefined once one is known to lie here. */
  doubt: string | undefined;
}

/** Servers by driver and host, in whichever spelling. */
class Servers {
  readonly #byKey = new BySystem<Server>();
  /** The same by the host as it is written: thousands of volumes write theirs alike, and few texts have to be understood. */
  readonly #byText = new BySystem<Server>();

  readonly #all: Server[] = [];

  add(found: Server): void {
    const { driver, host } = found;
    const server = this.#byText.of(driver, host, () =>
      this.#byKey.of(driver, hostKey(host), () => {
        const first = { ...found, volumes: 0 };
        this.#all.push(first);
        return first;
      }),
    );
    server.volumes += 1;
    server.doubt &&= found.doubt;
  }

  all(): readonly Server[] {
    return this.#all;
  }
}

/** Hosts the configurations of each driver name now. */
function configuredHosts(secrets: readonly DriverSecret[]): BySystem<Set<string>> {
  const hosts = new BySystem<Set<string>>();
  for (const { cluster, driver, hosts: api, settings } of secrets) {
    const known = hosts.of(cluster, driver ?? '', () => new Set());
    for (const text of [...api, settings.shareHost ?? [], ...settings.portals].flat()) {
      known.add(hostKey(hostOf(text)));
    }
  }
  return hosts;
}

function judge(
  { cluster, driver, host, system, doubt }: Server,
  nas: NasHosts,
  configured: BySystem<Set<string>>,
): Pick<Inspection, 'sound' | 'seen'> {
  const [found] = nas.systemsAt(host);
  if (found !== undefined) return { sound: true, seen: `an address of ${found}` };
  if (configured.get(cluster, driver)?.has(hostKey(host)) === true && isName(host)) {
    return { sound: true, seen: 'its driver is configured with this name' };
  }
  if (isName(host)) {
    return { sound: undefined, seen: 'a name, and what nodes make of it is not seen here' };
  }
  const addresses = nas.addressesOf(system);
  if (addresses === undefined) {
    return { sound: undefined, seen: `${system} does not tell its addresses` };
  }
  const seen = `none of the addresses of ${system}: ${addresses}`;
  return doubt === undefined
    ? { sound: false, seen }
    : { sound: undefined, seen: `${seen}; ${doubt}` };
}

export const volumeServerCurrent = defineCheck({
  id: 'volume-server-current',
  category: 'validation',
  severity: 'medium',
  component: 'sharing',
  title: 'PersistentVolumes name an address the NAS has',
  scope: 'cluster',
  subjects: ['CsiDriver'],
  requires: ['persistentVolumes', 'volumeLinks', 'parents', 'addresses', 'systems'],
  consults: ['driverSecrets'],
  steps: [
    'If the NAS has moved to another address for good, give it the old one as well until all volumes are changed: it is the one way that stops nothing.',
    'Else set the reclaim policy of each such PersistentVolume to Retain, check that it took, and make the PersistentVolume anew with the new address and everything else as it was: `contrib/pv-updater.sh` of democratic-csi does so.',
    'Use a name rather than an address in `shareHost`, so that it does not happen again.',
  ],

  *inspect({ persistentVolumes, volumeLinks, parents, addresses, systems, driverSecrets }) {
    const servers = new Servers();
    for (const pv of persistentVolumes) {
      const backend = volumeLinks.backendOf(pv);
      if (backend.state !== 'found' || pv.source.kind !== 'csi') continue;
      const { system, id } = backend.dataset;
      const parent = parents.parentOf(system, id);
      const doubt = parent && doubtOf(parent, true);
      const { driver } = pv.source;
      for (const host of serversOf(pv)) {
        servers.add({ cluster: pv.cluster, driver, host, system, volumes: 1, doubt });
      }
    }
    const nas = new NasHosts(systems, addresses);
    const configured = configuredHosts(driverSecrets.items);
    for (const server of servers.all()) {
      const { cluster, driver, host, volumes } = server;
      const { sound, seen } = judge(server, nas, configured);
      const verb = volumes === 1 ? 'names' : 'name';
      yield {
        subject: {
          ...refInCluster('CsiDriver', { cluster, name: driver }),
          discriminator: hostKey(host),
        },
        sound,
        seen: `${counted(volumes, 'PersistentVolume')} ${verb} ${host}, ${seen}`,
      };
    }
  },
});
