import { type Dispatcher } from 'undici';
import { type TlsFacts } from '../../core/model/connection.ts';
import {
  ClusterUnreachableError,
  InsecureTransportError,
  KubeconfigError,
} from '../../core/model/errors.ts';
import { isLoopback } from '../http/loopback.ts';
import { tlsFactsOf } from '../http/tls-facts.ts';
import { recordAt, textAt } from './json.ts';
import { loadKubeconfig, type KubeconfigOrigin, type LoadedKubeconfig } from './kubeconfig.ts';
import { openSession, verifies, type OnConnect, type Session } from './session.ts';

/** The credentials of one cluster, renewed when the cluster no longer takes them. */
export class Credentials {
  readonly #origin: KubeconfigOrigin;
  #loaded: LoadedKubeconfig | undefined;
  #current: Promise<Session> | undefined;
  /** Every connection pool there was: requests may still run on the one before the last. */
  readonly #dispatchers: Dispatcher[] = [];
  #tls: TlsFacts | null = null;

  constructor(origin: KubeconfigOrigin, loaded: LoadedKubeconfig) {
    this.#origin = origin;
    this.#loaded = loaded;
  }

  /** What the server showed when it was connected to first; null without TLS. */
  get tls(): TlsFacts | null {
    return this.#tls;
  }

  /** The session to use now. Callers at the same time share one, so a plug-in runs once. */
  async current(): Promise<Session> {
    this.#current ??= this.#open();
    const opening = this.#current;
    try {
      return await opening;
    } catch (error) {
      if (this.#current === opening) this.#current = undefined;
      throw error;
    }
  }

  /** A session other than the one that was refused: from files read again, or a plug-in run again. */
  async renew(refused: Session): Promise<Session> {
    const current = await this.current();
    if (current !== refused) return current;
    this.#current = undefined;
    return await this.current();
  }

  async close(): Promise<void> {
    this.#current = undefined;
    await Promise.all(this.#dispatchers.splice(0).map((each) => each.destroy()));
  }

  async #open(): Promise<Session> {
    const loaded = this.#loaded ?? (await loadKubeconfig(this.#origin));
    // The next session starts from the files again: client-node keeps tokens until they expire.
    this.#loaded = undefined;
    const rules = { verify: verifies(loaded.cluster), pinnedSpkiSha256: [] };
    const session = await openSafely(this.#origin.cluster, loaded, (socket) => {
      this.#tls ??= tlsFactsOf(socket, rules);
    });
    this.#dispatchers.push(session.dispatcher);
    return session;
  }
}

async function openSafely(
  cluster: string,
  loaded: LoadedKubeconfig,
  onConnect: OnConnect,
): Promise<Session> {
  let session: Session;
  try {
    session = await openSession(loaded, onConnect);
  } catch (cause) {
    throw credentialFailure(cluster, loaded, cause);
  }
  refuseInTheClear(cluster, loaded, session);
  return session;
}

function refuseInTheClear(
  cluster: string,
  { server, cluster: settings }: LoadedKubeconfig,
  { headers }: Session,
): void {
  if (server.protocol === 'https:' || headers['authorization'] === undefined) return;
  if (staysHere({ server, cluster: settings })) return;
  throw new InsecureTransportError(
    `cluster ${cluster}: the credentials would go to ${server.host} over plain http`,
    { remediation: ['Give the server an https address in the kubeconfig.'] },
  );
}

/** Whether nothing is overheard on the way: through a proxy even this machine's own addresses lie on another one. */
export function staysHere({
  server,
  cluster,
}: Pick<LoadedKubeconfig, 'server' | 'cluster'>): boolean {
  const host = server.hostname.replace(/^\[|\]$/g, '');
  return isLoopback(host) && textAt(cluster, 'proxy-url') === null;
}

/**
 * Says what kept the credentials from being made. Without the cause: a plug-in's answer, its arguments and
 * what it wrote may all hold secrets.
 */
function credentialFailure(cluster: string, { user }: LoadedKubeconfig, cause: unknown): Error {
  const execCommand = textAt(recordAt(user, 'exec'), 'command');
  const code = codeOf(cause);
  if (execCommand !== null) {
    const what = code === 'ENOENT' ? 'is not installed' : 'gave no credentials';
    return new KubeconfigError(`cluster ${cluster}: the exec plug-in ${execCommand} ${what}`, {
      remediation: [
        code === 'ENOENT'
          ? `Install ${execCommand}, or put it on the PATH.`
          : 'Log in again with it, and see with `kubectl get --raw /version` what it says.',
      ],
    });
  }
  if (code === 'ENOENT' || code === 'EACCES') {
    return new KubeconfigError(
      `cluster ${cluster}: a certificate, key or token file of the kubeconfig cannot be read${pathOf(cause)}`,
      { remediation: ['Correct the path in the kubeconfig, or make the file readable.'] },
    );
  }
  return new ClusterUnreachableError(`cluster ${cluster}: no credentials could be obtained`, {
    remediation: ['Log in again, and see with `kubectl get --raw /version` what is wrong.'],
  });
}

function codeOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || !('code' in cause)) return undefined;
  return typeof cause.code === 'string' ? cause.code : undefined;
}

function pathOf(cause: unknown): string {
  if (!(cause instanceof Error) || !('path' in cause)) return '';
  return typeof cause.path === 'string' ? `: ${cause.path}` : '';
}
