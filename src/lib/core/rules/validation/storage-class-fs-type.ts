import { type StorageClass } from '../../model/kubernetes.ts';
import { refToStorageClass } from '../../model/subjects.ts';
import { isFileSystem } from '../checks/class-parameters.ts';
import { isBlockKind, kindsOf } from '../checks/driver-kinds.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

/** What a driver of datasets takes. */
const SHARED: readonly string[] = ['nfs', 'cifs'];
/** What a driver of zvols can make in one. */
const IN_ZVOLS: readonly string[] = [
  'ext3',
  'ext4',
  'ext4dev',
  'xfs',
  'btrfs',
  'vfat',
  'exfat',
  'ntfs',
];

function inspectFileSystem(
  { parameters, parameterNames }: StorageClass,
  kinds: readonly string[],
): Omit<Inspection, 'subject'> {
  const names = parameterNames.filter(isFileSystem).toSorted();
  if (names.length === 0) return { sound: true, seen: 'it leaves the file system to the driver' };
  const written = names.flatMap((name) => parameters[name] ?? []);
  const [first] = written;
  if (first === undefined) {
    return { sound: undefined, seen: `the value of ${names.join(', ')} was not read` };
  }
  if (kinds.length === 0) {
    return { sound: undefined, seen: 'what kind of driver makes its volumes was not seen' };
  }
  const fits = (kind: string): boolean =>
    written.every((each) => each === '' || (isBlockKind(kind) ? IN_ZVOLS : SHARED).includes(each));
  const unfit = kinds.find((kind) => !fits(kind));
  if (unfit === undefined) return { sound: true, seen: `file system ${first}` };
  const allowed = isBlockKind(unfit) ? IN_ZVOLS : SHARED;
  return {
    sound: false,
    seen: `file system ${written.join(', ')} is refused by ${unfit}, which takes ${allowed.join(', ')}: no volume can be made`,
  };
}

export const storageClassFsType = defineCheck({
  id: 'storage-class-fs-type',
  category: 'validation',
  severity: 'high',
  component: 'storage-class',
  title: 'File systems of classes fit their drivers',
  scope: 'cluster',
  subjects: ['StorageClass'],
  requires: ['storageClasses', 'installations', 'persistentVolumes'],
  consults: [],
  steps: [
    'Keep the class: `kubectl get storageclass NAME -o yaml > class.yaml`. Parameters cannot be changed in place.',
    'Write `nfs` for NFS, `cifs` for SMB, and `ext4` or `xfs` for iSCSI and NVMe-oF into `fsType`, there and in the values of the chart.',
    'Delete the class and make it again from the file: volumes and claims that exist keep what they have.',
  ],

  *inspect({ storageClasses, installations, persistentVolumes }) {
    for (const each of storageClasses) {
      const installation = installations.find(
        ({ cluster, driver }) => cluster === each.cluster && driver === each.provisioner,
      );
      if (installation === undefined) continue;
      const kinds = kindsOf(installation, persistentVolumes);
      yield { subject: refToStorageClass(each), ...inspectFileSystem(each, kinds) };
    }
  },
});
