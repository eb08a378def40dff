import { z } from 'zod';
import {
  absent,
  count,
  datasetPath,
  duration,
  flag,
  instant,
  interval,
  percent,
  pin,
  ratio,
  retention,
  secretName,
  selector,
  text,
  url,
} from './fields.ts';
import { cleanup } from './schema-of-cleanup.ts';
import { metrics, server } from './schema-of-serve.ts';

/*
 * The configuration as it is written. Values stay as they are here, so that `config view` can show them;
 * decode.ts turns them into the words of core. Null means "not set", as in the documented example.
 */

const cluster = z.strictObject({
  name: absent(text()).describe('Name of the cluster in reports; default: its context'),
  kubeconfig: absent(text()).describe(
    'Path of a kubeconfig; default: $KUBECONFIG, then ~/.kube/config',
  ),
  context: absent(text()).describe('Context of the kubeconfig; default: the current one'),
  in_cluster: flag().default(false).describe('Use the service account of the pod this runs in'),
  namespace: absent(text()).describe(
    'Namespace of the CSI driver; also read on its own where lists over all namespaces are denied',
  ),
});

const system = z.strictObject({
  name: absent(text()).describe('Name of the system in reports; default: its host name'),
  url: absent(url()).describe('Address of the TrueNAS web interface, such as https://nas1.example'),
  username: absent(text()).describe(
    'User of the API key or password; needed from TrueNAS 25.04 on',
  ),
  api_key: absent(text()).describe('API key; better in a variable or a file than here'),
  api_key_file: absent(text()).describe('File that holds the API key'),
  password: absent(text()).describe('Password, where there is no API key'),
  password_file: absent(text()).describe('File that holds the password'),
  timeout: duration().default('30s').describe('How long one request may take'),
  tls_verify: flag().default(true).describe('Whether the certificate is checked'),
  ca_file: absent(text()).describe(
    'PEM file with the authorities to trust instead of the built-in ones',
  ),
  pinned_spki_sha256: z
    .array(pin())
    .default([])
    .describe('Base64 SHA-256 of the public keys to accept, and no others'),
  tls_min_version: z
    .enum(['TLSv1.2', 'TLSv1.3'])
    .default('TLSv1.3')
    .describe('Oldest TLS to accept'),
  transport: z
    .enum(['auto', 'jsonrpc', 'rest'])
    .default('auto')
    .describe('How to talk to TrueNAS; auto asks the system which version it is'),
});

const driver = z.strictObject({
  driver: text().describe('CSI driver name, as in CSIDriver and StorageClass.provisioner'),
  cluster: absent(text()).describe('Name of the cluster it runs in; default: every one'),
  system: absent(text()).describe('Name of the TrueNAS system; needed where there are several'),
  secret: absent(secretName()).describe(
    'Secret that holds its configuration, as namespace/name; default: the one its pods mount',
  ),
  parent: absent(datasetPath()).describe(
    'Dataset whose children are its volumes (datasetParentName); default: as its Secret says',
  ),
  detached_snapshots_parent: absent(datasetPath()).describe(
    'Dataset that holds detached snapshots (detachedSnapshotsDatasetParentName)',
  ),
  instance_id: absent(text()).describe('instance_id of the driver, where it has one'),
  exclusive: flag()
    .default(false)
    .describe('No cluster other than the ones in this file makes volumes under this parent'),
});

const ignore = z.strictObject({
  rule: absent(text()).describe('Rule id or glob; default: every rule'),
  name: absent(text()).describe('Name of the object, or glob; default: every name'),
  namespace: absent(text()).describe('Namespace of the object'),
  selector: absent(selector()).describe('Label selector, as kubectl takes it'),
  reason: text().describe('Why; shown beside each suppressed finding'),
  until: absent(instant()).describe('From then on it is reported again; default: never'),
});

const monitor = z.strictObject({
  scan_interval: interval()
    .default('5m')
    .describe('How often serve scans where nothing changes; 30s at least'),
  max_concurrent_scans: count()
    .default(2)
    .describe('How many clusters and systems serve reads at the same time'),
  orphan_threshold: duration()
    .default('24h')
    .describe(
      'Objects younger than this are not reported: volumes take time to be made and deleted',
    ),
  snapshot_retention: absent(duration()).describe(
    'How long snapshots are to be kept; without it nothing is held against it',
  ),
});

const thresholds = z.strictObject({
  pool_warning: percent().default(80).describe('Used part of a pool to warn of, in percent'),
  pool_critical: percent().default(90).describe('Used part of a pool that is too much, in percent'),
  volume_warning: percent()
    .default(85)
    .describe("Used part of a volume's quota to warn of, in percent"),
  volume_critical: percent()
    .default(95)
    .describe("Used part of a volume's quota that is too much, in percent"),
  max_overcommit_ratio: ratio()
    .default(2)
    .describe('How much may be promised of a pool for each byte it has'),
});

const cache = z.strictObject({
  path: absent(text()).describe('Directory of the kept scan; default: the XDG cache directory'),
  disk_ttl: duration()
    .default('1h')
    .describe('No kept scan older than this is used, whatever --max-age says'),
  memory_ttl: duration()
    .default('30s')
    .describe('How long serve gives the same answer to what it has to work out'),
});

const history = z.strictObject({
  path: absent(text()).describe(
    'File that keeps past scans; default: truenas-monitor/history.db in the XDG data directory',
  ),
  retention: retention()
    .default('400d')
    .describe('How long past scans are kept, with fewer of them the older they are; 14d at least'),
});

export const configSchema = z.strictObject({
  kubernetes: cluster.prefault({}).describe('The Kubernetes cluster'),
  clusters: z.array(cluster).default([]).describe('Further clusters that use the same TrueNAS'),
  truenas: system
    .prefault({})
    .describe(
      'The TrueNAS system; where nothing says which, the Secrets of the CSI drivers are asked',
    ),
  systems: z.array(system).default([]).describe('Further TrueNAS systems'),
  drivers: z.array(driver).default([]).describe('Where CSI drivers make volumes'),
  monitor: monitor.prefault({}).describe('Limits findings are judged by'),
  thresholds: thresholds.prefault({}).describe('Limits validate and health judge by'),
  ignore: z
    .array(ignore)
    .default([])
    .describe('Findings to leave alone; they stay visible as suppressed'),
  cleanup: cleanup
    .prefault({})
    .describe('What clean-up may do, how much of it, and who has to agree'),
  history: history
    .prefault({})
    .describe('What past scans saw, for analyze, report and what changed since'),
  cache: cache
    .prefault({})
    .describe('What is kept so that it need not be read or worked out again'),
  metrics: metrics.prefault({}).describe('What serve says to Prometheus'),
  server: server.prefault({}).describe('Where serve answers, and whom'),
});

/** The effective configuration in the form of the file, defaults filled in. */
export type FileForm = z.output<typeof configSchema>;
export type ClusterForm = FileForm['kubernetes'];
export type SystemForm = FileForm['truenas'];
export type DriverForm = FileForm['drivers'][number];
export type CleanupForm = FileForm['cleanup'];
export type IgnoreForm = FileForm['ignore'][number];
export type ServeForm = Pick<FileForm, 'server' | 'metrics' | 'monitor' | 'cache'>;

/** Keys that belong to features that do not exist yet; array indices are written `[]`. */
export const PLANNED_KEYS: ReadonlySet<string> = new Set(['alerts', 'cache.redis']);

/** Keys whose values nobody may see. */
export const SECRET_KEYS: ReadonlySet<string> = new Set(['api_key', 'password']);

/** JSON Schema of the configuration file, for editors and for `schemas/`. */
export function configJsonSchema(): Record<string, unknown> {
  const { $schema, properties, ...schema } = z.toJSONSchema(configSchema, { io: 'input' });
  // A section with nothing but comments in it is null, and as good as absent.
  const sections = Object.entries(properties ?? {}).map(([name, section]) => [
    name,
    { anyOf: [section, { type: 'null' }] },
  ]);
  return {
    $schema,
    title: 'Configuration of truenas-monitor',
    description: 'Every value may hold ${NAME} or ${NAME:-default}, taken from the environment.',
    ...schema,
    properties: Object.fromEntries(sections) as unknown,
  };
}
