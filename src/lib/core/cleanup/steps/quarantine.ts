import { leafName, poolName } from '../../correlate/paths.ts';
import { type Dataset } from '../../model/truenas.ts';
import { type Expectation } from '../expectation.ts';
import { identityOf } from '../identity.ts';
import { quarantineMark } from '../mark.ts';
import { leaveOut, NOT_SEEN, type StepDraft, type StepMaker } from './making.ts';
import { nasTarget, switchObject } from './nas-object.ts';
import { canMove, datasetAt, type Scene } from './scene.ts';
import {
  countedUnder,
  datasetOf,
  datasetSubject,
  expectDataset,
  switchesOf,
  whyNotTouch,
} from './volume.ts';

/**
 * When nobody reaches it any more at the latest: the plan is carried out before it expires or not at all. A mark that said when the plan
 * was made would let the dataset be destroyed too early by as long as the plan waited.
 */
function asideFrom({ now, planTtl }: Scene): Date {
  return new Date(now.getTime() + planTtl);
}

/** From here on it may be destroyed, and then nothing brings it back. */
function destroyableFrom(scene: Scene): Date {
  return new Date(asideFrom(scene).getTime() + scene.policy.quarantineFor);
}

/** Null where it can be moved; else why it stays where it is, or nothing where nobody asked. */
function whyNotMove(dataset: Dataset, scene: Scene): string | null {
  const { quarantineParent: parent } = scene;
  if (parent === null) return '';
  const { system, id } = dataset;
  if (!canMove(scene, system)) return 'this TrueNAS has no call to move a dataset';
  if (poolName(parent) !== poolName(id)) return `${parent} is in another pool`;
  if (datasetAt(scene, { system, path: parent }) === undefined) return `there is no ${parent}`;
  const to = `${parent}/${leafName(id)}`;
  return datasetAt(scene, { system, path: to }) === undefined ? null : `${to} is there already`;
}

interface Marked {
  readonly dataset: Dataset;
  readonly mark: string;
  readonly after: Expectation;
}

function markOf(dataset: Dataset, scene: Scene): Marked {
  const mark = quarantineMark(dataset.id, asideFrom(scene), scene.planId);
  const target = nasTarget('dataset', { id: dataset.id });
  return {
    dataset,
    mark,
    after: { target, identity: { ...identityOf.dataset(dataset), mark } },
  };
}

function markStep({ dataset, mark, after }: Marked, stays: string, scene: Scene): StepDraft {
  const { id, system } = dataset;
  const until = destroyableFrom(scene);
  return {
    title: `Mark ${id} as put aside`,
    target: { side: 'truenas', system },
    subject: datasetSubject(dataset),
    change: { type: 'set-mark', dataset: id, mark },
    before: [expectDataset(dataset)],
    after: [after],
    preconditions: [
      `${id} is the dataset that was looked at, and nobody has written to it since`,
      ...(stays === '' ? [] : [`it stays where it is: ${stays}`]),
    ],
    undo: 'Take the mark off again',
    reversibleUntil: until,
    bytes: 0,
  };
}

function moveStep({ dataset, after }: Marked, parent: string, scene: Scene): StepDraft {
  const { id: from, system } = dataset;
  const to = `${parent}/${leafName(from)}`;
  const arrived = nasTarget('dataset', { id: to });
  return {
    title: `Move ${from} to ${to}`,
    target: { side: 'truenas', system },
    subject: datasetSubject(dataset),
    change: { type: 'move-dataset', from, to },
    before: [after, { target: arrived, identity: null }],
    after: [
      { target: nasTarget('dataset', { id: from }), identity: null },
      { target: arrived, identity: { ...after.identity, id: to } },
    ],
    preconditions: [`${from} carries the mark of this plan`, `there is nothing at ${to}`],
    undo: `Move it back to ${from}`,
    reversibleUntil: destroyableFrom(scene),
    bytes: 0,
  };
}

/** Nobody reaches it, it says why, and where that is wanted it lies elsewhere: whoever misses it can have all of it back. */
export function quarantineSteps(dataset: Dataset, scene: Scene): readonly StepDraft[] {
  const reversibleUntil = destroyableFrom(scene);
  const around = expectDataset(dataset);
  const disabled = switchesOf(dataset, scene)
    .filter(({ identity }) => identity['enabled'] === true)
    .map((object) => ({ ...switchObject(object, false, [around]), reversibleUntil }));
  const marked = markOf(dataset, scene);
  const stays = whyNotMove(dataset, scene);
  const { quarantineParent: parent } = scene;
  return [
    ...disabled,
    markStep(marked, stays ?? '', scene),
    ...(stays === null && parent !== null ? [moveStep(marked, parent, scene)] : []),
  ];
}

export const quarantineDataset: StepMaker = (finding, scene) => {
  const dataset = datasetOf(finding, scene);
  if (dataset === undefined) return NOT_SEEN;
  const { system, id } = dataset;
  const reason = whyNotTouch(dataset, scene);
  if (reason !== undefined) return leaveOut(reason);
  // What lies in a quarantine is put aside already, and one above it says until when.
  if (scene.derived.marks.quarantineAt(system, id) !== undefined) {
    return leaveOut('it is in quarantine already');
  }
  return {
    intent: 'quarantine',
    dataset: id,
    parent: countedUnder(system, id, scene),
    bytes: finding.reclaimable,
    steps: quarantineSteps(dataset, scene),
  };
};
