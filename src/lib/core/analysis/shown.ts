import { findNearest } from '../model/did-you-mean.ts';
import { type AnalysisFilter } from '../model/filter.ts';
import { type Finding } from '../model/finding.ts';
import { type Inventory } from '../model/inventory.ts';
import { type ReportWarning, type WarningCode } from '../model/report.ts';
import { namespaceOf } from '../report/select-findings.ts';
import { unmatchedNamespaces } from '../report/unmatched-namespaces.ts';
import { clusterItems, systemItems } from '../correlate/derive.ts';
import { type PoolSpace } from './pool-space.ts';
import { type ClassSpace, type EstateSpace } from './space.ts';
import { type VolumeSpace } from './volume-space.ts';

/** What of an estate is shown. */
export interface Shown {
  readonly pools: ReadonlySet<PoolSpace>;
  readonly classes: readonly ClassSpace[];
  readonly volumes: readonly VolumeSpace[];
  /** Some pools or classes are shown whole, though only some of their volumes are. */
  readonly inPart: boolean;
}

function passes(chosen: readonly string[] | null, name: string | null): boolean {
  return chosen === null || (name !== null && chosen.includes(name));
}

/** Pools and classes are shown with the volumes that are, unless they are chosen themselves. */
export function shownOf({ pools, classes, volumes }: EstateSpace, filter: AnalysisFilter): Shown {
  const shown = volumes.filter(
    ({ pv, dataset }) =>
      passes(filter.namespaces, pv.claim?.namespace ?? null) &&
      passes(filter.pools, dataset.pool) &&
      passes(filter.storageClasses, pv.storageClass),
  );
  const byVolumes = filter.namespaces !== null;
  const poolsOfVolumes = new Set(shown.map(({ dataset }) => `${dataset.system} ${dataset.pool}`));
  const classesOfVolumes = new Set(shown.map(({ pv }) => `${pv.cluster} ${pv.storageClass ?? ''}`));
  const narrowsPools = byVolumes || filter.storageClasses !== null;
  const narrowsClasses = byVolumes || filter.pools !== null;
  return {
    volumes: shown,
    pools: new Set(
      pools.filter(
        ({ pool: { system, name } }) =>
          passes(filter.pools, name) && (!narrowsPools || poolsOfVolumes.has(`${system} ${name}`)),
      ),
    ),
    classes: classes.filter(
      ({ cluster, storageClass }) =>
        passes(filter.storageClasses, storageClass) &&
        (!narrowsClasses || classesOfVolumes.has(`${cluster} ${storageClass}`)),
    ),
    inPart: shown.length < volumes.length && shown.length > 0,
  };
}

/** Whether advice about a finding is asked for; its pool is chosen elsewhere. */
export function showsFinding(finding: Finding, filter: AnalysisFilter): boolean {
  return (
    passes(filter.namespaces, namespaceOf(finding)) &&
    passes(filter.storageClasses, finding.storageClass)
  );
}

function unmatched(
  chosen: readonly string[] | null,
  names: Iterable<string>,
  words: { readonly code: WarningCode; readonly flag: string; readonly what: string },
): readonly ReportWarning[] {
  if (chosen === null) return [];
  const seen = new Set(names);
  return chosen
    .filter((name) => !seen.has(name))
    .map((name) => {
      const meant = findNearest(name, [...seen]);
      const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
      return {
        code: words.code,
        message: `${words.flag} ${name}: no ${words.what} of that name was read${hint}`,
      };
    });
}

function* classNames(inventory: Inventory): Iterable<string> {
  for (const { name } of clusterItems(inventory, 'storageClasses')) yield name;
  for (const { storageClass } of clusterItems(inventory, 'persistentVolumes')) {
    if (storageClass !== null) yield storageClass;
  }
}

/** A name that nothing has shows nothing, which looks as if there were nothing. */
export function unmatchedNames(
  filter: AnalysisFilter,
  inventory: Inventory,
  findings: readonly Finding[],
): readonly ReportWarning[] {
  return [
    ...unmatchedNamespaces(filter, inventory, findings),
    ...unmatched(
      filter.pools,
      systemItems(inventory, 'pools').map(({ name }) => name),
      { code: 'pool-unmatched', flag: '--pool', what: 'pool' },
    ),
    ...unmatched(filter.storageClasses, classNames(inventory), {
      code: 'storage-class-unmatched',
      flag: '--storage-class',
      what: 'StorageClass',
    }),
  ];
}
