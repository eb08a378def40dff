import { type KubernetesObject } from '../world.ts';
import { uuidOf } from './identity.ts';
import { addObject, quantityOf } from './objects.ts';
import { type ExportIds } from './exports.ts';
import { type PathVolumeNames, type PathVolumeOptions } from './path-names.ts';
import { isBlock } from './protocol.ts';
import { ago, GIB } from './stage.ts';

const PROVISIONER = { manager: 'csi-provisioner', keys: ['metadata', 'spec'] };
const CONTROLLER = { manager: 'kube-controller-manager', subresource: 'status', keys: ['status'] };

/** The PersistentVolume of such a driver, and its claim unless that has gone. */
export function addPathObjects(
  volume: PathVolumeNames,
  options: PathVolumeOptions,
  ids: ExportIds,
  released: boolean,
): KubernetesObject {
  const { driver, name, claimName, namespace, dataset } = volume;
  const { cluster, storageClass } = driver;
  const { size = 20 * GIB, days = 80.5 } = options;
  const uid = uuidOf(`claim of ${cluster.cluster.uid} ${name}`);
  const storage = quantityOf(size);
  const shared = {
    accessModes: [isBlock(driver.protocol) ? 'ReadWriteOnce' : 'ReadWriteMany'],
    storageClassName: storageClass,
    volumeMode: 'Filesystem',
  };
  if (!released) addPathClaim(volume, { uid, days, shared, storage });
  return addObject(cluster, {
    resource: 'persistentvolumes',
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    name,
    days,
    annotations: { 'pv.kubernetes.io/provisioned-by': driver.driver },
    finalizers: [
      'external-provisioner.volume.kubernetes.io/finalizer',
      'kubernetes.io/pv-protection',
    ],
    body: {
      spec: {
        ...shared,
        capacity: { storage },
        claimRef: {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          name: claimName,
          namespace,
          uid,
        },
        csi: {
          driver: driver.driver,
          volumeHandle: dataset,
          volumeAttributes: attributes(volume, ids, size),
        },
        persistentVolumeReclaimPolicy: 'Delete',
      },
      status: {
        lastPhaseTransitionTime: ago(cluster.stage, released ? Math.min(days, 20.5) : days),
        phase: released ? 'Released' : 'Bound',
      },
    },
    writers: [PROVISIONER, CONTROLLER],
    shape: `${driver.driver} ${driver.protocol} ${String(released)}`,
  });
}

interface ClaimParts {
  readonly uid: string;
  readonly days: number;
  readonly shared: { readonly accessModes: readonly string[] };
  readonly storage: string;
}

function addPathClaim(volume: PathVolumeNames, { uid, days, shared, storage }: ClaimParts): void {
  addObject(volume.driver.cluster, {
    resource: 'persistentvolumeclaims',
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    name: volume.claimName,
    namespace: volume.namespace,
    uid,
    days,
    annotations: {
      'pv.kubernetes.io/bind-completed': 'yes',
      'volume.kubernetes.io/storage-provisioner': volume.driver.driver,
    },
    finalizers: ['kubernetes.io/pvc-protection'],
    body: {
      spec: { ...shared, resources: { requests: { storage } }, volumeName: volume.name },
      status: { accessModes: shared.accessModes, capacity: { storage }, phase: 'Bound' },
    },
    writers: [PROVISIONER, CONTROLLER],
    shape: 'bound',
  });
}

function attributes(volume: PathVolumeNames, ids: ExportIds, size: number): ExportIds {
  return volume.driver.driver === 'tns.csi.io'
    ? tnsAttributes(volume, ids, size)
    : officialAttributes(volume);
}

function officialAttributes({ driver, dataset, iqn }: PathVolumeNames): ExportIds {
  const { protocol, nas } = driver;
  const pool = dataset.slice(0, dataset.indexOf('/'));
  const datasetPath = driver.parent.slice(pool.length + 1);
  const shared = { protocol, compression: 'LZ4', pool, datasetPath };
  return protocol === 'nfs'
    ? { ...shared, nfsServer: nas.host, nfsPath: `/mnt/${dataset}` }
    : { ...shared, targetPortal: `${nas.host}:3260`, targetIQN: iqn, lun: '0' };
}

function tnsAttributes(volume: PathVolumeNames, ids: ExportIds, size: number): ExportIds {
  const { driver, dataset, asset, iqn, nqn } = volume;
  const { id = '', extent = '', namespace = '' } = ids;
  const own = {
    nfs: { share: `/mnt/${dataset}`, nfsShareID: id },
    smb: { share: asset, smbShareID: id },
    iscsi: { iscsiIQN: iqn, iscsiTargetID: id, iscsiExtentID: extent, lun: '0' },
    nvmeof: { nqn, nsid: '1', nvmeofSubsystemID: id, nvmeofNamespaceID: namespace },
  }[driver.protocol];
  return {
    protocol: driver.protocol,
    server: driver.nas.host,
    datasetID: dataset,
    datasetName: dataset,
    expectedCapacity: String(size),
    ...own,
  };
}
