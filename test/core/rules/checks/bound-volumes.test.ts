import { expect, test } from 'vitest';
import { serversOf } from '../../../../src/lib/core/rules/checks/bound-volumes.ts';
import { aPv } from '../../../support/builders.ts';

const withAttributes = (attributes: Readonly<Record<string, string>>) =>
  aPv({ source: { kind: 'csi', driver: 'a', handle: 'h', attributes } });

test.each([
  [{ server: '10.0.0.5', share: '/mnt/tank/a' }, ['10.0.0.5']],
  [{ portal: '10.0.0.5:3260', portals: '10.0.0.5:3260,[fd00::5]:3260' }, ['10.0.0.5', 'fd00::5']],
  [{ portal: 'nas1.example', portals: '' }, ['nas1.example']],
  [{ transports: 'tcp://10.0.0.5:4420?a=b, tcp://[fd00::5]:4420' }, ['10.0.0.5', 'fd00::5']],
  [{ nfsServer: 'nas1', targetPortal: 'nas2:3260' }, ['nas1', 'nas2']],
  [{ transport: 'tcp' }, []],
])('the servers in %j are %j', (attributes, servers) => {
  expect(serversOf(withAttributes(attributes))).toEqual(servers);
});

test('what is no CSI volume is not asked', () => {
  expect(serversOf(aPv({ source: { kind: 'nfs', server: '10.0.0.5', path: '/a' } }))).toEqual([]);
});
