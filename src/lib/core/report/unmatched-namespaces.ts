import { findNearest } from '../model/did-you-mean.ts';
import { type FindingFilter } from '../model/filter.ts';
import { type Finding } from '../model/finding.ts';
import { type Inventory } from '../model/inventory.ts';
import { type ReportWarning } from '../model/report.ts';
import { namespaceOf } from './select-findings.ts';

type ClusterInventory = Inventory['clusters'][number];

/** Namespaces anything of a cluster lies in, or a volume was claimed from. */
function* namespacesOf({ lists }: ClusterInventory): Iterable<string | null | undefined> {
  for (const { items } of Object.values(lists)) {
    for (const { namespace } of items as readonly { readonly namespace?: string | null }[]) {
      yield namespace;
    }
  }
  for (const { claim } of lists.persistentVolumes?.items ?? []) yield claim?.namespace;
}

/** Namespaces anything that was read lies in, or speaks of. */
export function seenNamespaces(
  { clusters }: Pick<Inventory, 'clusters'>,
  findings: readonly Pick<Finding, 'subject' | 'kubernetesReference'>[],
): ReadonlySet<string> {
  const seen = new Set([
    ...clusters.flatMap((cluster) => [...new Set(namespacesOf(cluster))]),
    ...findings.map(namespaceOf),
  ]);
  return new Set([...seen].filter((name) => typeof name === 'string'));
}

/** A filter by a namespace that nothing lies in finds nothing, which looks like a clean bill. */
export function unmatchedNamespaces(
  filter: Pick<FindingFilter, 'namespaces'>,
  inventory: Pick<Inventory, 'clusters'>,
  findings: readonly Finding[],
): readonly ReportWarning[] {
  if (filter.namespaces === null) return [];
  return namespacesAmiss(filter.namespaces, seenNamespaces(inventory, findings), '--namespace');
}

/**
 * The same, where what was seen is known already.
 *
 * @param asked what the filter is called where it was asked for
 */
export function namespacesAmiss(
  namespaces: readonly string[],
  seen: ReadonlySet<string>,
  asked: string,
): readonly ReportWarning[] {
  return namespaces
    .filter((name) => !seen.has(name))
    .map((name) => {
      const meant = findNearest(name, [...seen]);
      const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
      return {
        code: 'namespace-unmatched',
        message: `${asked} ${name}: nothing that was read lies in a namespace of that name${hint}`,
      };
    });
}
