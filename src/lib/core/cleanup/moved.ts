import { type MovedDataset } from '../model/moved-dataset.ts';
import { type Identity } from './expectation.ts';
import { type PlanStep } from './plan-schema.ts';
import { type RunView, type StepView, withRollbacks } from './run-view.ts';

/** What was seen of the dataset before the step: as it was planned, else as it was read. */
function seenBefore({ step, saved }: StepView, dataset: string): Identity | undefined {
  const seen = [...step.before, ...saved].find(
    ({ target: { kind, where }, identity }) =>
      kind === 'dataset' && identity !== null && 'id' in where && where['id'] === dataset,
  );
  return seen?.identity ?? undefined;
}

function textOf(identity: Identity | undefined, key: string): string | null {
  const value = identity?.[key];
  return typeof value === 'string' ? value : null;
}

/** Where a step left a dataset, and where it was. */
function placesOf({ change }: PlanStep): { readonly from: string; readonly to: string } | null {
  if (change.type === 'move-dataset') return change;
  return change.type === 'set-mark' && change.mark !== null
    ? { from: change.dataset, to: change.dataset }
    : null;
}

type Marked = Pick<MovedDataset, 'mark' | 'usedByDataset'>;

/** What this run wrote on a dataset, and what it held when that was read back. */
function markedIn({ steps }: RunView, dataset: string): Marked {
  for (const { step, state, observed } of steps) {
    const { change } = step;
    if (state !== 'done' || change.type !== 'set-mark' || change.dataset !== dataset) continue;
    const seen = observed.find(
      ({ target: { kind, where } }) =>
        kind === 'dataset' && 'id' in where && where['id'] === dataset,
    );
    const used = seen?.identity?.['used_by_dataset'];
    return { mark: change.mark, usedByDataset: typeof used === 'number' ? used : null };
  }
  return { mark: null, usedByDataset: null };
}

/** A run that has moved a dataset on has left nothing at its old place: what is there is a copy. */
function isLeft({ steps }: RunView, place: string): boolean {
  return steps.some(
    ({ state, step: { change } }) =>
      state === 'done' && change.type === 'move-dataset' && change.from === place,
  );
}

/** Host id of the system a step was done on. */
function hostOf({ target }: PlanStep, { systems }: RunView): string | undefined {
  if (target.side !== 'truenas') return undefined;
  return systems.find(({ name }) => name === target.system)?.host_id;
}

function movedIn(run: RunView): readonly MovedDataset[] {
  return run.steps.flatMap((each) => {
    const places = each.state === 'done' ? placesOf(each.step) : null;
    const hostId = hostOf(each.step, run);
    if (places === null || hostId === undefined || isLeft(run, places.to)) return [];
    const { from, to } = places;
    const before = seenBefore(each, from);
    return [
      {
        hostId,
        from,
        to,
        guid: textOf(before, 'guid'),
        createtxg: textOf(before, 'createtxg'),
        ...markedIn(run, from),
        at: each.at ?? run.lastAt,
      },
    ];
  });
}

/** What clean-up has put aside, and where, as far as it was not brought back since. */
export function movedDatasets(runs: readonly RunView[]): readonly MovedDataset[] {
  return withRollbacks(runs)
    .filter(({ kind }) => kind === 'apply')
    .flatMap(movedIn);
}
