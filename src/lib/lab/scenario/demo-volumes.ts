/** Claim, size and used in GiB, age in days, and how well its data compress. */
export type Row = readonly [
  claim: string,
  size: number,
  used: number,
  days: number,
  compressRatio?: number,
];

export const NFS_VOLUMES: readonly Row[] = [
  ['media/jellyfin-config', 20, 6.4, 533.1, 1.9],
  ['media/jellyfin-media', 4096, 2710, 533.1, 1.0],
  ['media/sonarr-config', 5, 1.3, 529.8, 2.1],
  ['media/radarr-config', 5, 1.6, 529.8, 2.1],
  ['media/downloads', 1024, 388, 529.7, 1.02],
  ['gitlab/gitlab-uploads', 100, 37, 298.4, 1.1],
  ['gitlab/gitlab-lfs', 250, 142, 298.4, 1.25],
  ['gitlab/gitlab-artifacts', 200, 176, 298.4, 1.6],
  ['gitlab/registry-storage', 500, 274, 297.2, 1.08],
  ['nextcloud/nextcloud-data', 1024, 633, 456.9, 1.17],
  ['monitoring/grafana-data', 10, 0.9, 402.5, 2.4],
  ['home/home-assistant-config', 10, 3.2, 371.6, 2.8],
  ['home/zigbee2mqtt-data', 2, 0.1, 371.2, 2.6],
  ['paperless/paperless-media', 100, 44, 340.3, 1.12],
  ['paperless/paperless-consume', 20, 0.2, 340.3, 1.1],
  ['backup/velero-store', 2048, 910, 611.5, 1.04],
  ['media/bazarr-config', 5, 0.7, 529.8, 2.0],
  ['home/node-red-data', 2, 0.2, 214.6, 2.2],
];

export const ISCSI_VOLUMES: readonly Row[] = [
  ['databases/data-postgres-0', 100, 41, 310.2, 2.35],
  ['databases/data-postgres-1', 100, 41, 310.2, 2.35],
  ['databases/data-mariadb-0', 50, 17, 288.6, 2.2],
  ['databases/data-redis-0', 8, 1.1, 288.5, 1.4],
  ['databases/data-mongodb-0', 50, 22, 194.9, 1.8],
  ['gitlab/data-gitlab-postgresql-0', 40, 13, 298.4, 2.5],
  ['gitlab/repo-data-gitlab-gitaly-0', 200, 96, 298.4, 1.3],
  ['gitlab/redis-data-gitlab-redis-0', 8, 0.7, 298.4, 1.5],
  ['monitoring/prometheus-db-prometheus-0', 200, 193, 402.4, 1.35],
  ['monitoring/storage-loki-0', 150, 88, 233.3, 1.05],
  ['monitoring/alertmanager-db-alertmanager-0', 2, 0.1, 402.4, 2.0],
  ['nextcloud/data-nextcloud-mariadb-0', 20, 6.6, 456.9, 2.3],
  ['search/data-opensearch-0', 120, 72, 121.7, 1.45],
  ['search/data-opensearch-1', 120, 70, 121.7, 1.45],
  ['messaging/data-rabbitmq-0', 10, 0.6, 87.5, 1.7],
  ['home/data-influxdb-0', 30, 12, 371.3, 1.25],
];

/** Half a terabyte was asked for, to be on the safe side. */
export const ROOMY_VOLUMES: readonly Row[] = [['sandbox/model-cache', 500, 4.1, 97.3, 1.03]];

/** On the pool that is new. */
export const ARCHIVE_VOLUMES: readonly Row[] = [
  ['backup/velero-archive', 2048, 412, 4.8, 1.04],
  ['paperless/scans-archive', 1024, 96, 4.6, 1.31],
];
