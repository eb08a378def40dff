import { describe, expect, test } from 'vitest';
import { refToDataset, refToVolume } from '../../../src/lib/core/model/subjects.ts';
import {
  aCluster,
  aDataset,
  anInventory,
  anNfsShare,
  aPv,
  aSystem,
} from '../../support/builders.ts';
import { findingOf, planFor, reasonOf, remedyTo } from '../../support/plan-builders.ts';

const dataset = aDataset();
const world = anInventory({ datasets: [dataset], nfsShares: [anNfsShare()] });
const unclaimed = findingOf('quarantine-dataset', refToDataset(dataset));
const released = findingOf('retain-volumes', refToVolume(aPv()));

describe('nothing is planned', () => {
  test('for what is not certain, though nobody can say why', () => {
    const unsure = { ...unclaimed, confidence: 'likely', doubt: null } as const;
    expect(reasonOf(planFor(world, [unsure]))).toBe('it is not certain');
  });

  test('for what people do, by whatever name they know it', () => {
    const remedy = remedyTo('restore-volume', { steps: [] });
    expect(reasonOf(planFor(world, [{ ...unclaimed, remedy }]))).toBe(
      'it is for people to do: restore-volume',
    );
  });

  test('for what was ignored without a reason', () => {
    const suppressed = [
      { finding: unclaimed, by: 'property' as const, origin: 'tank/k8s', reason: '', until: null },
    ];
    const report = { findings: [], suppressed, complete: true };
    expect(reasonOf(planFor(world, [], { report }))).toBe('it is ignored by property (tank/k8s)');
  });

  test.each([
    ['a system that is gone', { ...unclaimed, subject: refToDataset({ ...dataset, system: 'x' }) }],
    ['a cluster that is gone', { ...released, subject: refToVolume(aPv({ cluster: 'x' })) }],
  ])('on %s', (_, finding) => {
    expect(reasonOf(planFor(world, [finding]))).toMatch(/^there is no (?:system|cluster) x$/);
  });

  test('on a cluster that cannot be told from another', () => {
    const cluster = aCluster({ uid: null });
    const nameless = anInventory({ persistentVolumes: [aPv()], cluster });
    expect(reasonOf(planFor(nameless, [released]))).toBe(
      'cluster prod cannot be told from another: its namespace kube-system cannot be read',
    );
  });

  test('for a volume whose share is on a system that cannot be told from another', () => {
    const missing = findingOf('restore-share', refToVolume(aPv()), {
      place: { system: 'nas1', path: dataset.id },
    });
    const site = { persistentVolumes: [aPv()], datasets: [dataset] };
    expect(reasonOf(planFor(anInventory(site), [missing]))).not.toMatch(/told from another/);
    const anonymous = anInventory({ ...site, system: aSystem({ hostId: null }) });
    expect(reasonOf(planFor(anonymous, [missing]))).toBe(
      'system nas1 cannot be told from another: its host id cannot be read',
    );
  });
});
