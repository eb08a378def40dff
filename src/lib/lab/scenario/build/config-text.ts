import { type Deployment } from './deployment-facts.ts';
import { hex64Of } from './identity.ts';
import { isBlock } from './protocol.ts';

/** Where the text of a driver's configuration departs from what its deployment would have. */
export interface ConfigTextOptions {
  /** Address of the API. */
  readonly host?: string;
  /** Address of the SSH server, for drivers that use one; another than the API's contradicts it. */
  readonly sshHost?: string;
  /** Parent it names, where the volumes lie elsewhere. */
  readonly parent?: string;
  readonly instanceId?: string;
  /** `httpConnection`. */
  readonly scheme?: 'http' | 'https';
  readonly port?: number;
  readonly allowInsecure?: boolean;
  readonly apiVersion?: number;
  /** What nodes mount from, where that is another address than the API's. */
  readonly shareHost?: string;
  /** Database ids in `iscsi.targetGroups`. */
  readonly portalGroup?: number;
  readonly initiatorGroup?: number;
  /** Volumes of file systems are limited to their size; they are, unless said. */
  readonly quotas?: boolean;
  /** `nfs.shareAllowedNetworks`. */
  readonly allowedNetworks?: readonly string[];
}

type Line = string | false;

function text(lines: readonly Line[]): string {
  return lines.filter((line) => line !== false).join('\n');
}

/** Looks like a secret and is none: whatever prints a part of it has printed a secret. */
export function plantedSecret(deployment: Deployment, what: string): string {
  return `planted-${what}-${hex64Of(`${deployment.driver} ${what}`).slice(0, 24)}`;
}

function connections(deployment: Deployment, options: ConfigTextOptions): readonly Line[] {
  const { kind, host: own } = deployment;
  const { host = own, sshHost = host, scheme = 'https', apiVersion = 2 } = options;
  const { port = scheme === 'https' ? 443 : 80, allowInsecure = false } = options;
  const ssh = [
    'sshConnection:',
    `  host: ${sshHost}`,
    '  port: 22',
    '  username: csi',
    `  password: "${plantedSecret(deployment, 'password')}"`,
  ];
  if (kind.startsWith('zfs-generic')) return ssh;
  const http = [
    'httpConnection:',
    `  protocol: ${scheme}`,
    `  host: ${host}`,
    `  port: ${port}`,
    `  apiKey: 1-${plantedSecret(deployment, 'key')}`,
    `  allowInsecure: ${allowInsecure}`,
    `  apiVersion: ${apiVersion}`,
  ];
  return kind.includes('-api-') ? http : [...http, ...ssh];
}

function targetGroups({ portalGroup = 1, initiatorGroup = 1 }: ConfigTextOptions): Line[] {
  return [
    '  targetGroups:',
    `    - targetGroupPortalGroup: ${portalGroup}`,
    `      targetGroupInitiatorGroup: ${initiatorGroup}`,
    '      targetGroupAuthType: None',
  ];
}

function sharing(deployment: Deployment, options: ConfigTextOptions): readonly Line[] {
  const { protocol, assetPrefix, assetSuffix, assetTemplate } = deployment;
  const { shareHost: host = deployment.host, allowedNetworks = ['10.10.0.0/16'] } = options;
  if (protocol === 'nfs') {
    const networks = allowedNetworks.map((network) => `    - ${network}`);
    return ['nfs:', `  shareHost: ${host}`, '  shareAllowedNetworks:', ...networks];
  }
  return [
    `${protocol}:`,
    protocol === 'smb' && `  shareHost: ${host}`,
    protocol === 'iscsi' && `  targetPortal: "${host}:3260"`,
    ...(protocol === 'iscsi' ? targetGroups(options) : []),
    protocol === 'nvmeof' && '  transports:',
    protocol === 'nvmeof' && `    - "tcp://${host}:4420"`,
    `  namePrefix: "${assetPrefix}"`,
    `  nameSuffix: "${assetSuffix}"`,
    assetTemplate !== undefined && `  nameTemplate: "${assetTemplate}"`,
  ];
}

function volumeRules({ idTemplate, idHash, keepsDeleted }: Deployment): readonly Line[] {
  if (idTemplate === undefined && idHash === undefined && !keepsDeleted) return [];
  return [
    '_private:',
    '  csi:',
    '    volume:',
    idTemplate !== undefined && `      idTemplate: "${idTemplate}"`,
    idHash !== undefined && '      idHash:',
    idHash !== undefined && `        strategy: ${idHash}`,
    keepsDeleted && '      deleteStrategy: retain',
  ];
}

/** `driver-config-file.yaml` as people write it for this deployment. */
export function configText(deployment: Deployment, options: ConfigTextOptions = {}): string {
  const { kind, protocol, detachedParent } = deployment;
  const { parent = deployment.parent, instanceId = deployment.instanceId } = options;
  return `${text([
    `driver: ${kind}`,
    instanceId !== undefined && `instance_id: ${instanceId}`,
    ...connections(deployment, options),
    'zfs:',
    `  datasetParentName: "${parent}"`,
    `  detachedSnapshotsDatasetParentName: "${detachedParent}"`,
    !isBlock(protocol) && `  datasetEnableQuotas: ${options.quotas ?? true}`,
    isBlock(protocol) && '  zvolBlocksize: 16K',
    ...sharing(deployment, options),
    ...volumeRules(deployment),
  ])}\n`;
}
