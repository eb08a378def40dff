import { trimSlashes } from '../../correlate/paths.ts';
import { type DriverSecret } from '../../model/kubernetes.ts';
import { areOnOneServer } from '../checks/driver-home.ts';
import { inspectSecrets, type SecretJudgement } from '../checks/inspect-secrets.ts';
import { defineCheck } from '../define-check.ts';

function isInside(path: string, other: string): boolean {
  return path.startsWith(`${other}/`);
}

function overlap(path: string, other: string): boolean {
  return path === other || isInside(path, other) || isInside(other, path);
}

function placesOf({ parent, detachedSnapshotsParent }: DriverSecret): readonly string[] {
  return [parent, detachedSnapshotsParent].flatMap((path) =>
    path === null ? [] : trimSlashes(path),
  );
}

/** Places of another deployment that lie inside one of this one's, or around it. One and the same parent is another check's. */
function nestedWith(secret: DriverSecret, other: DriverSecret): readonly string[] {
  return placesOf(other).filter((theirs) =>
    placesOf(secret).some((ours) => isInside(theirs, ours) || isInside(ours, theirs)),
  );
}

function judge(secret: DriverSecret, all: readonly DriverSecret[]): SecretJudgement {
  const { parent, detachedSnapshotsParent: detached } = secret;
  if (parent === null) return undefined;
  if (detached !== null && overlap(trimSlashes(parent), trimSlashes(detached))) {
    return {
      sound: false,
      seen: `volumes below ${parent} and detached snapshots below ${detached} lie in one another: the driver refuses to start`,
    };
  }
  const nested = all
    .filter((other) => other !== secret && areOnOneServer(secret, other))
    .flatMap((other) => nestedWith(secret, other));
  if (nested.length === 0) return { sound: true, seen: `${parent} overlaps nothing` };
  return {
    sound: false,
    severity: 'medium',
    seen: `${parent} and ${[...new Set(nested)].toSorted().join(', ')} of another deployment lie in one another`,
  };
}

export const driverParentsOverlap = defineCheck({
  id: 'driver-parents-overlap',
  category: 'validation',
  severity: 'high',
  component: 'driver',
  title: 'No parent dataset lies inside another',
  scope: 'cluster',
  subjects: ['DriverSecret'],
  requires: ['installations', 'driverSecrets'],
  consults: [],
  steps: [
    'Choose parents that lie beside each other: `tank/k8s/a/vols` for volumes and `tank/k8s/a/snaps` for detached snapshots of one deployment.',
    'Name them in `zfs.datasetParentName` and `zfs.detachedSnapshotsDatasetParentName`, and upgrade the release.',
    'Where volumes lie below the old parent already, move the other one, or keep the old deployment until its last volume is gone.',
  ],

  *inspect({ installations }) {
    const all = installations.flatMap(({ secrets }) => secrets);
    yield* inspectSecrets(all, (secret) => judge(secret, all));
  },
});
