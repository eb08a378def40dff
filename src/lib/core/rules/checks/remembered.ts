import { csiSubsystemName, csiTargetName } from '../../correlate/csi-names.ts';
import { type ParentIndex } from '../../correlate/parents.ts';
import { leafName, targetKey } from '../../correlate/paths.ts';
import { condition, type Check } from '../../model/check.ts';
import { type Coverage } from '../../model/coverage.ts';
import { type PersistentVolume, type VolumeAttachment } from '../../model/kubernetes.ts';
import { oncePerList } from '../../model/lazy.ts';
import { type Consulted, type Lookup } from '../../model/rule.ts';
import { type Dataset } from '../../model/truenas.ts';
import { absenceOf } from './absence.ts';
import { notedNames } from './asset-names.ts';
import { indexClaims } from './claim-index.ts';
import { namesOf } from './volume-names.ts';

/*
 * Who counts on a dataset whose PersistentVolume is gone, or leads to it no more: a pod goes on writing to what it has mounted,
 * whatever becomes of the objects.
 */

/** Claims and attachments, which outlive a volume. */
export type ObjectMemories = { readonly [S in (typeof MEMORY_SOURCES)[number]]: Consulted<S> };

/** What has to be known to say that nobody does. */
export interface Memories extends ObjectMemories {
  readonly persistentVolumes: readonly PersistentVolume[];
  readonly parents: ParentIndex;
  readonly exports: Consulted<'exports'>;
}

/** The consulted sources behind them, for a rule to name beside `exports`. */
export const MEMORY_SOURCES = ['persistentVolumeClaims', 'volumeAttachments'] as const;

const attachmentsByVolume = oncePerList((attachments: readonly VolumeAttachment[]) => {
  const byVolume = new Map<string | null, VolumeAttachment>();
  for (const attachment of attachments) byVolume.set(attachment.volumeName, attachment);
  return byVolume;
});

/** Claims and attachments that name a volume of these names; claims also by their uid, with which the name ends. */
function objectsNaming(names: readonly string[], memories: ObjectMemories): readonly string[] {
  const claims = indexClaims(memories.persistentVolumeClaims.items);
  const attachments = attachmentsByVolume(memories.volumeAttachments.items);
  return [...new Set(names)].flatMap((name) => {
    const claim = claims.byVolumeName(name);
    const attachment = attachments.get(name);
    return [
      ...(claim === undefined ? [] : [`claim ${claim.namespace}/${claim.name}`]),
      ...(attachment === undefined ? [] : [`attachment to ${attachment.node}`]),
    ];
  });
}

/** Volumes that name what exports a dataset, or would, by the name its driver gave or gives it: it may be gone by now. */
function volumesNaming(dataset: Dataset, memories: Memories): readonly string[] {
  const { persistentVolumes, parents, exports } = memories;
  const volumes = namesOf(persistentVolumes, parents);
  const leaf = leafName(dataset.id);
  const extents = exports.value.extentsOf(dataset).map(({ extent }) => extent.name);
  // csi.truenas.io notes nothing, and names what exports a volume after the whole path.
  const official = [csiTargetName(dataset.id), csiSubsystemName(dataset.id)];
  const names = new Set([leaf, ...official, ...notedNames(dataset), ...extents]);
  const found = [...names].flatMap((name) => [
    ...[volumes.ofTarget(targetKey(name)) ?? []].flat(),
    ...volumes.ofSubsystem({ name, nqn: null }),
    ...volumes.ofSmbShare(name),
  ]);
  return [...new Set(found)].map((name) => `PersistentVolume ${name}`);
}

/** Everyone in Kubernetes who names a dataset by what it was called. */
function remembering(dataset: Dataset, memories: Memories): readonly string[] {
  const { id, properties } = dataset;
  return [
    ...objectsNaming([properties.csiVolumeName ?? '', leafName(id)], memories),
    ...volumesNaming(dataset, memories),
  ];
}

function unless(
  found: readonly string[],
  memories: ObjectMemories,
  ...others: readonly Coverage[]
): Check {
  const { persistentVolumeClaims, volumeAttachments } = memories;
  return absenceOf('nobody-remembers-it', found, [
    persistentVolumeClaims.coverage,
    volumeAttachments.coverage,
    ...others,
  ]);
}

/** What exports a dataset has names of its own, which a volume may give. */
function unlessRemembered(found: readonly string[], memories: Memories): Check {
  return unless(found, memories, memories.exports.coverage);
}

/** That nobody does: where somebody does it is not forgotten, and where that cannot be read it is so for likely at most. */
export function forgottenByName(dataset: Dataset, memories: Memories): Check {
  const found = remembering(dataset, memories);
  return found.length > 0
    ? condition('nobody-remembers-it', false, found.slice(0, 3).join(', '))
    : unlessRemembered(found, memories);
}

/** The same of what is reported anyway. */
export function notRemembered(dataset: Dataset, memories: Memories): Check {
  return unlessRemembered(remembering(dataset, memories), memories);
}

/** That no claim and no attachment names a volume of which its name is all that is left. */
export function nameNotRemembered(name: string, memories: ObjectMemories): Check {
  return unless(objectsNaming([name], memories), memories);
}

/** Beside the volumes, which are read again anyway. */
export function memoriesAgain(): readonly Lookup[] {
  return MEMORY_SOURCES.map((source) => ({ kind: 'cluster-list', source }));
}
