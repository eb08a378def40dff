import { ConfigError } from '../../core/model/errors.ts';
import { type SystemConfig } from './config.ts';
import { namesNoSystem } from './decode.ts';
import { type LoadedConfig } from './load.ts';

/** A system that can be connected to: where it is and who we are is known. */
export interface ReachableSystem extends SystemConfig {
  readonly url: string;
  /** What says so where it is not our configuration, such as `secret csi/nfs-config`: such credentials are for reading alone. */
  readonly keptIn: string | null;
}

/** Whether nothing says which TrueNAS to read, so that the Secrets of the CSI drivers are asked. */
export function isLeftToDrivers({ effective }: LoadedConfig): boolean {
  return namesNoSystem(effective);
}

/** The systems of a configuration; throws where one cannot be connected to for want of an address or credentials. */
export function requireConnection({ config, file }: LoadedConfig): readonly ReachableSystem[] {
  return config.systems.map((system) => {
    const { url, apiKey, password, username } = system;
    if (url === null) throw missingUrl(file);
    if (apiKey === null && password === null) throw missingCredentials(system, file);
    if (apiKey === null && username === null) throw missingUser(system);
    return { ...system, url, keptIn: null };
  });
}

const EXAMPLE =
  'truenas: {url: "https://nas1.example", username: k8s-monitor, api_key_file: /path/to/key}';

function missingUrl(file: string | null): ConfigError {
  return new ConfigError('nothing says where TrueNAS is', { remediation: sayWhere(file) });
}

function sayWhere(file: string | null): readonly string[] {
  return [
    file === null
      ? 'Write a configuration: truenas-monitor config init --url https://nas1.example.'
      : `Add to ${file}: ${EXAMPLE}`,
    'Or export TRUENAS_URL, TRUENAS_USERNAME and TRUENAS_API_KEY.',
    'Or look around first, without any server: truenas-monitor orphans --demo.',
  ];
}

/** Why a Secret of a driver did not help, and what may be done about it. */
interface WhyNot {
  readonly reason: string;
  readonly remediation: readonly string[];
}

/** Neither our configuration nor any driver's says where TrueNAS is. */
export function noSystemAnywhere(file: string | null, why: readonly WhyNot[]): ConfigError {
  const reasons = why.map(({ reason }) => `  ${reason}`);
  const message = ['nothing says where TrueNAS is, and no Secret of a CSI driver does', ...reasons];
  return new ConfigError(message.join('\n'), {
    remediation: [...sayWhere(file), ...new Set(why.flatMap(({ remediation }) => remediation))],
  });
}

function missingCredentials({ name }: SystemConfig, file: string | null): ConfigError {
  return new ConfigError(`there is no API key for TrueNAS ${name}`, {
    remediation: [
      'Make one in the web interface of TrueNAS, for a user with the role READONLY_ADMIN.',
      'Export it as TRUENAS_API_KEY, with TRUENAS_USERNAME.',
      file === null
        ? 'Or write a configuration that names a file with it: truenas-monitor config init.'
        : `Or add to ${file}: ${EXAMPLE}`,
    ],
    details: { system: name },
  });
}

function missingUser({ name }: SystemConfig): ConfigError {
  return new ConfigError(`there is a password for TrueNAS ${name}, but no user name`, {
    remediation: ['Set truenas.username, or export TRUENAS_USERNAME.'],
    details: { system: name },
  });
}
