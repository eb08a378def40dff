import { type DriverSettings } from '../../core/model/driver-settings.ts';
import { type TargetGroup } from '../../core/model/truenas.ts';
import { hostsOf, valueOf, type DriverEnvironment } from './driver-config-text.ts';
import { isRecord, listAt, recordAt, type JsonRecord } from './json.ts';

/**
 * Reads how a driver is set up, short of where it works. Of keys and passwords it is kept whether there are any; and what is
 * kept of anything else is a number, a choice, a name or an address.
 */
export function decodeDriverSettings(
  document: JsonRecord,
  driver: string,
  environment: DriverEnvironment,
): DriverSettings {
  const http = recordAt(document, 'httpConnection');
  const zfs = recordAt(document, 'zfs');
  // `freenas-api-nfs` takes the section `nfs`, and no other that was left in its file.
  const protocol = driver.slice(driver.lastIndexOf('-') + 1);
  const shares = recordAt(document, protocol);
  const iscsi = protocol === 'iscsi' ? shares : {};
  const number = (record: JsonRecord, key: string) => numberOf(valueOf(record, key, environment));
  const name = (key: string) => nameOf(valueOf(shares, key, environment));
  return {
    protocol: valueOf(http, 'protocol', environment)?.toLowerCase() ?? null,
    port: number(http, 'port'),
    allowInsecure: choiceAt(http, 'allowInsecure', environment),
    apiVersion: number(http, 'apiVersion'),
    hasApiKey: isSet(http, 'apiKey'),
    hasPassword: isSet(http, 'password'),
    usesSsh: usesSsh(document, driver),
    shareHost: hostsOf({ host: shares['shareHost'] }, environment)[0] ?? null,
    portals: hostsOf({ host: iscsi['targetPortal'], hosts: iscsi['targetPortals'] }, environment),
    targetGroups: listAt(iscsi, 'targetGroups')
      .filter(isRecord)
      .map((group): TargetGroup => ({
        portal: number(group, 'targetGroupPortalGroup'),
        initiator: number(group, 'targetGroupInitiatorGroup'),
        auth: number(group, 'targetGroupAuthGroup'),
        authMethod: methodOf(valueOf(group, 'targetGroupAuthType', environment)),
      })),
    namePrefix: valueOf(shares, 'namePrefix', environment),
    nameSuffix: valueOf(shares, 'nameSuffix', environment),
    enableQuotas: choiceAt(zfs, 'datasetEnableQuotas', environment),
    enableReservation: choiceAt(zfs, 'datasetEnableReservation', environment),
    allowedNetworks: placesAt(shares, 'shareAllowedNetworks', environment),
    allowedHosts: placesAt(shares, 'shareAllowedHosts', environment),
    userMapping: {
      maprootUser: name('shareMaprootUser'),
      maprootGroup: name('shareMaprootGroup'),
      mapallUser: name('shareMapallUser'),
      mapallGroup: name('shareMapallGroup'),
    },
  };
}

function numberOf(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text.trim()) ? Number(text) : null;
}

/** People write yes and no with quotes as well as without. */
function choiceAt(record: JsonRecord, key: string, environment: DriverEnvironment): boolean | null {
  const value = record[key];
  const text = typeof value === 'boolean' ? String(value) : valueOf(record, key, environment);
  return text === 'true' || text === 'false' ? text === 'true' : null;
}

/** A variable that only the driver can fill in is something too. */
function isSet(record: JsonRecord, key: string): boolean {
  const value = record[key];
  return typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
}

/** Drivers of the API never do, and generic ones also work on the machine they run on. */
function usesSsh(document: JsonRecord, driver: string): boolean {
  if (driver.includes('-api-')) return false;
  return !driver.startsWith('zfs-generic-') || isSet(recordAt(document, 'sshConnection'), 'host');
}

/** As TrueNAS calls them; the driver's own examples say `None` and `CHAP Mutual`. */
const AUTH_METHODS: ReadonlySet<string> = new Set(['NONE', 'CHAP', 'CHAP_MUTUAL']);

function methodOf(text: string | null): string | null {
  const method = text?.trim().toUpperCase().replaceAll(/\s+/g, '_') ?? '';
  return AUTH_METHODS.has(method) ? method : null;
}

function nameOf(text: string | null): string | null {
  return text !== null && /^[\w.@\\-]{1,64}\$?$/.test(text) ? text : null;
}

/** A network or a host, perhaps with a wildcard, and nothing that could be more than that. */
const PLACE = /^[\w.:/*?[\]-]+$/;

function placesAt(
  record: JsonRecord,
  key: string,
  environment: DriverEnvironment,
): readonly string[] {
  return listAt(record, key)
    .map((_, index, list) => valueOf({ place: list[index] }, 'place', environment)?.trim() ?? '')
    .filter((place) => PLACE.test(place));
}
