import { ConfigError } from '../../core/model/errors.ts';
import { formatPath, type SystemConfig } from './config.ts';
import { namesNoSystem, systemForms } from './decode.ts';
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

/** What a message about a system without address or credentials needs to know. */
interface Lack {
  readonly name: string;
  readonly file: string | null;
  /** `truenas` or `systems[0]`. */
  readonly key: string;
}

/** The systems of a configuration; throws where one cannot be connected to for want of an address or credentials. */
export function requireConnection(loaded: LoadedConfig): readonly ReachableSystem[] {
  const { config, file, effective } = loaded;
  const forms = systemForms(effective);
  return config.systems.map((system, index) => {
    const { name, url, apiKey, password, username } = system;
    const lack: Lack = { name, file, key: formatPath(forms[index]?.path ?? ['truenas']) };
    if (url === null) throw missingUrl(lack);
    if (apiKey === null && password === null) throw missingCredentials(lack);
    if (apiKey === null && username === null) throw missingUser(lack);
    return { ...system, url, keptIn: null };
  });
}

const EXAMPLE =
  'truenas: {url: "https://nas1.example", username: k8s-monitor, api_key_file: /path/to/key}';

const BY_ENVIRONMENT = 'TRUENAS_URL, TRUENAS_USERNAME and TRUENAS_API_KEY';
const BY_INIT = 'Write a configuration: truenas-monitor config init --url https://nas1.example.';
const BY_DEMO = 'Or look around first, without any server: truenas-monitor orphans --demo.';

/** Something is written of it, though not where it is. */
function missingUrl({ file, key }: Lack): ConfigError {
  return new ConfigError('nothing says where TrueNAS is', {
    remediation: [
      file === null ? BY_INIT : `Set ${key}.url in ${file}.`,
      ...orExport(key, BY_ENVIRONMENT),
      BY_DEMO,
    ],
  });
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
    remediation: [
      file === null ? BY_INIT : `Add to ${file}: ${EXAMPLE}`,
      `Or export ${BY_ENVIRONMENT}.`,
      BY_DEMO,
      ...new Set(why.flatMap(({ remediation }) => remediation)),
    ],
  });
}

/** The environment speaks of `truenas:` alone. */
function orExport(key: string, variables: string): readonly string[] {
  return key === 'truenas' ? [`Or export ${variables}.`] : [];
}

function missingCredentials({ name, file, key }: Lack): ConfigError {
  return new ConfigError(`there is no API key for TrueNAS ${name}`, {
    remediation: [
      'Make one in the web interface of TrueNAS, for a user with the role READONLY_ADMIN.',
      ...(file === null
        ? [
            'Export it as TRUENAS_API_KEY, with TRUENAS_USERNAME.',
            'Or write a configuration that names a file with it: truenas-monitor config init.',
          ]
        : [
            `Write it into a file of its own, and set ${key}.api_key_file in ${file} to the path of that.`,
            ...orExport(key, 'it as TRUENAS_API_KEY, with TRUENAS_USERNAME'),
          ]),
    ],
    details: { system: name },
  });
}

function missingUser({ name, key }: Lack): ConfigError {
  return new ConfigError(`there is a password for TrueNAS ${name}, but no user name`, {
    remediation: [`Set ${key}.username.`, ...orExport(key, 'TRUENAS_USERNAME')],
    details: { system: name },
  });
}
