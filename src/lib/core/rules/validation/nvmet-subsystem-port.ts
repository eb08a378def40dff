import { refToSystem } from '../../model/surroundings.ts';
import { tallied } from '../checks/by-parent.ts';
import { boundVolumesOn } from '../checks/bound-volumes.ts';
import { defineCheck } from '../define-check.ts';

export const nvmetSubsystemPort = defineCheck({
  id: 'nvmet-subsystem-port',
  category: 'validation',
  severity: 'high',
  component: 'nvmeof',
  title: 'NVMe-oF subsystems of volumes have a port',
  scope: 'system',
  subjects: ['System'],
  requires: ['persistentVolumes', 'volumeLinks', 'exports', 'nvmetNamespaces', 'nvmetSubsystems'],
  consults: [],
  steps: [
    'Add a port to the subsystems (Shares, NVMe-oF, Ports): hosts that are connected stay so, and new ones find nothing until then.',
    'Check that the configuration of the driver names a port that exists, so that new volumes get it.',
  ],

  *inspect({ persistentVolumes, volumeLinks, exports }, { home }) {
    const seen = new Set<number>();
    const faulty = new Set<string>();
    for (const { dataset, protocol } of boundVolumesOn(home, persistentVolumes, volumeLinks)) {
      if (protocol !== 'nvmeof') continue;
      for (const { namespace, subsystem } of exports.namespacesOf(dataset)) {
        if (!namespace.enabled || subsystem === undefined) continue;
        seen.add(subsystem.id);
        if (subsystem.ports.length === 0) faulty.add(subsystem.name);
      }
    }
    if (seen.size === 0) return;
    yield {
      subject: refToSystem(home),
      sound: faulty.size === 0,
      seen: tallied(
        { seen: seen.size, faulty: [...faulty].toSorted() },
        'subsystem',
        'without a port, so that nobody can connect',
        'with a port',
      ),
    };
  },
});
