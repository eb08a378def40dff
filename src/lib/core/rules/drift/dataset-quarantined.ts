import { datasetsById } from '../../correlate/listed-by.ts';
import { parentPath } from '../../correlate/paths.ts';
import { type Quarantine } from '../../correlate/marks.ts';
import { type VolumeLinks } from '../../correlate/match-volumes.ts';
import { assurance, condition, note, type Check } from '../../model/check.ts';
import { type Severity } from '../../model/finding.ts';
import { lazy } from '../../model/lazy.ts';
import { type Remedy } from '../../model/remedy.ts';
import { defineRule, type RuleContext } from '../../model/rule.ts';
import { refToDataset } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { bytes } from '../../model/units.ts';
import { absenceOf } from '../checks/absence.ts';
import { destruction } from '../checks/deletion.ts';
import { datasetFacts } from '../checks/facts.ts';
import {
  noClaimedSnapshot,
  noClone,
  noForeignExport,
  noHold,
  noInlineVolume,
  noNvmeSession,
  noOtherUse,
  noSession,
} from '../checks/leaning.ts';
import { oursToDestroy, useBesideQuarantine } from '../checks/put-aside.ts';
import { placeOf } from '../checks/place.ts';
import { memoriesAgain, MEMORY_SOURCES, notRemembered } from '../checks/remembered.ts';
import { noTask } from '../checks/replication.ts';
import { snapshotsSeen } from '../checks/snapshots-seen.ts';
import { storageReadable } from '../checks/storage.ts';
import { lookupsFor, SURROUNDING_SOURCES, type Surroundings } from '../checks/unclaimed.ts';

/** What becomes of a quarantine: somebody came back to it, nobody did for long enough, or it goes on. */
type Stage = 'in-use' | 'due' | 'waiting';

const SEVERITIES: Readonly<Record<Stage, Severity>> = {
  'in-use': 'high',
  due: 'medium',
  waiting: 'low',
};

/** When it may be destroyed; null where the mark does not say since when it is there. */
function dueAt({ since }: Quarantine, { policy }: RuleContext): Date | null {
  return since === null ? null : new Date(since.getTime() + policy.quarantineFor);
}

function stageOf(quarantine: Quarantine, users: readonly string[], context: RuleContext): Stage {
  if (users.length > 0) return 'in-use';
  const due = dueAt(quarantine, context);
  return due !== null && due <= context.now ? 'due' : 'waiting';
}

/** Everyone who uses the dataset or one below it: what is below went into quarantine with it. */
function usersWithin(
  root: Dataset,
  volumeLinks: VolumeLinks,
  find: (id: string) => Dataset | undefined,
): readonly string[] {
  const names = new Set(volumeLinks.usersOf(root).map(({ name }) => name));
  for (const id of volumeLinks.childrenOf(root)) {
    const child = find(id);
    if (child === undefined) continue;
    for (const name of usersWithin(child, volumeLinks, find)) names.add(name);
  }
  return [...names];
}

/** A share or extent that is enabled again lets somebody in, and nobody can tell who came. */
function notExportedAgain(
  dataset: Dataset,
  { exports, smbShares, nvmetNamespaces }: Surroundings,
): Check {
  const { value } = exports;
  const open = [
    ...value.nfsSharesOf(dataset).map(({ enabled, id }) => ({ enabled, name: `NFS share ${id}` })),
    ...value.smbSharesOf(dataset).map(({ enabled, name }) => ({ enabled, name })),
    ...value.extentsOf(dataset).map(({ extent }) => extent),
    ...value.namespacesOf(dataset).map(({ namespace: { enabled, subsystem } }) => ({
      enabled,
      name: `NVMe-oF subsystem ${subsystem}`,
    })),
  ].filter(({ enabled }) => enabled);
  return absenceOf(
    'not-exported-again',
    open.map(({ name }) => name),
    [exports.coverage, smbShares.coverage, nvmetNamespaces.coverage],
  );
}

/** What must not lean on a dataset in the moment it is destroyed. */
function nothingLeansOn(root: Dataset, around: Surroundings): readonly Check[] {
  const { volumeLinks, snapshotLinks, exports } = around;
  return [
    noClone(volumeLinks.clonesOf(root)),
    noHold(snapshotLinks.value.snapshotsOf(root), snapshotsSeen(root, snapshotLinks)),
    noClaimedSnapshot(root, snapshotLinks),
    noSession(root, exports, around.iscsiSessions),
    ...noNvmeSession(root, exports, around.nvmetNamespaces, around.nvmetSessions),
    noInlineVolume(root, volumeLinks, around.claimUse),
    notExportedAgain(root, around),
    noForeignExport(root, exports, around.smbShares, around.nvmetNamespaces),
    noTask(root, around.snapshotTasks, around.replications),
    noOtherUse(root),
  ];
}

function sinceText({ since, planId }: Quarantine): string {
  const plan = planId === null || planId === '' ? '' : ` by plan ${planId}`;
  return `since ${since?.toISOString() ?? 'an unknown time'}${plan}`;
}

function messageFor(quarantine: Quarantine, stage: Stage, users: readonly string[]): string {
  switch (stage) {
    case 'in-use':
      return `in quarantine and in use by ${users.join(', ')}`;
    case 'due':
      return `in quarantine ${sinceText(quarantine)}, and nobody came for it`;
    case 'waiting':
      return `in quarantine ${sinceText(quarantine)}`;
  }
}

function remedyFor(
  { root }: Quarantine,
  stage: Stage,
  due: Date | null,
  destroy: () => Remedy,
): Remedy {
  const { id } = root;
  const undo = `Enable its share or extent and remove the property truenas-monitor:quarantined from ${id}`;
  switch (stage) {
    case 'in-use':
      return {
        action: 'investigate',
        safe: false,
        steps: [`${undo}: somebody needs it.`, 'Check that its volume can be mounted again.'],
        command: null,
      };
    case 'due': {
      const remedy = destroy();
      const first = `${undo} if somebody asked for it in the meantime, and leave it at that.`;
      return { ...remedy, steps: [first, ...remedy.steps] };
    }
    case 'waiting':
      return {
        action: 'none',
        safe: false,
        steps: [
          due === null
            ? `Find out since when ${id} is in quarantine: its mark does not say.`
            : `Wait until ${due.toISOString()}: somebody may yet miss it.`,
          `${undo} if somebody does.`,
        ],
        command: null,
      };
  }
}

export const datasetQuarantined = defineRule({
  id: 'dataset-quarantined',
  category: 'drift',
  severity: 'low',
  title: 'Dataset that was put aside to see whether anybody misses it',
  scope: 'system',
  subjects: ['Dataset', 'Zvol'],
  seesQuarantine: true,
  requires: [
    'datasets',
    'marks',
    'parents',
    'volumeLinks',
    'persistentVolumes',
    'storage',
    'clusters',
  ],
  consults: [...SURROUNDING_SOURCES, ...MEMORY_SOURCES],

  *evaluate(evidence, context) {
    const { datasets, marks, volumeLinks, storage, snapshotLinks } = evidence;
    const system = datasets[0]?.system;
    const useBeside = lazy(() => useBesideQuarantine(marks.quarantines, evidence));
    for (const quarantine of marks.quarantines) {
      const { root, path } = quarantine;
      if (root.system !== system) continue;
      const users = usersWithin(root, volumeLinks, (id) => datasetsById(datasets).get(id));
      const stage = stageOf(quarantine, users, context);
      const due = dueAt(quarantine, context);
      const inside = marks.quarantineAt(system, parentPath(root.id)) !== undefined;
      yield {
        subject: refToDataset(root),
        place: placeOf(root),
        premise: condition('marked', true, `marked ${sinceText(quarantine)}`),
        checks: () => [
          storageReadable(storage, system, root.id),
          // A replica shows the mark of its source, and where the source is on another system nothing here contradicts it.
          assurance(
            'marked-where-it-lies',
            path === root.id ? true : undefined,
            path === root.id
              ? 'the mark names this dataset'
              : `the mark names ${path}: it was moved, or is a copy`,
          ),
          note(
            'nobody-uses-it',
            users.length === 0,
            users.join(', ') || 'no PersistentVolume and no pod does',
          ),
          note(
            'long-enough',
            due === null ? undefined : due <= context.now,
            due === null ? 'the mark does not say since when' : `until ${due.toISOString()}`,
          ),
          ...(stage === 'due'
            ? [
                ...oursToDestroy(quarantine, evidence, useBeside(), context),
                ...nothingLeansOn(root, evidence),
                notRemembered(root, evidence),
              ]
            : []),
        ],
        message: () => messageFor(quarantine, stage, users),
        severity: SEVERITIES[stage],
        lookups: () => [...lookupsFor(root, snapshotLinks), ...memoriesAgain()],
        facts: (checks) => ({
          ...datasetFacts(root),
          // What lies inside another quarantine is counted there.
          reclaimable: bytes(stage === 'due' && !inside ? (root.used?.bytes ?? 0) : 0),
          remedy: remedyFor(quarantine, stage, due, () => destruction(root, snapshotLinks, checks)),
        }),
      };
    }
  },
});
