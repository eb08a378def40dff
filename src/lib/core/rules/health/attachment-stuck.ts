import { type VolumeAttachment } from '../../model/kubernetes.ts';
import { type Severity } from '../../model/finding.ts';
import { refToCluster } from '../../model/surroundings.ts';
import { elapsed } from '../../model/units.ts';
import { counted, firstFew } from '../../render/text/format.ts';
import { excerpt } from '../checks/excerpt.ts';
import { be } from '../checks/wording.ts';
import { unseenDrivers } from '../checks/unseen-drivers.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

/** Attaching and detaching are tried again and again; what is not done by then does not mend itself. */
const PATIENCE = 10 * 60_000;
const NAMED = 3;

interface Stuck {
  readonly severity: Severity;
  readonly what: string;
}

function isPast(since: Date | null, now: Date): boolean {
  return since !== null && elapsed(since, now) > PATIENCE;
}

function stuckness(attachment: VolumeAttachment, now: Date): Stuck | undefined {
  const { name, node, volumeName, attached, createdAt, deletedAt } = attachment;
  const { attachError, detachError } = attachment;
  const volume = volumeName ?? name;
  if (deletedAt !== null) {
    if (!isPast(deletedAt, now)) return undefined;
    const why = detachError === null ? '' : `: ${excerpt(detachError.message)}`;
    return { severity: 'medium', what: `${volume} is not detached from ${node}${why}` };
  }
  if (attached || attachError === null || !isPast(createdAt, now)) return undefined;
  return {
    severity: 'high',
    what: `${volume} is not attached to ${node}: ${excerpt(attachError.message)}`,
  };
}

function judge(
  own: readonly VolumeAttachment[],
  now: Date,
  unseen: string | undefined,
): Omit<Inspection, 'subject'> {
  const stuck = own.flatMap((each) => stuckness(each, now) ?? []);
  const total = counted(own.length, 'attachment');
  if (own.length === 0 && unseen !== undefined) {
    return { sound: undefined, seen: `no attachment is known to be of TrueNAS: ${unseen}` };
  }
  if (stuck.length === 0) return { sound: true, seen: `${total}, none of them stuck` };
  const severity = stuck.some((each) => each.severity === 'high') ? 'high' : 'medium';
  const worstFirst = stuck
    .toSorted((a, b) =>
      a.severity === b.severity ? (a.what < b.what ? -1 : 1) : a.severity === 'high' ? -1 : 1,
    )
    .map(({ what }) => what);
  return {
    sound: false,
    severity,
    seen: `${stuck.length} of ${total} ${be(stuck.length)} stuck: ${firstFew(worstFirst, NAMED)}`,
  };
}

export const attachmentStuck = defineCheck({
  id: 'attachment-stuck',
  category: 'health',
  severity: 'high',
  component: 'volume',
  title: 'Volumes are attached and detached without delay',
  scope: 'cluster',
  subjects: ['Cluster'],
  requires: ['volumeAttachments', 'parents', 'clusters'],
  consults: ['persistentVolumes', 'driverSecrets'],
  steps: [
    'Run `kubectl describe volumeattachment NAME`, and look into the log of the external-attacher of the driver.',
    'Where a node is gone or switched off, see `truenas-monitor orphans --type volumeattachment` before anything is detached by force.',
  ],

  *inspect({ volumeAttachments, parents, clusters, ...traces }, { now }) {
    for (const { name } of clusters) {
      const own = volumeAttachments.filter(
        ({ cluster, attacher }) => cluster === name && parents.isTrueNasDriver(cluster, attacher),
      );
      // Where nothing is attached, nothing of anybody's is.
      const isBusy = volumeAttachments.some(({ cluster }) => cluster === name);
      const unseen = isBusy ? unseenDrivers(traces) : undefined;
      yield { subject: refToCluster(name), ...judge(own, now, unseen) };
    }
  },
});
