import { isTrueNasDriverName } from '../../correlate/volume-handle.ts';
import { type StorageClass } from '../../model/kubernetes.ts';
import { refToStorageClass } from '../../model/subjects.ts';
import {
  CONFIGURED_ELSEWHERE,
  isRefused,
  meantByIgnored,
  meantByRefused,
} from '../checks/class-parameters.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

function meant(name: string | undefined): string {
  return name === undefined ? '' : `: ${name} is probably meant`;
}

function refusedIn(names: readonly string[]): string | undefined {
  const refused = names.find(isRefused);
  if (refused === undefined) return undefined;
  return `${refused} is no parameter of Kubernetes, and no volume can be made${meant(meantByRefused(refused))}`;
}

/** Other drivers have parameters of their own, which are not known here. */
function ignoredIn({ provisioner }: StorageClass, names: readonly string[]): readonly string[] {
  if (isTrueNasDriverName(provisioner)) return [];
  return names.flatMap((name) => {
    const key = CONFIGURED_ELSEWHERE.get(name);
    if (key !== undefined) {
      return `${name} is ignored here: it is ${key} in the configuration of the driver, for all its classes`;
    }
    const nearest = meantByIgnored(name);
    return nearest === undefined ? [] : `${name} is ignored${meant(nearest)}`;
  });
}

function inspectParameters(storageClass: StorageClass): Omit<Inspection, 'subject'> {
  const names = storageClass.parameterNames.toSorted();
  const refused = refusedIn(names);
  if (refused !== undefined) return { sound: false, severity: 'high', seen: refused };
  const ignored = ignoredIn(storageClass, names);
  if (ignored.length > 0) return { sound: false, seen: ignored.join('; ') };
  return {
    sound: true,
    seen: names.length === 0 ? 'it has no parameters' : `parameters ${names.join(', ')}`,
  };
}

export const storageClassParameters = defineCheck({
  id: 'storage-class-parameters',
  category: 'validation',
  severity: 'medium',
  component: 'storage-class',
  title: 'Parameters of classes are spelled as drivers read them',
  scope: 'cluster',
  subjects: ['StorageClass'],
  requires: ['storageClasses', 'parents'],
  consults: [],
  steps: [
    'Keep the class: `kubectl get storageclass NAME -o yaml > class.yaml`. Parameters cannot be changed in place.',
    'Correct the name in that file and in the values of the chart.',
    'Delete the class and make it again from the file: volumes and claims that exist keep what they have.',
  ],

  *inspect({ storageClasses, parents }) {
    for (const each of storageClasses) {
      if (!parents.isTrueNasDriver(each.cluster, each.provisioner)) continue;
      yield { subject: refToStorageClass(each), ...inspectParameters(each) };
    }
  },
});
