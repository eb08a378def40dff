import { BySystem } from './by-system.ts';
import { type Deployment } from './deployments.ts';
import { eitherKeeps, type Instance, type KnownParent } from './known-parent.ts';
import { type UnsightedParent } from './sightings.ts';

export interface ParentDraft {
  readonly system: string;
  readonly path: string;
  readonly drivers: Set<string>;
  clusters: Set<string> | null;
  readonly detachedPaths: Set<string>;
  readonly instanceIds: Set<string>;
  readonly instances: Instance[];
  exclusive: boolean | null;
  origin: KnownParent['origin'];
  located: boolean;
  keepsDeleted: boolean | null;
}

/** Where parents are put together, each from all that is known of it. */
export class ParentDrafts {
  readonly #byPath = new BySystem<ParentDraft>();
  readonly #all: ParentDraft[] = [];

  at(system: string, path: string, origin: ParentDraft['origin']): ParentDraft {
    return this.#byPath.of(system, path, () => {
      const draft: ParentDraft = {
        system,
        path,
        drivers: new Set(),
        clusters: new Set(),
        detachedPaths: new Set(),
        instanceIds: new Set(),
        instances: [],
        exclusive: null,
        origin,
        located: false,
        keepsDeleted: false,
      };
      this.#all.push(draft);
      return draft;
    });
  }

  /** @param isHeldBeside whether another system than that of a draft holds its path, or may */
  finish(isHeldBeside: (draft: ParentDraft) => boolean): readonly UnsightedParent[] {
    return this.#all.map((draft) => ({
      ...draft,
      drivers: [...draft.drivers],
      clusters: draft.clusters === null ? null : [...draft.clusters],
      detachedPaths: [...draft.detachedPaths],
      sourcePaths: [draft.path],
      instanceIds: [...draft.instanceIds],
      exclusive: draft.exclusive ?? false,
      heldElsewhere: isHeldBeside(draft),
    }));
  }
}

/** Two entries that disagree cannot both be right, and the careful one loses nothing. */
function both(one: boolean | null, other: boolean | null): boolean | null {
  if (one === null || other === null) return one ?? other;
  return one && other;
}

/** Adds to a parent what one deployment says of it. */
export function addDeployment(draft: ParentDraft, deployment: Deployment, located: boolean): void {
  const { driver, cluster, detachedPath, instanceId, exclusive } = deployment;
  draft.drivers.add(driver);
  if (cluster === null) draft.clusters = null;
  else draft.clusters?.add(cluster);
  if (detachedPath !== null) draft.detachedPaths.add(detachedPath);
  if (instanceId !== null) draft.instanceIds.add(instanceId);
  draft.instances.push({ cluster, id: instanceId });
  draft.exclusive = both(draft.exclusive, exclusive);
  if (deployment.origin === 'declared') draft.origin = 'declared';
  draft.located ||= located;
  draft.keepsDeleted = eitherKeeps(draft.keepsDeleted, deployment.keepsDeleted);
}
