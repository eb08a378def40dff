import { clusterItems, systemItems } from '../../correlate/derive.ts';
import { type Evidence } from '../../correlate/correlate.ts';
import { readShareContext } from '../../correlate/share-context.ts';
import { hostOf } from '../../rules/checks/ip-addresses.ts';
import { type AdoptionSubject } from './adoption.ts';

/** What the first other volume of the driver says under one of these names. */
export function saidBySiblings(
  { installation }: AdoptionSubject,
  { inventory }: Evidence,
  ...names: readonly string[]
): string | undefined {
  for (const { cluster, source } of clusterItems(inventory, 'persistentVolumes')) {
    if (cluster !== installation.cluster || source.kind !== 'csi') continue;
    if (source.driver !== installation.driver) continue;
    for (const name of names) {
      const value = source.attributes[name];
      if (value !== undefined && value !== '') return value;
    }
  }
  return undefined;
}

/** Where nodes reach the system, and from what that is known. */
export function hostFor(
  subject: AdoptionSubject,
  evidence: Evidence,
  ...names: readonly string[]
): { readonly host: string; readonly from: string } {
  const said = saidBySiblings(subject, evidence, ...names);
  if (said !== undefined) return { host: said, from: 'other volumes of this driver' };
  const { server = '' } = subject.storageClass.parameters;
  if (server !== '') return { host: server, from: 'the StorageClass' };
  const [configured] = subject.installation.secrets.flatMap(({ hosts }) => hosts);
  // A port in there is that of the API, where nothing is mounted from.
  if (configured !== undefined) {
    return { host: hostOf(configured), from: 'the configuration of the driver' };
  }
  const system = evidence.inventory.systems.find(
    ({ identity }) => identity.name === subject.dataset.system,
  );
  return {
    host: system?.identity.host ?? '',
    from: 'the address this tool reaches TrueNAS by: check that nodes reach it there too',
  };
}

/** What a fresh TrueNAS begins the names of its targets with. */
const USUAL_BASE = 'iqn.2005-10.org.freenas.ctl';

/** What the names of targets begin with on that system: no list says it, but every volume that is mounted from it does. */
export function iqnBase(
  { dataset }: AdoptionSubject,
  { inventory }: Evidence,
): { readonly base: string; readonly from: string } {
  const targets = new Set(
    systemItems(inventory, 'iscsiTargets')
      .filter(({ system }) => system === dataset.system)
      .map(({ name }) => name.toLowerCase()),
  );
  const said = [
    ...clusterItems(inventory, 'persistentVolumes').flatMap(({ source }) =>
      source.kind === 'csi'
        ? (source.attributes['targetIQN'] ?? source.attributes['iqn'] ?? [])
        : [],
    ),
    ...systemItems(inventory, 'datasets').flatMap(({ system, properties }) => {
      const iqn =
        system === dataset.system ? readShareContext(properties.shareContext)?.['iqn'] : undefined;
      return typeof iqn === 'string' ? iqn : [];
    }),
  ];
  for (const iqn of said) {
    const at = iqn.lastIndexOf(':');
    if (at > 0 && targets.has(iqn.slice(at + 1).toLowerCase())) {
      return { base: iqn.slice(0, at), from: 'other targets of this system' };
    }
  }
  return {
    base: USUAL_BASE,
    from: 'what TrueNAS usually has: check the base name of its iSCSI configuration',
  };
}
