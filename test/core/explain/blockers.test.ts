import { describe, expect, it } from 'vitest';
import { type Chain } from '../../../src/lib/core/explain/explanation.ts';
import { type Inventory } from '../../../src/lib/core/model/inventory.ts';
import {
  aClaim,
  aContent,
  aDataset,
  aFolder,
  aMapping,
  anAttachment,
  anExtent,
  anInventory,
  anIscsiPv,
  anNfsShare,
  aPod,
  aPv,
  aRunningJob,
  aSnapshotTask,
  aTarget,
  aVolumeSnapshot,
  aWorkload,
  aZfsSnapshot,
  details,
  HANDLE,
  PARENT,
  properties,
  SNAPSHOT_UID,
} from '../../support/builders.ts';
import { chainOf } from '../../support/explaining.ts';
import { withoutList } from '../../support/rule-tester.ts';

const PATH = `${PARENT}/${HANDLE}`;
const SNAPSHOT = `${PATH}@snapshot-${SNAPSHOT_UID}`;

function kinds({ blockers }: Chain): string[] {
  return blockers.map(({ kind, state }) => (state === 'present' ? kind : `${kind}?`));
}

const argo = { 'argocd.argoproj.io/tracking-id': 'shop:/PersistentVolumeClaim:media/library' };

/** A volume in the way of whose deletion everything stands that can. */
const crowded: Inventory = anInventory({
  persistentVolumes: [anIscsiPv(), aPv({ name: 'restored', claim: null })],
  persistentVolumeClaims: [aClaim({ annotations: argo })],
  pods: [aPod({ claims: ['library'] })],
  deployments: [aWorkload({ claims: ['library'] })],
  volumeAttachments: [anAttachment()],
  datasets: [
    aDataset({
      kind: 'volume',
      marks: { quarantined: `${PATH};2026-10-01T00:00:00Z;p`, ignore: `${PATH};*` },
    }),
    aFolder(`${PATH}/inner`),
    aDataset({ id: `${PARENT}/restored`, origin: SNAPSHOT }),
  ],
  iscsiExtents: [anExtent()],
  iscsiTargets: [aTarget()],
  iscsiTargetExtents: [aMapping()],
  iscsiSessions: [{ system: 'nas1', initiator: 'iqn.node-1', target: `csi-${HANDLE}` }],
  zfsSnapshots: [
    aZfsSnapshot({ details: details({ holds: ['backup', 'audit'] }) }),
    aZfsSnapshot({ name: 'auto', details: details({ properties: properties() }) }),
  ],
  volumeSnapshots: [aVolumeSnapshot()],
  volumeSnapshotContents: [aContent()],
  snapshotTasks: [aSnapshotTask(), aSnapshotTask({ id: 9, dataset: PATH })],
  runningJobs: [aRunningJob({ datasets: [PATH] })],
});

describe('what stands in the way of deleting', () => {
  it('a volume is listed in the order to resolve it, each with what to do', async () => {
    const chain = await chainOf(crowded, `pv/${HANDLE}`);
    expect(kinds(chain)).toEqual([
      'owner',
      'workload',
      'pod',
      'attachment',
      'session',
      'job',
      'clone',
      'hold',
      'claimed-snapshot',
      'snapshot',
      'share',
      'task',
      'child',
      'mark',
      'mark',
    ]);
    for (const { what, step } of chain.blockers) {
      expect(what).not.toMatch(/\.$/);
      expect(step).toMatch(/^[A-Z].*\.$/);
    }
    const whats = chain.blockers.map(({ what }) => what);
    expect(whats).toContain(
      `Dataset ${PARENT}/restored is a clone of ZfsSnapshot ${SNAPSHOT}, which PersistentVolume restored uses`,
    );
    expect(whats).toContain(`ZfsSnapshot ${SNAPSHOT} is held by backup, audit`);
    expect(whats[0]).toBe(
      'PersistentVolumeClaim media/library belongs to Argo CD application shop',
    );
  });

  it.each([`zfssnapshot/${SNAPSHOT}`, 'vs/media/weekly', `vsc/snapcontent-${SNAPSHOT_UID}`])(
    'a snapshot is only what is on the snapshot: %s',
    async (words) => {
      const chain = await chainOf(crowded, words);
      const expected = ['clone', 'hold', 'claimed-snapshot'];
      expect(kinds(chain)).toEqual(words.startsWith('vsc') ? ['clone', 'hold'] : expected);
    },
  );

  it.each([`iscsiextent/csi-${HANDLE}`, 'va/csi-0123456789abcdef'])(
    'an export is whoever uses the volume through it: %s',
    async (words) => {
      const attachment = words.startsWith('va') ? [] : ['attachment'];
      expect(kinds(await chainOf(crowded, words))).toEqual([
        'owner',
        'workload',
        'pod',
        ...attachment,
        'session',
      ]);
    },
  );

  it('what is beside the chain, or reaches it only from above, is not in the way', async () => {
    const inventory = anInventory({ datasets: [aDataset()], snapshotTasks: [aSnapshotTask()] });
    const chain = await chainOf(inventory, `dataset ${PATH}`);
    expect(kinds(chain)).toEqual([]);
  });

  it('what could not be seen may be in the way', async () => {
    const inventory = ['pods', 'iscsiSessions', 'nvmetNamespaces', 'zfsSnapshots', 'jobs'] as const;
    const world = anInventory({
      persistentVolumes: [anIscsiPv()],
      persistentVolumeClaims: [aClaim()],
      datasets: [aDataset({ kind: 'volume' })],
      iscsiExtents: [anExtent()],
      iscsiTargets: [aTarget()],
      iscsiTargetExtents: [aMapping()],
    });
    const blind = inventory.reduce<Inventory>(withoutList, world);
    const chain = await chainOf(blind, `pv/${HANDLE}`);
    expect(kinds(chain)).toEqual(['workload?', 'pod?', 'session?', 'snapshot?', 'share']);
    expect(chain.blockers[1]?.what).toMatch(/^Pod: cannot be told, not read whole: /);
  });

  it('holds that this TrueNAS does not tell are said to be unknown', async () => {
    const inventory = anInventory({
      datasets: [aDataset()],
      zfsSnapshots: [aZfsSnapshot({ details: details({ holds: null }) })],
    });
    expect(kinds(await chainOf(inventory, `dataset ${PATH}`))).toEqual(['hold?', 'snapshot']);
  });

  it('a parent of volumes counts what lies below it', async () => {
    const many = Array.from({ length: 25 }, (_, at) =>
      aDataset({ id: `${PARENT}/v${String(at)}` }),
    );
    const chain = await chainOf(anInventory({ datasets: many }), `dataset ${PARENT}`);
    expect(chain.blockers.map(({ what }) => what)).toEqual(['26 datasets lie below it']);
  });

  it('a lost snapshot is not its own content', async () => {
    const inventory = anInventory({
      persistentVolumes: [aPv()],
      datasets: [aDataset()],
      nfsShares: [anNfsShare()],
      volumeSnapshotContents: [aContent()],
      volumeSnapshots: [aVolumeSnapshot()],
    });
    expect(kinds(await chainOf(inventory, `vsc/snapcontent-${SNAPSHOT_UID}`))).toEqual([]);
  });
});
