import { describe, expect, it } from 'vitest';
import { NO_DRIVER_SETTINGS } from '../../../src/lib/core/model/driver-settings.ts';
import { decodeDriverConfig } from '../../../src/lib/adapters/kubernetes/driver-config-file.ts';

const CONFIG = `
driver: freenas-api-nfs
instance_id: prod-1
httpConnection:
  protocol: https
  host: nas1.example
  port: 443
  apiKey: 1-PLANTED
zfs:
  datasetParentName: tank/k8s/volumes
  detachedSnapshotsDatasetParentName: tank/k8s/snapshots
`;

function settingsOf(text: string, environment: Record<string, string> = {}) {
  const decoded = decodeDriverConfig(text, new Map(Object.entries(environment)));
  if (decoded.kind !== 'settings') throw new Error(`no settings: ${decoded.kind}`);
  return decoded.settings;
}

describe('decodeDriverConfig', () => {
  it('keeps where the driver works, and nothing of how it logs in', () => {
    expect(settingsOf(CONFIG)).toEqual({
      kind: 'freenas-api-nfs',
      instanceId: 'prod-1',
      hosts: ['nas1.example'],
      parent: 'tank/k8s/volumes',
      detachedSnapshotsParent: 'tank/k8s/snapshots',
      handleRule: 'name',
      keepsDeleted: false,
      settings: { ...NO_DRIVER_SETTINGS, protocol: 'https', port: 443, hasApiKey: true },
    });
  });

  it('reads JSON, which is YAML too', () => {
    const text = '{"driver":"truenas-api-iscsi","zfs":{"datasetParentName":"tank/a"}}';
    expect(settingsOf(text)).toMatchObject({
      kind: 'truenas-api-iscsi',
      instanceId: null,
      hosts: [],
      parent: 'tank/a',
      detachedSnapshotsParent: null,
    });
  });

  it.each([
    ['a comma list', 'host: "nas1.example, nas2.example"', ['nas1.example', 'nas2.example']],
    ['a list', 'host: [nas1.example, nas2.example]', ['nas1.example', 'nas2.example']],
    ['a list of hosts', 'hosts: [10.0.0.5, 10.0.0.6]', ['10.0.0.5', '10.0.0.6']],
    ['both', 'host: 10.0.0.5\n  hosts: [10.0.0.5, "[fd00::5]"]', ['10.0.0.5', '[fd00::5]']],
    ['an address', 'host: https://root:PLANTED@nas1.example/ui', ['nas1.example']],
    ['no text', 'host: 7', []],
    ['no host', 'host: "PLANTED and more"', []],
    ['a variable of the pod', 'host: "${NAS}"', ['nas9.example']],
    ['a variable nobody knows', 'host: "${OTHER}"', []],
  ])('reads %s of hosts', (_, line, expected) => {
    const text = CONFIG.replace('host: nas1.example', line);
    expect(settingsOf(text, { NAS: 'nas9.example' }).hosts).toEqual(expected);
  });

  it.each([
    ['freenas-nfs', ['nas1.example', 'nas2.example']],
    ['zfs-generic-iscsi', ['nas1.example', 'nas2.example']],
    ['freenas-api-nfs', ['nas1.example']],
  ])('takes both connections of %s for %j', (driver, hosts) => {
    const text = `${CONFIG.replace('freenas-api-nfs', driver)}sshConnection:\n  host: nas2.example\n`;
    expect(settingsOf(text).hosts).toEqual(hosts);
  });

  it('fills variables in, with the values the pod gives them', () => {
    const text = CONFIG.replace('tank/k8s/volumes', '"${POOL}/k8s/volumes"').replace(
      'prod-1',
      '${UNKNOWN}',
    );
    expect(settingsOf(text, { POOL: 'fast' })).toMatchObject({
      parent: 'fast/k8s/volumes',
      instanceId: null,
    });
  });

  it.each([
    ['tank/k8s/volumes/', 'tank/k8s/volumes'],
    ['/tank/k8s', 'tank/k8s'],
    ['"tank/with space"', 'tank/with space'],
  ])('reads the parent %s as %s', (written, parent) => {
    expect(settingsOf(CONFIG.replace('tank/k8s/volumes', written)).parent).toBe(parent);
  });

  it('reads an instance_id that looks like a number', () => {
    expect(settingsOf(CONFIG.replace('prod-1', '42')).instanceId).toBe('42');
  });

  it.each([
    ['idTemplate: "{{ name }}"', 'template', false],
    ['idHash: {strategy: crc32}', 'hash', false],
    ['idTemplate: "{{ name }}"\n      idHash: {strategy: md5}', 'hash', false],
    ['deleteStrategy: retain', 'name', true],
    ['deleteStrategy: delete', 'name', false],
  ])('reads %s', (line, handleRule, keepsDeleted) => {
    const text = `${CONFIG}_private:\n  csi:\n    volume:\n      ${line}\n`;
    expect(settingsOf(text)).toMatchObject({ handleRule, keepsDeleted });
  });

  it.each(['node-manual', 'zfs-local-dataset', 'nfs-client', 'synology-iscsi'])(
    'has no use for %s, which makes nothing on a TrueNAS',
    (driver) => {
      expect(decodeDriverConfig(`driver: ${driver}\n`, new Map())).toEqual({ kind: 'elsewhere' });
    },
  );

  it.each([
    ['is not YAML', 'driver: [PLANTED'],
    ['is not YAML', 'apiKey: PLANTED: 1-PLANTED\n\t- x'],
    ['is not YAML', 'PLANTED'],
    ['is not YAML', ''],
    ['is not YAML', '- PLANTED'],
    ['names no driver', 'httpConnection: {apiKey: PLANTED}'],
    ['has no zfs.datasetParentName that can be read', 'driver: freenas-nfs'],
    ['has no zfs.datasetParentName that can be read', CONFIG.replace('tank/k8s/volumes', '""')],
    ['has no zfs.datasetParentName that can be read', CONFIG.replace('tank/k8s/volumes', '${A}')],
    [
      'has no zfs.datasetParentName that can be read',
      CONFIG.replace('tank/k8s/volumes', '"{{ a }}"'),
    ],
    ['has no zfs.datasetParentName that can be read', CONFIG.replace('tank/k8s/volumes', '[tank]')],
  ])('says that it %s, and not what is written there', (fault, text) => {
    const decoded = decodeDriverConfig(text, new Map());
    expect(decoded).toEqual({ kind: 'unreadable', fault });
    expect(JSON.stringify(decoded)).not.toContain('PLANTED');
  });
});
