import { datasetsById } from '../../correlate/listed-by.ts';
import { parentPath } from '../../correlate/paths.ts';
import { type Quarantine } from '../../correlate/marks.ts';
import { assurance, condition, note, type Check } from '../../model/check.ts';
import { type Severity } from '../../model/finding.ts';
import { lazy } from '../../model/lazy.ts';
import { type Remedy } from '../../model/remedy.ts';
import { defineRule, type RuleContext } from '../../model/rule.ts';
import { refToDataset } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { bytes } from '../../model/units.ts';
import { companyOf, notExportedAgain, type Company } from '../checks/came-back.ts';
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
import {
  namedInKubernetes,
  notWrittenSince,
  oursToDestroy,
  putAsideByUs,
  useBesideQuarantine,
} from '../checks/put-aside.ts';
import { placeOf } from '../checks/place.ts';
import { memoriesAgain, MEMORY_SOURCES, notRemembered } from '../checks/remembered.ts';
import { noTask } from '../checks/replication.ts';
import { snapshotsSeen } from '../checks/snapshots-seen.ts';
import { storageReadable } from '../checks/storage.ts';
import { lookupsFor, SURROUNDING_SOURCES, type Surroundings } from '../checks/unclaimed.ts';

/** What becomes of a quarantine: somebody came back to it, or may have, nobody did for long enough, or it goes on. */
type Stage = 'in-use' | 'exported' | 'due' | 'waiting';

const SEVERITIES: Readonly<Record<Stage, Severity>> = {
  'in-use': 'high',
  exported: 'high',
  due: 'medium',
  waiting: 'low',
};

/** When it may be destroyed; null where the mark does not say since when it is there. */
function dueAt({ since }: Quarantine, { policy }: RuleContext): Date | null {
  return since === null ? null : new Date(since.getTime() + policy.quarantineFor);
}

function stageOf(quarantine: Quarantine, { users, doors }: Company, context: RuleContext): Stage {
  if (users.length > 0) return 'in-use';
  if (doors.length > 0) return 'exported';
  const due = dueAt(quarantine, context);
  return due !== null && due <= context.now ? 'due' : 'waiting';
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
    noForeignExport(root, exports, around.smbShares, around.nvmetNamespaces),
    noTask(root, around.snapshotTasks, around.replications),
    noOtherUse(root),
  ];
}

function sinceText({ since, planId }: Quarantine): string {
  const plan = planId === null || planId === '' ? '' : ` by plan ${planId}`;
  return `since ${since?.toISOString() ?? 'an unknown time'}${plan}`;
}

function whereItLies({ root, path, planId, byUs }: Quarantine): string {
  if (path === root.id) return 'the mark names this dataset';
  if (byUs) return `moved there from ${path} by plan ${planId ?? 'of an unknown id'}`;
  return `the mark names ${path}: it was moved, or is a copy`;
}

function messageFor(quarantine: Quarantine, stage: Stage, { users, doors }: Company): string {
  switch (stage) {
    case 'in-use':
      return `in quarantine and in use by ${users.join(', ')}`;
    case 'exported':
      return `in quarantine, and exported again by ${doors.join(', ')}`;
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
    case 'exported':
      return {
        action: 'investigate',
        safe: false,
        steps: [
          `Find out who exported ${id} again, and whether anybody has written to it since.`,
          `Where somebody needs it, roll back the run that put it aside (truenas-monitor cleanup history), or remove the property truenas-monitor:quarantined from it.`,
          'Where nobody does, disable what exports it again.',
        ],
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
    const { datasets, marks, parents, storage, snapshotLinks } = evidence;
    const system = datasets[0]?.system;
    const useBeside = lazy(() => useBesideQuarantine(marks.quarantines, evidence));
    for (const quarantine of marks.quarantines) {
      const { root, path } = quarantine;
      if (root.system !== system) continue;
      const company = companyOf(root, evidence, (id) => datasetsById(datasets).get(id));
      const { users } = company;
      const stage = stageOf(quarantine, company, context);
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
            path === root.id || quarantine.byUs ? true : undefined,
            whereItLies(quarantine),
          ),
          putAsideByUs(quarantine),
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
          ...notExportedAgain(company.doors, stage === 'due', evidence),
          ...(stage === 'due'
            ? [
                notWrittenSince(quarantine),
                ...oursToDestroy(quarantine, evidence, useBeside(), context),
                ...nothingLeansOn(root, evidence),
                notRemembered(namedInKubernetes(quarantine, parents), evidence),
              ]
            : []),
        ],
        message: () => messageFor(quarantine, stage, company),
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
