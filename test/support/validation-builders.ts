import { failed, notApplicable } from '../../src/lib/core/model/coverage.ts';
import { type Connection } from '../../src/lib/core/model/connection.ts';
import { type ResourceType } from '../../src/lib/core/model/resource-ref.ts';
import { refInCluster, refOnSystem, refToCluster } from '../../src/lib/core/model/surroundings.ts';
import { millis } from '../../src/lib/core/model/units.ts';
import {
  type CheckOutcome,
  type OverallStatus,
  type ValidationSummary,
} from '../../src/lib/core/model/validation.ts';
import { aFinding, aReport, aSource, TAKEN_AT } from './report-builders.ts';

/** What checks came to, for tests of what is printed: valid by default, override what matters. */

export function anOutcome(overrides: Partial<CheckOutcome> = {}): CheckOutcome {
  return {
    id: '0123456789abcdef',
    check: 'default-storage-class',
    title: 'At most one StorageClass is the default',
    component: 'storage-class',
    status: 'PASS',
    severity: 'medium',
    subject: refToCluster('prod'),
    cluster: 'prod',
    system: null,
    message: 'the default is truenas-nfs',
    steps: [],
    notApplicable: false,
    ...overrides,
  };
}

/** An outcome about an object of a cluster. */
function inCluster(
  type: ResourceType,
  name: string,
  over: Partial<CheckOutcome>,
  cluster = 'prod',
): CheckOutcome {
  return anOutcome({ subject: refInCluster(type, { cluster, name }), cluster, ...over });
}

/** An outcome about an object of a TrueNAS. */
function onSystem(
  type: ResourceType,
  name: string,
  over: Partial<CheckOutcome>,
  system = 'nas1',
): CheckOutcome {
  return anOutcome({
    subject: refOnSystem(type, system, name),
    cluster: null,
    system,
    ...over,
  });
}

export function aConnection(overrides: Partial<Connection> = {}): Connection {
  return {
    side: 'truenas',
    name: 'nas1',
    host: 'nas1.example',
    secure: true,
    loopback: false,
    tls: {
      protocol: 'TLSv1.3',
      subject: 'nas1.example',
      issuer: 'Example CA',
      validFrom: new Date('2026-01-01T00:00:00.000Z'),
      validTo: new Date('2027-01-01T00:00:00.000Z'),
      trusted: true,
      distrust: null,
      verified: true,
      pinned: null,
      spki: 'q83vEjRWeJA=',
    },
    requests: 17,
    latency: { p50: millis(12), p95: millis(48) },
    failure: null,
    ...overrides,
  };
}

function overallOf(results: readonly CheckOutcome[]): OverallStatus {
  const has = (status: CheckOutcome['status']) => results.some((each) => each.status === status);
  if (has('FAIL')) return 'FAIL';
  if (has('WARNING')) return 'WARNING';
  return results.length === 0 ||
    results.some((each) => each.status === 'SKIPPED' && !each.notApplicable)
    ? 'UNKNOWN'
    : 'PASS';
}

export function aSummary(overrides: Partial<ValidationSummary> = {}): ValidationSummary {
  const { takenAt, duration, cachedFor, complete, sources, clusters, systems } = aReport();
  const results = overrides.results ?? [anOutcome()];
  return {
    ...{ takenAt, duration, cachedFor, complete, sources, clusters, systems },
    connections: [
      aConnection({ side: 'kubernetes', name: 'prod', host: 'prod.example:6443', requests: 40 }),
      aConnection(),
    ],
    overall: overallOf(results),
    results,
    files: null,
    suppressed: [],
    filteredOut: 0,
    ...overrides,
  };
}

const hex = (index: number): string => index.toString(16).padStart(16, '0');

const nodeCheck = {
  check: 'csi-node-registered',
  title: 'The driver is registered on every node that takes pods',
  component: 'node',
  severity: 'high',
} as const;

const healthy: readonly CheckOutcome[] = [
  onSystem('System', 'nas1', {
    check: 'truenas-reachable',
    title: 'TrueNAS can be reached, and takes the credentials',
    component: 'connection',
    message: 'nas1.example answered 17 requests, half of them within 12 ms',
    severity: 'critical',
  }),
  onSystem('System', 'nas1', {
    check: 'tls-certificate-expiry',
    title: 'The certificate is valid for a month and more',
    component: 'connection',
    message: 'the certificate of nas1.example is valid until 2027-01-01, for 39d 22h',
    severity: 'high',
  }),
  ...Array.from({ length: 12 }, (_, index) =>
    inCluster('Node', `worker-${String(index + 1)}`, {
      ...nodeCheck,
      id: hex(index + 100),
      message: 'org.democratic-csi.nfs is registered',
    }),
  ),
  anOutcome(),
  inCluster('StorageClass', 'truenas-nfs', {
    check: 'storage-class-parent-dataset',
    title: 'The parent dataset of every class is there',
    severity: 'critical',
    message: 'tank/k8s/vols is there',
  }),
  inCluster('StorageClass', 'truenas-iscsi', {
    check: 'storage-class-parent-dataset',
    title: 'The parent dataset of every class is there',
    severity: 'critical',
    id: hex(2),
    message: 'tank/k8s/block is there',
  }),
  onSystem('Pool', 'tank', {
    check: 'pool-capacity',
    title: 'No pool is close to full',
    component: 'pool',
    severity: 'high',
    message: '41 % of tank is used',
  }),
];

const notThere: readonly CheckOutcome[] = [
  anOutcome({
    check: 'nvmeof-service',
    title: 'The NVMe-oF service runs',
    component: 'nvmeof',
    status: 'SKIPPED',
    subject: null,
    cluster: null,
    system: 'nas1',
    message: 'no NVMe-oF before TrueNAS 25.10',
    notApplicable: true,
  }),
];

const wrong: readonly CheckOutcome[] = [
  onSystem('System', 'nas1', {
    id: hex(10),
    check: 'tls-certificate-expiry',
    title: 'The certificate is valid for a month and more',
    component: 'connection',
    status: 'FAIL',
    severity: 'high',
    message: 'the certificate of nas1.example expires on 2026-12-01, in 8d 22h',
    steps: [
      'Renew the certificate under Credentials > Certificates, or let ACME do it.',
      'Make it the one of the web interface: `midclt call system.general.update \'{"ui_certificate": ID}\'`.',
    ],
  }),
  ...Array.from({ length: 14 }, (_, index) =>
    inCluster('Node', `worker-${String(index + 20)}.eu-west-1.compute.example`, {
      ...nodeCheck,
      id: hex(index + 200),
      status: 'FAIL',
      message: 'org.democratic-csi.iscsi is not registered',
      steps: [
        'Look at the node pod of the driver there: `kubectl -n democratic-csi get pods -o wide`.',
        'Let the DaemonSet tolerate the taints of these nodes.',
      ],
    }),
  ),
  ...healthy.filter(({ component }) => component === 'node').slice(0, 3),
  inCluster('StorageClass', 'truenas-nfs-with-a-name-that-goes-on-and-on-for-quite-a-while', {
    id: hex(11),
    check: 'storage-class-parent-dataset',
    title: 'The parent dataset of every class is there',
    status: 'FAIL',
    severity: 'critical',
    message:
      'its driver makes volumes below tank/k8s/volumes/of/the/production/cluster/in/frankfurt, and nas1 has no such dataset',
    steps: [
      'Create the dataset, or correct `zfs.datasetParentName` in the configuration of the driver.',
    ],
  }),
  anOutcome({
    id: hex(12),
    status: 'WARNING',
    message:
      'truenas-iscsi, truenas-nfs are all the default: a claim without a class gets the newest of them',
    steps: [
      'Decide which class claims without one are to get.',
      'Take the annotation `storageclass.kubernetes.io/is-default-class` off the others.',
    ],
  }),
  inCluster('StorageClass', 'truenas-iscsi', {
    check: 'storage-class-parent-dataset',
    title: 'The parent dataset of every class is there',
    severity: 'critical',
    id: hex(2),
    message: 'tank/k8s/block is there',
  }),
  onSystem('Pool', 'flash', {
    id: hex(13),
    check: 'pool-capacity',
    title: 'No pool is close to full',
    component: 'pool',
    status: 'FAIL',
    severity: 'high',
    message: '93 % of flash is used, and 90 % is critical',
    steps: ['Free space, or add disks.'],
  }),
  onSystem('Pool', 'tank', {
    id: hex(14),
    check: 'pool-capacity',
    title: 'No pool is close to full',
    component: 'pool',
    status: 'WARNING',
    severity: 'low',
    message: '81 % of tank is used, and 80 % is a warning',
    steps: ['Plan for more disks.'],
  }),
];

const timedOut = failed('ZFS snapshots of nas1 could not be read: timed out after 30s');

const unseen: readonly CheckOutcome[] = [
  ...['snapshot-count', 'snapshot-age'].map((check) =>
    anOutcome({
      check,
      title: 'Snapshots are as many as TrueNAS can take',
      component: 'snapshot',
      status: 'SKIPPED',
      subject: null,
      cluster: null,
      system: 'nas1',
      message: 'ZFS snapshots of nas1 could not be read: timed out after 30s',
    }),
  ),
  ...['worker-91', 'worker-92'].map((name, index) =>
    inCluster('Node', name, {
      ...nodeCheck,
      id: hex(index + 300),
      status: 'SKIPPED',
      message: 'the kubelet has not registered any driver yet',
    }),
  ),
];

const [cluster] = aReport().clusters;
const [system] = aReport().systems;
if (cluster === undefined || system === undefined) throw new Error('a report has one of each');

/** What golden files show, by name. */
export const SUMMARIES: Readonly<Record<string, ValidationSummary>> = {
  healthy: aSummary({ results: [...healthy, ...notThere] }),
  misconfigured: aSummary({
    results: [...wrong, ...notThere],
    suppressed: [
      {
        finding: aFinding({
          id: hex(15),
          rule: 'default-storage-class',
          category: 'validation',
          severity: 'medium',
          subject: refToCluster('prod'),
          reason: 'a, b are all the default',
        }),
        by: 'configuration',
        origin: 'ignore[0]',
        reason: 'until the migration is over',
        until: new Date('2027-01-01T00:00:00.000Z'),
      },
    ],
  }),
  incomplete: aSummary({
    complete: false,
    sources: [
      ...aReport().sources,
      aSource({ name: 'zfsSnapshots', coverage: timedOut, count: 0 }),
      aSource({ name: 'alerts', coverage: failed('alert.list is denied'), count: 0 }),
      aSource({ name: 'nvmetSubsystems', coverage: notApplicable('not there'), count: 0 }),
    ],
    results: [...healthy, ...unseen],
  }),
  /** Two of each, one out of reach. */
  estate: aSummary({
    complete: false,
    clusters: [cluster, { ...cluster, name: 'staging-eu-west-1' }],
    systems: [
      system,
      { ...system, name: 'nas2', host: 'nas2.example', version: 'unknown', pools: [] },
    ],
    sources: [
      ...aReport().sources,
      ...['pools', 'datasets', 'alerts'].map((name) =>
        aSource({
          name,
          system: 'nas2',
          coverage: failed('nas2.example refused the connection'),
          count: 0,
        }),
      ),
    ],
    connections: [
      aConnection(),
      aConnection({
        name: 'nas2',
        host: 'nas2.example',
        tls: null,
        latency: null,
        requests: 0,
        failure: {
          code: 'TRUENAS_UNREACHABLE',
          message: 'nas2.example refused the connection',
          remediation: ['Check that TrueNAS is up.'],
        },
      }),
    ],
    results: [
      onSystem(
        'System',
        'nas2',
        {
          id: hex(20),
          check: 'truenas-reachable',
          title: 'TrueNAS can be reached, and takes the credentials',
          component: 'connection',
          status: 'FAIL',
          severity: 'critical',
          message: 'nas2.example refused the connection',
          steps: ['Check that TrueNAS is up, and that nothing between is in the way.'],
        },
        'nas2',
      ),
      ...healthy,
      ...['prod', 'staging-eu-west-1'].map((name, index) =>
        inCluster(
          'StorageClass',
          'truenas-nfs',
          {
            id: hex(30 + index),
            check: 'storage-class-expandable',
            title: 'Volumes of every class can grow',
            status: 'WARNING',
            severity: 'low',
            message: '`allowVolumeExpansion` is not set',
            steps: ['Set `allowVolumeExpansion: true`.'],
          },
          name,
        ),
      ),
      ...[
        'pool-capacity',
        'pool-state',
        'dataset-quota',
        'service-running',
        'alert-critical',
        'scrub-age',
        'nfs-threads',
      ].map((check) =>
        anOutcome({
          check,
          title: check,
          component: 'pool',
          status: 'SKIPPED',
          subject: null,
          cluster: null,
          system: 'nas2',
          message: 'nas2.example refused the connection',
        }),
      ),
    ],
  }),
  nothing: aSummary({ results: [], filteredOut: 12 }),
  cached: aSummary({ cachedFor: millis(300_000), takenAt: TAKEN_AT }),
};
