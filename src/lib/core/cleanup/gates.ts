import { type Finding } from '../model/finding.ts';
import { type ClusterIdentity, type Inventory, type SystemIdentity } from '../model/inventory.ts';
import { type RemedyAction } from '../model/remedy.ts';
import { type SuppressedFinding } from '../model/report.ts';
import { managerOf } from '../report/managed-by.ts';
import { protectableOf, protectedBy } from './protect.ts';
import { isNamed, type Selection } from './selection.ts';
import { type CleanupSettings } from './settings.ts';
import { type Made } from './steps/making.ts';
import { STEP_MAKERS } from './steps/makers.ts';
import { datasetAt, type Scene } from './steps/scene.ts';

/*
 * What has to be so before anything is planned for a finding, whatever it is about.
 */

/** What people do, and may wonder why a plan does not. */
const BY_HAND: ReadonlySet<RemedyAction> = new Set([
  'adopt-dataset',
  'delete-detached-snapshot',
  'restore-volume',
  'repair-properties',
  'investigate',
]);

/** Whether a finding that is not in a plan is worth a word: nobody expects a plan to mend the configuration of a driver. */
export function isOfInterest(finding: Finding, selection: Selection): boolean {
  if (isNamed(finding, selection)) return true;
  const { category, remedy } = finding;
  if (category !== 'orphan' && category !== 'drift') return false;
  return STEP_MAKERS[remedy.action] !== undefined || BY_HAND.has(remedy.action);
}

/** Why a finding that somebody said to leave alone is left alone. */
export function suppressionOf({ by, origin, reason }: SuppressedFinding): string {
  return `it is ignored by ${by} (${origin})${reason === '' ? '' : `: ${reason}`}`;
}

function doubtOf({ confidence, doubt, remedy }: Finding): string | undefined {
  if (confidence !== 'certain') {
    return doubt === null
      ? 'it is not certain'
      : `it is not certain: ${doubt.check}: ${doubt.detail}`;
  }
  if (STEP_MAKERS[remedy.action] !== undefined) return undefined;
  return `it is for people to do: ${remedy.steps[0] ?? remedy.action}`;
}

function nameless({ name, uid }: ClusterIdentity): string | undefined {
  return uid === null
    ? `cluster ${name} cannot be told from another: its namespace kube-system cannot be read`
    : undefined;
}

function anonymous({ name, hostId }: SystemIdentity): string | undefined {
  return hostId === null
    ? `system ${name} cannot be told from another: its host id cannot be read`
    : undefined;
}

/** A plan is for the very servers that were looked at, and each has to say which one it is. */
function unidentified({ subject }: Finding, { clusters, systems }: Inventory): string | undefined {
  if (subject.location === 'kubernetes') {
    const cluster = clusters.find(({ identity }) => identity.name === subject.cluster);
    return cluster === undefined
      ? `there is no cluster ${subject.cluster}`
      : nameless(cluster.identity);
  }
  const system = systems.find(({ identity }) => identity.name === subject.system);
  return system === undefined ? `there is no system ${subject.system}` : anonymous(system.identity);
}

function managedElsewhere(finding: Finding): string | undefined {
  const manager = managerOf(finding);
  return manager && `it belongs to ${manager.name}: ${manager.step}`;
}

function protectedIn(
  finding: Finding,
  { protect }: Pick<CleanupSettings, 'protect'>,
  scene: Scene,
): string | undefined {
  if (protect.length === 0) return undefined;
  const { place } = finding;
  const quarantine =
    place === null ? undefined : scene.derived.marks.quarantineAt(place.system, place.path);
  const protectable = protectableOf(finding, datasetAt(scene, place), quarantine?.path ?? null);
  return protectedBy(protectable, protect);
}

/** Why nothing is planned for a finding, before anybody looks at what it would be; undefined where it may be. */
export function whyLeftOut(
  finding: Finding,
  selection: Selection,
  settings: Pick<CleanupSettings, 'protect'>,
  scene: Scene,
): string | undefined {
  const unasked =
    finding.remedy.safe || isNamed(finding, selection)
      ? undefined
      : `it may be missed, so that it has to be asked for: --finding ${finding.id}`;
  return (
    doubtOf(finding) ??
    unidentified(finding, scene.inventory) ??
    managedElsewhere(finding) ??
    protectedIn(finding, settings, scene) ??
    unasked
  );
}

/**
 * Whatever is taken off a system is taken because no cluster knows of it, so that each of them has to be the one that was asked. And
 * a repair that a finding of a cluster brings to a system is for that very system.
 */
export function unboundBy({ intent, steps }: Made, { inventory }: Scene): string | undefined {
  const touched = new Set(
    steps.flatMap(({ target }) => (target.side === 'truenas' ? target.system : [])),
  );
  for (const { identity } of inventory.systems) {
    const reason = touched.has(identity.name) ? anonymous(identity) : undefined;
    if (reason !== undefined) return reason;
  }
  if (touched.size === 0 || intent === 'repair') return undefined;
  for (const { identity } of inventory.clusters) {
    const reason = nameless(identity);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
