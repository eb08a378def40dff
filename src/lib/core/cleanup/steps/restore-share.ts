import { OFFICIAL_DRIVER } from '../../correlate/csi-names.ts';
import { protocolOf, type Protocol } from '../../correlate/protocol.ts';
import { TNS_DRIVER } from '../../correlate/volume-handle.ts';
import { type DriverSettings } from '../../model/driver-settings.ts';
import { type Finding } from '../../model/finding.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { type Dataset } from '../../model/truenas.ts';
import { type JsonObject } from '../change.ts';
import { isCsiVolume, type CsiVolume } from './csi-volume.ts';
import { volumeOf } from './kubernetes.ts';
import { leaveOut, NOT_SEEN, type Making, type StepDraft, type StepMaker } from './making.ts';
import { nasTarget } from './nas-object.ts';
import { admittedTo, settingsOf, type Admitted } from './neighbours.ts';
import { repair } from './repairs.ts';
import { restoreIscsi } from './restore-iscsi.ts';
import { restoreNvmeof } from './restore-nvmeof.ts';
import { restoreSmb } from './restore-smb.ts';
import { datasetAt, onCluster, type Scene } from './scene.ts';
import { datasetSubject } from './volume.ts';

/** Written as its driver writes it, so that it is known for the volume's own. */
function commentOf(driver: string, { id }: Dataset): string {
  if (driver === OFFICIAL_DRIVER) return `CSI volume ${id}`;
  return driver === TNS_DRIVER ? `${driver}: ${id}` : `democratic-csi (${driver}): ${id}`;
}

function mappingFields(settings: DriverSettings | undefined): JsonObject {
  if (settings === undefined) return {};
  const { maprootUser, maprootGroup, mapallUser, mapallGroup } = settings.userMapping;
  return {
    maproot_user: maprootUser,
    maproot_group: maprootGroup,
    mapall_user: mapallUser,
    mapall_group: mapallGroup,
  };
}

interface WantedShare {
  readonly dataset: Dataset;
  readonly path: string;
  readonly driver: string;
  readonly admitted: Admitted;
  readonly settings: DriverSettings | undefined;
}

function createNfsShare(wanted: WantedShare): StepDraft {
  const { dataset, path, driver, admitted, settings } = wanted;
  const target = nasTarget('nfs-share', { path });
  const { networks, hosts } = admitted;
  return {
    title: `Share ${path} by NFS again`,
    target: { side: 'truenas', system: dataset.system },
    subject: datasetSubject(dataset),
    change: {
      type: 'create-object',
      kind: 'nfs-share',
      fields: {
        path,
        comment: commentOf(driver, dataset),
        networks: [...networks],
        hosts: [...hosts],
        ro: false,
        enabled: true,
        ...mappingFields(settings),
      },
      refers_to: {},
    },
    before: [{ target, identity: null }],
    after: [{ target, identity: { path, enabled: true } }],
    preconditions: [
      `no NFS share exports ${path}`,
      `whoever may mount it is ${[...networks, ...hosts].join(', ') || 'everybody, as of its neighbours'}`,
    ],
    undo: 'Delete the share again; no data goes with it',
    reversibleUntil: null,
    bytes: 0,
  };
}

function restoreNfs(finding: Finding, volume: CsiVolume, dataset: Dataset, scene: Scene): Making {
  const { driver, attributes } = volume.source;
  // csi.truenas.io calls it by a name of its own.
  const { share, nfsPath } = attributes;
  const path = share ?? nfsPath;
  if (path === undefined || path !== dataset.mountpoint) {
    return leaveOut(
      `its PersistentVolume mounts ${path ?? 'what it does not say'}, and ${dataset.id} is mounted at ${dataset.mountpoint ?? 'no place'}`,
    );
  }
  const settings = settingsOf(volume, dataset, scene);
  const admitted = admittedTo(dataset, settings, scene);
  if (admitted === undefined) {
    return leaveOut(
      'who may mount it is not known: neither its driver nor the shares of its neighbours say so with one voice',
    );
  }
  return repair(finding, [createNfsShare({ dataset, path, driver, admitted, settings })]);
}

/** The volume whose share is missing: the subject itself, or the one volume of the zvol behind an extent. */
export function volumeFor(
  finding: Finding,
  dataset: Dataset,
  scene: Scene,
): PersistentVolume | undefined {
  if (finding.subject.type === 'PersistentVolume') return volumeOf(finding, scene);
  const users = scene.derived.volumeLinks.usersOf(dataset);
  const [user] = users;
  if (user?.kind !== 'persistent-volume' || users.length > 1) return undefined;
  return onCluster(scene, user.cluster, 'persistentVolumes').find(({ name }) => name === user.name);
}

type Restorer = (finding: Finding, volume: CsiVolume, dataset: Dataset, scene: Scene) => Making;

const RESTORERS: Readonly<Record<Protocol, Restorer>> = {
  nfs: restoreNfs,
  smb: (finding, volume, dataset, scene) =>
    restoreSmb(finding, volume, dataset, commentOf(volume.source.driver, dataset), scene),
  iscsi: restoreIscsi,
  nvmeof: restoreNvmeof,
};

export const restoreShare: StepMaker = (finding, scene) => {
  const dataset = datasetAt(scene, finding.place);
  if (dataset === undefined) return NOT_SEEN;
  const volume = volumeFor(finding, dataset, scene);
  if (volume === undefined) return leaveOut('which PersistentVolume it is for is not known');
  if (volume.deletedAt !== null) return leaveOut('its PersistentVolume is being deleted');
  const protocol = protocolOf(volume);
  if (protocol === undefined || !isCsiVolume(volume)) {
    return leaveOut('by what protocol it is mounted is not known');
  }
  return RESTORERS[protocol](finding, volume, dataset, scene);
};
