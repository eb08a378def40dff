import { partial } from '../model/coverage.ts';
import { type PersistentVolume } from '../model/kubernetes.ts';
import { type Policy } from '../model/policy.ts';
import { EXPORT_LISTS, protocolOf, type Protocol } from './protocol.ts';
import { type Seen, type Surprise } from './seen.ts';

const PROTOCOLS = Object.keys(EXPORT_LISTS) as readonly Protocol[];

/** Whether a pod may be mounting a volume right now, by this protocol and from this system. */
function isMountedFrom(
  pv: PersistentVolume,
  protocol: Protocol,
  system: string,
  { volumeLinks }: Seen,
): boolean {
  if (pv.phase !== 'Bound' || protocolOf(pv) !== protocol) return false;
  const backend = volumeLinks.backendOf(pv);
  return backend.state === 'found' && backend.dataset.system === system;
}

/**
 * A list of shares, targets or extents without a single entry, though several bound volumes whose datasets are there are mounted
 * through it: a key that may not see them is likelier than that they all went at once and nobody noticed.
 */
export function* emptyExports(seen: Seen, { implausibleCount }: Policy): Iterable<Surprise> {
  for (const protocol of PROTOCOLS) {
    for (const source of EXPORT_LISTS[protocol]) {
      // Nearly always there is none, and then no volume is looked at.
      for (const member of seen.emptyLists(source)) {
        const count = seen.volumes.filter((pv) => isMountedFrom(pv, protocol, member, seen)).length;
        if (count < implausibleCount) continue;
        yield {
          source,
          member,
          coverage: partial(
            `the list is empty, yet ${count} bound PersistentVolumes are mounted through it: a key without the right to see it?`,
          ),
        };
      }
    }
  }
}
