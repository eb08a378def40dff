import { type NasObjectKind } from '../../core/cleanup/change.ts';
import { type Identity } from '../../core/cleanup/expectation.ts';
import { identityOf } from '../../core/cleanup/identity.ts';
import {
  decodeIscsiExtent,
  decodeIscsiTargetExtent,
  decodeNfsShare,
  decodeNvmetNamespace,
  decodeNvmetSubsystem,
  decodeSmbShare,
} from './decode-objects.ts';
import { decodeNvmetJoin, hostText, portText } from './decode-joins.ts';
import { decodeIscsiTarget } from './decode-targets.ts';
import { type Row } from './decode-values.ts';

/** How a kind of object is found on TrueNAS, and known again. */
interface NasKind {
  readonly service: string;
  /** What an entry is asked with, to be told whole. */
  readonly extra?: Row;
  readonly identify: (row: Row, system: string) => Identity;
}

export const NAS_KINDS: Readonly<Record<NasObjectKind, NasKind>> = {
  'nfs-share': {
    service: 'sharing.nfs',
    identify: (row, system) => identityOf.nfsShare(decodeNfsShare(row, system)),
  },
  'smb-share': {
    service: 'sharing.smb',
    identify: (row, system) => identityOf.smbShare(decodeSmbShare(row, system)),
  },
  'iscsi-target': {
    service: 'iscsi.target',
    identify: (row, system) => identityOf.iscsiTarget(decodeIscsiTarget(row, system)),
  },
  'iscsi-extent': {
    service: 'iscsi.extent',
    identify: (row, system) => identityOf.iscsiExtent(decodeIscsiExtent(row, system)),
  },
  'iscsi-mapping': {
    service: 'iscsi.targetextent',
    identify: (row, system) => identityOf.iscsiMapping(decodeIscsiTargetExtent(row, system)),
  },
  'nvmet-subsystem': {
    service: 'nvmet.subsys',
    // Without it a subsystem does not say on which ports it is shown.
    extra: { verbose: true },
    // The answer to its creation leaves out who reaches it, which is no part of who it is.
    identify: (row, system) =>
      identityOf.nvmetSubsystem(
        decodeNvmetSubsystem(
          { ...row, ports: row['ports'] ?? [], hosts: row['hosts'] ?? [] },
          system,
        ),
      ),
  },
  'nvmet-namespace': {
    service: 'nvmet.namespace',
    identify: (row, system) => identityOf.nvmetNamespace(decodeNvmetNamespace(row, system)),
  },
  'nvmet-port-subsystem': {
    service: 'nvmet.port_subsys',
    identify: (row) => identityOf.nvmetPortJoin(decodeNvmetJoin(row, 'port', portText)),
  },
  'nvmet-host-subsystem': {
    service: 'nvmet.host_subsys',
    identify: (row) => identityOf.nvmetHostJoin(decodeNvmetJoin(row, 'host', hostText)),
  },
};

/** Another object that one refers to by id, and that plans name, since its id may be another one by then. */
interface Reference {
  readonly kind: NasObjectKind;
  /** What the id is called in an identity. */
  readonly seenAs: string;
  /** What it is called where one is made. */
  readonly writtenAs: string;
  readonly noun: string;
}

const TARGET: Reference = {
  kind: 'iscsi-target',
  seenAs: 'target',
  writtenAs: 'target',
  noun: 'iSCSI target',
};
const EXTENT: Reference = {
  kind: 'iscsi-extent',
  seenAs: 'extent',
  writtenAs: 'extent',
  noun: 'iSCSI extent',
};
const SUBSYSTEM: Reference = {
  kind: 'nvmet-subsystem',
  seenAs: 'subsystem_id',
  writtenAs: 'subsys_id',
  noun: 'NVMe-oF subsystem',
};

/** By the name under which a change or a target names it. */
export const REFERENCES: Readonly<
  Partial<Record<NasObjectKind, Readonly<Record<string, Reference>>>>
> = {
  'iscsi-mapping': { target: TARGET, extent: EXTENT },
  'nvmet-namespace': { subsystem: SUBSYSTEM },
  'nvmet-port-subsystem': { subsystem: SUBSYSTEM },
  'nvmet-host-subsystem': { subsystem: SUBSYSTEM },
};
