import { ConfigError } from '../../core/model/errors.ts';
import { type SystemConfig } from './config.ts';
import { type LoadedConfig } from './load.ts';

/** A system that can be connected to: where it is and who we are is known. */
export type ReachableSystem = SystemConfig & { readonly url: string };

/** The systems of a configuration; throws where one cannot be connected to for want of an address or credentials. */
export function requireConnection({ config, file }: LoadedConfig): readonly ReachableSystem[] {
  return config.systems.map((system) => {
    if (!hasUrl(system)) throw missingUrl(file);
    if (system.apiKey === null && system.password === null) throw missingCredentials(system, file);
    if (system.apiKey === null && system.username === null) throw missingUser(system);
    return system;
  });
}

function hasUrl(system: SystemConfig): system is ReachableSystem {
  return system.url !== null;
}

const EXAMPLE =
  'truenas: {url: "https://nas1.example", username: k8s-monitor, api_key_file: /path/to/key}';

function missingUrl(file: string | null): ConfigError {
  return new ConfigError('nothing says where TrueNAS is', {
    remediation: [
      file === null
        ? 'Write a configuration: truenas-monitor config init --url https://nas1.example.'
        : `Add to ${file}: ${EXAMPLE}`,
      'Or export TRUENAS_URL, TRUENAS_USERNAME and TRUENAS_API_KEY.',
      'Or look around first, without any server: truenas-monitor orphans --demo.',
    ],
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
