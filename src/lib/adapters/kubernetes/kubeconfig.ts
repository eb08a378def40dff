import { access } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { KubeconfigError } from '../../core/model/errors.ts';
import {
  innerOf,
  namesOf,
  parseKubeconfig,
  readKubeconfigs,
  type KubeconfigDocument,
} from './kubeconfig-files.ts';
import { textAt, type JsonRecord } from './json.ts';

/** Where the credentials of a cluster come from. */
export interface KubeconfigOrigin {
  /** The cluster's name in our configuration. */
  readonly cluster: string;
  readonly kubeconfig: string | null;
  /** The kubeconfig itself, where it is in no file. */
  readonly kubeconfigText: string | undefined;
  readonly context: string | null;
  readonly inCluster: boolean;
  /** Put in front of the service account's directory; empty but for tests. */
  readonly rootDirectory: string;
}

/** One cluster and one user of a kubeconfig, in its own words, with absolute paths. */
export interface LoadedKubeconfig {
  readonly server: URL;
  readonly cluster: JsonRecord;
  readonly user: JsonRecord;
}

/** Loads afresh each time, so that rotated tokens and renewed files are seen. */
export async function loadKubeconfig(origin: KubeconfigOrigin): Promise<LoadedKubeconfig> {
  if (origin.inCluster) return await loadInCluster(origin);
  const document =
    origin.kubeconfigText === undefined
      ? await readKubeconfigs(origin.cluster, origin.kubeconfig)
      : await parseKubeconfig(origin.cluster, origin.kubeconfigText, { file: null });
  if (document !== undefined) return loadContext(origin, document);
  if (await isInCluster(origin)) return await loadInCluster(origin);
  throw new KubeconfigError(`cluster ${origin.cluster}: no kubeconfig was found`, {
    remediation: [
      'Name one with --kubeconfig, $KUBECONFIG, or kubernetes.kubeconfig of the configuration.',
      'In a pod, set kubernetes.in_cluster to true and give the pod a service account.',
    ],
  });
}

/** Where a pod finds its service account. */
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The context a kubeconfig leads to by itself; null where there is none, or the kubeconfig cannot be read. */
export async function currentContextOf(kubeconfig: string | null): Promise<string | null> {
  try {
    return (await readKubeconfigs('', kubeconfig))?.currentContext ?? null;
  } catch (error) {
    // Whoever connects with it says what is wrong with it.
    if (error instanceof KubeconfigError) return null;
    throw error;
  }
}

async function isInCluster({ rootDirectory }: KubeconfigOrigin): Promise<boolean> {
  if ((process.env['KUBERNETES_SERVICE_HOST'] ?? '') === '') return false;
  return await access(`${rootDirectory}${ACCOUNT}/token`).then(
    () => true,
    () => false,
  );
}

async function loadInCluster(origin: KubeconfigOrigin): Promise<LoadedKubeconfig> {
  if (!(await isInCluster(origin))) {
    throw new KubeconfigError(
      `cluster ${origin.cluster}: this process does not run in a pod with a service account`,
      {
        remediation: [
          'Set kubernetes.in_cluster to false and name a kubeconfig.',
          'In a pod, set automountServiceAccountToken to true.',
        ],
      },
    );
  }
  const host = process.env['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = process.env['KUBERNETES_SERVICE_PORT'] ?? '';
  const directory = `${origin.rootDirectory}${ACCOUNT}`;
  return {
    server: parseServer(origin.cluster, `https://${isIPv6(host) ? `[${host}]` : host}:${port}`),
    cluster: { 'certificate-authority': `${directory}/ca.crt` },
    user: { tokenFile: `${directory}/token` },
  };
}

function loadContext(origin: KubeconfigOrigin, document: KubeconfigDocument): LoadedKubeconfig {
  const context = chooseContext(origin, document);
  const chosen = innerOf(document, 'contexts', context) ?? {};
  const clusterName = textAt(chosen, 'cluster');
  const cluster = clusterName === null ? undefined : innerOf(document, 'clusters', clusterName);
  if (cluster === undefined) throw dangling(origin, context, 'cluster', clusterName);
  const userName = textAt(chosen, 'user');
  const user = userName === null ? {} : innerOf(document, 'users', userName);
  if (user === undefined) throw dangling(origin, context, 'user', userName);
  return { server: parseServer(origin.cluster, textAt(cluster, 'server') ?? ''), cluster, user };
}

function chooseContext(origin: KubeconfigOrigin, document: KubeconfigDocument): string {
  const contexts = namesOf(document, 'contexts');
  const wanted = origin.context ?? document.currentContext;
  if (wanted !== null && contexts.includes(wanted)) return wanted;
  const known =
    contexts.length === 0
      ? 'The kubeconfig has no contexts: name another one with --kubeconfig.'
      : `Name one with --context, or in kubernetes.context: ${contexts.join(', ')}.`;
  const message =
    wanted === null ? 'the kubeconfig has no current context' : `there is no context ${wanted}`;
  throw new KubeconfigError(`cluster ${origin.cluster}: ${message}`, { remediation: [known] });
}

function dangling(
  origin: KubeconfigOrigin,
  context: string,
  what: 'cluster' | 'user',
  name: string | null,
): KubeconfigError {
  const problem = name === null ? `names no ${what}` : `names ${what} ${name}, which is not there`;
  return new KubeconfigError(`cluster ${origin.cluster}: context ${context} ${problem}`, {
    remediation: [
      `Mend the context with \`kubectl config set-context ${context} --${what}=NAME\`.`,
    ],
  });
}

function parseServer(cluster: string, text: string): URL {
  const server = URL.canParse(text) ? new URL(text) : undefined;
  const remediation = ['Correct the address of the server in the kubeconfig.'];
  if (server === undefined || !/^https?:$/.test(server.protocol)) {
    throw new KubeconfigError(
      `cluster ${cluster}: the server in the kubeconfig is not an http or https address`,
      { remediation },
    );
  }
  if (server.username !== '' || server.password !== '') {
    throw new KubeconfigError(
      `cluster ${cluster}: the address of the server in the kubeconfig carries a user or password`,
      { remediation: ['Move them to the user entry of the kubeconfig.'] },
    );
  }
  return server;
}
