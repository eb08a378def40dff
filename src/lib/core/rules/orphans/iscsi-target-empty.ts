import { csiTargetName } from '../../correlate/csi-names.ts';
import { targetKey } from '../../correlate/paths.ts';
import { defineRule } from '../../model/rule.ts';
import { refToTarget } from '../../model/subjects.ts';
import { emptyServers, SERVER_SOURCES } from '../checks/empty-server.ts';
import { iscsiLogins } from '../checks/logins.ts';

export const iscsiTargetEmpty = defineRule({
  id: 'iscsi-target-empty',
  category: 'orphan',
  severity: 'low',
  title: 'iSCSI target that serves no extent',
  scope: 'system',
  subjects: ['IscsiTarget'],
  remembers: true,
  requires: [
    'iscsiTargets',
    'iscsiTargetExtents',
    'datasets',
    'volumeLinks',
    'parents',
    'clusters',
  ],
  consults: [...SERVER_SOURCES, 'iscsiSessions'],

  evaluate(evidence, context) {
    const { iscsiTargets, iscsiTargetExtents, iscsiSessions } = evidence;
    const mapped = new Set(iscsiTargetExtents.map(({ target }) => target));
    const noLogin = iscsiLogins(iscsiSessions);
    return emptyServers(
      iscsiTargets,
      {
        word: 'target',
        lists: ['iscsiTargets', 'iscsiTargetExtents', 'iscsiSessions'],
        refTo: refToTarget,
        serves: ({ id }) => mapped.has(id),
        officialName: csiTargetName,
        remark: ({ alias }) => alias,
        volumesOf: (volumes, { name }) => [volumes.ofTarget(targetKey(name)) ?? []].flat(),
        noSession: ({ name }) => noLogin([targetKey(name)]),
        remedyFor: ({ id, name }) => ({
          action: 'delete-iscsi-target',
          safe: true,
          steps: [
            `Check that target ${id} is still ${name}, that no extent is mapped to it and no initiator logged in: ids are used again.`,
            'Note its initiator group: TrueNAS 24.04.2 to 25.04.0 deletes a group together with its last target, and it has to be made again.',
            'Delete the target; leave portals, initiator groups and credentials alone.',
          ],
          command: null,
        }),
      },
      evidence,
      context,
    );
  },
});
