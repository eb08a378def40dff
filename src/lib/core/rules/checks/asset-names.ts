import { ListsBySystem } from '../../correlate/by-system.ts';
import { type VolumeLinks } from '../../correlate/match-volumes.ts';
import { leafName } from '../../correlate/paths.ts';
import { type Dataset } from '../../model/truenas.ts';

/*
 * Drivers name a volume's targets, extents, subsystems and SMB shares `lower(prefix + leaf + suffix)`, or after a template of
 * the user's; only what they noted on the dataset knows the result.
 */

const UID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const UID_AT_END = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a name ends as provisioners end the names of volumes: with the uid of the claim. */
export function endsInUid(name: string): boolean {
  return UID_AT_END.test(name);
}

/** Whether a name holds the uid of some claim, with whatever a driver put before and after it. */
export function holdsUid(name: string): boolean {
  return name.search(UID) >= 0;
}

/** Names a driver noted for what exports a volume. */
export function notedNames({ properties }: Dataset): readonly string[] {
  const { iscsiAssetsName, nvmetAssetsName } = properties;
  return [iscsiAssetsName, nvmetAssetsName].flatMap((name) => name ?? []);
}

/** Volumes by the names that what exports them has. */
export class AssetNames {
  readonly #byName = new ListsBySystem<Dataset>();
  readonly #byUid = new ListsBySystem<Dataset>();

  constructor(datasets: readonly Dataset[], links: VolumeLinks) {
    for (const dataset of datasets) {
      if (!links.isManaged(dataset)) continue;
      const { system, id } = dataset;
      const noted = notedNames(dataset);
      for (const name of noted) this.#byName.add(system, name.toLowerCase(), dataset);
      if (noted.length > 0) continue;
      const uid = UID_AT_END.exec(leafName(id))?.[0].toLowerCase();
      if (uid !== undefined) this.#byUid.add(system, uid, dataset);
    }
  }

  /** Volumes whose driver noted this name, or, where it noted none, whose uid the name holds. */
  volumesOf(system: string, name: string): readonly Dataset[] {
    const lower = name.toLowerCase();
    const noted = this.#byName.get(system, lower);
    if (noted.length > 0) return noted;
    const uids = lower.match(UID) ?? [];
    return uids.flatMap((uid) => this.#byUid.get(system, uid));
  }
}
