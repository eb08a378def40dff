import { expect, test } from 'vitest';
import { protocolOf } from '../../../src/lib/core/correlate/protocol.ts';
import { aPv, HANDLE } from '../../support/builders.ts';

const inline = { kind: 'nfs', server: 'n', path: '/mnt/tank/k8s/v' } as const;

function csi(attributes: Readonly<Record<string, string>>) {
  const driver = 'org.democratic-csi.nfs';
  return aPv({ source: { kind: 'csi', driver, handle: HANDLE, attributes } });
}

test('how a volume is exported is told by its own attributes', () => {
  const attributes = [
    { node_attach_driver: 'iscsi' },
    { protocol: 'nfs' },
    { node_attach_driver: 'smb', protocol: 'nfs' },
    { node_attach_driver: 'nvmeof', provisioner_driver: 'freenas-api-nvmeof' },
    { node_attach_driver: 'nfs', provisioner_driver: 'zfs-generic-nfs' },
    { node_attach_driver: 'hostpath' },
    {},
  ];
  expect(attributes.map((each) => protocolOf(csi(each)))).toEqual([
    'iscsi',
    'nfs',
    'smb',
    'nvmeof',
    undefined,
    undefined,
    undefined,
  ]);
  expect(protocolOf(aPv({ source: inline }))).toBeUndefined();
});
