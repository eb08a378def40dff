import { type ServedScan } from '../core/serve/served-scan.ts';

const kept = new WeakMap<ServedScan, ReadonlySet<string>>();

/** The namespaces of whatever a scan saw, worked out once for each; null where there is no scan. */
export function seenNamespaces(scan: ServedScan | null): ReadonlySet<string> | null {
  if (scan === null) return null;
  const known = kept.get(scan);
  if (known !== undefined) return known;
  const names = new Set<string>();
  for (const { keys } of Object.values(scan.lists)) {
    for (const { namespace } of keys) if (namespace !== null) names.add(namespace);
  }
  for (const { subject } of [...scan.findings.keys, ...scan.suppressed.keys]) {
    if ('namespace' in subject && subject.namespace !== null) names.add(subject.namespace);
  }
  kept.set(scan, names);
  return names;
}
