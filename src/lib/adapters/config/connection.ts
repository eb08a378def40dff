import { ConfigError } from '../../core/model/errors.ts';
import { formatPath, type SystemConfig } from './config.ts';
import { systemForms } from './decode.ts';
import { type LoadedConfig } from './load.ts';

/** A system that can be connected to: where it is and who we are is known. */
export type ReachableSystem = SystemConfig & { readonly url: string };

/** What a message about a system without address or credentials needs to know. */
interface Lack {
  readonly name: string;
  readonly file: string | null;
  /** `truenas` or `systems[0]`. */
  readonly key: string;
  /** Nothing is written of it yet, so that there is nothing to add to. */
  readonly unwritten: boolean;
}

/** The systems of a configuration; throws where one cannot be connected to for want of an address or credentials. */
export function requireConnection(loaded: LoadedConfig): readonly ReachableSystem[] {
  const { config, file, effective } = loaded;
  const forms = systemForms(effective);
  return config.systems.map((system, index) => {
    const lack: Lack = {
      name: system.name,
      file,
      key: formatPath(forms[index]?.path ?? ['truenas']),
      unwritten: system.url === null && system.username === null,
    };
    if (!hasUrl(system)) throw missingUrl(lack);
    if (system.apiKey === null && system.password === null) throw missingCredentials(lack);
    if (system.apiKey === null && system.username === null) throw missingUser(lack);
    return system;
  });
}

function hasUrl(system: SystemConfig): system is ReachableSystem {
  return system.url !== null;
}

const EXAMPLE =
  'truenas: {url: "https://nas1.example", username: k8s-monitor, api_key_file: /path/to/key}';

function missingUrl({ file, key, unwritten }: Lack): ConfigError {
  const add = unwritten ? `Add to ${file ?? ''}: ${EXAMPLE}` : `Set ${key}.url in ${file ?? ''}.`;
  return new ConfigError('nothing says where TrueNAS is', {
    remediation: [
      file === null
        ? 'Write a configuration: truenas-monitor config init --url https://nas1.example.'
        : add,
      'Or export TRUENAS_URL, TRUENAS_USERNAME and TRUENAS_API_KEY.',
      'Or look around first, without any server: truenas-monitor orphans --demo.',
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
