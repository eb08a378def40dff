import { type ClusterConfig } from '../../adapters/config/config.ts';
import { type Redactor } from '../../adapters/log/redactor.ts';
import { type Millis, millis } from '../../core/model/units.ts';
import { DEFAULT_SERVE, type ServeSettings } from '../../core/serve/settings.ts';
import { loadUserConfig } from '../load-config.ts';
import { registerSecrets } from '../register-secrets.ts';
import { type ConnectionRequest } from '../scan-flags.ts';

/** What to serve by. */
export interface LoadedServe {
  readonly settings: ServeSettings;
  /** The first of them knows callers; none for a demo, which brings its own. */
  readonly clusters: readonly ClusterConfig[];
  /** Up to this age a kept scan is shown after a restart. */
  readonly keptFor: Millis;
}

/** As long as the lab keeps a scan, whose settings nobody writes. */
const DEMO_KEPT = millis(3_600_000);

/** What is usual; plans may be carried out too, since nothing of it is real and the demo's own token is asked for. */
const DEMO_SERVE: ServeSettings = {
  ...DEFAULT_SERVE,
  server: { ...DEFAULT_SERVE.server, allowApply: true },
};

/** The configuration, or what is usual for a demo. Its secrets are known to the redactor from then on. */
export async function loadServeSettings(
  connection: ConnectionRequest,
  redactor: Redactor,
): Promise<LoadedServe> {
  if (connection.demo !== null) {
    return { settings: DEMO_SERVE, clusters: [], keptFor: DEMO_KEPT };
  }
  const { kubeconfig, contexts, url } = connection;
  const loaded = await loadUserConfig({
    file: connection.config,
    overrides: { kubeconfig, contexts, url },
  });
  registerSecrets(loaded, redactor);
  const { serve, clusters, cache } = loaded.config;
  return { settings: serve, clusters, keptFor: cache.ttl };
}
