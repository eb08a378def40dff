import { type Backend } from '../../correlate/backend.ts';
import { assurance, condition, type Check } from '../../model/check.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { defineRule } from '../../model/rule.ts';
import { refToVolume } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { lastTurn, olderThanThreshold } from '../checks/age.ts';
import { volumeFacts } from '../checks/facts.ts';
import { placeOf } from '../checks/place.ts';
import { poolsAgain, storageReadable } from '../checks/storage.ts';

type Attributes = Readonly<Record<string, string>>;

/** What the driver noted on the dataset; undefined where that cannot be read. */
function contextOf(text: string): Readonly<Record<string, unknown>> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Not a failure: the property is free text, and unreadable is what the rule says of it.
    return undefined;
  }
  return isObject(parsed) ? parsed : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Added by the driver to the volume alone, or by the provisioner, and never noted on the dataset. */
function isOwnToVolume(key: string): boolean {
  return key.startsWith('provisioner_driver') || key.startsWith('storage.kubernetes.io/');
}

/** Names that TrueNAS keeps in lower case, however they were written. */
function ignoresCase(key: string, { node_attach_driver: protocol }: Attributes): boolean {
  return key === 'iqn' || (key === 'share' && protocol === 'smb');
}

/** Kubernetes keeps text only: a LUN of 0 becomes "0" on its way. Undefined for what has no one text. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

interface Difference {
  readonly key: string;
  readonly noted: string;
  readonly used: string;
}

/** Keys both sides have with different values. Attributes pass an allow-list, so that one missing from them means nothing. */
function differencesOf(
  context: Readonly<Record<string, unknown>>,
  attributes: Attributes,
): readonly Difference[] {
  const differences: Difference[] = [];
  for (const key in attributes) {
    const used = attributes[key];
    const noted = textOf(context[key]);
    if (used === undefined || noted === undefined || noted === used || isOwnToVolume(key)) continue;
    if (ignoresCase(key, attributes) && noted.toLowerCase() === used.toLowerCase()) continue;
    differences.push({ key, noted, used });
  }
  return differences;
}

function premiseFor(differences: readonly Difference[] | undefined): Check {
  if (differences === undefined) {
    return condition('context-differs', undefined, 'what the dataset says is not a JSON object');
  }
  return condition('context-differs', differences.length > 0, () =>
    differences.length === 0
      ? 'both sides say the same'
      : differences
          .map(({ key, noted, used }) => `${key}: ${noted} on the dataset, ${used} on the volume`)
          .join('; '),
  );
}

interface Noted {
  readonly dataset: Dataset;
  readonly text: string;
  readonly attributes: Attributes;
}

function notedOf(pv: PersistentVolume, backend: Backend): Noted | undefined {
  if (pv.source.kind !== 'csi' || backend.state !== 'found') return undefined;
  const { dataset } = backend;
  const text = dataset.properties.shareContext;
  return text === null ? undefined : { dataset, text, attributes: pv.source.attributes };
}

export const contextMismatch = defineRule({
  id: 'context-mismatch',
  category: 'drift',
  severity: 'low',
  title: 'PersistentVolume whose attributes are not those its dataset remembers',
  scope: 'cluster',
  subjects: ['PersistentVolume'],
  requires: ['persistentVolumes', 'volumeLinks', 'storage'],
  consults: [],

  *evaluate({ persistentVolumes, volumeLinks, storage }, context) {
    for (const { volume: pv, backend } of volumeLinks.backed(persistentVolumes)) {
      const noted = notedOf(pv, backend);
      if (noted === undefined) continue;
      const { dataset, text, attributes } = noted;
      const remembered = contextOf(text);
      const differences = remembered && differencesOf(remembered, attributes);
      if (context.suspectsOnly && (differences === undefined || differences.length === 0)) continue;
      const { system, id, properties } = dataset;
      const keys = differences?.map(({ key }) => key).join(', ') ?? '';
      yield {
        subject: refToVolume(pv),
        place: placeOf(dataset),
        premise: premiseFor(differences),
        checks: () => [
          olderThanThreshold(lastTurn(pv), context, 'unchanged since'),
          storageReadable(storage, system, id),
          // A volume made by hand over another's dataset has attributes of its own.
          assurance(
            'made-for-this-volume',
            properties.csiVolumeName === pv.name,
            `the dataset was made for ${properties.csiVolumeName ?? 'no volume it names'}`,
          ),
        ],
        message: () => `the volume and its dataset ${id} disagree on ${keys}`,
        lookups: () => [
          { kind: 'cluster-list', source: 'persistentVolumes' },
          { kind: 'dataset', system, id },
          poolsAgain(system),
        ],
        facts: () => ({
          ...volumeFacts(pv, dataset),
          remedy: {
            action: 'repair-properties',
            // The property may be mended at any time; a bound volume that is made anew leaves its claim without one in between.
            safe: false,
            steps: [
              'Find out which side is right: nodes mount by the PersistentVolume, and pv-updater changes nothing else.',
              `Where the volume is right, write its values into the property csi_share_volume_context of ${id}: nothing else changes with it.`,
              'Where the dataset is right, stop what uses the claim, set the reclaim policy to Retain and check that it took, and save the manifests of both.',
              'Only then delete the claim and the PersistentVolume, create the volume anew with the right attributes, and the claim with its name in volumeName; check that it is bound.',
            ],
            command: null,
          },
        }),
      };
    }
  },
});
