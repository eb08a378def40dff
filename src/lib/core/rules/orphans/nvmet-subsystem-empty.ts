import { csiSubsystemName } from '../../correlate/csi-names.ts';
import { defineRule } from '../../model/rule.ts';
import { refToSubsystem } from '../../model/subjects.ts';
import { emptyServers, SERVER_SOURCES } from '../checks/empty-server.ts';
import { nvmetLogins } from '../checks/logins.ts';

export const nvmetSubsystemEmpty = defineRule({
  id: 'nvmet-subsystem-empty',
  category: 'orphan',
  severity: 'low',
  title: 'NVMe-oF subsystem without a namespace',
  scope: 'system',
  subjects: ['NvmetSubsystem'],
  remembers: true,
  requires: [
    'nvmetSubsystems',
    'nvmetNamespaces',
    'datasets',
    'volumeLinks',
    'parents',
    'clusters',
  ],
  consults: [...SERVER_SOURCES, 'nvmetSessions'],

  evaluate(evidence, context) {
    const { nvmetSubsystems, nvmetNamespaces, nvmetSessions } = evidence;
    const inUse = new Set(nvmetNamespaces.map(({ subsystemId }) => subsystemId));
    const noLogin = nvmetLogins(nvmetSessions);
    return emptyServers(
      nvmetSubsystems,
      {
        word: 'subsystem',
        lists: ['nvmetSubsystems', 'nvmetNamespaces', 'nvmetSessions'],
        refTo: refToSubsystem,
        serves: ({ id }) => inUse.has(id),
        officialName: csiSubsystemName,
        remark: () => null,
        volumesOf: (volumes, subsystem) => volumes.ofSubsystem(subsystem),
        noSession: ({ id }) => noLogin([id]),
        remedyFor: ({ id, name }) => ({
          action: 'delete-nvmet-subsystem',
          safe: true,
          steps: [
            `Check that subsystem ${id} is still ${name}, and still has no namespace and no host connected: ids are used again.`,
            'Detach it from its ports and hosts; the ports serve other volumes and stay.',
            'Delete the subsystem without the force option.',
          ],
          command: null,
        }),
      },
      evidence,
      context,
    );
  },
});
