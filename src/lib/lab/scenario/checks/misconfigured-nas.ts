import { type LabDataset, type LabSystem } from '../world.ts';

/*
 * Faults of a TrueNAS, written into a world that is sound.
 */

const DAY = 86_400_000;

function before(now: string, days: number): string {
  return new Date(Date.parse(now) - days * DAY).toISOString();
}

function datasetAt(system: LabSystem, id: string): LabDataset {
  const found = system.datasets.find((dataset) => dataset.id === id);
  if (found === undefined) throw new Error(`the world has no dataset ${id}`);
  return found;
}

/** A pool with errors that is nearly full, long unscrubbed, in small pieces, and promised many times over. */
function pools(system: LabSystem, now: string): void {
  for (const pool of system.pools) {
    Object.assign(pool, {
      status: 'DEGRADED',
      healthy: false,
      fragmentation: 78,
      scrub: { kind: 'SCRUB', state: 'FINISHED', endedAt: before(now, 120), errors: 3 },
    });
    datasetAt(system, pool.name).usedbydataset = Math.floor(pool.size * 0.96);
  }
}

function services(system: LabSystem, now: string): void {
  system.services = { nfs: { running: false, atBoot: false }, iscsitarget: { atBoot: false } };
  system.alerts = [
    {
      id: 'alert-1',
      level: 'CRITICAL',
      klass: 'VolumeStatus',
      text: 'Pool <b>tank</b> state is DEGRADED: one device has failed.',
    },
    { id: 'alert-2', level: 'WARNING', klass: 'ScrubPaused', text: 'The scrub is paused.' },
  ];
  for (const key of system.apiKeys) {
    key.roles = ['FULL_ADMIN'];
    key.expiresAt = before(now, -3);
  }
}

/** Portal, initiators and credentials are others than drivers and targets name. */
function exports(system: LabSystem): void {
  system.addresses = ['10.10.0.5', '10.10.0.6'];
  system.iscsiPortals = [{ id: 2, listen: ['10.10.0.6'] }];
  system.iscsiInitiators = [{ id: 7, initiators: [], comment: 'somebody else' }];
  system.iscsiAuths = [{ id: 9, tag: 9 }];
  const [target] = system.iscsiTargets;
  for (const group of target?.groups ?? []) Object.assign(group, { authmethod: 'CHAP', auth: 3 });
  for (const share of system.nfsShares) {
    share.ro = true;
    share.networks = ['192.168.77.0/24'];
  }
}

function datasets(system: LabSystem): void {
  datasetAt(system, 'tank/k8s/nfs/vols').readonly = true;
  system.datasets = system.datasets.filter(({ id }) => id !== 'tank/k8s/nfs/snaps');
  const [first, second] = system.datasets.filter(({ id }) => id.startsWith('tank/k8s/nfs/vols/'));
  if (first !== undefined) delete first.refquota;
  if (second?.refquota !== undefined) second.usedbydataset = Math.floor(second.refquota * 0.99);
  const [zvol] = system.datasets.filter(({ id }) => id.startsWith('tank/k8s/iscsi/vols/'));
  if (zvol !== undefined) zvol.volsize = 200 * 2 ** 40;
}

function tasks(system: LabSystem): void {
  system.snapshotTasks.push({
    id: 1,
    dataset: 'tank/k8s/iscsi/vols',
    recursive: true,
    enabled: true,
    lifetimeValue: 3,
    lifetimeUnit: 'YEAR',
    namingSchema: 'auto-%Y-%m-%d',
  });
  system.replicationTasks.push({
    id: 1,
    name: 'off-site',
    transport: 'SSH',
    sources: ['tank/k8s/nfs/vols'],
    target: 'backup/k8s',
    recursive: true,
    enabled: true,
    alsoSends: ['daily-%Y-%m-%d'],
    snapshotTasks: [],
  });
}

/** More snapshots of one volume than TrueNAS copes with. */
function snapshots(system: LabSystem, now: string): void {
  const [volume] = system.datasets.filter(({ id }) => id.startsWith('tank/k8s/iscsi/vols/'));
  const [like] = system.snapshots;
  if (volume === undefined || like === undefined) return;
  for (let number = 0; number < 600; number += 1) {
    system.snapshots.push({
      ...like,
      id: `${volume.id}@manual-${number}`,
      createdAt: before(now, 20),
      createtxg: like.createtxg + number + 1,
      used: 0,
      userProperties: {},
    });
  }
}

export function misconfigureNas(system: LabSystem, now: string): void {
  pools(system, now);
  services(system, now);
  exports(system);
  datasets(system);
  tasks(system);
  snapshots(system, now);
}
