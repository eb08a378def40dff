import { type DriverSecret } from '../../model/kubernetes.ts';
import { isBlockKind } from '../checks/driver-kinds.ts';
import { inspectSecrets, type SecretJudgement } from '../checks/inspect-secrets.ts';
import { defineCheck } from '../define-check.ts';

/** `pvc-` and a uid. */
const VOLUME_NAME = 40;
/** Of a target and an extent: a limit of SCST. */
const LONGEST_ASSET = 64;
/** Of what an extent points at, on SCALE. */
const LONGEST_DEVICE = 255;

/** A template makes names of any length. */
function longestVolumeName({ handleRule }: DriverSecret): number | undefined {
  if (handleRule === 'template') return undefined;
  // The longest hash, md5, has 32 digits.
  return handleRule === 'hash' ? 32 : VOLUME_NAME;
}

function judge(secret: DriverSecret): SecretJudgement {
  const { kind, parent, settings } = secret;
  if (!isBlockKind(kind)) return undefined;
  const leaf = longestVolumeName(secret);
  if (leaf === undefined) {
    return { sound: undefined, seen: 'names of volumes are made by a template, of any length' };
  }
  const device = `zvol/${parent ?? ''}/`.length + leaf;
  if (parent !== null && device > LONGEST_DEVICE) {
    return {
      sound: false,
      seen: `the path of a zvol below ${parent} has ${device} letters, and may have ${LONGEST_DEVICE}: no volume can be made`,
    };
  }
  if (!kind.endsWith('-iscsi'))
    return { sound: true, seen: `paths of zvols have ${device} letters` };
  const asset = (settings.namePrefix ?? '').length + leaf + (settings.nameSuffix ?? '').length;
  if (asset <= LONGEST_ASSET)
    return { sound: true, seen: `names of targets have ${asset} letters` };
  return {
    sound: false,
    // A nameTemplate, which is not read, may shorten what stands between the two.
    severity: 'medium',
    seen: `with namePrefix and nameSuffix the name of a target has ${asset} letters, and may have ${LONGEST_ASSET}`,
  };
}

export const driverNameLength = defineCheck({
  id: 'driver-name-length',
  category: 'validation',
  severity: 'high',
  component: 'driver',
  title: 'Names of zvols and targets are short enough',
  scope: 'cluster',
  subjects: ['DriverSecret'],
  requires: ['driverSecrets'],
  consults: [],
  steps: [
    'Shorten `iscsi.namePrefix` and `iscsi.nameSuffix` until both together have 24 letters at most.',
    'Choose a parent with a shorter path in `zfs.datasetParentName`; volumes below the old one need the old deployment until they are gone.',
    'Upgrade the release, and make a small claim to see that it is bound.',
  ],

  *inspect({ driverSecrets }) {
    yield* inspectSecrets(driverSecrets, judge);
  },
});
