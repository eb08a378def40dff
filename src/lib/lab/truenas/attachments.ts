import { type LabSystem } from '../scenario/world.ts';
import { removeStored } from './storing.ts';

/** One kind of thing that makes use of datasets. */
interface AttachmentKind {
  readonly type: string;
  readonly service: string | null;
  /** The enabled ones, each with every path it uses, its label, and how it is taken away. */
  list(system: LabSystem): readonly Attachment[];
}

interface Attachment {
  readonly paths: readonly string[];
  readonly label: string;
  remove(system: LabSystem): void;
}

/** A zvol's path, written as if it were mounted, so that one comparison serves all. */
function asMounted(path: string): string {
  return path.startsWith('zvol/') ? `/mnt/${path.slice(5).replaceAll('+', ' ')}` : path;
}

/** Removing an extent takes its mappings along, and targets left with none, sessions or not. */
function removeExtent(system: LabSystem, id: number): void {
  for (const mapping of system.iscsiTargetExtents.filter(({ extent }) => extent === id)) {
    removeStored(system.iscsiTargetExtents, mapping);
    const target = system.iscsiTargets.find((candidate) => candidate.id === mapping.target);
    const used = system.iscsiTargetExtents.some((other) => other.target === mapping.target);
    if (target !== undefined && !used) removeStored(system.iscsiTargets, target);
  }
  const extent = system.iscsiExtents.find((candidate) => candidate.id === id);
  if (extent !== undefined) removeStored(system.iscsiExtents, extent);
}

const KINDS: readonly AttachmentKind[] = [
  {
    type: 'NFS Share',
    service: 'nfs',
    list: ({ nfsShares }) =>
      nfsShares
        .filter(({ enabled }) => enabled)
        .map((share) => ({
          paths: [share.path],
          label: share.path,
          remove: (system) => {
            removeStored(system.nfsShares, share);
          },
        })),
  },
  {
    type: 'SMB Share',
    service: 'cifs',
    list: ({ smbShares }) =>
      smbShares
        .filter(({ enabled }) => enabled)
        .map((share) => ({
          paths: [share.path],
          label: share.name,
          remove: (system) => {
            removeStored(system.smbShares, share);
          },
        })),
  },
  {
    type: 'iSCSI Extent',
    service: 'iscsitarget',
    list: ({ iscsiExtents }) =>
      iscsiExtents
        .filter(({ enabled }) => enabled)
        .map((extent) => ({
          paths: [asMounted(extent.path)],
          label: extent.name,
          remove: (system) => {
            removeExtent(system, extent.id);
          },
        })),
  },
  {
    type: 'NVMe-oF Namespace',
    service: 'nvmet',
    list: ({ nvmetNamespaces }) =>
      nvmetNamespaces
        .filter(({ enabled }) => enabled)
        .map((namespace) => ({
          paths: [asMounted(namespace.devicePath)],
          label: namespace.devicePath,
          remove: (system) => {
            removeStored(system.nvmetNamespaces, namespace);
          },
        })),
  },
  {
    type: 'Snapshot Task',
    service: null,
    list: ({ snapshotTasks }) =>
      snapshotTasks
        .filter(({ enabled }) => enabled)
        .map((task) => ({
          paths: [`/mnt/${task.dataset}`],
          label: task.dataset,
          remove: (system) => {
            removeStored(system.snapshotTasks, task);
          },
        })),
  },
  {
    type: 'Replication',
    service: null,
    list: ({ replicationTasks }) =>
      replicationTasks
        .filter(({ enabled }) => enabled)
        .map((task) => ({
          paths: [...task.sources, task.target].map((id) => `/mnt/${id}`),
          label: task.name,
          remove: (system) => {
            removeStored(system.replicationTasks, task);
          },
        })),
  },
];

function attachedTo(kind: AttachmentKind, system: LabSystem, id: string): readonly Attachment[] {
  const path = `/mnt/${id}`;
  return kind
    .list(system)
    .filter(({ paths }) => paths.some((used) => used === path || used.startsWith(`${path}/`)));
}

/** `pool.dataset.attachments`: what is enabled on a dataset or below. */
export function listAttachments(system: LabSystem, id: string): unknown[] {
  const shares = KINDS.flatMap((kind) => {
    const attachments = attachedTo(kind, system, id).map(({ label }) => label);
    return attachments.length === 0
      ? []
      : [{ type: kind.type, service: kind.service, attachments }];
  });
  const others = (system.otherAttachments ?? []).filter(
    ({ dataset }) => dataset === id || dataset.startsWith(`${id}/`),
  );
  return [
    ...shares,
    ...others.map(({ type, name }) => ({ type, service: null, attachments: [name] })),
  ];
}

/** Takes away what is enabled on a dataset or below. Disabled things stay, and dangle. */
export function removeAttachments(system: LabSystem, id: string): void {
  for (const kind of KINDS) {
    for (const attachment of attachedTo(kind, system, id)) attachment.remove(system);
  }
}
