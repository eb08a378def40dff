import { partial } from '../model/coverage.ts';
import { type SystemSource } from '../model/inventory.ts';
import { type Policy } from '../model/policy.ts';
import { BySystem } from './by-system.ts';
import { EXPORT_LISTS, protocolOf, type Protocol } from './protocol.ts';
import { type Seen, type Surprise } from './seen.ts';

const PROTOCOLS = Object.keys(EXPORT_LISTS) as readonly Protocol[];

/** How many bound volumes of some protocols are mounted from each system. */
function countMounted(
  { volumes, volumeLinks }: Seen,
  protocols: readonly Protocol[],
): BySystem<number, Protocol> {
  const counts = new BySystem<number, Protocol>();
  for (const { volume: pv, backend } of volumeLinks.backed(volumes)) {
    const protocol = pv.phase === 'Bound' ? protocolOf(pv) : undefined;
    if (protocol === undefined || !protocols.includes(protocol)) continue;
    if (backend.state !== 'found') continue;
    const { system } = backend.dataset;
    counts.set(system, protocol, (counts.get(system, protocol) ?? 0) + 1);
  }
  return counts;
}

/**
 * A list of shares, targets or extents without a single entry, though several bound volumes whose datasets are there are mounted
 * through it: a key that may not see them is likelier than that they all went at once and nobody noticed.
 */
export function* emptyExports(seen: Seen, { implausibleCount }: Policy): Iterable<Surprise> {
  const isEmpty = (source: SystemSource): boolean => seen.emptyLists(source).length > 0;
  const protocols = PROTOCOLS.filter((protocol) => EXPORT_LISTS[protocol].some(isEmpty));
  if (protocols.length === 0) return;
  const mounted = countMounted(seen, protocols);
  for (const protocol of protocols) {
    for (const source of EXPORT_LISTS[protocol]) {
      for (const member of seen.emptyLists(source)) {
        const count = mounted.get(member, protocol) ?? 0;
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
