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
  decodeNvmetSubsystem,
  decodeSmbShare,
} from '../../../src/lib/adapters/truenas/decode-objects.ts';
import { decodePool } from '../../../src/lib/adapters/truenas/decode-pool.ts';
import { decodeProperties } from '../../../src/lib/adapters/truenas/decode-properties.ts';
import { decodeIscsiTarget } from '../../../src/lib/adapters/truenas/decode-targets.ts';
import {
  decodeReplicationTask,
  decodeSnapshotTask,
} from '../../../src/lib/adapters/truenas/decode-tasks.ts';
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

  it.each([
    ['a zvol by its size', { id: 'tank/z', volsize: { rawvalue: '10' } }, 'volume'],
    ['a filesystem by its mount point', { id: 'tank/f', mountpoint: '/mnt/tank/f' }, 'filesystem'],
  ])('knows %s where no type is told', (_what, row, kind) => {
    expect(decodePoolDataset(row, 'nas1').kind).toBe(kind);
  });

  it.each([
    ['no type and no sign of one', { id: 'tank/x' }, '"type" is neither'],
    ['no name', { type: 'VOLUME' }, 'it has no name'],
    ['an origin in display text alone', { ...zvol, origin: { value: 'A@B' } }, '"origin"'],
    ['an origin of another kind', { ...zvol, origin: 7 }, '"origin"'],
    ['properties in a list', { ...zvol, user_properties: [] }, '"user_properties" is no object'],
    ['a lock of another kind', { ...zvol, locked: 'perhaps' }, '"locked" is neither'],
  ])('refuses a dataset with %s', (_what, row, message) => {
    expect(() => decodePoolDataset(row, 'nas1')).toThrow(message);
  });

  it('reads the origin of a clone from the parsed value too, and its other name', () => {
    const row = { ...zvol, id: undefined, name: 'tank/n', origin: { parsed: 'a@b', value: 'A@B' } };
    expect(decodePoolDataset(row, 'nas1')).toMatchObject({ id: 'tank/n', origin: 'a@b' });
  });

  it.each([
    [{ rawvalue: 'on' }, true],
    [{ rawvalue: 'off' }, false],
    [{ parsed: true }, true],
    [false, false],
    [{ rawvalue: 'perhaps' }, null],
    [undefined, null],
  ])('reads from readonly %j: %s', (readonly, expected) => {
    expect(decodePoolDataset({ ...zvol, readonly }, 'nas1').readonly).toBe(expected);
  });

  it('passes names in any script, with spaces, and what no list of children is', () => {
    const id = 'pool mit Leerzeichen/データ/pvc-ü';
    expect(decodePoolDataset({ ...zvol, id, pool: undefined }, 'nas1')).toMatchObject({
      id,
      pool: 'pool mit Leerzeichen',
    });
    expect([...flattenDatasets([{ id: 'a', children: 'all of them' }, 7])]).toEqual([
      { id: 'a', children: 'all of them' },
      'all of them',
      7,
    ]);
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
    expect([...flattenDatasets(rows)]).toMatchObject(
      ['a', 'a/b', 'a/b/c', 'a/d', 'e'].map((id) => ({ id })),
    );
  });
});

describe('sizes and instants', () => {
  it('marks a size beyond safe integers as approximate', () => {
    expect(sizeProperty({ raw: BEYOND })).toEqual({
      bytes: Number.MAX_SAFE_INTEGER,
      approximate: true,
    });
  });

  it.each([[{ value: 5 }], [5], ['5'], [{ raw: '5' }], [{ parsed: 5 }]])(
    'reads a size of 5 from %j',
    (property) => {
      expect(sizeProperty(property)?.bytes).toBe(5);
    },
  );

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

  it('refuses an answer that is no list', () => {
    expect(() => rowsOf({})).toThrow(DecodeError);
    expect(() => rowsOf(null)).toThrow(DecodeError);
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
      'democratic-csi:freenas_smb_share_id': '8',
      'democratic-csi:freenas_iscsi_target_id': '9',
      'democratic-csi:freenas_iscsi_extent_id': '10',
      'democratic-csi:freenas_nvmeof_subsystem_id': '11',
      'democratic-csi:freenas_nvmeof_namespace_id': '12',
      'democratic-csi:freenas_iscsi_assets_name': 'pvc-1',
      'democratic-csi:freenas_nvmeof_assets_name': 'pvc-1-nvme',
      'org.freenas:description': 'shop/data-0',
      'com.sun:auto-snapshot': 'true',
    };
    const objects = Object.fromEntries(
      Object.entries(plain).map(([key, value]) => [key, { value, rawvalue: value }]),
    );
    const expected = {
      owner: 'democratic-csi',
      csiVolumeName: 'pvc-1',
      managed: true,
      provisionSuccess: true,
      provisionerDriver: 'freenas-api-nfs',
      instanceId: 'prod',
      csiSnapshotName: null,
      csiSnapshotSourceVolumeId: null,
      shareContext: '{"server":"nas1"}',
      nfsShareId: '7',
      smbShareId: '8',
      iscsiTargetId: '9',
      iscsiExtentId: '10',
      nvmetSubsystemId: '11',
      nvmetNamespaceId: '12',
      iscsiAssetsName: 'pvc-1',
      nvmetAssetsName: 'pvc-1-nvme',
      iscsiIqn: null,
      nvmetNqn: null,
      storageClass: null,
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
    ).toMatchObject({
      owner: 'truenas-csi',
      managed: true,
      nfsShareId: '9',
      iscsiAssetsName: 'a',
    });
    expect(
      decodeProperties({
        'democratic-csi:iscsi_assets_name': 'b',
        'democratic-csi:nvmeof_assets_name': 'c',
      }),
    ).toMatchObject({ iscsiAssetsName: 'b', nvmetAssetsName: 'c' });
  });

  it.each([
    ['retain', true],
    ['delete', false],
    [undefined, false],
  ])('takes delete_strategy %s of tns-csi for kept on purpose: %s', (strategy, kept) => {
    const marks = { 'tns-csi:managed_by': 'tns-csi', 'tns-csi:delete_strategy': strategy };
    expect(decodeProperties(marks).keptOnPurpose).toBe(kept);
  });

  it('takes what tns-csi offers for adoption for kept on purpose', () => {
    const marks = { 'tns-csi:managed_by': 'tns-csi', 'tns-csi:adoptable': 'true' };
    expect(decodeProperties(marks).keptOnPurpose).toBe(true);
  });

  it.each(['democratic-csi', 'truenas-csi'])(
    'believes tns-csi of a volume of %s that it adopted',
    (prefix) => {
      const made = {
        [`${prefix}:managed_resource`]: 'true',
        [`${prefix}:csi_volume_name`]: 'pvc-1',
        [`${prefix}:volume_context_provisioner_instance_id`]: 'green',
      };
      const adopted = {
        ...made,
        'tns-csi:managed_by': 'tns-csi',
        'tns-csi:cluster_id': 'blue',
        'tns-csi:delete_strategy': 'retain',
      };
      expect(decodeProperties(made)).toMatchObject({ instanceId: 'green', keptOnPurpose: false });
      expect(decodeProperties(adopted)).toMatchObject({
        owner: prefix,
        csiVolumeName: 'pvc-1',
        managed: true,
        instanceId: 'blue',
        keptOnPurpose: true,
      });
    },
  );

  it('knows what tns-csi writes', () => {
    expect(
      decodeProperties({
        'tns-csi:managed_by': 'tns-csi',
        'tns-csi:csi_volume_name': 'pvc-3',
        'tns-csi:cluster_id': 'blue',
        'tns-csi:nfs_share_id': '4',
        'tns-csi:smb_share_id': '5',
        'tns-csi:iscsi_target_id': '6',
        'tns-csi:iscsi_extent_id': '7',
        'tns-csi:nvmeof_subsystem_id': '8',
        'tns-csi:nvmeof_namespace_id': '9',
        'tns-csi:snapshot_id': 'snapshot-1',
        'tns-csi:source_volume_id': 'tank/pvc-3',
        'tns-csi:pvc_namespace': 'shop',
        'tns-csi:pvc_name': 'cart',
      }),
    ).toMatchObject({
      csiVolumeName: 'pvc-3',
      managed: true,
      provisionSuccess: true,
      instanceId: 'blue',
      owner: 'tns-csi',
      nfsShareId: '4',
      smbShareId: '5',
      iscsiTargetId: '6',
      iscsiExtentId: '7',
      nvmetSubsystemId: '8',
      nvmetNamespaceId: '9',
      csiSnapshotName: 'snapshot-1',
      csiSnapshotSourceVolumeId: 'tank/pvc-3',
      claim: { namespace: 'shop', name: 'cart' },
    });
    expect(decodeProperties({ 'tns-csi:protocol': 'nfs' })).toMatchObject({
      managed: false,
      provisionSuccess: false,
      claim: null,
    });
  });

  it('reads text out of numbers and switches, which ZFS does not know', () => {
    expect(
      decodeProperties({
        'democratic-csi:managed_resource': true,
        'democratic-csi:freenas_nfs_share_id': { value: 7 },
      }),
    ).toMatchObject({ managed: true, nfsShareId: '7' });
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
    expect(decodeProperties(null)).toMatchObject({ managed: false, owner: null });
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
    const odd = { name: 'tank/a@s', holds: [{ tag: 'keep' }] };
    expect(decodeSnapshot(odd, 'nas1').details?.holds).toBeNull();
  });

  it.each([
    [{ rawvalue: 'on' }, true],
    [{ rawvalue: 'off' }, false],
    [undefined, null],
  ])('reads from defer_destroy %j: %s', (property, expected) => {
    const row = { name: 'tank/a@s', properties: { defer_destroy: property } };
    expect(decodeSnapshot(row, 'nas1').details?.deferDestroy).toBe(expected);
  });

  it('leaves out the pool TrueNAS boots from, and knows a snapshot by its id too', () => {
    expect(decodeSnapshotName({ name: 'boot-pool/ROOT@x' }, 'nas1')).toBeUndefined();
    expect(decodeSnapshotName({ id: 'tank/a@s' }, 'nas1')?.dataset).toBe('tank/a');
    expect(() => decodeSnapshotName({}, 'nas1')).toThrow('it has no name');
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

  it('reads the subsystem of a namespace, and does without none', () => {
    const row = { id: 1, device_path: 'zvol/tank/a', enabled: true };
    expect(decodeNvmetNamespace({ ...row, subsys: { id: 4, name: 's' } }, 'nas1')).toMatchObject({
      subsystem: 's',
      subsystemId: 4,
      type: 'ZVOL',
      locked: false,
    });
    expect(() => decodeNvmetNamespace(row, 'nas1')).toThrow('"subsys" is no object');
  });

  it('reads a subsystem, and does not take unknown ports for none', () => {
    const row = { id: 4, name: 's', subnqn: null, ports: ['1', 2], hosts: [] };
    expect(decodeNvmetSubsystem(row, 'nas1')).toEqual({
      system: 'nas1',
      id: 4,
      name: 's',
      nqn: null,
      ports: [1, 2],
      hosts: [],
      anyHost: null,
    });
    expect(() => decodeNvmetSubsystem({ ...row, ports: null }, 'nas1')).toThrow(
      '"ports" is no list',
    );
  });

  it('reads a target, and does not take unknown groups for none', () => {
    const row = { id: 1, name: 't', alias: '', groups: [{}, {}] };
    const nobody = { portal: null, initiator: null, auth: null, authMethod: null };
    expect(decodeIscsiTarget(row, 'nas1')).toMatchObject({
      alias: null,
      groups: [nobody, nobody],
    });
    expect(() => decodeIscsiTarget({ id: 1, name: 't' }, 'nas1')).toThrow('"groups" is no list');
  });

  it('reads numbers and switches that were written as text', () => {
    const row = { id: '7', path: '/mnt/tank', enabled: 'false', locked: 1 };
    expect(decodeNfsShare(row, 'nas1')).toMatchObject({ id: 7, enabled: false, locked: true });
    expect(decodeNfsShare({ ...row, enabled: 'true', locked: 0 }, 'nas1')).toMatchObject({
      enabled: true,
      locked: false,
    });
    expect(decodePool({ name: 7, status: 'ONLINE', size: '123' }, 'nas1')).toMatchObject({
      name: '7',
      size: 123,
    });
  });

  it('takes for granted what a server leaves out, but never more than is safe', () => {
    expect(decodeNfsShare({ id: 1, path: '/mnt/tank' }, 'nas1').enabled).toBe(true);
    const task = { id: 1, dataset: 'tank' };
    expect(decodeSnapshotTask(task, 'nas1')).toMatchObject({ recursive: true, enabled: true });
  });

  it('reads what an extent exports from its path where no type is told', () => {
    const row = { id: 1, name: 'e', path: 'zvol/tank/a' };
    expect(decodeIscsiExtent(row, 'nas1').type).toBe('DISK');
    expect(decodeIscsiExtent({ ...row, path: '/mnt/tank/f' }, 'nas1').type).toBe('FILE');
    expect(() => decodeIscsiExtent({ ...row, path: 'tank/a' }, 'nas1')).toThrow(DecodeError);
  });

  it('reads which side of a replication is here', () => {
    const row = {
      id: 1,
      name: 'r',
      direction: 'PUSH',
      transport: 'LOCAL',
      source_datasets: ['tank'],
      target_dataset: 'fast',
    };
    expect(decodeReplicationTask(row, 'nas1')).toMatchObject({ direction: 'PUSH', local: true });
    expect(decodeReplicationTask({ ...row, transport: 'SSH' }, 'nas1').local).toBe(false);
    expect(() => decodeReplicationTask({ ...row, direction: 'BOTH' }, 'nas1')).toThrow(
      '"direction" is neither PUSH nor PULL',
    );
    expect(() => decodeReplicationTask({ ...row, transport: null }, 'nas1')).toThrow(
      '"transport" is no text',
    );
  });

  it('knows no more of the health of a pool than is told', () => {
    const row = { name: 'tank', status: 'ONLINE' };
    const unknown = { healthy: null, fragmentation: null, scrub: null };
    expect(decodePool(row, 'nas1')).toMatchObject(unknown);
    const odd = { healthy: 'yes', fragmentation: 'low', scan: { function: 'SCRUB', state: null } };
    expect(decodePool({ ...row, ...odd }, 'nas1')).toMatchObject(unknown);
    expect(decodePool({ ...row, fragmentation: '101' }, 'nas1').fragmentation).toBeNull();
    expect(decodePool({ ...row, fragmentation: '12%' }, 'nas1').fragmentation).toBe(12);
    expect(decodePool({ ...row, fragmentation: 12.5 }, 'nas1').fragmentation).toBe(12);
  });

  it('takes whom a share or a group does not name for everybody', () => {
    const share = { id: 1, path: '/mnt/tank' };
    expect(decodeNfsShare({ ...share, networks: null }, 'nas1')).toMatchObject({
      networks: [],
      hosts: [],
      readonly: false,
    });
    expect(() => decodeNfsShare({ ...share, networks: '10.0.0.0/8' }, 'nas1')).toThrow(
      '"networks" is no list',
    );
  });

  it('reads a read-only SMB share by the word of either version', () => {
    const share = { id: 1, name: 's', path: '/mnt/tank' };
    expect(decodeSmbShare(share, 'nas1').readonly).toBe(false);
    expect(decodeSmbShare({ ...share, ro: true }, 'nas1').readonly).toBe(true);
    expect(decodeSmbShare({ ...share, readonly: true }, 'nas1').readonly).toBe(true);
    expect(decodeSmbShare({ ...share, readonly: false, ro: true }, 'nas1').readonly).toBe(false);
  });

  it('reads how long a snapshot task keeps what it makes', () => {
    const day = 86_400_000;
    const kept = (value: unknown, unit: unknown) =>
      decodeSnapshotTask(
        { id: 1, dataset: 'tank', lifetime_value: value, lifetime_unit: unit },
        'nas1',
      ).keepsFor;
    expect(kept(6, 'HOUR')).toBe(day / 4);
    expect(kept(3, 'DAY')).toBe(3 * day);
    expect(kept(2, 'WEEK')).toBe(14 * day);
    expect(kept(1, 'MONTH')).toBe(30 * day);
    expect(kept(1, 'YEAR')).toBe(365 * day);
    expect(kept(1, 'CENTURY')).toBeNull();
    expect(kept('1', 'DAY')).toBeNull();
    expect(kept(Number.MAX_SAFE_INTEGER, 'DAY')).toBeNull();
  });

  it('reads the ids of the snapshot tasks of a replication, whole or alone', () => {
    const row = {
      id: 1,
      name: 'r',
      direction: 'PULL',
      transport: 'SSH',
      source_datasets: ['tank'],
      target_dataset: 'fast',
      periodic_snapshot_tasks: [{ id: 4, dataset: 'tank' }, 5],
      naming_schema: ['a-%Y'],
      also_include_naming_schema: null,
      name_regex: 'b-.*',
    };
    expect(decodeReplicationTask(row, 'nas1')).toMatchObject({
      snapshotTasks: [4, 5],
      alsoSends: ['a-%Y', 'b-.*'],
    });
  });

  it('refuses fields of another kind', () => {
    expect(() => decodeNfsShare({ id: 'x', path: '/mnt/tank' }, 'nas1')).toThrow(
      '"id" is no whole number',
    );
    expect(() => decodeNfsShare({ id: 2 ** 60, path: '/mnt/tank' }, 'nas1')).toThrow(
      '"id" is no whole number',
    );
    expect(() => decodeNfsShare({ id: 1, path: '/mnt', enabled: 'maybe' }, 'nas1')).toThrow(
      '"enabled" is neither true nor false',
    );
    expect(() => decodePool({ status: 'ONLINE' }, 'nas1')).toThrow('"name" is no text');
    const task = { id: 1, name: 'r', direction: 'PUSH', transport: 'SSH', source_datasets: 'x' };
    expect(() => decodeReplicationTask(task, 'nas1')).toThrow('"source_datasets" is no list');
  });
});
