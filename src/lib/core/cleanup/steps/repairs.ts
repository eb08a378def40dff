import { type Finding } from '../../model/finding.ts';
import { type ResourceType } from '../../model/resource-ref.ts';
import { objectOf } from './exports.ts';
import { leaveOut, NOT_SEEN, type Made, type StepDraft, type StepMaker } from './making.ts';
import { nasObject, switchObject, type NasObject } from './nas-object.ts';
import { type Scene } from './scene.ts';

/** What gives a volume back to those who use it. Nothing is taken away, and no limit holds it back. */
export function repair({ place }: Finding, steps: readonly StepDraft[]): Made {
  return { intent: 'repair', dataset: place?.path ?? null, parent: null, bytes: 0, steps };
}

/** How each type that has a switch is found. */
const SWITCHES: Readonly<
  Partial<Record<ResourceType, (finding: Finding, scene: Scene) => NasObject | undefined>>
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
  const { type } = finding.subject;
  if (type === 'IscsiTarget' || type === 'NvmetSubsystem') {
    return leaveOut('it has no switch: give it the portal or the ports of its neighbours by hand');
  }
  const object = SWITCHES[type]?.(finding, scene);
  if (object === undefined) return NOT_SEEN;
  if (object.identity['enabled'] === true) return leaveOut('it is enabled already');
  const step = switchObject(object, true);
  return step === undefined ? NOT_SEEN : repair(finding, [step]);
};
