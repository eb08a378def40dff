import {
  type CsiDriver,
  type Node,
  type VolumeAttachment,
  type VolumeEvent,
} from '../../core/model/kubernetes.ts';
import {
  conditionAt,
  decodeError,
  decodeMeta,
  holds,
  instantAt,
  sharedTextAt,
} from './decode-meta.ts';
import { isRecord, listAt, recordAt, textAt, type JsonRecord } from './json.ts';

export function decodeCsiDriver(item: JsonRecord, cluster: string): CsiDriver | undefined {
  const meta = decodeMeta(item, cluster);
  if (meta === undefined) return undefined;
  return { ...meta, attachRequired: recordAt(item, 'spec')['attachRequired'] !== false };
}

export function decodeNode(item: JsonRecord, cluster: string): Node | undefined {
  const meta = decodeMeta(item, cluster);
  if (meta === undefined) return undefined;
  const spec = recordAt(item, 'spec');
  const status = recordAt(item, 'status');
  const isTainted = listAt(spec, 'taints').some(
    (taint) => isRecord(taint) && KEEPS_OUT.has(taint['effect']),
  );
  return {
    ...meta,
    ready: holds(conditionAt(status, 'Ready')),
    schedulable: spec['unschedulable'] !== true && !isTainted,
    addresses: addressesOf(status),
    kubeletVersion: sharedTextAt(recordAt(status, 'nodeInfo'), 'kubeletVersion'),
  };
}

/** Effects of taints by which pods that do not tolerate them are kept off a node. */
const KEEPS_OUT: ReadonlySet<unknown> = new Set(['NoSchedule', 'NoExecute']);

/** The others are host names, some of which nobody can resolve. */
const IP_ADDRESSES: ReadonlySet<unknown> = new Set(['InternalIP', 'ExternalIP']);

function addressesOf(status: JsonRecord): readonly string[] {
  const addresses = listAt(status, 'addresses').flatMap((entry) =>
    isRecord(entry) && IP_ADDRESSES.has(entry['type']) ? (textAt(entry, 'address') ?? []) : [],
  );
  return [...new Set(addresses)];
}

export function decodeVolumeAttachment(
  item: JsonRecord,
  cluster: string,
): VolumeAttachment | undefined {
  const meta = decodeMeta(item, cluster);
  const spec = recordAt(item, 'spec');
  const attacher = sharedTextAt(spec, 'attacher');
  const node = sharedTextAt(spec, 'nodeName');
  const source = recordAt(spec, 'source');
  const volumeName = textAt(source, 'persistentVolumeName');
  const namesVolume = volumeName !== null || isRecord(source['inlineVolumeSpec']);
  if (meta === undefined || attacher === null || node === null || !namesVolume) return undefined;
  const status = recordAt(item, 'status');
  return {
    ...meta,
    attacher,
    node,
    volumeName,
    attached: status['attached'] === true,
    attachError: decodeError(status['attachError']),
    detachError: decodeError(status['detachError']),
  };
}

export function decodeVolumeEvent(item: JsonRecord, cluster: string): VolumeEvent | undefined {
  const meta = decodeMeta(item, cluster);
  const about = recordAt(item, 'involvedObject');
  const volumeName = textAt(about, 'name');
  if (meta === undefined || volumeName === null || about['kind'] !== 'PersistentVolume') {
    return undefined;
  }
  return {
    ...meta,
    volumeName,
    volumeUid: textAt(about, 'uid'),
    reason: textAt(item, 'reason') ?? 'Unknown',
    message: textAt(item, 'message') ?? '',
    lastSeen: lastSeen(item) ?? meta.createdAt,
  };
}

/** An event that repeats is one object; old and new reporters say in different places when it last did. */
function lastSeen(item: JsonRecord): Date | null {
  const instants = [
    instantAt(recordAt(item, 'series'), 'lastObservedTime'),
    instantAt(item, 'lastTimestamp'),
    instantAt(item, 'eventTime'),
  ].filter((instant) => instant !== null);
  return instants.length === 0
    ? null
    : new Date(Math.max(...instants.map((instant) => instant.getTime())));
}

/** A reporter that was restarted starts a new event about the same failure: the last of each reason says it all. */
export function newestEvents(events: readonly VolumeEvent[]): readonly VolumeEvent[] {
  const newest = new Map<string, VolumeEvent>();
  for (const event of events) {
    const key = JSON.stringify([event.volumeName, event.volumeUid, event.reason]);
    const other = newest.get(key);
    if (other === undefined || instantOf(other) <= instantOf(event)) newest.set(key, event);
  }
  return newest.size === events.length ? events : [...newest.values()];
}

function instantOf({ lastSeen }: VolumeEvent): number {
  return lastSeen?.getTime() ?? 0;
}
