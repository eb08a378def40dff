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
  const { host = own, sshHost = host } = options;
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
    '  protocol: https',
    `  host: ${host}`,
    '  port: 443',
    `  apiKey: 1-${plantedSecret(deployment, 'key')}`,
    '  allowInsecure: false',
  ];
  return kind.includes('-api-') ? http : [...http, ...ssh];
}

function sharing(deployment: Deployment): readonly Line[] {
  const { protocol, host, assetPrefix, assetSuffix, assetTemplate } = deployment;
  if (protocol === 'nfs') {
    return ['nfs:', `  shareHost: ${host}`, '  shareAllowedNetworks:', '    - 10.10.0.0/16'];
  }
  return [
    `${protocol}:`,
    protocol === 'smb' && `  shareHost: ${host}`,
    protocol === 'iscsi' && `  targetPortal: "${host}:3260"`,
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
    !isBlock(protocol) && '  datasetEnableQuotas: true',
    isBlock(protocol) && '  zvolBlocksize: 16K',
    ...sharing(deployment),
    ...volumeRules(deployment),
  ])}\n`;
}
