import { type Quarantine } from '../../correlate/marks.ts';
import { type Dataset } from '../../model/truenas.ts';
import { leaveOut, NOT_SEEN, type StepDraft, type StepMaker } from './making.ts';
import { nasTarget } from './nas-object.ts';
import { deleteExportsOf } from './exports.ts';
import { type Scene } from './scene.ts';
import { deleteSnapshot, whyNotWithSnapshots } from './snapshots.ts';
import { countedUnder, datasetOf, datasetSubject, expectDataset, whyNotTouch } from './volume.ts';

/** Why it has not been out of reach for long enough. Its mark says since when it was so at the latest. */
function whyNotYet({ since }: Quarantine, { now, policy }: Scene): string | undefined {
  if (since === null) return 'its mark does not say since when it is in quarantine';
  const due = new Date(since.getTime() + policy.quarantineFor);
  return due > now
    ? `it may have been out of reach for too short a time until ${due.toISOString()}`
    : undefined;
}

function whyNotDestroy(dataset: Dataset, quarantine: Quarantine, scene: Scene): string | undefined {
  return (
    whyNotYet(quarantine, scene) ??
    whyNotTouch(dataset, scene) ??
    whyNotWithSnapshots(dataset, scene)
  );
}

function destroyStep(dataset: Dataset, bytes: number): StepDraft {
  const { id, system } = dataset;
  const target = nasTarget('dataset', { id });
  return {
    title: `Destroy ${id}`,
    target: { side: 'truenas', system },
    subject: datasetSubject(dataset),
    change: { type: 'destroy-dataset', dataset: id },
    before: [expectDataset(dataset)],
    after: [{ target, identity: null }],
    preconditions: [
      `${id} is the dataset that was put aside, and nobody has written to it since`,
      'nothing exports it, and it has no snapshot, no clone and nothing below it',
    ],
    undo: null,
    reversibleUntil: null,
    bytes,
  };
}

/** From the leaf to the root: what exports it, its snapshots, itself. Nothing that TrueNAS would take along is left to it. */
export const destroyDataset: StepMaker = (finding, scene) => {
  const dataset = datasetOf(finding, scene);
  if (dataset === undefined) return NOT_SEEN;
  const { system, id, used } = dataset;
  const quarantine = scene.derived.marks.quarantineAt(system, id);
  if (quarantine?.root.id !== id) return leaveOut('it is not in quarantine itself');
  const reason = whyNotDestroy(dataset, quarantine, scene);
  if (reason !== undefined) return leaveOut(reason);
  if (used === null) return leaveOut('its size is not known');
  const around = expectDataset(dataset);
  const snapshots = scene.derived.snapshotLinks
    .snapshotsOf(dataset)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const steps = [
    ...deleteExportsOf(dataset, scene, [around]),
    ...snapshots.map((snapshot) => deleteSnapshot(snapshot, [around])),
  ];
  const { bytes } = used;
  const freed = steps.reduce((sum, step) => sum + step.bytes, 0);
  return {
    intent: 'destroy',
    dataset: id,
    parent: countedUnder(system, quarantine.path, scene),
    bytes,
    steps: [...steps, destroyStep(dataset, Math.max(bytes - freed, 0))],
  };
};
