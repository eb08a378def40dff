import { type ReviewsOptions } from '../../adapters/kubernetes/open-reviews.ts';
import { type Reviews } from '../../adapters/kubernetes/reviews.ts';
import { type ClusterConfig } from '../../adapters/config/config.ts';
import { type AuthSettings, type ServeSettings } from '../../core/serve/settings.ts';
import { millis } from '../../core/model/units.ts';
import { type Unavailable } from '../../ports/authentication.ts';
import { type Clock } from '../../ports/clock.ts';
import { type Logger } from '../../ports/logger.ts';
import { type Authenticator } from '../../server/auth/access.ts';
import { JwtAuthenticator } from '../../server/auth/jwt-authenticator.ts';
import { KubernetesAuthenticator } from '../../server/auth/kubernetes-authenticator.ts';
import { loopbackReading } from '../../server/auth/loopback-reading.ts';
import { type AskedCluster, ClusterReviews } from './cluster-reviews.ts';
import { type DemoCluster } from './protocol.ts';

export interface AuthenticatorOptions {
  readonly settings: ServeSettings['server'];
  /** Of the configuration; the first of them knows callers. */
  readonly clusters: readonly Omit<ClusterConfig, 'namespaces'>[];
  /** Those of the demo, which come and go with the thread they live in; null without one. */
  readonly demo: (() => readonly DemoCluster[]) | null;
  /** Namespaces in which there is anything to be seen; null before the first scan. */
  readonly namespaces: () => ReadonlySet<string> | null;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface OpenedAuthenticator {
  readonly authenticator: Authenticator;
  readonly close: () => Promise<void>;
}

/** For one request about a caller, who waits for it. */
const TIMEOUT = millis(4_000);
/** A cluster that is down is not told of with each caller. */
const TOLD_AGAIN = millis(60_000);

/** Whoever knows callers, as `server.auth` says. Nothing is connected to before somebody calls. */
export async function openAuthenticator(
  options: AuthenticatorOptions,
): Promise<OpenedAuthenticator> {
  const { settings, clock } = options;
  const onUnavailable = seldom(options);
  if (settings.auth.mode === 'jwt') {
    const { jwt } = settings.auth;
    // What proves signatures is of use in this mode alone.
    const { jwtVerifier } = await import('../../adapters/jwt/verifier.ts');
    const verifier = jwtVerifier(jwt, clock);
    return {
      authenticator: new JwtAuthenticator({ verifier, settings: jwt, onUnavailable }),
      close: async () => {
        await Promise.resolve();
      },
    };
  }
  const reviewer = new ClusterReviews(() => askedCluster(options));
  const { namespaces } = options;
  const kubernetes = new KubernetesAuthenticator({ reviewer, namespaces, onUnavailable });
  return {
    authenticator:
      settings.auth.mode === 'auto' ? loopbackReading(settings.hosts, kubernetes) : kubernetes,
    close: async () => {
      await reviewer.close();
    },
  };
}

function askedCluster(options: AuthenticatorOptions): AskedCluster | null {
  const { settings, clusters, demo } = options;
  return demo === null
    ? configuredCluster(clusters[0], settings.auth)
    : demoCluster(demo()[0], settings.auth);
}

function configuredCluster(
  cluster: AuthenticatorOptions['clusters'][number] | undefined,
  { audience }: AuthSettings,
): AskedCluster | null {
  if (cluster === undefined) return null;
  const { name, kubeconfig, context, inCluster } = cluster;
  return {
    name,
    open: async () =>
      await loadReviews({ name, kubeconfig, context, inCluster, audience, timeout: TIMEOUT }),
  };
}

function demoCluster(
  cluster: DemoCluster | undefined,
  { audience }: AuthSettings,
): AskedCluster | null {
  if (cluster === undefined) return null;
  const { name, kubeconfig } = cluster;
  return {
    // Another thread has another lab, on another port.
    name: kubeconfig,
    open: async () =>
      await loadReviews({
        name,
        kubeconfig: null,
        kubeconfigText: kubeconfig,
        context: name,
        inCluster: false,
        audience,
        timeout: TIMEOUT,
      }),
  };
}

/** The client of Kubernetes is large, and a server that nobody calls with a token does without. */
async function loadReviews(options: ReviewsOptions): Promise<Reviews> {
  const { openReviews } = await import('../../adapters/kubernetes/open-reviews.ts');
  return await openReviews(options);
}

/** Says what keeps callers out, once in a while for each reason. */
function seldom({
  clock,
  logger,
}: Pick<AuthenticatorOptions, 'clock' | 'logger'>): (unavailable: Unavailable) => void {
  const told = new Map<string, number>();
  return ({ reason, remediation }) => {
    const now = clock.now().getTime();
    const last = told.get(reason);
    if (last !== undefined && now - last < TOLD_AGAIN) return;
    // There are few reasons; whatever makes many of them does not fill the memory.
    if (told.size > 100) told.clear();
    told.set(reason, now);
    logger.log('error', `no caller can be known: ${[reason, ...remediation].join('; ')}`);
  };
}
