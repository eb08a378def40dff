import { type DriverSecret } from '../../model/kubernetes.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { refInCluster } from '../../model/surroundings.ts';
import { hostOf } from '../checks/ip-addresses.ts';
import { homeOf, hostKey, isName, NasHosts } from '../checks/nas-hosts.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

type State = Pick<Inspection, 'sound' | 'seen'>;

/** Where volumes of a driver are mounted from, each host once. */
function hostsToMount({ settings }: DriverSecret): readonly string[] {
  const hosts = [settings.shareHost ?? [], ...settings.portals].flat().map(hostOf);
  return [...new Map(hosts.map((host) => [hostKey(host), host])).values()];
}

/** A host that has no system is none of the NAS's only where its addresses were read, and the driver works there. */
function judge(
  host: string,
  secret: DriverSecret,
  nas: NasHosts,
  place: ReturnType<typeof homeOf>,
): State {
  const systems = nas.systemsAt(host);
  if (systems.length > 0) return { sound: true, seen: `${host} is ${systems.join(', ')}` };
  if (secret.hosts.some((each) => hostKey(hostOf(each)) === hostKey(host))) {
    return { sound: true, seen: `${host} is where its driver reaches TrueNAS too` };
  }
  if (isName(host)) {
    return {
      sound: undefined,
      seen: `${host} is a name, and what nodes make of it is not seen here`,
    };
  }
  if ('why' in place) return { sound: undefined, seen: `${host}: ${place.why}` };
  const addresses = nas.addressesOf(place.system);
  return addresses === undefined
    ? { sound: undefined, seen: `${host}: ${place.system} does not tell its addresses` }
    : {
        sound: false,
        seen: `${host} is none of the addresses of ${place.system}: ${addresses}`,
      };
}

function refTo(secret: DriverSecret, host: string): ResourceRef {
  return { ...refInCluster('DriverSecret', secret), discriminator: host };
}

export const shareHostIsNas = defineCheck({
  id: 'share-host-is-nas',
  category: 'validation',
  severity: 'medium',
  component: 'sharing',
  title: 'Drivers have their volumes mounted from an address of the NAS',
  scope: 'cluster',
  subjects: ['DriverSecret'],
  requires: ['driverSecrets', 'addresses', 'systems', 'parents'],
  consults: [],
  steps: [
    'Compare `shareHost`, or `targetPortal` and `targetPortals`, in the configuration of the driver with the addresses of the NAS (Network).',
    'Correct it and restart the controller of the driver: volumes that are made from then on have the new one, those that are there keep the old.',
    'If something in between translates the address, ignore this check for this driver.',
  ],

  *inspect({ driverSecrets, addresses, systems, parents }) {
    const nas = new NasHosts(systems, addresses);
    for (const secret of driverSecrets) {
      const place = homeOf(secret, nas, parents);
      for (const host of hostsToMount(secret)) {
        yield { subject: refTo(secret, host), ...judge(host, secret, nas, place) };
      }
    }
  },
});
