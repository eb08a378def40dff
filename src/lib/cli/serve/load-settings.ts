import { parseListenAddress } from '../../adapters/config/fields.ts';
import { type Redactor } from '../../adapters/log/redactor.ts';
import { UsageError } from '../../core/model/errors.ts';
import {
  DEFAULT_SERVE,
  type ListenAddress,
  type ServeSettings,
} from '../../core/serve/settings.ts';
import { loadUserConfig } from '../load-config.ts';
import { registerSecrets } from '../register-secrets.ts';
import { type ConnectionRequest } from '../scan-flags.ts';

/** What to serve by: the configuration, or what is usual for a demo. Its secrets are known to the redactor from then on. */
export async function loadServeSettings(
  connection: ConnectionRequest,
  redactor: Redactor,
): Promise<ServeSettings> {
  if (connection.demo !== null) return DEFAULT_SERVE;
  const { kubeconfig, contexts, url } = connection;
  const loaded = await loadUserConfig({
    file: connection.config,
    overrides: { kubeconfig, contexts, url },
  });
  registerSecrets(loaded, redactor);
  return loaded.config.serve;
}

/** Where `--listen` says; throws a `UsageError` for what is no address. */
export function readListen(value: string): ListenAddress {
  const address = parseListenAddress(value);
  if (address !== undefined) return address;
  throw new UsageError(`--listen ${value} is no address to listen at`, {
    remediation: ['Write an address and a port: 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080.'],
  });
}
