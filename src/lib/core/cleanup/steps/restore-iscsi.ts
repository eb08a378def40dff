import { csiExtentName, LONGEST_EXTENT_NAME, OFFICIAL_DRIVER } from '../../correlate/csi-names.ts';
import { targetKey } from '../../correlate/paths.ts';
import { targetNamesOf } from '../../correlate/volume-handle.ts';
import { type Finding } from '../../model/finding.ts';
import {
  type Dataset,
  type IscsiExtent,
  type IscsiTarget,
  type TargetGroup,
} from '../../model/truenas.ts';
import { creation, deviceOf } from './creation.ts';
import { type CsiVolume } from './csi-volume.ts';
import { leaveOut, type Making, type StepDraft } from './making.ts';
import { expectObject, nasObject } from './nas-object.ts';
import { groupFields, groupsFor, settingsOf } from './neighbours.ts';
import { repair } from './repairs.ts';
import { onSystem, type Scene } from './scene.ts';

/** What a volume lacks between its zvol and its hosts. */
interface Wanted {
  readonly dataset: Dataset;
  readonly lun: number;
  readonly target: { readonly name: string; readonly known: IscsiTarget | undefined };
  readonly extent: { readonly name: string; readonly known: IscsiExtent | undefined };
}

function extentSteps(wanted: Wanted): readonly StepDraft[] {
  const { dataset, extent } = wanted;
  const { name, known } = extent;
  if (known !== undefined) return [];
  const path = deviceOf(dataset);
  const fields = { name, type: 'DISK', disk: path, blocksize: 512, enabled: true };
  return [
    creation(dataset, 'iscsi-extent', `iSCSI extent ${name}`, {
      fields,
      where: { name },
      identity: { name, type: 'DISK', path, enabled: true },
      because: `there is no extent ${name}, and none of zvol ${dataset.id}`,
    }),
  ];
}

function targetSteps(wanted: Wanted, groups: readonly TargetGroup[]): readonly StepDraft[] {
  const { name, known } = wanted.target;
  if (known !== undefined) return [];
  const fields = {
    name,
    mode: 'ISCSI',
    groups: groupFields(groups),
  };
  return [
    creation(wanted.dataset, 'iscsi-target', `iSCSI target ${name}`, {
      fields,
      where: { name },
      identity: { name },
      because: `there is no target ${name}`,
    }),
  ];
}

/** Both may be made by the steps before it, and have no id until then: it is looked up by their names. */
function mappingStep(wanted: Wanted): StepDraft {
  const { target, extent, lun } = wanted;
  return creation(
    wanted.dataset,
    'iscsi-mapping',
    `mapping of iSCSI extent ${extent.name} to target ${target.name}`,
    {
      fields: { lunid: lun },
      refersTo: { target: target.name, extent: extent.name },
      where: { target_name: target.name, extent_name: extent.name },
      identity: { lun },
      around: [
        ...(target.known ? [expectObject(nasObject.target(target.known))] : []),
        ...(extent.known ? [expectObject(nasObject.extent(extent.known))] : []),
      ],
      because: `LUN ${String(lun)} of target ${target.name} serves nothing else`,
    },
  );
}

function lunOf({ source }: CsiVolume): number {
  const text = source.attributes['lun'];
  return text !== undefined && /^\d{1,4}$/.test(text) ? Number(text) : 0;
}

function namesTaken({ dataset, extent }: Wanted, scene: Scene): string | undefined {
  const other = onSystem(scene, dataset.system, 'iscsiExtents').find(
    ({ name, id }) => name === extent.name && id !== extent.known?.id,
  );
  return other && `there is an extent ${extent.name}, of ${other.path}`;
}

function whyNot(wanted: Wanted, scene: Scene): string | undefined {
  const { dataset, lun, target, extent } = wanted;
  const mappings = onSystem(scene, dataset.system, 'iscsiTargetExtents');
  if (mappings.some((each) => each.extent === extent.known?.id)) {
    return `its extent ${extent.name} is mapped to another target`;
  }
  if (mappings.some((each) => each.target === target.known?.id && each.lun === lun)) {
    return `target ${target.name} serves something else as LUN ${String(lun)}`;
  }
  const [served] = scene.derived.exports.namespacesOf(dataset);
  if (served !== undefined) {
    return `NVMe-oF subsystem ${served.namespace.subsystem} serves its zvol`;
  }
  if (extent.name.length > LONGEST_EXTENT_NAME) {
    return `TrueNAS takes no extent name as long as ${extent.name}`;
  }
  return namesTaken(wanted, scene);
}

/** What an extent is called of which nothing is recorded. */
function unrecordedName({ source }: CsiVolume, dataset: Dataset, target: string): string {
  return source.driver === OFFICIAL_DRIVER ? csiExtentName(dataset.id) : target;
}

function wantedFor(volume: CsiVolume, dataset: Dataset, scene: Scene): Wanted | string {
  const [iqn] = targetNamesOf(volume.source);
  if (iqn === undefined) return 'its PersistentVolume does not say its target';
  const name = targetKey(iqn);
  const extents = scene.derived.exports.extentsOf(dataset).map(({ extent }) => extent);
  const [extent] = extents;
  if (extents.length > 1) return 'its zvol has several extents';
  return {
    dataset,
    lun: lunOf(volume),
    target: {
      name,
      known: onSystem(scene, dataset.system, 'iscsiTargets').find(
        (each) => targetKey(each.name) === name,
      ),
    },
    extent: {
      name:
        extent?.name ?? dataset.properties.iscsiAssetsName ?? unrecordedName(volume, dataset, name),
      known: extent,
    },
  };
}

/** Makes what is missing of extent, target and mapping, under the names the volume has in its attributes. */
export function restoreIscsi(
  finding: Finding,
  volume: CsiVolume,
  dataset: Dataset,
  scene: Scene,
): Making {
  if (dataset.kind !== 'volume') return leaveOut(`${dataset.id} is no zvol`);
  const wanted = wantedFor(volume, dataset, scene);
  if (typeof wanted === 'string') return leaveOut(wanted);
  const reason = whyNot(wanted, scene);
  if (reason !== undefined) return leaveOut(reason);
  const groups = groupsFor(dataset, settingsOf(volume, dataset, scene), scene);
  if (groups === undefined && wanted.target.known === undefined) {
    return leaveOut(
      'through which portal it is served is not known: neither its driver nor the targets of its neighbours say so with one voice',
    );
  }
  return repair(finding, [
    ...extentSteps(wanted),
    ...targetSteps(wanted, groups ?? []),
    mappingStep(wanted),
  ]);
}
