import { smbShareOf } from '../../correlate/volume-handle.ts';
import { type Finding } from '../../model/finding.ts';
import { type Dataset, type SmbShare } from '../../model/truenas.ts';
import { jsonObjectSchema, type JsonObject } from '../change.ts';
import { creation } from './creation.ts';
import { type CsiVolume } from './csi-volume.ts';
import { leaveOut, type Making } from './making.ts';
import { smbSettingsFor } from './neighbours.ts';
import { repair } from './repairs.ts';
import { onSystem, type Scene } from './scene.ts';

function fieldsLike({ readonly, settings }: Pick<SmbShare, 'readonly' | 'settings'>): JsonObject {
  // It was `ro` before 25.10; what a version does not take is not sent.
  return { ...jsonObjectSchema.parse(JSON.parse(settings)), readonly, ro: readonly };
}

function whyNot(name: string, dataset: Dataset, scene: Scene): string | undefined {
  const [beside] = scene.derived.exports.smbSharesOf(dataset);
  if (beside !== undefined) return `it is shared under another name, ${beside.name}`;
  const taken = onSystem(scene, dataset.system, 'smbShares').find(
    (each) => each.name.toLowerCase() === name.toLowerCase(),
  );
  return taken && `there is an SMB share ${taken.name}, of ${taken.path}`;
}

/** Shares a volume again under the name it is mounted by, as its neighbours are shared: who may see it is never guessed. */
export function restoreSmb(
  finding: Finding,
  volume: CsiVolume,
  dataset: Dataset,
  comment: string,
  scene: Scene,
): Making {
  const name = smbShareOf(volume.source);
  if (name === undefined) return leaveOut('its PersistentVolume does not say its share');
  const { mountpoint: path } = dataset;
  if (path === null) return leaveOut(`${dataset.id} is not mounted`);
  const reason = whyNot(name, dataset, scene);
  if (reason !== undefined) return leaveOut(reason);
  const settings = smbSettingsFor(dataset, scene);
  if (settings === undefined) {
    return leaveOut(
      'how it is shared is not known: there are no SMB shares of its neighbours, or they differ',
    );
  }
  return repair(finding, [
    creation(dataset, 'smb-share', `SMB share ${name}`, {
      fields: { ...fieldsLike(settings), name, path, comment, enabled: true },
      where: { name },
      identity: { name, path, enabled: true },
      because: `no SMB share is called ${name}, and none exports ${path}`,
    }),
  ]);
}
