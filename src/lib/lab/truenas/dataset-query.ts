import { instanceNotFound } from './errors.ts';
import { BASE_FIELDS, type DatasetShape, datasetBase, datasetEntry } from './dataset-entry.ts';
import { admittedValues, compileFilters } from './filter-list.ts';
import { type Fields } from './json.ts';
import { type Call, flagOf, readQuery, textParam, textsOf } from './method.ts';
import { type Query, finish, mentions, parseOptions } from './query-options.ts';
import { snapshotsOfDataset } from './snapshot-entry.ts';
import { type DatasetNode, type View } from './view.ts';

interface Wanted {
  readonly shape: DatasetShape;
  readonly flat: boolean;
  readonly children: boolean;
  readonly hideInternal: boolean;
}

function readExtra(extra: Fields): Wanted {
  return {
    shape: {
      properties: textsOf(extra, 'properties'),
      userProperties: flagOf(extra, 'retrieve_user_props', true),
    },
    flat: flagOf(extra, 'flat', true),
    children: flagOf(extra, 'retrieve_children', true),
    hideInternal: flagOf(extra, 'exclude_internal_datasets', true),
  };
}

/** The datasets that are to be looked at, before any filter. */
function candidates(call: Call, { filters }: Query, wanted: Wanted): readonly DatasetNode[] {
  const { view, lab } = call;
  const { table } = lab;
  const named = admittedValues(filters[0], ['id', 'name']);
  if (named !== undefined && (wanted.flat || !wanted.children)) {
    return named.flatMap((id) => view.byId.get(String(id)) ?? []);
  }
  if (wanted.children) return wanted.flat ? view.nodes : view.roots;
  return filters.length > 0 && table.datasets.filtersSearchAll ? view.nodes : view.roots;
}

/** Whether a filter looks at nothing but the fields every entry has. */
function isCheap(filter: unknown): boolean {
  return Array.isArray(filter) && filter.length === 3 && BASE_FIELDS.includes(String(filter[0]));
}

class EntryBuilder {
  readonly #call: Call;
  readonly #wanted: Wanted;
  readonly #extra: Fields;
  readonly #withChildren: boolean;
  /** Each dataset is built once, however many ancestors show it. */
  readonly #built = new Map<DatasetNode, Fields>();

  constructor(call: Call, query: Query, wanted: Wanted) {
    this.#call = call;
    this.#wanted = wanted;
    this.#extra = query.options.extra;
    this.#withChildren = wanted.children && mentions(query, 'children');
  }

  isVisible(node: DatasetNode): boolean {
    const { internalCanBeShown, datasets } = this.#call.lab.table;
    const show = internalCanBeShown && !this.#wanted.hideInternal;
    return show || !datasets.hidden.test(node.dataset.id);
  }

  build(node: DatasetNode): Fields {
    const known = this.#built.get(node);
    if (known !== undefined) return known;
    const entry = datasetEntry(node, this.#wanted.shape, this.#call.lab.table);
    this.#built.set(node, entry);
    this.#addSnapshots(entry, node);
    if (this.#withChildren) {
      entry['children'] = node.children
        .filter((child) => this.isVisible(child))
        .map((child) => this.build(child));
    }
    return entry;
  }

  #addSnapshots(entry: Fields, node: DatasetNode): void {
    const extra = this.#extra;
    if (flagOf(extra, 'snapshots_count')) entry['snapshot_count'] = node.snapshots.length;
    if (flagOf(extra, 'snapshots')) {
      const names = textsOf(extra, 'snapshots_properties');
      entry['snapshots'] = snapshotsOfDataset(this.#call, node, names);
    }
  }
}

/** `pool.dataset.query`. */
export function queryDatasets(call: Call): unknown {
  const query = readQuery(call);
  const wanted = readExtra(query.options.extra);
  const builder = new EntryBuilder(call, query, wanted);
  const visible = candidates(call, query, wanted).filter((node) => builder.isVisible(node));
  if (query.options.count && call.lab.table.datasets.countIgnoresFilters) {
    compileFilters(query.filters);
    return visible.length;
  }
  const cheap = compileFilters(query.filters.filter(isCheap));
  const costly = compileFilters(query.filters.filter((filter) => !isCheap(filter)));
  const entries: Fields[] = [];
  for (const node of visible) {
    if (!cheap(datasetBase(node))) continue;
    const entry = builder.build(node);
    if (costly(entry)) entries.push(entry);
  }
  return finish(entries, query.options);
}

/** The dataset of an id that can be seen through the API, or an error that says it does not exist. */
export function findDataset(
  { view, lab }: { view: View; lab: Call['lab'] },
  id: string,
): DatasetNode {
  const node = view.byId.get(id);
  if (node === undefined || lab.table.datasets.hidden.test(id)) {
    throw instanceNotFound('PoolDataset', id);
  }
  return node;
}

/** `pool.dataset.get_instance`. */
export function getDataset(call: Call): unknown {
  const node = findDataset(call, textParam(call, 0, 'id'));
  const options = parseOptions(call.params[1], call.lab.table.queryOptions);
  const query = { filters: [], options };
  return new EntryBuilder(call, query, readExtra(options.extra)).build(node);
}
