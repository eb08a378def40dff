import { clusterItems, systemItems } from '../correlate/derive.ts';
import { poolName } from '../correlate/paths.ts';
import { type StuckSnapshot } from '../model/analysis.ts';
import { type AnalysisFilter } from '../model/filter.ts';
import { type Finding } from '../model/finding.ts';
import { type ObjectMeta, type VolumeSnapshotContent } from '../model/kubernetes.ts';
import { lazy } from '../model/lazy.ts';
import { type ResourceType } from '../model/resource-ref.ts';
import { type ZfsSnapshot } from '../model/truenas.ts';
import { elapsed, type Millis } from '../model/units.ts';
import { placeOfSnapshot } from '../rules/checks/backing.ts';
import { type Measurable } from './measured.ts';
import { passes, showsFinding } from './shown.ts';

/** Rules that have judged already what is neither usable nor gone. */
const RULES: ReadonlySet<string> = new Set([
  'snapshot-not-ready',
  'snapshot-content-backend-missing',
  'delete-blocked',
]);

function isByRule({ rule, subject }: Finding): boolean {
  return RULES.has(rule) && subject.type.startsWith('VolumeSnapshot');
}

function ofFinding({ subject, reason, firstSeen, createdAt }: Finding): StuckSnapshot {
  const { type, name, namespace } = subject;
  const home =
    subject.location === 'kubernetes'
      ? { cluster: subject.cluster, system: null }
      : { cluster: null, system: subject.system };
  return { subject: { type, name, namespace, ...home }, reason, since: firstSeen ?? createdAt };
}

/** What is being deleted for longer than a deletion takes, without an error that a rule would have seen. */
function lingering(
  type: ResourceType,
  objects: readonly ObjectMeta[],
  { orphanThreshold, now }: { readonly orphanThreshold: Millis; readonly now: Date },
): StuckSnapshot[] {
  return objects.flatMap(({ cluster, name, namespace, deletedAt, finalizers }) => {
    if (deletedAt === null || elapsed(deletedAt, now) < orphanThreshold) return [];
    const waits = finalizers.length === 0 ? '' : `, and waits for ${finalizers.join(', ')}`;
    return [
      {
        subject: { type, name, namespace, cluster, system: null },
        reason: `it is being deleted and still there${waits}`,
        since: deletedAt,
      },
    ];
  });
}

/** Only what was looked up on its own tells of holds. */
function heldBack({ system, id, details }: ZfsSnapshot): StuckSnapshot[] {
  if (details === null) return [];
  const { deferDestroy, holds, createdAt } = details;
  const held = holds !== null && holds.length > 0 ? `it is held by ${holds.join(', ')}` : null;
  const reason =
    deferDestroy === true ? 'it was destroyed, and goes with its last clone or hold' : held;
  if (reason === null) return [];
  const subject = {
    type: 'ZfsSnapshot',
    name: id,
    namespace: null,
    cluster: null,
    system,
  } as const;
  return [{ subject, reason, since: createdAt }];
}

function keyOf({ subject: { cluster, system, type, namespace, name } }: StuckSnapshot): string {
  return [cluster, system, type, namespace, name].join(' ');
}

/** Snapshots that nobody can use and that do not go, each once, of what the filter shows. */
export function stuckSnapshots(
  findings: readonly Finding[],
  { inventory, derived }: Measurable,
  filter: AnalysisFilter,
  { orphanThreshold, now }: { readonly orphanThreshold: Millis; readonly now: Date },
): readonly StuckSnapshot[] {
  const contents = clusterItems(inventory, 'volumeSnapshotContents');
  const waiting = { orphanThreshold, now };
  // What lies nobody knows where is not on the pool that was asked for.
  const isOnPool = (path: string | undefined): boolean =>
    filter.pools === null || passes(filter.pools, path === undefined ? null : poolName(path));
  const isShown = (content: VolumeSnapshotContent | undefined): boolean =>
    filter.pools === null || isOnPool(content && placeOfSnapshot(content, derived.parents)?.path);
  const contentOf = lazy(
    () => new Map(contents.map((each) => [`${each.cluster} ${each.name}`, each])),
  );
  const all = [
    ...findings
      .filter((each) => isByRule(each) && showsFinding(each, filter) && isOnPool(each.place?.path))
      .map(ofFinding),
    ...lingering(
      'VolumeSnapshot',
      clusterItems(inventory, 'volumeSnapshots').filter(
        ({ cluster, namespace, contentName }) =>
          passes(filter.namespaces, namespace) &&
          isShown(contentOf().get(`${cluster} ${contentName ?? ''}`)),
      ),
      waiting,
    ),
    ...lingering(
      'VolumeSnapshotContent',
      contents.filter(
        (content) =>
          passes(filter.namespaces, content.snapshot?.namespace ?? null) && isShown(content),
      ),
      waiting,
    ),
    ...systemItems(inventory, 'zfsSnapshots')
      .filter(({ dataset }) => isOnPool(dataset))
      .flatMap(heldBack),
  ];
  const stuck = new Map<string, StuckSnapshot>();
  for (const each of all) if (!stuck.has(keyOf(each))) stuck.set(keyOf(each), each);
  return [...stuck.values()];
}
