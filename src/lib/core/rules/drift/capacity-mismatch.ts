import { condition, type Check } from '../../model/check.ts';
import { type PersistentVolume, type PersistentVolumeClaim } from '../../model/kubernetes.ts';
import { lazy } from '../../model/lazy.ts';
import { formatQuantity, type Size } from '../../model/quantity.ts';
import { type Severity } from '../../model/finding.ts';
import { defineRule } from '../../model/rule.ts';
import { refToVolume } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { lastTurn, olderThanThreshold } from '../checks/age.ts';
import { type ClaimIndex, indexClaims } from '../checks/claim-index.ts';
import { volumeFacts } from '../checks/facts.ts';
import { placeOf } from '../checks/place.ts';
import { suspectedForThreshold } from '../checks/suspected.ts';

type Kind = 'smaller' | 'larger' | 'claim' | 'read-only';

interface Mismatch {
  readonly kind: Kind;
  readonly detail: string;
}

const MEBIBYTE = 2 ** 20;
const GIBIBYTE = 2 ** 30;

/** Drivers that work by the API round file systems up to whole GiB; zvols are rounded to their block size at most. */
function tolerance({ kind }: Dataset): number {
  return kind === 'filesystem' ? GIBIBYTE : MEBIBYTE;
}

/** What the NAS keeps the volume to: nothing, where the driver sets no quota. */
function limitOf({ kind, volsize, refquota }: Dataset): Size | null {
  return kind === 'volume' ? volsize : refquota;
}

/** By how much a size exceeds another; 0 where either is not exactly known. */
function excess(size: Size | null, over: Size | null): number {
  if (size === null || over === null || size.approximate || over.approximate) return 0;
  return size.bytes - over.bytes;
}

function text(size: Size | null): string {
  return size === null ? 'unknown' : formatQuantity(size.bytes);
}

function datasetMismatch(pv: PersistentVolume, dataset: Dataset): Mismatch | undefined {
  const limit = limitOf(dataset);
  // TrueNAS says 0 for no quota at all in places.
  if (limit?.bytes === 0) return undefined;
  const lacking = excess(pv.capacity, limit);
  if (Math.abs(lacking) < tolerance(dataset)) return undefined;
  const property = dataset.kind === 'volume' ? 'volsize' : 'refquota';
  return {
    kind: lacking > 0 ? 'smaller' : 'larger',
    detail: `${property} of ${dataset.id} is ${text(limit)}, the PersistentVolume promises ${text(pv.capacity)}`,
  };
}

/** A claim that asks for more than it has, or was told another size than its volume has. */
function claimMismatch(
  pv: PersistentVolume,
  { requested, capacity, phase }: PersistentVolumeClaim,
): Mismatch | undefined {
  if (phase !== 'Bound') return undefined;
  if (excess(requested, pv.capacity) > 0) {
    return {
      kind: 'claim',
      detail: `its claim asks for ${text(requested)}, the PersistentVolume has ${text(pv.capacity)}`,
    };
  }
  if (Math.abs(excess(capacity, pv.capacity)) < MEBIBYTE) return undefined;
  return {
    kind: 'claim',
    detail: `its claim was given ${text(capacity)}, the PersistentVolume has ${text(pv.capacity)}`,
  };
}

/** What a mounted volume cannot live with: an application that may write gets errors. */
function writeMismatch(pv: PersistentVolume, dataset: Dataset): Mismatch | undefined {
  if (dataset.readonly !== true || pv.writable !== true) return undefined;
  return {
    kind: 'read-only',
    detail: `dataset ${dataset.id} is read-only, and its claim may write to it`,
  };
}

const NONE: readonly Mismatch[] = [];

function mismatchesOf(
  pv: PersistentVolume,
  dataset: Dataset,
  claim: PersistentVolumeClaim | undefined,
): readonly Mismatch[] {
  const write = writeMismatch(pv, dataset);
  const size = datasetMismatch(pv, dataset);
  const asked = claim && claimMismatch(pv, claim);
  // Nearly every volume is as it should be, and needs no list of its own.
  if (write === undefined && size === undefined && asked === undefined) return NONE;
  return [write, size, asked].filter((mismatch) => mismatch !== undefined);
}

/** The claim that names a volume, which is the one the volume names but for moments. */
function claimOf(pv: PersistentVolume, claims: ClaimIndex): PersistentVolumeClaim | undefined {
  const uid = pv.claim?.uid ?? null;
  const bound = uid === null ? undefined : claims.byUid(uid);
  const claim = bound?.volumeName === pv.name ? bound : claims.byVolumeName(pv.name);
  return claim?.volumeName === pv.name ? claim : undefined;
}

/** What each mismatch is called in the evidence, how bad it is, and what is done about it. */
const KINDS: Readonly<
  Record<Kind, { readonly check: string; readonly severity: Severity; readonly step: string }>
> = {
  'read-only': {
    check: 'dataset-read-only',
    severity: 'medium',
    step: 'Find out who made the dataset read-only: a replica is by intent, and one that was promoted needs readonly=off before anything is written.',
  },
  smaller: {
    check: 'dataset-smaller',
    severity: 'medium',
    step: 'Raise the request of the claim a little, so that the driver expands the dataset and both sides agree again.',
  },
  claim: {
    check: 'claim-differs',
    severity: 'low',
    step: 'Read the conditions and events of the claim: the expansion never began or never ended; check that its class allows expansion and that the csi-resizer runs, then ask for the size again through the claim.',
  },
  larger: {
    check: 'dataset-larger',
    severity: 'info',
    step: 'Raise the request of the claim to the size the dataset has, or leave it as it is: never shrink a dataset or zvol that holds data.',
  },
};

/** From worst to least. */
const ORDER = Object.keys(KINDS);

function bySeverity(a: Mismatch, b: Mismatch): number {
  return ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind);
}

function checksOf(found: readonly Mismatch[]): readonly Check[] {
  return found.map(({ kind, detail }) => condition(KINDS[kind].check, true, detail));
}

export const capacityMismatch = defineRule({
  id: 'capacity-mismatch',
  category: 'drift',
  severity: 'medium',
  title: 'Volume whose size or writability differs between the two sides',
  scope: 'cluster',
  subjects: ['PersistentVolume'],
  remembers: true,
  requires: ['persistentVolumes', 'persistentVolumeClaims', 'volumeLinks'],
  consults: [],

  *evaluate({ persistentVolumes, persistentVolumeClaims, volumeLinks }, context) {
    const claims = indexClaims(persistentVolumeClaims);
    for (const { volume: pv, backend } of volumeLinks.backed(persistentVolumes)) {
      // Only where its driver keeps it does a driver set its size: what was written by hand promises what it likes.
      if (backend.state !== 'found') continue;
      const { dataset } = backend;
      const claim = claimOf(pv, claims);
      const found = mismatchesOf(pv, dataset, claim);
      if (context.suspectsOnly && found.length === 0) continue;
      const worst = lazy(() => found.toSorted(bySeverity));
      const subject = refToVolume(pv);
      yield {
        subject,
        place: placeOf(dataset),
        premise: condition('sides-differ', found.length > 0, () =>
          found.length > 0
            ? worst()
                .map(({ detail }) => detail)
                .join('; ')
            : `${text(pv.capacity)} on both sides`,
        ),
        checks: () => [
          ...checksOf(worst()),
          condition(
            'not-resizing',
            claim?.resizing !== true,
            claim?.resizing === true ? 'its claim is being expanded' : 'no expansion is under way',
          ),
          condition(
            'in-use',
            pv.phase === 'Bound' && pv.deletedAt === null,
            pv.deletedAt === null ? `phase is ${pv.phase}` : 'it is being deleted',
          ),
          olderThanThreshold(lastTurn(pv), context, 'unchanged since'),
          suspectedForThreshold('differs-for-threshold', subject, context),
        ],
        message: () =>
          worst()
            .map(({ detail }) => detail)
            .join('; '),
        lookups: () => [
          { kind: 'cluster-list', source: 'persistentVolumes' },
          { kind: 'cluster-list', source: 'persistentVolumeClaims' },
          { kind: 'dataset', system: dataset.system, id: dataset.id },
        ],
        severity: KINDS[worst()[0]?.kind ?? 'larger'].severity,
        facts: () => ({
          ...volumeFacts(pv, dataset),
          remedy: {
            action: 'investigate',
            safe: false,
            steps: worst().map(({ kind }) => KINDS[kind].step),
            command: null,
          },
        }),
      };
    }
  },
});
