/** Host of the address that stands for one to be filled in. */
export const PLACEHOLDER_HOST = 'truenas.example';

/** What `config init` fills in; null leaves the example. */
export interface TemplateValues {
  readonly url: string | null;
  readonly username: string | null;
  readonly context: string | null;
}

/** A commented configuration that is valid as it stands. */
export function configTemplate(values: TemplateValues): string {
  const context =
    values.context === null
      ? '  # context: prod                    # default: the current context'
      : `  context: ${quoted(values.context)}`;
  return `# Configuration of truenas-monitor. Check it with: truenas-monitor config check
#
# Every value may hold \${NAME} or \${NAME:-default}, taken from the environment.
# Flags win over environment variables, and those over this file.

kubernetes:
  # kubeconfig: ~/.kube/config       # default: $KUBECONFIG, then ~/.kube/config
${context}
  # in_cluster: true                 # use the service account of the pod this runs in
  # namespace: democratic-csi        # of the CSI driver; read alone where lists over all are denied
  # name: prod                       # what reports call this cluster

# With neither url nor credentials here, TrueNAS is read where and as the driver does, by what its Secret says,
# if that may be read. A read-only key of your own is the better way.
truenas:
  url: ${quoted(values.url ?? `https://${PLACEHOLDER_HOST}`)}
  # The user that owns the API key. A read-only role is enough: READONLY_ADMIN.
  username: ${quoted(values.username ?? 'k8s-monitor')}
  # The API key is read from $TRUENAS_API_KEY, or from a file:
  # api_key_file: /run/secrets/truenas-api-key
  # timeout: 30s
  # ca_file: /etc/ssl/my-ca.pem      # where the certificate is from an authority of your own
  # pinned_spki_sha256: []           # or accept these public keys only
  # tls_min_version: TLSv1.3

# Further clusters that make volumes on the same TrueNAS, beside the one above. Name them all: without
# every one in view a volume of another cluster looks forgotten.
# clusters:
#   - context: staging

# Further TrueNAS systems, beside the one above.
# systems:
#   - name: nas2
#     url: https://nas2.example
#     username: k8s-monitor
#     api_key_file: /run/secrets/nas2-api-key

# Where CSI drivers make volumes. Of democratic-csi it is read from the driver's own Secret, where that may be
# read; what is written here comes first. Instead of the parent the Secret can be named. With
# "exclusive: true" you say that no cluster other than those above uses that parent dataset, nor its
# "detached_snapshots_parent". Without it, or the "instance_id" the driver writes on what it makes, no
# dataset is ever called a certain orphan.
# drivers:
#   - driver: org.democratic-csi.nfs
#     secret: democratic-csi/nfs-democratic-csi-driver-config
#     parent: tank/k8s/volumes
#     detached_snapshots_parent: tank/k8s/snapshots
#     # cluster: prod                # where not every cluster above makes volumes there: its name
#     # system: nas2                 # where there are several systems: its name
#     exclusive: true

monitor:
  orphan_threshold: 24h              # younger objects are not reported
  # snapshot_retention: 30d          # how long snapshots are to be kept, for validate and health
  # scan_interval: 5m                # how often serve scans where nothing changes; 30s at least
  # max_concurrent_scans: 2          # clusters and systems that serve reads at the same time

# Limits of validate and health, in percent, and how much may be promised of a pool for each byte it has.
# thresholds:
#   pool_warning: 80
#   pool_critical: 90
#   volume_warning: 85
#   volume_critical: 95
#   max_overcommit_ratio: 2.0

# What clean-up may do. Nothing is destroyed that was not out of reach for quarantine_for before.
# cleanup:
#   protect:                         # never touched, whatever is found about it
#     - path: tank/k8s/volumes/keep/**
#     - namespace: archive
#   quarantine_for: 7d
#   quarantine_parent: tank/quarantine   # move there what is put aside; TrueNAS 25.10 and later
#   max_items: 10                    # the three hold for 24 hours and each system
#   max_bytes: 1Ti
#   max_percent: 5                   # of the volumes of a parent; one is always allowed
#   plan_ttl: 1h
#   approvals: 1                     # several need people whom Kubernetes knows
#   auto_approve:                    # quarantines alone
#     - {rule: dataset-unclaimed, min_age: 30d, max_bytes: 10Gi}

# What past scans saw: for analyze, report and what changed since.
# history:
#   path: /var/lib/truenas-monitor/history.db   # default: ~/.local/share/truenas-monitor/history.db
#   retention: 400d                  # 14d at least

# The scan that was kept last: for --max-age, and for serve when it starts again.
# cache:
#   path: /var/cache/truenas-monitor
#   disk_ttl: 1h
#   memory_ttl: 30s                  # how long serve gives the same answer to what it has to work out

# Where serve answers, and whom. On loopback everybody on this machine may read, and nobody may change anything.
# server:
#   listen: 127.0.0.1:8080           # 0.0.0.0:8080 for every address, where callers need a token
#   tls:
#     cert_file: /etc/truenas-monitor/tls.crt
#     key_file: /etc/truenas-monitor/tls.key
#   auth:
#     mode: auto                     # auto, kubernetes (tokens of the cluster) or jwt (of an identity provider)
#     # audience: truenas-monitor    # that tokens of Kubernetes have to be made for
#     jwt:
#       issuer: https://id.example
#       audience: truenas-monitor
#       jwks_url: https://id.example/keys
#       # jwks_file: /etc/truenas-monitor/keys.json   # in place of that address
#       algorithms: [RS256, ES256, EdDSA]
#       clock_tolerance: 30s
#       roles_claim: groups
#       roles: {storage-team: operator}   # viewer, operator, approver, admin
#       # namespaces_claim: namespaces      # that a caller is limited to; default: everybody sees all
#   log_level: info                  # debug, info, warn or error; read again on SIGHUP
#   rate_limit: {max: 600, window: 1m}    # of one client
#   hosts: [monitor.example]         # names it may be asked by without a token
#   origins: ["https://grafana.example"]  # pages that may open the stream of events
#   trusted_proxies: [10.0.0.0/8]    # whose X-Forwarded-For is believed
#   allow_apply: false               # whether approved clean-up plans may be carried out through it
#   max_event_clients: 200

# What serve says to Prometheus.
# metrics:
#   enabled: true
#   listen: 127.0.0.1
#   port: 9105                       # null: at the address of the server alone
#   path: /metrics
#   per_volume: false                # series for each volume, up to max_volumes
#   max_volumes: 1000
#   auth: auto                       # a token off loopback; none lets everybody read them

# Findings to leave alone. They stay visible as suppressed.
# ignore:
#   - rule: pv-released
#     namespace: archive
#     reason: kept on purpose until the audit is over
#     until: 2027-03-31
`;
}

/** JSON strings are YAML strings. */
function quoted(text: string): string {
  return /^[A-Za-z][\w./:-]*[\w/]$/.test(text) ? text : JSON.stringify(text);
}
