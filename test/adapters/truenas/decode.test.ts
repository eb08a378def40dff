import { describe, expect, it } from 'vitest';
import {
  decodePoolDataset,
  decodeResource,
  decodeSnapshot,
  decodeSnapshotName,
  flattenDatasets,
  isOnBootPool,
} from '../../../src/lib/adapters/truenas/decode-datasets.ts';
import {
  decodeIscsiExtent,
  decodeIscsiTargetExtent,
  decodeNfsShare,
  decodeNvmetNamespace,
  decodePool,
  decodeReplicationTask,
} from '../../../src/lib/adapters/truenas/decode-objects.ts';
import { decodeProperties } from '../../../src/lib/adapters/truenas/decode-properties.ts';
import {
  DecodeError,
  instantOf,
  instantProperty,
  rowsOf,
  sizeProperty,
} from '../../../src/lib/adapters/truenas/decode-values.ts';

const BEYOND = '18446744073709551615';

describe('decodeResource', () => {
  it('reads what ZFS wrote, and loses no digit of a guid', () => {
    const dataset = decodeResource(
      {
        name: 'tank/k8s/pvc-1',
        pool: 'tank',
        type: 'FILESYSTEM',
        guid: Number(BEYOND),
        createtxg: 884213,
        properties: {
          guid: { raw: BEYOND, value: Number(BEYOND), source: null },
          creation: { raw: '1760000000', value: 1760000000, source: null },
          used: { raw: '1610612736', value: 1610612736, source: null },
          refquota: { raw: '0', value: 0, source: null },
          volsize: { raw: '10', value: 10, source: null },
          origin: { raw: 'tank/k8s/a@b', value: 'tank/k8s/a@b', source: null },
          mountpoint: { raw: '/mnt/tank/k8s/pvc-1', value: '', source: null },
          keystatus: { raw: 'unavailable', value: '', source: null },
        },
        user_properties: { 'democratic-csi:csi_volume_name': 'pvc-1' },
      },
      'nas1',
    );
    expect(dataset).toMatchObject({
      system: 'nas1',
      id: 'tank/k8s/pvc-1',
      kind: 'filesystem',
      guid: BEYOND,
      createtxg: '884213',
      createdAt: new Date('2025-10-09T08:53:20Z'),
      used: { bytes: 1610612736, approximate: false },
      refquota: null,
      volsize: null,
      origin: 'tank/k8s/a@b',
      mountpoint: '/mnt/tank/k8s/pvc-1',
      locked: true,
      properties: { csiVolumeName: 'pvc-1' },
    });
  });

  it('says nothing of a guid that lost digits on its way', () => {
    const row = { name: 'tank', type: 'FILESYSTEM', guid: Number(BEYOND), properties: null };
    expect(decodeResource(row, 'nas1')).toMatchObject({ guid: null, pool: 'tank', locked: false });
  });

  it.each(['none', 'legacy', '-', ''])('takes the mount point "%s" for none', (raw) => {
    const row = { name: 'tank', type: 'FILESYSTEM', properties: { mountpoint: { raw } } };
    expect(decodeResource(row, 'nas1').mountpoint).toBeNull();
  });

  it.each([{ type: 'FILESYSTEM' }, { name: 'tank', type: 'BOOKMARK' }])(
    'refuses an entry it does not know: %j',
    (row) => {
      expect(() => decodeResource(row, 'nas1')).toThrow(DecodeError);
    },
  );
});

describe('sizes', () => {
  it('are none where the number is beyond all numbers', () => {
    expect(sizeProperty({ parsed: Number.POSITIVE_INFINITY })).toBeNull();
  });
});

describe('instants', () => {
  const BEYOND_DATES = 8.64e15 + 1;

  it.each([String(BEYOND_DATES), '9'.repeat(400)])(
    'are none where no date holds them: %s',
    (raw) => {
      expect(instantProperty({ raw })).toBeNull();
    },
  );

  it.each([BEYOND_DATES, -BEYOND_DATES, Number.POSITIVE_INFINITY, Number.NaN])(
    'of a clock neither: %d',
    (time) => {
      expect(instantOf({ $date: time })).toBeNull();
    },
  );
});

describe('decodePoolDataset', () => {
  const zvol = {
    id: 'tank/k8s/pvc-2',
    type: 'VOLUME',
    pool: 'tank',
    mountpoint: null,
    locked: false,
    creation: { parsed: { $date: 1760000000000 }, value: 'Thu Oct  9 10:53 2025' },
    used: { parsed: 65536, value: '64K' },
    volsize: { rawvalue: '10737418240', parsed: 10737418240, value: '10G' },
    origin: { rawvalue: '', parsed: '', value: 'TANK/SHOUTED@NAME' },
    user_properties: {},
    comments: { rawvalue: 'shop/data-0', value: 'shop/data-0' },
  };

  it('falls back to the parsed value, and never reads the display text', () => {
    expect(decodePoolDataset(zvol, 'nas1')).toMatchObject({
      kind: 'volume',
      createdAt: new Date(1760000000000),
      used: { bytes: 65536 },
      volsize: { bytes: 10737418240 },
      origin: null,
      guid: null,
      properties: { claim: { namespace: 'shop', name: 'data-0' } },
    });
  });

  it('flattens a nested answer, parents first', () => {
    const rows = [
      {
        id: 'a',
        children: [
          { id: 'a/b', children: [{ id: 'a/b/c' }] },
          { id: 'a/d', children: [] },
        ],
      },
      { id: 'e' },
    ];
    expect(flattenDatasets(rows).map((row) => row['id'])).toEqual([
      'a',
      'a/b',
      'a/b/c',
      'a/d',
      'e',
    ]);
  });
});

describe('sizes and instants', () => {
  it('marks a size beyond safe integers as approximate', () => {
    expect(sizeProperty({ raw: BEYOND })).toEqual({
      bytes: Number.MAX_SAFE_INTEGER,
      approximate: true,
    });
  });

  it.each([undefined, null, {}, { raw: '1.5G' }, { parsed: null, rawvalue: null }])(
    'reads no size from %j',
    (property) => {
      expect(sizeProperty(property)).toBeNull();
    },
  );

  it('reads no instant where there is none', () => {
    expect(instantProperty(undefined)).toBeNull();
    expect(instantProperty({ raw: '-' })).toBeNull();
  });

  it('refuses an answer that is no list of objects', () => {
    expect(() => rowsOf({})).toThrow(DecodeError);
    expect(() => rowsOf([1])).toThrow(DecodeError);
  });
});

describe('decodeProperties', () => {
  it('knows what democratic-csi writes, as plain text and as property objects', () => {
    const plain = {
      'democratic-csi:csi_volume_name': 'pvc-1',
      'democratic-csi:managed_resource': 'true',
      'democratic-csi:provision_success': 'true',
      'democratic-csi:volume_context_provisioner_driver': 'freenas-api-nfs',
      'democratic-csi:volume_context_provisioner_instance_id': 'prod',
      'democratic-csi:csi_share_volume_context': '{"server":"nas1"}',
      'democratic-csi:freenas_nfs_share_id': '7',
      'democratic-csi:freenas_iscsi_assets_name': 'pvc-1',
      'org.freenas:description': 'shop/data-0',
      'com.sun:auto-snapshot': 'true',
    };
    const objects = Object.fromEntries(
      Object.entries(plain).map(([key, value]) => [key, { value, rawvalue: value }]),
    );
    const expected = {
      csiVolumeName: 'pvc-1',
      managed: true,
      provisionSuccess: true,
      provisionerDriver: 'freenas-api-nfs',
      instanceId: 'prod',
      csiSnapshotName: null,
      csiSnapshotSourceVolumeId: null,
      shareContext: '{"server":"nas1"}',
      nfsShareId: '7',
      iscsiAssetsName: 'pvc-1',
      claim: { namespace: 'shop', name: 'data-0' },
      keptOnPurpose: false,
    };
    expect(decodeProperties(plain)).toEqual(expected);
    expect(decodeProperties(objects)).toEqual(expected);
  });

  it('knows the same names behind the prefix of truenas-csi, and those of the ssh drivers', () => {
    expect(
      decodeProperties({
        'truenas-csi:managed_resource': 'true',
        'truenas-csi:truenas_nfs_share_id': '9',
        'truenas-csi:truenas_iscsi_assets_name': 'a',
      }),
    ).toMatchObject({ managed: true, nfsShareId: '9', iscsiAssetsName: 'a' });
    expect(decodeProperties({ 'democratic-csi:iscsi_assets_name': 'b' }).iscsiAssetsName).toBe('b');
  });

  it.each([
    ['retain', true],
    ['delete', false],
    [undefined, false],
  ])('takes delete_strategy %s of tns-csi for kept on purpose: %s', (strategy, kept) => {
    const marks = { 'tns-csi:managed_by': 'tns-csi', 'tns-csi:delete_strategy': strategy };
    expect(decodeProperties(marks).keptOnPurpose).toBe(kept);
  });

  it('knows what tns-csi writes', () => {
    expect(
      decodeProperties({
        'tns-csi:managed_by': 'tns-csi',
        'tns-csi:csi_volume_name': 'pvc-3',
        'tns-csi:cluster_id': 'blue',
        'tns-csi:nfs_share_id': '4',
        'tns-csi:pvc_namespace': 'shop',
        'tns-csi:pvc_name': 'cart',
      }),
    ).toMatchObject({
      csiVolumeName: 'pvc-3',
      managed: true,
      provisionSuccess: true,
      instanceId: 'blue',
      nfsShareId: '4',
      claim: { namespace: 'shop', name: 'cart' },
    });
    expect(decodeProperties({ 'tns-csi:protocol': 'nfs' })).toMatchObject({
      managed: false,
      provisionSuccess: false,
      claim: null,
    });
  });

  it('takes cleared properties for absent ones', () => {
    const cleared = {
      'democratic-csi:csi_volume_name': '-',
      'democratic-csi:managed_resource': '',
    };
    expect(decodeProperties(cleared)).toMatchObject({ csiVolumeName: null, managed: false });
  });

  it.each(['Backups of the shop', 'a/b/c', 'Shop/Data', '/x'])(
    'reads no claim from the description "%s"',
    (description) => {
      expect(decodeProperties({ comments: description }).claim).toBeNull();
    },
  );

  it('is all absent for what no driver has marked', () => {
    expect(decodeProperties(null).managed).toBe(false);
    expect(decodeProperties({ 'other:managed_resource': 'true' }).managed).toBe(false);
  });
});

describe('decodeSnapshot', () => {
  it('reads holds and user properties as until 25.10', () => {
    const row = {
      name: 'tank/a@snapshot-1',
      createtxg: '77',
      properties: {
        creation: { rawvalue: '1760003600', parsed: { $date: 1760003600000 } },
        used: { rawvalue: '65536' },
        'democratic-csi:csi_snapshot_name': { rawvalue: 'snapshot-1', source: 'LOCAL' },
      },
      holds: { keep: 1760003600, truenas: 1 },
    };
    expect(decodeSnapshot(row, 'nas1')).toMatchObject({
      dataset: 'tank/a',
      name: 'snapshot-1',
      details: {
        createtxg: '77',
        used: { bytes: 65536 },
        referenced: null,
        holds: ['keep', 'truenas'],
        properties: { csiSnapshotName: 'snapshot-1' },
      },
    });
  });

  it('reads them as on 26, and tells unknown holds from none', () => {
    const row = { name: 'tank/a@s', createtxg: 77, holds: ['keep'], user_properties: {} };
    expect(decodeSnapshot(row, 'nas1').details).toMatchObject({ createtxg: '77', holds: ['keep'] });
    expect(decodeSnapshot({ name: 'tank/a@s' }, 'nas1').details?.holds).toBeNull();
  });

  it('refuses a name without a snapshot in it', () => {
    expect(() => decodeSnapshotName({ name: 'tank/a' }, 'nas1')).toThrow(DecodeError);
  });

  it('knows the pool TrueNAS boots from', () => {
    expect(isOnBootPool('boot-pool/ROOT@x')).toBe(true);
    expect(isOnBootPool('freenas-boot@x')).toBe(true);
    expect(isOnBootPool('boot-pool-2/a@x')).toBe(false);
  });
});

describe('objects', () => {
  it('keeps a pool without sizes', () => {
    const row = { name: 'cold', status: 'OFFLINE', size: null, allocated: null, free: null };
    expect(decodePool(row, 'nas1')).toMatchObject({ status: 'OFFLINE', size: null });
  });

  it('reads an extent by its disk where the path is empty', () => {
    const row = { id: 1, name: 'e', type: 'DISK', path: '', disk: 'zvol/tank/a', enabled: true };
    expect(decodeIscsiExtent(row, 'nas1')).toMatchObject({ path: 'zvol/tank/a', locked: false });
    expect(decodeIscsiExtent({ ...row, disk: null }, 'nas1').path).toBe('');
    expect(() => decodeIscsiExtent({ ...row, type: 'TAPE' }, 'nas1')).toThrow(DecodeError);
  });

  it('takes an unset lun for 0', () => {
    const row = { id: 1, target: 2, extent: 3, lunid: null };
    expect(decodeIscsiTargetExtent(row, 'nas1').lun).toBe(0);
  });

  it('takes null for "not locked"', () => {
    const row = { id: 1, path: '/mnt/tank', enabled: true, locked: null };
    expect(decodeNfsShare(row, 'nas1')).toMatchObject({ locked: false, comment: '' });
  });

  it('reads the subsystem of a namespace', () => {
    const row = { id: 1, device_path: 'zvol/tank/a', enabled: true };
    expect(decodeNvmetNamespace({ ...row, subsys: { name: 's' } }, 'nas1').subsystem).toBe('s');
    expect(decodeNvmetNamespace(row, 'nas1').subsystem).toBe('');
  });

  it('refuses fields of another kind', () => {
    expect(() => decodeNfsShare({ id: '1', path: '/mnt/tank' }, 'nas1')).toThrow(
      '"id" is no whole number',
    );
    expect(() => decodePool({ status: 'ONLINE' }, 'nas1')).toThrow('"name" is no text');
    expect(() => decodeReplicationTask({ id: 1, name: 'r', source_datasets: 'x' }, 'nas1')).toThrow(
      '"source_datasets" is no list',
    );
  });
});
