import { describe, expect, it } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { sampleOf, type Sampled } from '../../../src/lib/core/history/sample-of.ts';
import { failed } from '../../../src/lib/core/model/coverage.ts';
import { type Inventory } from '../../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { type ScanSample } from '../../../src/lib/core/model/history.ts';
import { evaluate } from '../../../src/lib/core/rules/evaluate.ts';
import { RULES } from '../../../src/lib/core/rules/registry.ts';
import { aFinding, aPvFinding } from '../../support/report-builders.ts';
import {
  aCluster,
  aDataset,
  aFolder,
  anInventory,
  aPool,
  aPv,
  aSystem,
  HANDLE,
  LONG_AGO,
  NOW,
  PARENT,
  size,
} from '../../support/builders.ts';

const NOTHING = { findings: [], suppressed: [] };

function sampled(
  inventory: Inventory,
  report: Parameters<typeof sampleOf>[0]['report'] = NOTHING,
): Sampled {
  const evidence = correlate(inventory, DEFAULT_POLICY);
  return sampleOf({ evidence, outcomes: evaluate(RULES, evidence, DEFAULT_POLICY), report });
}

function sampleFrom(...input: Parameters<typeof sampled>): ScanSample {
  const result = sampled(...input);
  if (result.state === 'none') throw new Error(result.reason);
  return result.sample;
}

const DATASET = `${PARENT}/${HANDLE}`;

describe('the sample of a scan', () => {
  it('names what was read by what survives a renaming', () => {
    expect(sampleFrom(anInventory())).toMatchObject({
      at: NOW,
      clusters: [{ id: 'cluster-uid', name: 'prod' }],
      systems: [{ id: 'host-id', name: 'nas1' }],
    });
  });

  it('has a row for the dataset behind a volume', () => {
    const dataset = aDataset({
      id: DATASET,
      used: size(900),
      usedByDataset: size(600),
      usedBySnapshots: size(300),
      compressRatio: 2,
      refquota: size(5000),
    });
    const { volumes } = sampleFrom(
      anInventory({ persistentVolumes: [aPv()], datasets: [dataset] }),
    );
    expect(volumes.find(({ volume }) => volume === HANDLE)).toEqual({
      hostId: 'host-id',
      dataset: DATASET,
      createdAt: LONG_AGO,
      clusterUid: 'cluster-uid',
      volume: HANDLE,
      namespace: 'media',
      claim: 'library',
      storageClass: 'nas-nfs',
      used: 600,
      snapshots: 300,
      logical: 1800,
      provisioned: 5000,
      snapshotCount: 0,
    });
  });

  it('counts a dataset that two volumes stand for as one volume, in its class as well', () => {
    const twin = aPv({ name: 'twin', source: aPv().source });
    const once = sampleFrom(
      anInventory({ persistentVolumes: [aPv()], datasets: [aDataset({ id: DATASET })] }),
    );
    const twice = sampleFrom(
      anInventory({ persistentVolumes: [aPv(), twin], datasets: [aDataset({ id: DATASET })] }),
    );
    expect(twice.volumes.filter(({ dataset }) => dataset === DATASET)).toHaveLength(1);
    expect(twice.classes).toEqual(once.classes);
  });

  it('knows a pool by its guid, or by its name where it has none', () => {
    const pools = [
      aPool({ size: 1000, allocated: 200, free: 800 } as Parameters<typeof aPool>[0]),
      aPool({ name: 'old', guid: null, size: 10, allocated: 1, free: 9 } as Parameters<
        typeof aPool
      >[0]),
    ];
    const keys = sampleFrom(anInventory({ pools, datasets: [aFolder('old')] })).pools.map(
      ({ pool, name }) => [pool, name],
    );
    expect(keys).toEqual([
      ['4711', 'tank'],
      ['old', 'old'],
    ]);
  });

  it('has no row for a pool that does not tell its size', () => {
    const pools = [aPool({ name: 'silent', guid: null })];
    expect(sampleFrom(anInventory({ pools })).pools).toEqual([]);
  });

  it('keeps findings by where they were judged, the suppressed marked as such', () => {
    const open = aFinding();
    const quiet = aPvFinding({ id: '00000000000000aa' });
    const { findings } = sampleFrom(anInventory(), {
      findings: [open],
      suppressed: [
        { finding: quiet, by: 'configuration', origin: 'ignore[0]', reason: 'x', until: null },
      ],
    });
    expect(findings).toMatchObject([
      {
        id: open.id,
        subject: `dataset/${open.subject.name}`,
        scope: 'host-id',
        reclaimable: open.reclaimable,
        suppressed: false,
      },
      { id: quiet.id, scope: 'cluster-uid', suppressed: true },
    ]);
  });

  it('says of a rule that was skipped nothing at all', () => {
    const inventory = anInventory();
    const [system] = inventory.systems;
    if (system === undefined) throw new Error('there is a system');
    const blind: Inventory = {
      ...inventory,
      systems: [
        {
          ...system,
          lists: { ...system.lists, datasets: { items: [], coverage: failed('denied') } },
        },
      ],
    };
    const whole = sampleFrom(inventory).judged;
    const left = sampleFrom(blind).judged;
    expect(whole).toContainEqual({ rule: 'dataset-unclaimed', scope: 'host-id' });
    expect(whole).toContainEqual({ rule: 'pvc-lost', scope: 'cluster-uid' });
    expect(left).not.toContainEqual({ rule: 'dataset-unclaimed', scope: 'host-id' });
    expect(left).not.toContainEqual({ rule: 'pv-backend-missing', scope: 'cluster-uid' });
    expect(left).toContainEqual({ rule: 'pvc-lost', scope: 'cluster-uid' });
  });

  it.each([
    [
      'a cluster without uid',
      anInventory({ cluster: aCluster({ uid: null }) }),
      'cluster prod does not say who it is: the right to get the namespace kube-system is missing there',
    ],
    [
      'a system without host id',
      anInventory({ system: aSystem({ hostId: null }) }),
      'the host id of TrueNAS nas1 cannot be read',
    ],
  ])('there is none of %s', (_, inventory, reason) => {
    expect(sampled(inventory)).toEqual({ state: 'none', reason });
  });
});
