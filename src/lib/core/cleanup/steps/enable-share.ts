import { type Finding } from '../../model/finding.ts';
import { type ResourceType } from '../../model/resource-ref.ts';
import { objectOf } from './exports.ts';
import { leaveOut, NOT_SEEN, type StepMaker } from './making.ts';
import { nasObject, switchObject, type SwitchedObject } from './nas-object.ts';
import { reopen } from './reopen.ts';
import { repair } from './repairs.ts';
import { type Scene } from './scene.ts';

/** How each type that has a switch is found. */
const SWITCHES: Readonly<
  Partial<Record<ResourceType, (finding: Finding, scene: Scene) => SwitchedObject | undefined>>
> = {
  NfsShare: (finding, scene) => {
    const share = objectOf(finding, scene, 'nfsShares', ({ path }) => path);
    return share && nasObject.nfsShare(share);
  },
  SmbShare: (finding, scene) => {
    const share = objectOf(finding, scene, 'smbShares', ({ name }) => name);
    return share && nasObject.smbShare(share);
  },
  IscsiExtent: (finding, scene) => {
    const extent = objectOf(finding, scene, 'iscsiExtents', ({ name }) => name);
    return extent && nasObject.extent(extent);
  },
  NvmetNamespace: (finding, scene) => {
    const namespace = objectOf(finding, scene, 'nvmetNamespaces', (each) => each.devicePath);
    return namespace && nasObject.namespace(namespace);
  },
};

export const enableShare: StepMaker = (finding, scene) => {
  const opened = reopen(finding, scene);
  if (opened !== undefined) return opened;
  const object = SWITCHES[finding.subject.type]?.(finding, scene);
  if (object === undefined) return NOT_SEEN;
  if (object.identity['enabled'] === true) return leaveOut('it is enabled already');
  return repair(finding, [switchObject(object, true)]);
};
