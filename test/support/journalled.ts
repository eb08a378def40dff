import { type Inventory } from '../../src/lib/core/model/inventory.ts';
import { type MovedDataset } from '../../src/lib/core/model/moved-dataset.ts';
import { type Dataset } from '../../src/lib/core/model/truenas.ts';
import { type World } from '../../src/lib/lab/scenario/world.ts';
import { aSystem } from './builders.ts';

/** What a journal tells of a dataset that was put aside and is as it was then, unless something else is said. */
export function journalled(dataset: Dataset, over: Partial<MovedDataset> = {}): MovedDataset {
  const mark = dataset.marks.quarantined;
  return {
    hostId: aSystem().hostId ?? '',
    from: mark?.split(';')[0] ?? '',
    to: dataset.id,
    guid: null,
    createtxg: null,
    mark,
    usedByDataset: dataset.usedByDataset?.bytes ?? null,
    at: new Date('2026-10-20T00:00:00Z'),
    ...over,
  };
}

/** The same world, where our own journals tell of everything that is marked, where it lies. */
export function withJournals(world: Inventory): Inventory {
  const marked = world.systems.flatMap(({ identity, lists: { datasets } }) =>
    (datasets?.items ?? []).flatMap((each) =>
      each.marks.quarantined === null ? [] : { each, hostId: identity.hostId ?? '' },
    ),
  );
  const inherits = ({ id, marks: { quarantined } }: Dataset): boolean =>
    marked.some(
      ({ each }) => id.startsWith(`${each.id}/`) && each.marks.quarantined === quarantined,
    );
  const moved = marked.flatMap(({ each, hostId }) =>
    inherits(each) || each.marks.quarantined?.startsWith(';') === true
      ? []
      : journalled(each, { hostId }),
  );
  return { ...world, moved: [...moved, ...world.moved] };
}

/** The same of a world of the lab. */
export function journalsOf({ systems }: World): readonly MovedDataset[] {
  return systems.flatMap(({ hostId, datasets }) =>
    datasets.flatMap(({ id, userProperties, usedbydataset }) => {
      const mark = userProperties['truenas-monitor:quarantined'];
      if (mark === undefined) return [];
      const from = mark.split(';')[0] ?? '';
      const told = { guid: null, createtxg: null, usedByDataset: usedbydataset };
      return { hostId, from, to: id, mark, ...told, at: new Date('2026-10-20T00:00:00Z') };
    }),
  );
}
