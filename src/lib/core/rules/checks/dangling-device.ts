import { datasetsById } from '../../correlate/listed-by.ts';
import { type ParentIndex } from '../../correlate/parents.ts';
import { zvolPathOf } from '../../correlate/paths.ts';
import { type StorageState } from '../../correlate/storage-state.ts';
import { condition, type Check } from '../../model/check.ts';
import { type Coverage } from '../../model/coverage.ts';
import { type Remedy } from '../../model/remedy.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { type RuleContext, type Verdict } from '../../model/rule.ts';
import { type Dataset } from '../../model/truenas.ts';
import { absenceOf } from './absence.ts';
import { deviceIsOurs } from './export-owner.ts';
import { facts } from './facts.ts';
import { firstSeen } from './first-seen.ts';
import { belowDeclaredParent, severityAt } from './known-parent.ts';
import { placeOfDevice } from './place.ts';
import { poolsAgain, storageReadable } from './storage.ts';

/** What exports a zvol as a block device: an extent or an NVMe-oF namespace. */
interface Device {
  readonly system: string;
  readonly locked: boolean;
}

/** What tells extents from namespaces. */
export interface DeviceKind<D> {
  readonly source: 'iscsiExtents' | 'nvmetNamespaces';
  readonly sessions: 'iscsiSessions' | 'nvmetSessions';
  readonly word: 'extent' | 'namespace';
  readonly refTo: (device: D) => ResourceRef;
  /** Device path of its zvol; undefined where it exports a file. */
  readonly zvolOf: (device: D) => string | undefined;
  /** Names of the volumes that use it, or would lie at its path. */
  readonly volumesOf: (device: D, path: string) => readonly string[];
  /** Of the sources those volumes are looked for in. */
  readonly read: readonly Coverage[];
  /** That no host has the device open: a zvol that was renamed is served on, to whoever is logged in. */
  readonly noSession: (device: D) => Check;
  readonly remedyFor: (device: D) => Remedy;
}

/** What has to be known of the world around a device. */
export interface DeviceWorld {
  readonly datasets: readonly Dataset[];
  readonly parents: ParentIndex;
  readonly storage: StorageState;
}

/** Extents or namespaces of a zvol that is not there. */
export function* danglingDevices<D extends Device>(
  devices: readonly D[],
  kind: DeviceKind<D>,
  { datasets, parents, storage }: DeviceWorld,
  context: RuleContext,
): Iterable<Verdict> {
  const byId = datasetsById(datasets);
  for (const device of devices) {
    const devicePath = kind.zvolOf(device);
    const path = devicePath === undefined ? undefined : zvolPathOf(devicePath);
    // A device may export a snapshot, which the list of datasets does not hold.
    if (devicePath === undefined || path === undefined || path.includes('@')) continue;
    const present = byId.has(path);
    if (context.suspectsOnly && present) continue;
    const { system, locked } = device;
    const subject = kind.refTo(device);
    yield {
      subject,
      place: placeOfDevice(system, devicePath),
      premise: condition('no-zvol', !present, () => (present ? `zvol ${path}` : `no zvol ${path}`)),
      checks: () => [
        condition('not-locked', !locked, locked ? 'its zvol is locked' : 'not locked'),
        storageReadable(storage, system, path),
        belowDeclaredParent(parents, system, path),
        ...deviceIsOurs(parents, system, path),
        kind.noSession(device),
        absenceOf(
          'no-volume-refers',
          kind.volumesOf(device, path).map((name) => `PersistentVolume ${name}`),
          kind.read,
        ),
        firstSeen(context.firstSeen(subject)),
      ],
      message: `no zvol ${path} behind this ${kind.word}`,
      severity: severityAt(parents, system, path, 'medium'),
      lookups: () => [
        { kind: 'dataset', system, id: path },
        poolsAgain(system),
        { kind: 'system-list', system, source: kind.source },
        { kind: 'system-list', system, source: kind.sessions },
        { kind: 'cluster-list', source: 'persistentVolumes' },
      ],
      facts: () =>
        facts({
          truenasReference: `zvol/${path}`,
          remedy: kind.remedyFor(device),
        }),
    };
  }
}
