import { detailOf, type Check } from '../../model/check.ts';
import { type Remedy } from '../../model/remedy.ts';

/*
 * What speaks against a finding comes first among its steps. Whoever follows them from the top then meets an open session, another
 * owner or a clone while everything is still as it was.
 */

/** Signs that the cluster, and not the object, is what is missing: they cast doubt on all findings at once. */
export const WORLD_CHECKS: readonly string[] = [
  'younger-than-cluster',
  'not-lost-by-restore',
  'few-unclaimed-at-once',
  'few-copies-unclaimed-at-once',
  'few-missing-at-once',
];

/** Whether the finding smells of a rebuilt or restored cluster, or of the wrong context: then nothing is to go, but to be brought back. */
export function isClusterMissing(checks: readonly Check[]): boolean {
  return checks.some(({ id, result }) => result === 'failed' && WORLD_CHECKS.includes(id));
}

export const CHECK_CLUSTERS =
  'Check that every cluster that uses this TrueNAS is configured and that the context is the right one.';

/** What to do about an assurance that failed, by its id; what was seen is part of the sentence. */
const STEPS: Readonly<Record<string, (seen: string) => string>> = {
  'owner-registered': (seen) => `Find out whose it is: ${seen}.`,
  'no-foreign-owner': (seen) =>
    `Leave it alone until it is known which cluster it belongs to: ${seen}. Where that is another one, register it and its driver, and do not declare the parent exclusive.`,
  'source-known': (seen) => `Find out whose copy it is: ${seen}.`,
  'no-clone': (seen) => `Look at its clones: it is ${seen}, and has to outlive them.`,
  'no-child-dataset': (seen) =>
    `Find out whose the datasets inside it are, ${seen}: no driver makes any there.`,
  'not-kept-on-purpose': (seen) =>
    `Leave it unless its owner lets it go: ${seen}, so that it is kept on purpose. An entry under ignore: makes this finding quiet.`,
  'no-hold': (seen) =>
    `Find out who set the hold, and what for: ${seen}. A replication sets holds of its own.`,
  'no-claimed-snapshot': (seen) =>
    `Ask whose its snapshots are: Kubernetes counts on ${seen}, which would go with it.`,
  'no-iscsi-session': (seen) =>
    `Find out which host is logged in and what it has mounted: ${seen}. Its disk is gone the moment the target is.`,
  'no-nvme-session': (seen) =>
    `Find out which host is connected and what it has mounted: ${seen}. Its disk is gone the moment the subsystem is.`,
  'no-inline-volume': (seen) => `Ask whose this is: ${seen} uses it without a PersistentVolume.`,
  'no-foreign-export': (seen) =>
    `Find out who uses ${seen}: it leads to the same data, and is not the volume's own.`,
  'no-task': (seen) => `Find out what ${seen} is for: it names this dataset or writes to it.`,
  'no-replication': (seen) =>
    `Find out whether ${seen} needs it: a replication that loses its last common snapshot has to begin anew.`,
  'snapshot-not-used': (seen) =>
    `Find out what ${seen} is for: it leads into the snapshot itself, and who uses it may be restoring from it.`,
  'no-other-use': (seen) => `Look at what uses it on TrueNAS: ${seen}.`,
  'no-class-keeps-snapshots': (seen) =>
    `Ask whoever made ${seen} whether this is kept on purpose: the class keeps what is deleted in Kubernetes, or is there for backups.`,
  'nobody-remembers-it': (seen) =>
    `Ask whose it still is: ${seen} names its volume or what exports it.`,
  'put-aside-by-us': (seen) =>
    `Leave it alone until it is known who marked it: ${seen}. It was restored, or received, with its mark.`,
  'not-written-since': (seen) => `Find out who has written to it since it was put aside: ${seen}.`,
  'made-by-driver': (seen) => `Find out who made it: ${seen}.`,
};

/** What an assurance would have told, had it been seen. */
const UNSEEN: Readonly<Record<string, string>> = {
  'younger-than-cluster': 'whether it is older than its cluster',
  'nobody-remembers-it': 'whether a claim or an attachment names its volume',
  'owner-registered': 'whose it is',
  'no-foreign-owner': 'whether another deployment made it',
  'not-kept-on-purpose': 'whether its driver was told to keep it',
  'put-aside-by-us': 'who put it aside, and whether it was out of reach since then',
  'not-written-since': 'whether anybody has written to it since it was put aside',
  'no-hold': 'whether it is held',
  'no-claimed-snapshot': 'whether Kubernetes counts on its snapshots',
  'no-iscsi-session': 'whether an initiator is logged in',
  'no-nvme-session': 'whether a host is connected',
  'no-inline-volume': 'whether a pod mounts it directly',
  'no-foreign-export': 'what else exports it',
  'no-task': 'whether a task works on it',
  'no-replication': 'whether a replication needs it',
  'snapshot-not-used': 'whether anything mounts or exports the snapshot itself',
  'no-other-use': 'what else uses it on TrueNAS',
  'no-class-keeps-snapshots': 'whether a VolumeSnapshotClass keeps what is deleted',
};

function failedSteps(failed: readonly Check[]): readonly string[] {
  const foreign = failed.some(({ id }) => id === 'no-foreign-owner');
  const steps = failed.flatMap((check) => {
    const { id } = check;
    if (WORLD_CHECKS.includes(id)) return [CHECK_CLUSTERS];
    // A known stranger says more than that nobody is known.
    if (id === 'owner-registered' && foreign) return [];
    const step = STEPS[id] ?? ((seen) => `Look into what speaks against it: ${seen} (${id}).`);
    return [step(detailOf(check))];
  });
  return [...new Set(steps)];
}

function unseenSteps(unknown: readonly Check[]): readonly string[] {
  if (unknown.length === 0) return [];
  const questions = unknown.map((check) => `${UNSEEN[check.id] ?? check.id} (${detailOf(check)})`);
  return [`Find out by hand what this scan could not: ${questions.join('; ')}.`];
}

/** What has to be dealt with first: what was seen to speak against the finding, then what could not be seen. */
export function doubtSteps(checks: readonly Check[]): readonly string[] {
  const bearing = checks.filter(({ weight }) => weight === 'confidence');
  return [
    ...failedSteps(bearing.filter(({ result }) => result === 'failed')),
    ...unseenSteps(bearing.filter(({ result }) => result === 'unknown')),
  ];
}

function onlyThen(step: string): string {
  return `Only when that is settled: ${step.charAt(0).toLowerCase()}${step.slice(1)}`;
}

/** The remedy as it is where every assurance holds; where one does not, that comes first, and nothing of it is safe. */
export function mindOfDoubts(remedy: Remedy, checks: readonly Check[]): Remedy {
  const doubts = doubtSteps(checks);
  if (doubts.length === 0) return remedy;
  const [first, ...rest] = remedy.steps;
  return {
    action: 'investigate',
    safe: false,
    steps: [...doubts, ...(first === undefined ? [] : [onlyThen(first)]), ...rest],
    command: null,
  };
}

/** Of what speaks against a finding, what matters to whoever brings a volume back: that somebody else has it. */
const IN_OTHER_HANDS: readonly string[] = [
  'no-foreign-owner',
  'no-iscsi-session',
  'no-nvme-session',
  'no-other-use',
];

/** What to look at before a volume is given to a new PersistentVolume. */
export function otherHandsSteps(checks: readonly Check[]): readonly string[] {
  return failedSteps(
    checks.filter(({ id, result }) => result === 'failed' && IN_OTHER_HANDS.includes(id)),
  );
}
