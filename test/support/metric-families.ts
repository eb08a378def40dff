import { SCAN_FAMILIES } from '../../src/lib/core/serve/measures.ts';
import { millis } from '../../src/lib/core/model/units.ts';
import { type ReadFamily, readExposition } from './exposition.ts';
import { serveScans } from './served.ts';

export interface KnownFamily extends Pick<ReadFamily, 'help' | 'type'> {
  /** Labels it may have; of families that are counted while the process lives, those that were seen. */
  readonly labels: ReadonlySet<string>;
}

/** Every family there may be in what Prometheus reads, whether there are numbers of it now or not. */
export async function metricFamilies(): Promise<ReadonlyMap<string, KnownFamily>> {
  await using served = await serveScans({ results: [] });
  tellOfEverything(served);
  await served.server.inject('/metrics');
  const { body } = await served.server.inject('/metrics');
  return new Map<string, KnownFamily>([
    ...SCAN_FAMILIES.map(
      ({ name, help, type, labels }) => [name, { help, type, labels: new Set(labels) }] as const,
    ),
    ...[...readExposition(body)].map(([name, { help, type, samples }]) => {
      const labels = new Set([...samples.keys()].flatMap(labelsOf));
      return [name, { help, type, labels }] as const;
    }),
  ]);
}

function labelsOf(series: string): readonly string[] {
  const names = [...series.matchAll(/[{,](\w+)="/g)].map(([, name = '']) => name);
  return names.filter((name) => name !== 'le');
}

function tellOfEverything({ engine }: Awaited<ReturnType<typeof serveScans>>): void {
  engine.tell({ kind: 'circuit', member: 'nas1', state: 'open' });
  engine.tell({ kind: 'call', api: 'truenas', member: 'nas1', outcome: 'ok', duration: millis(1) });
}

/** Names of families in an expression of PromQL, without what a histogram adds to them. */
export function familiesIn(expression: string, known: ReadonlyMap<string, KnownFamily>): string[] {
  const names = expression.match(/\b(?:truenas_monitor|nodejs|process)_\w+/g) ?? [];
  return names.map((name) => {
    const base = name.replace(/_(?:bucket|sum|count)$/, '');
    return known.get(base)?.type === 'histogram' ? base : name;
  });
}
