import { type Finding } from '../../model/finding.ts';
import { groupsText, identityOf } from '../identity.ts';
import { objectOf } from './exports.ts';
import { leaveOut, NOT_SEEN, type Making, type StepDraft, type StepMaker } from './making.ts';
import { nasObject, nasTarget } from './nas-object.ts';
import { groupFields, groupsFor, reachFor, settingsOf } from './neighbours.ts';
import { repair } from './repairs.ts';
import { joinStep, opensLike } from './restore-nvmeof.ts';
import { volumeFor } from './restore-share.ts';
import { datasetAt, type Scene } from './scene.ts';

/*
 * What has no switch, and is off because nothing leads to it: a target without groups, a subsystem without ports. They are opened as
 * their neighbours are, and no wider.
 */

/** Gives a target the groups that its driver or all of its neighbours have. */
export const reopenTarget: StepMaker = (finding, scene) => {
  const target = objectOf(finding, scene, 'iscsiTargets', ({ name }) => name);
  const dataset = datasetAt(scene, finding.place);
  if (target === undefined || dataset === undefined) return NOT_SEEN;
  if (target.groups.length > 0) return leaveOut('it has a group already');
  const volume = volumeFor(finding, dataset, scene);
  const settings = volume && settingsOf(volume, dataset, scene);
  const groups = groupsFor(dataset, settings, scene);
  if (groups === undefined) {
    return leaveOut(
      'through which portal it is served is not known: neither its driver nor the targets of its neighbours say so with one voice',
    );
  }
  const { system, id, name } = target;
  const identity = identityOf.iscsiTarget(target);
  const where = nasTarget('iscsi-target', { id });
  const step: StepDraft = {
    title: `Give iSCSI target ${name} the groups of its neighbours`,
    target: { side: 'truenas', system },
    subject: nasObject.target(target).subject,
    change: { type: 'set-groups', kind: 'iscsi-target', id, groups: groupFields(groups) },
    before: [{ target: where, identity }],
    after: [{ target: where, identity: { ...identity, groups: groupsText(groups) } }],
    preconditions: [`target ${String(id)} is still ${name}, and still has no group`],
    undo: 'Take the groups away again',
    reversibleUntil: null,
    bytes: 0,
  };
  return repair(finding, [step]);
};

/** Shows a subsystem on the port that all of its neighbours are shown on. */
export const reopenSubsystem: StepMaker = (finding, scene) => {
  const subsystem = objectOf(finding, scene, 'nvmetSubsystems', ({ name }) => name);
  const dataset = datasetAt(scene, finding.place);
  if (subsystem === undefined || dataset === undefined) return NOT_SEEN;
  if (subsystem.ports.length > 0) return leaveOut('it is shown on a port already');
  const reach = reachFor(dataset, scene);
  if (reach === undefined) {
    return leaveOut(
      'on which port it is shown is not known: the subsystems of its neighbours do not say so with one voice',
    );
  }
  if (!opensLike(subsystem, reach)) {
    return leaveOut('it lets in others than the subsystems of its neighbours do');
  }
  // On the first of several it counts as on: nothing would prove the second step.
  if (reach.ports.length > 1) {
    return leaveOut('its neighbours are on several ports: attach it by hand');
  }
  const { name } = subsystem;
  return repair(
    finding,
    reach.ports.map((port) =>
      joinStep(dataset, 'nvmet-port-subsystem', port, { name, known: subsystem }),
    ),
  );
};

/** How each type without a switch is opened again. */
export function reopen(finding: Finding, scene: Scene): Making | undefined {
  const { type } = finding.subject;
  if (type === 'IscsiTarget') return reopenTarget(finding, scene);
  return type === 'NvmetSubsystem' ? reopenSubsystem(finding, scene) : undefined;
}
