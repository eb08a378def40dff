import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { familiesIn, type KnownFamily, metricFamilies } from './support/metric-families.ts';

const page = readFileSync(path.join(import.meta.dirname, '../docs/metrics.md'), 'utf8');

interface Row {
  readonly type: string;
  readonly labels: readonly string[];
  readonly meaning: string;
}

const rows = new Map<string, Row>(
  [...page.matchAll(/^\| `(\w+)` \| (\w+) \| (.*?) \| (.*) \|$/gm)].map(
    ([, name = '', type = '', labels = '', meaning = '']) => [
      name,
      { type, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label), meaning },
    ],
  ),
);

describe('docs/metrics.md', () => {
  let known: ReadonlyMap<string, KnownFamily>;

  beforeAll(async () => {
    known = await metricFamilies();
  });

  test('names every metric, and none that is not there', () => {
    expect([...known.keys()].filter((name) => !rows.has(name))).toEqual([]);
    // Some systems tell less of a process than others.
    const gone = [...rows.keys()].filter(
      (name) => !known.has(name) && !name.startsWith('process_'),
    );
    expect(gone).toEqual([]);
  });

  test('says of each what it is', () => {
    for (const [name, { type, help }] of known) {
      expect(rows.get(name), name).toMatchObject({ type, meaning: help });
    }
  });

  test('names the labels of each', () => {
    for (const [name, { labels }] of known) {
      // Those of Node have theirs once there is something to tell.
      if (!name.startsWith('truenas_monitor_')) continue;
      expect([...(rows.get(name)?.labels ?? [])].sort(), name).toEqual([...labels].sort());
    }
  });

  test('asks for metrics there are', () => {
    const queries = page.slice(page.indexOf('## Questions'), page.indexOf('## Every metric'));
    expect(familiesIn(queries, known).filter((name) => !known.has(name))).toEqual([]);
  });
});
