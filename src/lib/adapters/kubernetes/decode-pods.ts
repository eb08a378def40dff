import { type Pod, type VolumeSource } from '../../core/model/kubernetes.ts';
import { decodeContainers } from './decode-containers.ts';
import { conditionAt, decodeNamespacedMeta, holds, sharedTextAt } from './decode-meta.ts';
import { decodeVolumeSource } from './decode-volumes.ts';
import { isRecord, listAt, recordAt, textAt, type JsonRecord } from './json.ts';

const NO_CLAIMS: readonly string[] = Object.freeze([]);
const NO_VOLUMES: readonly VolumeSource[] = Object.freeze([]);

/** Undefined too where it cannot be read what the pod mounts: the claim would look unused. */
export function decodePod(item: JsonRecord, cluster: string): Pod | undefined {
  const meta = decodeNamespacedMeta(item, cluster);
  if (meta === undefined) return undefined;
  const claims: string[] = [];
  const inlineVolumes: VolumeSource[] = [];
  for (const volume of listAt(recordAt(item, 'spec'), 'volumes')) {
    const mounted = isRecord(volume) ? decodePodVolume(volume, meta.name) : undefined;
    if (mounted === undefined) return undefined;
    if (mounted.claim !== null) claims.push(mounted.claim);
    if (mounted.inline !== null) inlineVolumes.push(mounted.inline);
  }
  const status = recordAt(item, 'status');
  return {
    ...meta,
    phase: sharedTextAt(status, 'phase') ?? 'Unknown',
    node: sharedTextAt(recordAt(item, 'spec'), 'nodeName'),
    claims: claims.length === 0 ? NO_CLAIMS : claims,
    inlineVolumes: inlineVolumes.length === 0 ? NO_VOLUMES : inlineVolumes,
    ready: holds(conditionAt(status, 'Ready')),
    containers: decodeContainers(item),
  };
}

/** What the volumes of a pod template name. */
export interface TemplateVolumes {
  readonly claims: readonly string[];
  readonly inlineVolumes: readonly VolumeSource[];
}

/**
 * What pods of a template mount. Ephemeral volumes are no part of it: their claims are named after a pod, and live and
 * die with it.
 */
export function volumesOf(template: JsonRecord): TemplateVolumes | undefined {
  const claims: string[] = [];
  const inlineVolumes: VolumeSource[] = [];
  for (const volume of listAt(template, 'volumes')) {
    if (!isRecord(volume)) return undefined;
    if ('ephemeral' in volume) continue;
    const mounted = decodePodVolume(volume, '');
    if (mounted === undefined) return undefined;
    if (mounted.claim !== null) claims.push(mounted.claim);
    if (mounted.inline !== null) inlineVolumes.push(mounted.inline);
  }
  return { claims, inlineVolumes: inlineVolumes.length === 0 ? NO_VOLUMES : inlineVolumes };
}

interface MountedVolume {
  readonly claim: string | null;
  readonly inline: VolumeSource | null;
}

/** Config maps, secrets, empty directories and the like: nothing that lives on a NAS. */
const ELSEWHERE: MountedVolume = { claim: null, inline: null };

/** Volumes that may lie on a NAS, written into the pod. */
const INLINE = ['nfs', 'iscsi', 'csi', 'flexVolume', 'hostPath'] as const;

function decodePodVolume(volume: JsonRecord, pod: string): MountedVolume | undefined {
  if ('persistentVolumeClaim' in volume) {
    const claim = textAt(recordAt(volume, 'persistentVolumeClaim'), 'claimName');
    return claim === null ? undefined : { claim, inline: null };
  }
  if ('ephemeral' in volume) {
    // Kubernetes names the claim that it makes for an ephemeral volume after the pod and the volume.
    const name = textAt(volume, 'name');
    return name === null ? undefined : { claim: `${pod}-${name}`, inline: null };
  }
  if (!INLINE.some((kind) => kind in volume)) return ELSEWHERE;
  const inline = decodeVolumeSource(volume, 'pod');
  if (inline === undefined) return undefined;
  return inline.kind === 'other' ? ELSEWHERE : { claim: null, inline };
}
