import { type DriverSecret } from '../../model/kubernetes.ts';
import { type IscsiPortal } from '../../model/truenas-surroundings.ts';
import { firstFew } from '../../render/text/format.ts';
import { hostOf, isUnspecified, parseIp } from '../checks/ip-addresses.ts';
import { hostKey, isName, NasHosts } from '../checks/nas-hosts.ts';
import { iscsiDrivers, namedIn, refToSetting } from '../checks/target-groups.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

type State = Pick<Inspection, 'sound' | 'seen'>;

function listensOnAll(address: string): boolean {
  const ip = parseIp(address);
  return ip !== undefined && isUnspecified(ip);
}

/** The portals of a system through which a driver has its targets reached. */
function portalsOf(secret: DriverSecret, system: string, portals: readonly IscsiPortal[]) {
  const ids = new Set(namedIn(secret, 'portal'));
  return portals.filter((portal) => portal.system === system && ids.has(portal.id));
}

function judge(
  host: string,
  system: string,
  portals: readonly IscsiPortal[],
  nas: NasHosts,
): State {
  const listen = portals.flatMap((portal) => portal.listen);
  if (listen.length === 0) {
    return { sound: undefined, seen: `${host}: no portal of its target groups is on ${system}` };
  }
  if (listen.some(listensOnAll)) {
    return { sound: true, seen: `${host}: its portal listens on all addresses of ${system}` };
  }
  if (listen.some((address) => hostKey(address) === hostKey(host))) {
    return { sound: true, seen: `its portal on ${system} listens on ${host}` };
  }
  if (isName(host)) {
    return {
      sound: undefined,
      seen: `${host} is a name, and what nodes make of it is not seen here`,
    };
  }
  // Whether it belongs to the NAS at all is for another check to say.
  return nas.systemsAt(host).includes(system)
    ? {
        sound: false,
        seen: `its portal on ${system} does not listen on ${host}, but on ${firstFew(listen.toSorted(), 4)}`,
      }
    : { sound: undefined, seen: `${host} is not known to be an address of ${system}` };
}

export const iscsiPortalAddress = defineCheck({
  id: 'iscsi-portal-address',
  category: 'validation',
  severity: 'high',
  component: 'iscsi',
  title: 'iSCSI portals listen on the addresses that drivers tell nodes',
  scope: 'cluster',
  subjects: ['DriverSecret'],
  requires: ['driverSecrets', 'iscsiPortals', 'addresses', 'parents', 'systems'],
  consults: [],
  steps: [
    'Add the address to the portal (Shares, iSCSI, Portals), or let it listen on 0.0.0.0.',
    'Else correct `targetPortal` or `targetPortals` of the driver and restart its controller: volumes that are there keep the old address.',
  ],

  *inspect({ addresses, iscsiPortals, ...read }) {
    const nas = new NasHosts(read.systems, addresses);
    for (const { secret, place } of iscsiDrivers({ ...read, addresses })) {
      const hosts = new Map(secret.settings.portals.map((text) => [hostKey(hostOf(text)), text]));
      for (const [key, text] of hosts) {
        const host = hostOf(text);
        const state =
          'why' in place
            ? { sound: undefined, seen: `${host}: ${place.why}` }
            : judge(host, place.system, portalsOf(secret, place.system, iscsiPortals), nas);
        yield { subject: refToSetting(secret, key), ...state };
      }
    }
  },
});
