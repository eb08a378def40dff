import { lazy } from '../../model/lazy.ts';
import { defineRule } from '../../model/rule.ts';
import { refToNamespace } from '../../model/subjects.ts';
import { type NvmetNamespace } from '../../model/truenas.ts';
import { danglingDevices } from '../checks/dangling-device.ts';
import { nvmetLogins } from '../checks/logins.ts';
import { trustInVolumes, namesOf } from '../checks/volume-names.ts';

export const nvmetNamespaceDangling = defineRule({
  id: 'nvmet-namespace-dangling',
  category: 'orphan',
  severity: 'medium',
  title: 'NVMe-oF namespace of a zvol that is gone',
  scope: 'system',
  subjects: ['NvmetNamespace'],
  remembers: true,
  requires: ['nvmetNamespaces', 'datasets', 'parents', 'storage'],
  consults: ['persistentVolumes', 'nvmetSubsystems', 'nvmetSessions'],

  evaluate(evidence, context) {
    const { nvmetNamespaces, nvmetSubsystems, persistentVolumes } = evidence;
    const volumes = lazy(() => namesOf(persistentVolumes.items, evidence.parents));
    const subsystems = lazy(() => new Map(nvmetSubsystems.items.map((each) => [each.id, each])));
    const noLogin = nvmetLogins(evidence.nvmetSessions);
    const volumesOf = (namespace: NvmetNamespace, path: string): readonly string[] => {
      const name = namespace.subsystem;
      const subsystem = subsystems().get(namespace.subsystemId) ?? { name, nqn: null };
      return [...volumes().atPath(path), ...volumes().ofSubsystem(subsystem)];
    };
    return danglingDevices(
      nvmetNamespaces,
      {
        source: 'nvmetNamespaces',
        sessions: 'nvmetSessions',
        word: 'namespace',
        refTo: refToNamespace,
        zvolOf: ({ type, devicePath }) => (type === 'ZVOL' ? devicePath : undefined),
        volumesOf,
        read: [trustInVolumes(persistentVolumes), nvmetSubsystems.coverage],
        noSession: ({ subsystemId }) => noLogin([subsystemId]),
        remedyFor: ({ id, devicePath, subsystem }) => ({
          action: 'delete-nvmet-namespace',
          safe: true,
          steps: [
            `Check that namespace ${id} still exports ${devicePath}: ids are used again.`,
            'Delete the namespace without the remove option.',
            `Detach subsystem ${subsystem} from its ports and hosts and delete it if it has no other namespace; leave the ports alone.`,
          ],
          command: null,
        }),
      },
      evidence,
      context,
    );
  },
});
