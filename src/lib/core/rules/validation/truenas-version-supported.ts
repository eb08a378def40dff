import { type SystemIdentity } from '../../model/inventory.ts';
import { refToSystem } from '../../model/surroundings.ts';
import { isBefore, isCore, parseVersion } from '../checks/versions.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

function inspectVersion({ version }: SystemIdentity): Omit<Inspection, 'subject'> {
  const numbers = parseVersion(version);
  if (numbers === undefined) {
    return { sound: undefined, seen: 'its version is not known' };
  }
  if (isCore(numbers)) {
    return { sound: false, seen: `TrueNAS CORE (${version}) is not supported by this tool` };
  }
  if (isBefore(numbers, [22, 12])) {
    return { sound: false, seen: `TrueNAS ${version} is older than anything this tool supports` };
  }
  if (isBefore(numbers, [24, 10])) {
    return {
      sound: false,
      severity: 'low',
      seen: `TrueNAS ${version} is read over REST as well as that goes, and not tested`,
    };
  }
  return { sound: true, seen: `TrueNAS ${version}` };
}

export const truenasVersionSupported = defineCheck({
  id: 'truenas-version-supported',
  category: 'validation',
  severity: 'medium',
  component: 'versions',
  title: 'This tool was tested with the version of TrueNAS',
  scope: 'system',
  subjects: ['System'],
  requires: ['systems'],
  consults: [],
  steps: [
    'Plan an upgrade to TrueNAS 24.10 or later, one train after another, as its release notes say.',
    'Look first that the CSI driver works with the version you go to: see `driver-supports-truenas`.',
    'Until then trust no absence that this tool reports without looking yourself.',
  ],

  *inspect({ systems }) {
    for (const system of systems) {
      yield { subject: refToSystem(system.name), ...inspectVersion(system) };
    }
  },
});
