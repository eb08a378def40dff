import { type Dataset } from '../model/truenas.ts';
import { type KnownParent } from './known-parent.ts';

/** What stands behind a PersistentVolume on the NAS. */
export type Backend =
  /** Where its driver puts it. */
  | { readonly state: 'found'; readonly dataset: Dataset }
  /** Not where its driver would look, but a dataset elsewhere carries its name, path or target. */
  | { readonly state: 'elsewhere'; readonly dataset: Dataset; readonly expected: string | null }
  /** Its driver's parent is known, and nothing on the NAS answers to its path or its name. */
  | {
      readonly state: 'absent';
      readonly system: string;
      readonly path: string;
      readonly parent: KnownParent;
    }
  /** Nothing says on which system or under which parent it would be. */
  | { readonly state: 'unknown'; readonly reason: string };
