import { type ExportIndex } from '../../correlate/match-shares.ts';
import { refOnSystem } from '../../model/surroundings.ts';
import { type Dataset, type IscsiTarget, type TargetGroup } from '../../model/truenas.ts';
import { counted, firstFew } from '../../render/text/format.ts';
import { boundVolumesOn } from '../checks/bound-volumes.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

/** Targets that share a group; those without one are together as well. */
interface Shared {
  readonly group: TargetGroup | undefined;
  readonly targets: Set<string>;
}

function nameOf(group: TargetGroup | undefined): string {
  if (group === undefined) return 'no group';
  const { portal, initiator, auth } = group;
  const parts = [
    `portal ${portal === null ? 'not told' : String(portal)}`,
    initiator === null ? 'all initiators' : `initiators ${String(initiator)}`,
    auth === null ? '' : `auth ${String(auth)}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function* targetsOf(dataset: Dataset, exports: ExportIndex): Iterable<IscsiTarget> {
  for (const { extent, targets } of exports.extentsOf(dataset)) {
    if (extent.enabled) yield* targets;
  }
}

interface Known {
  readonly portals: ReadonlySet<number>;
  readonly initiators: ReadonlySet<number>;
}

function judge(
  group: TargetGroup | undefined,
  { portals, initiators }: Known,
): Pick<Inspection, 'sound' | 'seen'> {
  if (group === undefined) return { sound: false, seen: 'nobody can log in to them' };
  const { portal, initiator } = group;
  if (portal === null) return { sound: undefined, seen: 'TrueNAS does not say which portal it is' };
  if (!portals.has(portal)) return { sound: false, seen: `there is no portal ${String(portal)}` };
  return initiator === null || initiators.has(initiator)
    ? { sound: true, seen: 'the portal and the initiators are there' }
    : { sound: false, seen: `there is no initiator group ${String(initiator)}` };
}

export const iscsiTargetGroups = defineCheck({
  id: 'iscsi-target-groups',
  category: 'validation',
  severity: 'high',
  component: 'iscsi',
  title: 'iSCSI targets of volumes can be reached through a portal and an initiator group',
  scope: 'system',
  subjects: ['IscsiTarget'],
  requires: ['persistentVolumes', 'volumeLinks', 'exports', 'iscsiPortals', 'iscsiInitiators'],
  consults: [],
  steps: [
    'Give the targets a group with a portal and an initiator group that exist (Shares, iSCSI, Targets): sessions that are open go on until then.',
    'On TrueNAS 24.04.2 to 25.04.0 an initiator group goes by itself with the last target that uses it: make it again, and update.',
    'Correct `targetGroups` of the driver as well, so that new volumes get a group that works.',
  ],

  *inspect({ persistentVolumes, volumeLinks, exports, iscsiPortals, iscsiInitiators }, { home }) {
    const shared = new Map<string, Shared>();
    const add = (target: IscsiTarget, group: TargetGroup | undefined): void => {
      const name = nameOf(group);
      const known = shared.get(name) ?? { group, targets: new Set() };
      shared.set(name, known);
      known.targets.add(target.name);
    };
    for (const { dataset, protocol } of boundVolumesOn(home, persistentVolumes, volumeLinks)) {
      if (protocol !== 'iscsi') continue;
      for (const target of targetsOf(dataset, exports)) {
        for (const group of target.groups) add(target, group);
        if (target.groups.length === 0) add(target, undefined);
      }
    }
    const known: Known = {
      portals: new Set(iscsiPortals.map(({ id }) => id)),
      initiators: new Set(iscsiInitiators.map(({ id }) => id)),
    };
    for (const [name, { group, targets: named }] of shared) {
      const { sound, seen } = judge(group, known);
      const targets = [...named].toSorted();
      const which = sound === false ? ` (${firstFew(targets, 3)})` : '';
      yield {
        subject: refOnSystem('IscsiTarget', home, name),
        sound,
        seen: `${counted(targets.length, 'target')} of bound volumes${which} with ${name}: ${seen}`,
      };
    }
  },
});
