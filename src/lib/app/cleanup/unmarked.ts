import { planIdOfMark } from '../../core/cleanup/mark.ts';
import { type Listing } from '../../core/model/coverage.ts';
import { type SystemLists, type SystemSource } from '../../core/model/inventory.ts';
import { type Dataset } from '../../core/model/truenas.ts';
import { type NasReader } from '../../ports/nas.ts';

/**
 * A system as it would be had a plan not marked anything yet: what makes its findings true must go on being true until its last step,
 * and every rule is silent of what is in quarantine.
 */
export function unmarkedBy(reader: NasReader, planId: string): NasReader {
  const plain = (dataset: Dataset): Dataset =>
    planIdOfMark(dataset.marks.quarantined) === planId
      ? { ...dataset, marks: { ...dataset.marks, quarantined: null } }
      : dataset;
  return {
    name: reader.name,
    identify: async (signal) => await reader.identify(signal),
    list: async <S extends SystemSource>(source: S, signal: AbortSignal) => {
      const listing = await reader.list(source, signal);
      if (source !== 'datasets') return listing;
      // The source decides which list it is, which the types lose at a choice.
      const datasets = listing as unknown as Listing<Dataset>;
      const items = datasets.items.map(plain);
      return { ...datasets, items } as unknown as Listing<SystemLists[S]>;
    },
    lookUpDatasets: async (ids, signal) => {
      const looked = await reader.lookUpDatasets(ids, signal);
      const found = new Map([...looked.found].map(([id, dataset]) => [id, plain(dataset)]));
      return { ...looked, found };
    },
    lookUpSnapshots: async (ids, signal) => await reader.lookUpSnapshots(ids, signal),
    connection: () => reader.connection(),
    close: async () => {
      await reader.close();
    },
  };
}
