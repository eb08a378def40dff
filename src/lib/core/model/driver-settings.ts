import { type TargetGroup } from './truenas.ts';

/** What else a driver is configured with. What is not set, or not of that driver, is null. */
export interface DriverSettings {
  /** `httpConnection.protocol`. */
  readonly protocol: string | null;
  readonly port: number | null;
  /** `httpConnection.allowInsecure`: certificates are not checked. */
  readonly allowInsecure: boolean | null;
  /** `httpConnection.apiVersion`. */
  readonly apiVersion: number | null;
  /** Whether it logs in with an API key. */
  readonly hasApiKey: boolean;
  readonly hasPassword: boolean;
  /** Whether it opens an SSH connection. */
  readonly usesSsh: boolean;
  /** `nfs.shareHost`, `smb.shareHost`: what nodes mount from. */
  readonly shareHost: string | null;
  /** `iscsi.targetPortal`, and `iscsi.targetPortals`. */
  readonly portals: readonly string[];
  /** `iscsi.targetGroups[]`, by database id; null where one is not named. */
  readonly targetGroups: readonly TargetGroup[];
  readonly namePrefix: string | null;
  readonly nameSuffix: string | null;
  readonly enableQuotas: boolean | null;
  readonly enableReservation: boolean | null;
  /** `nfs.shareAllowedNetworks` and `nfs.shareAllowedHosts`. */
  readonly allowedNetworks: readonly string[];
  readonly allowedHosts: readonly string[];
  /** `nfs.shareMaprootUser` and its like: whom a client's users become. */
  readonly userMapping: UserMapping;
}

/** Names of TrueNAS users and groups; null where nobody is mapped. */
export interface UserMapping {
  readonly maprootUser: string | null;
  readonly maprootGroup: string | null;
  readonly mapallUser: string | null;
  readonly mapallGroup: string | null;
}

const NO_USER_MAPPING: UserMapping = Object.freeze({
  maprootUser: null,
  maprootGroup: null,
  mapallUser: null,
  mapallGroup: null,
});

/** Of a driver whose configuration says none of it. */
export const NO_DRIVER_SETTINGS: DriverSettings = Object.freeze({
  protocol: null,
  port: null,
  allowInsecure: null,
  apiVersion: null,
  hasApiKey: false,
  hasPassword: false,
  usesSsh: false,
  shareHost: null,
  portals: [],
  targetGroups: [],
  namePrefix: null,
  nameSuffix: null,
  enableQuotas: null,
  enableReservation: null,
  allowedNetworks: [],
  allowedHosts: [],
  userMapping: NO_USER_MAPPING,
});
