import { lazy } from '../../model/lazy.ts';
import { assurance, condition, note, type Check } from '../../model/check.ts';
import { type PersistentVolume, type VolumeSnapshotContent } from '../../model/kubernetes.ts';
import { type Remedy } from '../../model/remedy.ts';
import {
  defineRule,
  type EvidenceFor,
  type Lookup,
  type RuleContext,
  type Verdict,
} from '../../model/rule.ts';
import { refToContent, refToVolume } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { lastTurn, olderThanThreshold } from '../checks/age.ts';
import { datasetBehind, placeOfSnapshot, type SnapshotPlace } from '../checks/backing.ts';
import {
  blockersOf,
  causesAmong,
  clonesBlock,
  describeCauses,
  stepsAmong,
  type Blocker,
} from '../checks/delete-blockers.ts';
import { excerpt } from '../checks/excerpt.ts';
import {
  describeFailure,
  failuresByVolume,
  lastFailure,
  stepsAfterFailure,
  type Failure,
} from '../checks/failed-deletes.ts';
import { facts, isApproximate, volumeFacts } from '../checks/facts.ts';
import { placeOfBackend } from '../checks/place.ts';

const REQUIRES = ['persistentVolumes', 'volumeLinks', 'parents'] as const;
const CONSULTS = ['events', 'snapshotLinks', 'volumeSnapshotContents'] as const;
type Given = EvidenceFor<(typeof REQUIRES)[number], (typeof CONSULTS)[number]>;

/** Its driver was asked to delete it, and it is still there. */
function isAwaitingDelete({ phase, reclaimPolicy }: PersistentVolume): boolean {
  return (phase === 'Released' || phase === 'Failed') && reclaimPolicy === 'Delete';
}

/** Events live for an hour, and the driver is asked again long before. */
function deleteAttempted(failure: Failure | undefined, { events }: Given): Check {
  const id = 'delete-attempted';
  if (failure !== undefined) return assurance(id, true, () => describeFailure(failure));
  return events.coverage.state === 'complete'
    ? assurance(id, false, 'no event says that its deletion was tried and failed')
    : assurance(id, undefined, `could not be read: ${events.coverage.reason}`);
}

/** Which of what leans on the dataset is the cause; the rest is shown, and not blamed. */
function causeFound(blockers: readonly Blocker[], causes: readonly Blocker[]): Check {
  return note('cause-found', causes.length > 0 ? true : undefined, () => {
    const all = blockers.map(({ what }) => what).join('; ');
    if (causes.length > 0) return all;
    return blockers.length === 0
      ? 'nothing on TrueNAS is seen to stand in the way'
      : `there is, and the driver does not name it: ${all}`;
  });
}

function messageOf(
  failure: Failure | undefined,
  dataset: Dataset | undefined,
  causes: readonly Blocker[],
): string {
  const named = describeCauses(`dataset ${dataset?.id ?? ''}`, causes);
  if (failure === undefined) return `its deletion cannot succeed: ${named ?? ''}`;
  if (named !== undefined && causes.some(({ hard }) => hard)) {
    return `its deletion fails: ${named}`;
  }
  const said = `its deletion fails: ${excerpt(failure.message)}`;
  return named === undefined ? said : `${said}; ${named}`;
}

function waitFor(what: string): string {
  return `Let the driver try again by itself, and wait until the ${what} is gone; do not strip its finalizers, because then the data stays on TrueNAS and nothing knows of it.`;
}

function remedyFor(blockers: readonly Blocker[], last: readonly string[]): Remedy {
  return {
    action: 'investigate',
    safe: false,
    steps: [
      ...(blockers.length === 0
        ? [
            'Read the answer of the driver in the events and in its log, and remove the cause it names: an open session, a busy dataset, a parent or an API key that changed.',
          ]
        : blockers.map(({ step }) => step)),
      ...last,
    ],
    command: null,
  };
}

function volumeLookups(
  dataset: Dataset | undefined,
  { volumeLinks, snapshotLinks }: Given,
): readonly Lookup[] {
  const lists: readonly Lookup[] = [
    { kind: 'cluster-list', source: 'persistentVolumes' },
    { kind: 'cluster-list', source: 'events' },
  ];
  if (dataset === undefined) return lists;
  const { system } = dataset;
  return [
    ...lists,
    ...[dataset, ...volumeLinks.clonesOf(dataset)].map(({ id }): Lookup => ({
      kind: 'dataset',
      system,
      id,
    })),
    ...snapshotLinks.value
      .snapshotsOf(dataset)
      .map(({ id }): Lookup => ({ kind: 'snapshot', system, id })),
  ];
}

function judgeVolume(
  pv: PersistentVolume,
  failure: Failure | undefined,
  evidence: Given,
  context: RuleContext,
): Verdict {
  const { volumeLinks, snapshotLinks } = evidence;
  const backend = volumeLinks.backendOf(pv);
  const dataset = datasetBehind(backend);
  const blockers = lazy(() =>
    dataset === undefined ? [] : blockersOf(dataset, volumeLinks, snapshotLinks.value),
  );
  return {
    subject: refToVolume(pv),
    place: placeOfBackend(backend),
    premise: condition(
      'delete-wanted',
      isAwaitingDelete(pv),
      `phase is ${pv.phase}, reclaim policy ${pv.reclaimPolicy}`,
    ),
    checks: () => {
      const fails = failure !== undefined || blockers().some(({ hard }) => hard);
      return [
        olderThanThreshold(lastTurn(pv), context, 'unchanged since'),
        condition(
          'delete-fails',
          fails,
          fails ? 'its driver cannot delete it' : 'nothing says that its deletion fails',
        ),
        deleteAttempted(failure, evidence),
        causeFound(blockers(), causesAmong(blockers(), failure)),
      ];
    },
    message: () => messageOf(failure, dataset, causesAmong(blockers(), failure)),
    lookups: () => volumeLookups(dataset, evidence),
    facts: () => ({
      ...volumeFacts(pv, dataset),
      remedy: remedyFor(
        stepsAmong(blockers(), failure),
        pv.phase === 'Failed' ? stepsAfterFailure(pv) : [waitFor('PersistentVolume')],
      ),
    }),
  };
}

function clonesOf(place: SnapshotPlace | undefined, { volumeLinks }: Given): readonly Dataset[] {
  if (place === undefined) return [];
  const { system, id } = place;
  return id.includes('@')
    ? volumeLinks.clonesOfSnapshot(system, id)
    : volumeLinks.clonesOf({ system, id });
}

function contentLookups(clones: readonly Dataset[]): readonly Lookup[] {
  return [
    { kind: 'cluster-list', source: 'volumeSnapshotContents' },
    ...clones.map(({ system, id }): Lookup => ({ kind: 'dataset', system, id })),
  ];
}

function judgeContent(
  content: VolumeSnapshotContent,
  evidence: Given,
  context: RuleContext,
): Verdict {
  const { deletedAt, error, snapshot, restoreSize } = content;
  const place = placeOfSnapshot(content, evidence.parents);
  const clones = clonesOf(place, evidence);
  const blockers = clonesBlock(clones, evidence.volumeLinks);
  const cause = describeCauses(place?.id ?? '', blockers);
  const said = excerpt(error?.message ?? '');
  return {
    subject: refToContent(content),
    place: place === undefined ? null : { system: place.system, path: place.path },
    premise: condition(
      'delete-wanted',
      deletedAt !== null,
      deletedAt === null ? 'nobody deletes it' : `being deleted since ${deletedAt.toISOString()}`,
    ),
    checks: () => [
      condition(
        'delete-fails',
        error !== null,
        error === null ? 'its status holds no error' : said,
      ),
      olderThanThreshold(lastTurn(content), context, 'unchanged since'),
      assurance('cause-found', cause !== undefined, cause ?? 'no clone of it is seen'),
    ],
    message: () =>
      cause === undefined ? `its deletion fails: ${said}` : `its deletion fails: ${cause}`,
    lookups: () => contentLookups(clones),
    facts: () =>
      facts({
        createdAt: content.createdAt,
        size: restoreSize?.bytes ?? null,
        approximate: isApproximate(restoreSize),
        labels: content.labels,
        annotations: content.annotations,
        truenasReference: place?.id ?? content.snapshotHandle,
        kubernetesReference: snapshot === null ? null : `${snapshot.namespace}/${snapshot.name}`,
        remedy: remedyFor(blockers, [waitFor('VolumeSnapshotContent')]),
      }),
  };
}

export const deleteBlocked = defineRule({
  id: 'delete-blocked',
  category: 'drift',
  severity: 'medium',
  title: 'Volume or snapshot that its driver cannot delete',
  scope: 'cluster',
  subjects: ['PersistentVolume', 'VolumeSnapshotContent'],
  requires: REQUIRES,
  consults: CONSULTS,

  *evaluate(evidence: Given, context) {
    const { persistentVolumes, volumeLinks, parents, volumeSnapshotContents } = evidence;
    const failures = lazy(() => failuresByVolume(evidence.events.items));
    for (const pv of persistentVolumes) {
      if (context.suspectsOnly && !isAwaitingDelete(pv)) continue;
      if (!volumeLinks.concerns(pv)) continue;
      yield judgeVolume(pv, lastFailure(pv, failures()), evidence, context);
    }
    for (const content of volumeSnapshotContents.items) {
      if (context.suspectsOnly && (content.deletedAt === null || content.error === null)) continue;
      if (!parents.isTrueNasDriver(content.cluster, content.driver)) continue;
      yield judgeContent(content, evidence, context);
    }
  },
});
