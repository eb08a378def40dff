import { type StorageClass } from '../../model/kubernetes.ts';
import { refToStorageClass } from '../../model/subjects.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

function inspectPolicy(
  { reclaimPolicy }: StorageClass,
  keepsDeleted: boolean,
): Omit<Inspection, 'subject'> {
  if (reclaimPolicy === 'Delete' && keepsDeleted) {
    return {
      sound: false,
      seen: 'reclaim policy Delete, but its driver is told to keep what is deleted: PersistentVolumes vanish, and their datasets and shares stay',
    };
  }
  return { sound: true, seen: `reclaim policy ${reclaimPolicy}` };
}

export const storageClassReclaimPolicy = defineCheck({
  id: 'storage-class-reclaim-policy',
  category: 'validation',
  severity: 'low',
  component: 'storage-class',
  title: 'Reclaim policies say what drivers do',
  scope: 'cluster',
  subjects: ['StorageClass'],
  requires: ['storageClasses', 'installations', 'driverSecrets'],
  consults: [],
  steps: [
    'Where data is to be kept, make the class again with `reclaimPolicy: Retain`: the PersistentVolumes stay too, and say what the datasets are. Volumes that exist keep the policy they have, unless it is patched.',
    'Where it is not, take `_private.csi.volume.deleteStrategy` out of the configuration of the driver, and upgrade the release.',
  ],

  *inspect({ storageClasses, installations }) {
    for (const each of storageClasses) {
      const installation = installations.find(
        ({ cluster, driver }) => cluster === each.cluster && driver === each.provisioner,
      );
      if (installation === undefined) continue;
      const keeps = installation.secrets.some(({ keepsDeleted }) => keepsDeleted);
      yield { subject: refToStorageClass(each), ...inspectPolicy(each, keeps) };
    }
  },
});
