import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { decodeDriverSettings } from '../../../src/lib/adapters/kubernetes/driver-settings.ts';
import { type JsonRecord } from '../../../src/lib/adapters/kubernetes/json.ts';
import { NO_DRIVER_SETTINGS } from '../../../src/lib/core/model/driver-settings.ts';

function settingsOf(driver: string, text: string, environment: Record<string, string> = {}) {
  const settings = decodeDriverSettings(
    parse(text) as JsonRecord,
    driver,
    new Map(Object.entries(environment)),
  );
  expect(JSON.stringify(settings)).not.toContain('PLANTED');
  return settings;
}

describe('decodeDriverSettings', () => {
  it('reads how a driver of NFS is set up', () => {
    const text = `
      httpConnection: {protocol: HTTP, host: nas1, port: "8080", apiVersion: 2, allowInsecure: true,
        username: PLANTED, apiKey: 1-PLANTED}
      zfs: {datasetParentName: tank/a, datasetEnableQuotas: true, datasetEnableReservation: false}
      nfs: {shareHost: 10.0.0.5, shareAllowedNetworks: [10.0.0.0/8, "fd00::/8"], shareAllowedHosts: ["*.example", worker-1],
        shareMaprootUser: root, shareMapallGroup: "PLANTED and more"}
      iscsi: {targetPortal: 10.0.0.6}
    `;
    expect(settingsOf('freenas-api-nfs', text)).toEqual({
      ...NO_DRIVER_SETTINGS,
      protocol: 'http',
      port: 8080,
      apiVersion: 2,
      allowInsecure: true,
      hasApiKey: true,
      shareHost: '10.0.0.5',
      enableQuotas: true,
      enableReservation: false,
      allowedNetworks: ['10.0.0.0/8', 'fd00::/8'],
      allowedHosts: ['*.example', 'worker-1'],
      userMapping: { ...NO_DRIVER_SETTINGS.userMapping, maprootUser: 'root' },
    });
  });

  it('reads how a driver of iSCSI is set up', () => {
    const text = `
      httpConnection: {protocol: https, host: nas1, username: root, password: PLANTED}
      sshConnection: {host: nas1, password: PLANTED, privateKey: PLANTED}
      iscsi:
        targetPortal: "10.0.0.5:3260"
        targetPortals: ["10.0.0.6:3260", "10.0.0.5:3260"]
        namePrefix: csi-
        nameSuffix: "-prod"
        targetGroups:
          - {targetGroupPortalGroup: 1, targetGroupInitiatorGroup: "2", targetGroupAuthType: None, targetGroupAuthGroup: }
          - {targetGroupPortalGroup: "one", targetGroupAuthType: CHAP Mutual, targetGroupAuthGroup: 4}
          - {targetGroupAuthType: PLANTED}
          - PLANTED
    `;
    expect(settingsOf('freenas-iscsi', text)).toEqual({
      ...NO_DRIVER_SETTINGS,
      protocol: 'https',
      hasPassword: true,
      usesSsh: true,
      portals: ['10.0.0.5:3260', '10.0.0.6:3260'],
      namePrefix: 'csi-',
      nameSuffix: '-prod',
      targetGroups: [
        { portal: 1, initiator: 2, auth: null, authMethod: 'NONE' },
        { portal: null, initiator: null, auth: 4, authMethod: 'CHAP_MUTUAL' },
        { portal: null, initiator: null, auth: null, authMethod: null },
      ],
    });
  });

  it('reads how a driver of SMB or NVMe-oF is set up', () => {
    const text = `
      smb: {shareHost: nas1.example, namePrefix: smb-}
      nvmeof: {transports: ["tcp://10.0.0.5:4420"], namePrefix: nvme-, nameSuffix: -a}
    `;
    expect(settingsOf('freenas-api-smb', text)).toEqual({
      ...NO_DRIVER_SETTINGS,
      shareHost: 'nas1.example',
      namePrefix: 'smb-',
    });
    expect(settingsOf('truenas-api-nvmeof', text)).toEqual({
      ...NO_DRIVER_SETTINGS,
      namePrefix: 'nvme-',
      nameSuffix: '-a',
    });
  });

  it('says nothing of a driver that says nothing', () => {
    const text = `
      httpConnection: {port: https, allowInsecure: maybe, apiKey: " ", password: "", apiVersion: two}
      nfs: {shareHost: PLANTED and more, shareAllowedNetworks: , shareAllowedHosts: [PLANTED and more, {}]}
    `;
    expect(settingsOf('freenas-api-nfs', text)).toEqual(NO_DRIVER_SETTINGS);
    expect(settingsOf('freenas-api-nfs', '{}')).toEqual(NO_DRIVER_SETTINGS);
  });

  it('fills in variables of the pod, and knows a key that it cannot see', () => {
    const text = `
      httpConnection: {protocol: "\${PROTOCOL}", apiKey: "\${API_KEY}", allowInsecure: "\${LAX}"}
      nfs: {shareHost: "\${NAS}", shareAllowedHosts: ["\${HOST}", "\${UNKNOWN}"]}
    `;
    const environment = { PROTOCOL: 'https', LAX: 'true', NAS: 'nas9', HOST: 'worker-1' };
    expect(settingsOf('freenas-api-nfs', text, environment)).toEqual({
      ...NO_DRIVER_SETTINGS,
      protocol: 'https',
      allowInsecure: true,
      hasApiKey: true,
      shareHost: 'nas9',
      allowedHosts: ['worker-1'],
    });
  });

  it.each([
    ['freenas-nfs', '{}', true],
    ['truenas-iscsi', 'sshConnection: {host: nas1}', true],
    ['freenas-api-nfs', 'sshConnection: {host: nas1}', false],
    ['zfs-generic-nfs', 'sshConnection: {host: nas1}', true],
    ['zfs-generic-nfs', '{}', false],
  ])('knows whether %s with %j works over SSH: %s', (driver, text, usesSsh) => {
    expect(settingsOf(driver, text).usesSsh).toBe(usesSsh);
  });
});
