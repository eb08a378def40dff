import { type ScanFacts, type SourceStatus } from '../../model/report.ts';
import { firstFew, joined } from '../text/format.ts';
import { countedOf, sourceLabel } from '../text/labels.ts';
import { printable } from '../text/safe.ts';

type Gap = SourceStatus & {
  readonly coverage: { readonly state: 'partial' | 'failed'; readonly reason: string };
};

function isGap(source: SourceStatus): source is Gap {
  return source.coverage.state === 'partial' || source.coverage.state === 'failed';
}

/** Sources of one home that failed for one reason; an unreachable system fails them all alike. */
export interface GapGroup {
  readonly home: string;
  readonly state: string;
  readonly reason: string;
  readonly sources: Gap[];
}

export function homeOf(source: {
  readonly cluster: string | null;
  readonly system: string | null;
}): string {
  if (source.cluster !== null) return `cluster ${source.cluster}`;
  return source.system === null ? '' : `system ${source.system}`;
}

export function groupGaps(sources: readonly SourceStatus[]): GapGroup[] {
  const groups = new Map<string, GapGroup>();
  for (const source of sources.filter(isGap)) {
    const { state, reason } = source.coverage;
    const home = homeOf(source);
    const key = JSON.stringify([home, state, reason]);
    const group = groups.get(key) ?? { home, state, reason, sources: [] };
    group.sources.push(source);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** A pool that is away or degraded is no list: its reason says it all. */
export function isPool({ sources }: GapGroup): boolean {
  return sources.every(({ name }) => name === 'poolAvailability');
}

function whatOf(group: GapGroup, scan: ScanFacts): string {
  if (isPool(group)) return '';
  return everythingOf(group, scan)
    ? 'nothing could be read: '
    : `${joined(group.sources.map((source) => describe(source)))} ${group.state}: `;
}

/** Enough to go and look; JSON has them all. */
const NAMED = 5;

function prefixOf({ home }: GapGroup): string {
  return home === '' ? '' : `${home}: `;
}

/** Why, without the home: reasons name it themselves, for those who read them alone. */
function reasonOf(group: GapGroup): string {
  const prefix = prefixOf(group);
  return group.reason.startsWith(prefix) ? group.reason.slice(prefix.length) : group.reason;
}

/** What could not be read whole, where, and why, on one line. */
export function gapText(group: GapGroup, scan: ScanFacts): string {
  return printable(`${prefixOf(group)}${whatOf(group, scan)}${reasonOf(group)}`);
}

/** Objects that were there, and that nobody could make sense of. */
export function unreadableTexts(group: GapGroup): string[] {
  return group.sources.flatMap(({ name, unreadable }) => {
    // Where the reason says of each what is wrong with it, nothing is left to say.
    if (unreadable.every((each) => reasonOf(group).includes(each))) return [];
    const were = unreadable.length === 1 ? 'was' : 'were';
    const text = `${countedOf(name, unreadable.length)} could not be understood and ${were} set aside: ${firstFew(unreadable, NAMED)}`;
    return [printable(text)];
  });
}

/** A cluster or system that is out of reach fails all its lists alike; nobody needs their names. */
function everythingOf({ home, state, sources }: GapGroup, scan: ScanFacts): boolean {
  if (home === '' || state !== 'failed' || sources.length < 2) return false;
  return scan.sources.every(
    (source) => homeOf(source) !== home || sources.some((gap) => isSame(gap, source)),
  );
}

function describe(source: Gap): string {
  const label = sourceLabel(source.name);
  return source.coverage.state === 'partial' ? `${label} (${String(source.count)} read)` : label;
}

export function isSame(a: SourceStatus, b: SourceStatus): boolean {
  return a.name === b.name && a.cluster === b.cluster && a.system === b.system;
}
