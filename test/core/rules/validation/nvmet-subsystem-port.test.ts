import { type PersistentVolume } from '../../../../src/lib/core/model/kubernetes.ts';
import { type NvmetSubsystem } from '../../../../src/lib/core/model/truenas.ts';
import { nvmetSubsystemPort } from '../../../../src/lib/core/rules/validation/nvmet-subsystem-port.ts';
import {
  HANDLE,
  aDataset,
  aNamespace,
  aPv,
  aSubsystem,
  anInventory,
} from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const world = (subsystem: Partial<NvmetSubsystem>, over: Partial<PersistentVolume> = {}) =>
  anInventory({
    persistentVolumes: [
      aPv({
        source: {
          kind: 'csi',
          driver: 'org.democratic-csi.nfs',
          handle: HANDLE,
          attributes: { node_attach_driver: 'nvmeof' },
        },
        ...over,
      }),
    ],
    datasets: [aDataset({ kind: 'volume' })],
    nvmetNamespaces: [aNamespace()],
    nvmetSubsystems: [aSubsystem(subsystem)],
  });

testCheck(nvmetSubsystemPort, {
  'passes where there is one': [world({}), ['PASS nas1']],
  'fails where there is none': [world({ ports: [] }), ['FAIL nas1']],
  'leaves subsystems of volumes that nobody uses': [
    world({ ports: [] }, { phase: 'Released' }),
    [],
  ],
  'says nothing where no volume is mounted so': [anInventory(), []],
});
