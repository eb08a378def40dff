import { type VolumeLinks } from '../../correlate/match-volumes.ts';
import { type ParentIndex } from '../../correlate/parents.ts';
import { exportsAreListed, type Protocol } from '../../correlate/protocol.ts';
import { type SystemIdentity } from '../../model/inventory.ts';
import { type DriverSecret, type PersistentVolume } from '../../model/kubernetes.ts';
import { refOnSystem } from '../../model/surroundings.ts';
import { type NasAddress, type NasService } from '../../model/truenas-surroundings.ts';
import { counted } from '../../render/text/format.ts';
import { boundVolumesOn, serversOf, type BoundVolume } from './bound-volumes.ts';
import { type Inspection } from '../define-check.ts';
import { doubtOf, unlessDoubtful } from './judged-parents.ts';
import { homeOf, NasHosts } from './nas-hosts.ts';

/** What TrueNAS calls the service of each protocol. */
const SERVICES = {
  nfs: 'nfs',
  smb: 'cifs',
  iscsi: 'iscsitarget',
  nvmeof: 'nvmet',
} as const satisfies Record<Protocol, string>;

const PROTOCOLS = Object.keys(SERVICES) as readonly Protocol[];

/** A service volumes are mounted through, or would be. */
interface NeededService {
  readonly name: string;
  /** Undefined where TrueNAS does not list it. */
  readonly service: NasService | undefined;
  /** Who needs it, in words. */
  readonly by: string;
  readonly doubt: string | undefined;
}

export interface ServiceWorld {
  readonly home: string;
  readonly services: readonly NasService[];
  readonly persistentVolumes: readonly PersistentVolume[];
  readonly volumeLinks: Pick<VolumeLinks, 'backendOf'>;
  readonly parents: ParentIndex;
  readonly systems: readonly SystemIdentity[];
  readonly driverSecrets: readonly DriverSecret[];
  readonly addresses: readonly NasAddress[];
}

interface Need {
  volumes: number;
  drivers: Set<string>;
  /** Why all of it may be another system's; undefined once anything is known to be this one's. */
  doubt: string | undefined;
  isKnown: boolean;
}

/** Whether a volume is mounted from this system, as its servers or its parent say; undefined, or why it may not be. */
function doubtOfVolume(bound: BoundVolume, { home, parents }: ServiceWorld, hosts: NasHosts) {
  const isServed = serversOf(bound.volume).some((host) => hosts.systemsAt(host).includes(home));
  const parent = isServed ? undefined : parents.parentOf(home, bound.dataset.id);
  return parent && doubtOf(parent, true);
}

class Needs {
  readonly #needs = new Map<Protocol, Need>();

  of(protocol: Protocol): Need {
    const known = this.#needs.get(protocol);
    if (known !== undefined) return known;
    const need = { volumes: 0, drivers: new Set<string>(), doubt: undefined, isKnown: false };
    this.#needs.set(protocol, need);
    return need;
  }

  get(protocol: Protocol): Need | undefined {
    return this.#needs.get(protocol);
  }
}

function needsOf(world: ServiceWorld): Needs {
  const { home, persistentVolumes, volumeLinks, driverSecrets } = world;
  const needs = new Needs();
  const hosts = new NasHosts(world.systems, world.addresses);
  for (const bound of boundVolumesOn(home, persistentVolumes, volumeLinks)) {
    const need = needs.of(bound.protocol);
    need.volumes += 1;
    if (need.isKnown) continue;
    need.doubt = doubtOfVolume(bound, world, hosts);
    need.isKnown = need.doubt === undefined;
  }
  for (const secret of driverSecrets) {
    const protocol = PROTOCOLS.find((each) => secret.kind.endsWith(`-${each}`));
    if (protocol === undefined || !exportsAreListed(secret.kind)) continue;
    const place = homeOf(secret, hosts, world.parents);
    if (!('system' in place) || place.system !== home) continue;
    const need = needs.of(protocol);
    need.drivers.add(secret.driver ?? secret.name);
    need.doubt = undefined;
    need.isKnown = true;
  }
  return needs;
}

function wordsOf({ volumes, drivers }: Need): string {
  if (volumes > 0) {
    const verb = volumes === 1 ? 'is' : 'are';
    return `${counted(volumes, 'bound volume')} ${verb} mounted through it`;
  }
  return `${[...drivers].toSorted().join(', ')} exports volumes through it`;
}

/** The services that volumes and drivers need on one system. */
function neededServices(world: ServiceWorld): readonly NeededService[] {
  const needs = needsOf(world);
  return PROTOCOLS.flatMap((protocol) => {
    const need = needs.get(protocol);
    if (need === undefined) return [];
    const name = SERVICES[protocol];
    return [
      {
        name,
        service: world.services.find((each) => each.name === name),
        by: wordsOf(need),
        doubt: need.doubt,
      },
    ];
  });
}

/** What is said of each service that is needed, where nothing doubts that it is. */
export function* inspectServices(
  world: ServiceWorld,
  judge: (service: NasService) => Pick<Inspection, 'seen'> & { readonly sound: boolean },
): Iterable<Inspection> {
  for (const { name, service, by, doubt } of neededServices(world)) {
    const subject = refOnSystem('Service', world.home, name);
    if (service === undefined) {
      const seen = `TrueNAS lists no service of this name, and ${by}`;
      yield { subject, sound: undefined, seen };
      continue;
    }
    const { sound, seen } = judge(service);
    yield { subject, ...unlessDoubtful(sound, `${seen}, and ${by}`, doubt) };
  }
}
