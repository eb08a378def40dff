import { leafName } from '../correlate/paths.ts';
import { type Finding } from '../model/finding.ts';
import { globMatcher } from '../model/glob.ts';
import { type Dataset } from '../model/truenas.ts';
import { type Protection } from './settings.ts';

/*
 * What `cleanup.protect` says to leave alone. In doubt more is protected than was meant: every name that an object goes by counts.
 */

const SPECIAL = /[\\^$.|+()[\]{}]/gu;

/** Turns a glob over dataset paths into a test: `*` and `?` stay within one part, `**` crosses slashes. */
export function pathMatcher(glob: string): (path: string) => boolean {
  const pattern = glob
    .replace(SPECIAL, '\\$&')
    // Whoever protects all that is below a dataset means the dataset too.
    .replace(/\/\*\*$/u, '\u0000')
    .replaceAll(/\*\*\/?|\*|\?/gu, (wild) => {
      if (wild === '*') return '[^/]*';
      if (wild === '?') return '[^/]';
      return wild === '**' ? '.*' : '(?:.*/)?';
    })
    .replace('\u0000', '(?:/.*)?');
  const expression = new RegExp(`^${pattern}$`, 'su');
  return (path) => expression.test(path);
}

/** What a finding is about, by every name that somebody may have protected it under. */
export interface Protectable {
  readonly paths: readonly string[];
  readonly namespaces: readonly string[];
  readonly names: readonly string[];
}

function split(reference: string | null): { namespaces: string[]; names: string[] } {
  const [namespace, name] = reference?.split('/') ?? [];
  if (namespace === undefined) return { namespaces: [], names: [] };
  return name === undefined
    ? { namespaces: [], names: [namespace] }
    : { namespaces: [namespace], names: [name] };
}

function pathsOf({ subject, place }: Finding, quarantinedFrom: string | null): string[] {
  const own =
    subject.location === 'truenas' && /^(?:Dataset|Zvol|ZfsSnapshot)$/.test(subject.type)
      ? [subject.name.split('@', 1)[0] ?? '']
      : [];
  return [...own, ...(place === null ? [] : [place.path]), ...[quarantinedFrom ?? []].flat()];
}

/**
 * @param dataset that the finding is about, where there is one
 * @param quarantinedFrom where it lay before it was put aside
 */
export function protectableOf(
  finding: Finding,
  dataset: Dataset | undefined,
  quarantinedFrom: string | null,
): Protectable {
  const { subject, kubernetesReference } = finding;
  const paths = pathsOf(finding, quarantinedFrom);
  const claim = split(kubernetesReference);
  const remembered = dataset?.properties.claim ?? null;
  const volume = dataset?.properties.csiVolumeName ?? null;
  return {
    paths,
    namespaces: [
      ...[subject.namespace ?? []].flat(),
      ...claim.namespaces,
      ...(remembered === null ? [] : [remembered.namespace]),
    ],
    names: [
      subject.name,
      ...claim.names,
      ...(remembered === null ? [] : [remembered.name]),
      ...[volume ?? []].flat(),
      ...paths.map(leafName),
    ],
  };
}

function describe({ path, namespace, name }: Protection): string {
  const parts = Object.entries({ path, namespace, name });
  return parts.flatMap(([key, glob]) => (glob === null ? [] : `${key} ${glob}`)).join(', ');
}

/** The entry that protects something, in words; undefined where none does. */
export function protectedBy(
  { paths, namespaces, names }: Protectable,
  entries: readonly Protection[],
): string | undefined {
  const meets = (
    glob: string | null,
    all: readonly string[],
    matcher: (glob: string) => (text: string) => boolean,
  ): boolean => glob === null || all.some(matcher(glob));
  const index = entries.findIndex(
    (entry) =>
      meets(entry.path, paths, pathMatcher) &&
      meets(entry.namespace, namespaces, globMatcher) &&
      meets(entry.name, names, globMatcher),
  );
  const entry = entries[index];
  return entry && `cleanup.protect[${String(index)}] protects it (${describe(entry)})`;
}
