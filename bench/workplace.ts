import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type LabAddress } from './lab-client.ts';

/** What a program is told so that it keeps all it keeps under one folder, and nothing with the user's own. */
export function homeIn(work: string): NodeJS.ProcessEnv {
  return {
    HOME: work,
    XDG_CACHE_HOME: path.join(work, 'cache'),
    XDG_CONFIG_HOME: path.join(work, 'config'),
    XDG_DATA_HOME: path.join(work, 'data'),
    XDG_STATE_HOME: path.join(work, 'state'),
  };
}

export interface ConnectionFiles {
  readonly kubeconfig: string;
  readonly config: string;
}

/**
 * What a scan of the lab is configured by.
 *
 * @param more further sections of the configuration
 */
export function writeConnection(
  work: string,
  address: Omit<LabAddress, 'kubernetesUrl' | 'token' | 'now'>,
  more: Readonly<Record<string, unknown>> = {},
): ConnectionFiles {
  const kubeconfig = path.join(work, 'kubeconfig.yaml');
  const config = path.join(work, 'config.yaml');
  writeFileSync(kubeconfig, address.kubeconfig, { mode: 0o600 });
  const content = {
    kubernetes: { kubeconfig, name: address.cluster },
    truenas: {
      name: address.system,
      url: address.truenasUrl,
      username: address.username,
      api_key: address.apiKey,
    },
    drivers: address.drivers,
    ...more,
  };
  // JSON is YAML.
  writeFileSync(config, JSON.stringify(content), { mode: 0o600 });
  return { kubeconfig, config };
}
