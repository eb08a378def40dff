import { expect, test } from 'vitest';
import { smbShareDangling } from '../../../../src/lib/core/rules/orphans/smb-share-dangling.ts';
import {
  aDataset,
  aDriver,
  anInventory,
  anSmbShare,
  aPool,
  aPv,
  HANDLE,
  PARENT,
  UID,
} from '../../../support/builders.ts';
import { findingsOf, testRule } from '../../../support/rule-tester.ts';

const share = anSmbShare({ name: `k8s-${HANDLE}-a` });
const office = anSmbShare({ name: 'office', path: '/mnt/tank/office' });

testRule(smbShareDangling, {
  safe: 'every',
  certain: {
    'a share named after the leaf of a dataset that is gone': [
      anInventory({ smbShares: [share] }),
      [share.name],
    ],
    'a share in capitals': [
      anInventory({ smbShares: [anSmbShare({ name: HANDLE.toUpperCase() })] }),
      [HANDLE.toUpperCase()],
    ],
    'a share of another name whose comment names the dataset': [
      anInventory({
        smbShares: [anSmbShare({ name: 'media', comment: `volume ${PARENT}/${HANDLE}` })],
      }),
      ['media'],
    ],
  },
  likely: {
    'a share below a parent that others may use too': [
      anInventory({ drivers: [aDriver({ exclusive: false })], smbShares: [share] }),
      [share.name],
      'owner-registered',
    ],
    'a share of another name below the parent': [
      anInventory({ smbShares: [anSmbShare({ name: 'media' })] }),
      ['media'],
      'made-by-driver',
    ],
    'a share of what may be a plain directory in the parent': [
      anInventory({ smbShares: [anSmbShare({ name: 'office', path: `/mnt/${PARENT}/office` })] }),
      ['office'],
      'made-by-driver',
    ],
    'a share that a volume names': [
      anInventory({
        smbShares: [share],
        persistentVolumes: [
          aPv({
            name: 'by-hand',
            source: {
              kind: 'csi',
              driver: 'smb.csi.k8s.io',
              handle: 'x',
              attributes: { source: `//nas1/${share.name.toUpperCase()}` },
            },
          }),
        ],
      }),
      [share.name],
      'no-volume-refers',
    ],
    'a share at whose path a volume should lie': [
      anInventory({ smbShares: [share], persistentVolumes: [aPv()] }),
      [share.name],
      'no-volume-refers',
    ],
    'a parent that was only inferred': [
      anInventory({ smbShares: [share], drivers: [] }),
      [share.name],
      'below-declared-parent',
    ],
    'a volume of another deployment, outside every parent': [
      anInventory({ smbShares: [anSmbShare({ path: `/mnt/tank/other/${HANDLE}` })] }),
      [HANDLE],
      'below-declared-parent',
    ],
  },
  silent: {
    'a share of a dataset that is there': anInventory({
      datasets: [aDataset()],
      smbShares: [share],
    }),
    'an office share without a dataset of its own': anInventory({ smbShares: [office] }),
    'an office share that is named like its directory in another pool': anInventory({
      smbShares: [anSmbShare({ name: `data-${UID.slice(0, 8)}`, path: '/mnt/tank/data-6f1d2c9e' })],
    }),
    'a share of a server elsewhere': anInventory({
      smbShares: [anSmbShare({ path: 'EXTERNAL:files.example\\share' })],
    }),
    'a share of a locked dataset': anInventory({
      smbShares: [anSmbShare({ locked: true })],
    }),
    'a share on a pool that is exported': anInventory({
      smbShares: [share],
      pools: [aPool({ name: 'other' })],
    }),
    'a share of a dataset that the API hides': anInventory({
      smbShares: [anSmbShare({ path: `/mnt/${PARENT}/ix-apps-data` })],
    }),
  },
});

test('outside every parent a dangling share is no more than a remark', () => {
  const [finding] = findingsOf(
    smbShareDangling,
    anInventory({ smbShares: [anSmbShare({ path: `/mnt/tank/other/${HANDLE}` })] }),
  );
  expect(finding?.severity).toBe('info');
});
