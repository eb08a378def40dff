import { describe, expect, test } from 'vitest';
import {
  adopted,
  aLostWorld,
  csiOf,
  LOST,
  originOf,
  refusal,
  withContext,
} from '../../../support/adopting.ts';
import {
  aDataset,
  aDriver,
  aDriverSecret,
  aMapping,
  anExtent,
  anSmbShare,
  aTarget,
  finished,
  HANDLE,
  size,
} from '../../../support/builders.ts';
import { NO_DRIVER_SETTINGS } from '../../../../src/lib/core/model/driver-settings.ts';

const ATTRIBUTES = 'spec.csi.volumeAttributes';
const IQN = `iqn.2005-10.org.freenas.ctl:csi-${HANDLE}`;

const configured = aDriverSecret({ settings: { ...NO_DRIVER_SETTINGS, shareHost: '10.10.0.5' } });
const zvol = (context: object) =>
  aDataset({
    kind: 'volume',
    volsize: size(2 ** 30),
    refquota: null,
    properties: withContext(context, 'freenas-api-iscsi'),
  });

describe('where nothing was noted of how it was mounted', () => {
  test('an NFS volume is what its driver is configured to make', () => {
    const adoption = adopted(aLostWorld({ driverSecrets: [configured] }));
    expect(csiOf(adoption)).toMatchObject({
      volumeHandle: HANDLE,
      volumeAttributes: {
        node_attach_driver: 'nfs',
        server: '10.10.0.5',
        share: `/mnt/${LOST}`,
        provisioner_driver: 'freenas-api-nfs',
      },
    });
    expect(originOf(adoption, ATTRIBUTES)).toMatch(/the configuration of the driver/);
  });

  test.each([
    ['noted nothing', null],
    ['noted what is no JSON', '{"node_attach'],
    ['noted a list', '["nfs"]'],
  ])('no volume is adopted whose driver %s, and says no host', (_, shareContext) => {
    const datasets = [aDataset({ properties: finished(HANDLE, { shareContext }) })];
    const driverSecrets = [aDriverSecret()];
    expect(refusal(aLostWorld({ datasets, driverSecrets }))).toMatch(
      /csi_share_volume_context is missing/,
    );
  });

  test('no volume is adopted that is not one of NFS', () => {
    const datasets = [
      aDataset({ properties: finished(HANDLE, { provisionerDriver: 'freenas-api-smb' }) }),
    ];
    expect(refusal(aLostWorld({ datasets, driverSecrets: [configured] }))).toMatch(
      /csi_share_volume_context is missing/,
    );
  });
});

describe('what was noted', () => {
  test('is taken over as text, but for what is none', () => {
    const context = { node_attach_driver: 'iscsi', iqn: IQN, lun: 0, chap: false, more: { a: 1 } };
    const datasets = [zvol(context)];
    expect(volumeAttributes(aLostWorld({ datasets }))).toEqual({
      node_attach_driver: 'iscsi',
      iqn: IQN,
      lun: '0',
      chap: 'false',
      provisioner_driver: 'freenas-api-iscsi',
    });
  });

  test('leaves out the driver and the instance where they were not noted', () => {
    const context = { node_attach_driver: 'nfs', server: '10.10.0.5' };
    const noted = withContext(context, 'freenas-api-nfs');
    const lean = aDataset({ properties: { ...noted, provisionerDriver: null } });
    expect(volumeAttributes(aLostWorld({ datasets: [lean] }))).not.toHaveProperty(
      'provisioner_driver',
    );
    const full = aDataset({ properties: { ...noted, instanceId: 'blue' } });
    const drivers = [aDriver({ instanceId: 'blue' })];
    expect(volumeAttributes(aLostWorld({ datasets: [full], drivers }))).toMatchObject({
      provisioner_driver: 'freenas-api-nfs',
      provisioner_driver_instance_id: 'blue',
    });
  });

  test('is mounted from the noted share while its dataset is not mounted', () => {
    const context = { node_attach_driver: 'nfs', server: '10.10.0.5', share: '/mnt/noted' };
    const properties = withContext(context, 'freenas-api-nfs');
    const share = (mountpoint: string | null) =>
      volumeAttributes(aLostWorld({ datasets: [aDataset({ properties, mountpoint })] }))['share'];
    expect(share(null)).toBe('/mnt/noted');
    expect(share('/mnt/moved')).toBe('/mnt/moved');
  });
});

describe('the name that nodes will ask for', () => {
  const iscsi = (asked: unknown, name: string) =>
    adopted(
      aLostWorld({
        datasets: [zvol({ node_attach_driver: 'iscsi', iqn: asked })],
        iscsiExtents: [anExtent()],
        iscsiTargets: [aTarget({ name })],
        iscsiTargetExtents: [aMapping()],
      }),
    ).cautions;
  const smb = (share: string, name: string) =>
    adopted(
      aLostWorld({
        datasets: [
          aDataset({ properties: withContext({ node_attach_driver: 'smb', share }, 'x-smb') }),
        ],
        smbShares: [anSmbShare({ name })],
      }),
    ).cautions;

  test.each<readonly [string, readonly string[], string]>([
    ['a target', iscsi(IQN, 'other'), `Nodes will ask for ${IQN}, and`],
    ['an SMB share', smb('films', 'series'), 'Nodes will ask for films, and'],
  ])('is looked at where %s goes by another', (_, cautions, said) => {
    expect(cautions).toEqual([expect.stringContaining(said)]);
  });

  test.each<readonly [string, readonly string[]]>([
    ['is that of its target in other letters', iscsi(IQN, `CSI-${HANDLE}`.toUpperCase())],
    ['is that of its share in other letters', smb('films', 'FILMS')],
    ['was not noted', iscsi(undefined, 'other')],
    ['was noted as something else', iscsi(7, 'other')],
  ])('is not, where it %s', (_, cautions) => {
    expect(cautions).toEqual([]);
  });
});

function volumeAttributes(world: ReturnType<typeof aLostWorld>): Readonly<Record<string, string>> {
  return (csiOf(adopted(world)) as { volumeAttributes: Record<string, string> }).volumeAttributes;
}
