import { volumesByName } from '../../correlate/listed-by.ts';
import { type ParentIndex } from '../../correlate/parents.ts';
import { condition } from '../../model/check.ts';
import { type Coverage } from '../../model/coverage.ts';
import { type PersistentVolumeClaim } from '../../model/kubernetes.ts';
import { lazy } from '../../model/lazy.ts';
import { type Remedy } from '../../model/remedy.ts';
import { defineRule } from '../../model/rule.ts';
import { refToClaim } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { lastTurn, olderThanThreshold } from '../checks/age.ts';
import { claimFacts, provisionerOf } from '../checks/claims.ts';
import { suspectsAmong } from '../checks/suspects.ts';

/** The dataset a lost claim had: its volume's name is written on it. */
function keptData(
  claim: PersistentVolumeClaim,
  datasetNamed: (volume: string) => string | undefined,
): string | undefined {
  return claim.volumeName === null ? undefined : datasetNamed(claim.volumeName);
}

/**
 * The dataset of each of these volume names. Children and replicas carry the name as well: what lies below a known parent
 * comes first, then what lies highest.
 */
function namedDatasets(
  names: ReadonlySet<string | null>,
  datasets: readonly Dataset[],
  parents: ParentIndex,
): ReadonlyMap<string, string> {
  const rank = ({ system, id }: Dataset): string =>
    `${parents.parentOf(system, id) === undefined ? 1 : 0} ${String(id.length).padStart(4, '0')} ${id}`;
  const best = new Map<string, Dataset>();
  for (const dataset of datasets) {
    const name = dataset.properties.csiVolumeName;
    if (name === null || !names.has(name)) continue;
    const known = best.get(name);
    if (known === undefined || rank(dataset) < rank(known)) best.set(name, dataset);
  }
  return new Map([...best].map(([name, { id }]) => [name, id]));
}

function remedyFor(
  { namespace, name, uid }: PersistentVolumeClaim,
  kept: string | undefined,
  read: Coverage,
): Remedy {
  const again = `create the PersistentVolume again under its old name, with reclaim policy Retain and a claimRef that holds ${namespace}/${name} and its uid ${uid}`;
  const restore = (steps: readonly string[]): Remedy => ({
    action: 'restore-volume',
    safe: false,
    steps,
    command: null,
  });
  if (kept !== undefined) {
    return restore([
      `Keep ${kept}, which carries the name of the volume: the data is still there.`,
      `Check that its share or extent is there, and ${again}; the page of this rule has a manifest.`,
    ]);
  }
  return restore([
    read.state === 'complete'
      ? 'Look among replicas, backups and renamed datasets for the data: of all that was read on TrueNAS, no dataset carries the name of the volume.'
      : `Look on TrueNAS for a dataset that carries the name of the volume: not all could be read (${read.reason}).`,
    `Where the data turns up, ${again}; the page of this rule has a manifest.`,
    'Where it is gone for good, delete the claim, and restore into a new one from a backup.',
  ]);
}

function isLost({ phase }: PersistentVolumeClaim): boolean {
  return phase === 'Lost';
}

export const pvcLost = defineRule({
  id: 'pvc-lost',
  category: 'orphan',
  severity: 'high',
  title: 'PersistentVolumeClaim whose PersistentVolume is gone',
  scope: 'cluster',
  subjects: ['PersistentVolumeClaim'],
  requires: ['persistentVolumeClaims', 'persistentVolumes', 'parents'],
  consults: ['storageClasses', 'datasets'],

  *evaluate(
    { persistentVolumeClaims, persistentVolumes, parents, storageClasses, datasets },
    context,
  ) {
    const isThere = (cluster: string, volume: string): boolean =>
      volumesByName(persistentVolumes).get(cluster, volume) !== undefined;
    const byVolume = lazy(() => {
      const lost = persistentVolumeClaims.filter(isLost);
      const names = new Set(lost.map(({ volumeName }) => volumeName));
      return namedDatasets(names, datasets.items, parents);
    });
    for (const claim of suspectsAmong(persistentVolumeClaims, context, isLost)) {
      const lost = isLost(claim);
      const provisioner = provisionerOf(claim, storageClasses.items);
      const ours = provisioner !== undefined && parents.isTrueNasDriver(claim.cluster, provisioner);
      // Whose claim it was matters only once it is lost, and then its data may tell.
      const kept = lost ? keptData(claim, (volume) => byVolume().get(volume)) : undefined;
      if (!ours && kept === undefined) continue;
      yield {
        subject: refToClaim(claim),
        place: null,
        premise: condition('lost', lost, `phase is ${claim.phase}`),
        checks: () => [
          condition(
            'volume-gone',
            claim.volumeName === null ? undefined : !isThere(claim.cluster, claim.volumeName),
            `it was bound to ${claim.volumeName ?? 'a volume it does not name'}`,
          ),
          olderThanThreshold(lastTurn(claim), context, 'unchanged since'),
        ],
        message: `its PersistentVolume ${claim.volumeName ?? ''} is gone`.replace('  ', ' '),
        lookups: () => [
          { kind: 'cluster-list', source: 'persistentVolumes' },
          { kind: 'cluster-list', source: 'persistentVolumeClaims' },
        ],
        facts: () => ({
          ...claimFacts(claim),
          truenasReference: kept ?? null,
          remedy: remedyFor(claim, kept, datasets.coverage),
        }),
      };
    }
  },
});
