import { APPLICATION_RESOURCES } from './application-resources.ts';
import { clusterScoped, inGroup, type Resource } from './resource.ts';

export type { Resource } from './resource.ts';

const involved = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

const phase = ['Status', 'status.phase'] as const;

/** Everything the server stores, served by the same handlers. */
export const RESOURCES: readonly Resource[] = [
  ...inGroup('', 'v1', [
    [
      'persistentvolumes',
      'PersistentVolume',
      {
        ...clusterScoped,
        shortNames: ['pv'],
        columns: [
          ['Capacity', 'spec.capacity.storage'],
          ['Access Modes', 'spec.accessModes'],
          ['Reclaim Policy', 'spec.persistentVolumeReclaimPolicy'],
          phase,
          ['Claim', 'spec.claimRef'],
          ['StorageClass', 'spec.storageClassName'],
        ],
      },
    ],
    [
      'persistentvolumeclaims',
      'PersistentVolumeClaim',
      {
        shortNames: ['pvc'],
        columns: [
          phase,
          ['Volume', 'spec.volumeName'],
          ['Capacity', 'status.capacity.storage'],
          ['Access Modes', 'status.accessModes'],
          ['StorageClass', 'spec.storageClassName'],
        ],
      },
    ],
    [
      'pods',
      'Pod',
      {
        shortNames: ['po'],
        fields: ['spec.nodeName', 'spec.serviceAccountName', 'status.phase', 'status.podIP'],
        columns: [phase, ['Node', 'spec.nodeName']],
      },
    ],
    [
      'namespaces',
      'Namespace',
      { ...clusterScoped, shortNames: ['ns'], fields: ['status.phase'], columns: [phase] },
    ],
    [
      'nodes',
      'Node',
      {
        ...clusterScoped,
        shortNames: ['no'],
        fields: ['spec.unschedulable'],
        columns: [['Version', 'status.nodeInfo.kubeletVersion']],
      },
    ],
    [
      'events',
      'Event',
      {
        shortNames: ['ev'],
        fields: [...involved.map((name) => `involvedObject.${name}`), 'reason', 'source', 'type'],
        columns: [
          ['Type', 'type'],
          ['Reason', 'reason'],
          ['Message', 'message'],
        ],
      },
    ],
    ['secrets', 'Secret', { fields: ['type'], columns: [['Type', 'type']] }],
    ['serviceaccounts', 'ServiceAccount', { shortNames: ['sa'] }],
    ['replicationcontrollers', 'ReplicationController', { shortNames: ['rc'] }],
  ]),
  ...inGroup('apps', 'v1', [
    ['deployments', 'Deployment', { shortNames: ['deploy'] }],
    ['daemonsets', 'DaemonSet', { shortNames: ['ds'] }],
    ['statefulsets', 'StatefulSet', { shortNames: ['sts'] }],
    ['replicasets', 'ReplicaSet', { shortNames: ['rs'] }],
  ]),
  ...inGroup('batch', 'v1', [
    ['jobs', 'Job', { fields: ['status.successful'] }],
    ['cronjobs', 'CronJob', { shortNames: ['cj'], columns: [['Schedule', 'spec.schedule']] }],
  ]),
  ...inGroup('coordination.k8s.io', 'v1', [
    ['leases', 'Lease', { columns: [['Holder', 'spec.holderIdentity']] }],
  ]),
  ...inGroup('storage.k8s.io', 'v1', [
    [
      'storageclasses',
      'StorageClass',
      {
        ...clusterScoped,
        shortNames: ['sc'],
        columns: [
          ['Provisioner', 'provisioner'],
          ['ReclaimPolicy', 'reclaimPolicy'],
          ['VolumeBindingMode', 'volumeBindingMode'],
        ],
      },
    ],
    ['csidrivers', 'CSIDriver', clusterScoped],
    ['csinodes', 'CSINode', clusterScoped],
    [
      'volumeattachments',
      'VolumeAttachment',
      {
        ...clusterScoped,
        columns: [
          ['Attacher', 'spec.attacher'],
          ['PV', 'spec.source.persistentVolumeName'],
          ['Node', 'spec.nodeName'],
          ['Attached', 'status.attached'],
        ],
      },
    ],
  ]),
  ...inGroup('snapshot.storage.k8s.io', 'v1', [
    [
      'volumesnapshots',
      'VolumeSnapshot',
      {
        shortNames: ['vs'],
        columns: [
          ['ReadyToUse', 'status.readyToUse'],
          ['SourcePVC', 'spec.source.persistentVolumeClaimName'],
          ['SnapshotContent', 'status.boundVolumeSnapshotContentName'],
        ],
      },
    ],
    [
      'volumesnapshotcontents',
      'VolumeSnapshotContent',
      {
        ...clusterScoped,
        shortNames: ['vsc', 'vscs'],
        columns: [
          ['ReadyToUse', 'status.readyToUse'],
          ['DeletionPolicy', 'spec.deletionPolicy'],
          ['Driver', 'spec.driver'],
          ['VolumeSnapshot', 'spec.volumeSnapshotRef'],
        ],
      },
    ],
    [
      'volumesnapshotclasses',
      'VolumeSnapshotClass',
      {
        ...clusterScoped,
        shortNames: ['vsclass', 'vsclasses'],
        columns: [
          ['Driver', 'driver'],
          ['DeletionPolicy', 'deletionPolicy'],
        ],
      },
    ],
  ]),
  ...inGroup('kubevirt.io', 'v1', [
    ['virtualmachines', 'VirtualMachine', { shortNames: ['vm', 'vms'] }],
  ]),
  ...inGroup('cdi.kubevirt.io', 'v1beta1', [['datavolumes', 'DataVolume', { shortNames: ['dv'] }]]),
  ...inGroup('config.openshift.io', 'v1', [
    ['clusterversions', 'ClusterVersion', clusterScoped],
    ['infrastructures', 'Infrastructure', clusterScoped],
  ]),
  ...APPLICATION_RESOURCES,
];

/** Questions that are answered and not stored; they accept POST alone. */
export const REVIEWS: readonly Resource[] = [
  ...inGroup('authentication.k8s.io', 'v1', [
    ['tokenreviews', 'TokenReview', clusterScoped],
    ['selfsubjectreviews', 'SelfSubjectReview', clusterScoped],
  ]),
  ...inGroup('authentication.k8s.io', 'v1beta1', [
    ['selfsubjectreviews', 'SelfSubjectReview', clusterScoped],
  ]),
  ...inGroup('authentication.k8s.io', 'v1alpha1', [
    ['selfsubjectreviews', 'SelfSubjectReview', clusterScoped],
  ]),
  ...inGroup('authorization.k8s.io', 'v1', [
    ['selfsubjectaccessreviews', 'SelfSubjectAccessReview', clusterScoped],
    ['subjectaccessreviews', 'SubjectAccessReview', clusterScoped],
    ['localsubjectaccessreviews', 'LocalSubjectAccessReview'],
  ]),
];

/** `leases.coordination.k8s.io`; for the core group just the plural. */
export function qualifiedName(resource: Resource): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

export function apiVersionOf(resource: Resource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

export function isReview(resource: Resource): boolean {
  return REVIEWS.includes(resource);
}
