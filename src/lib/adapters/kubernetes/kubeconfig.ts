import { access } from 'node:fs/promises';
import { type KubeConfig } from '@kubernetes/client-node';
import { KubeconfigError } from '../../core/model/errors.ts';
import {
  innerOf,
  namesOf,
  parseKubeconfig,
  readKubeconfigs,
  type KubeconfigDocument,
} from './kubeconfig-files.ts';
import { textAt } from './json.ts';

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

/** A kubeconfig with a context chosen, of which cluster and user are known to exist. */
export interface LoadedKubeconfig {
  readonly config: KubeConfig;
  readonly server: URL;
  /** For messages: never holds arguments, which may be secret. */
  readonly execCommand: string | null;
  /** Requests leave through a proxy, even those to this machine's own addresses. */
  readonly proxied: boolean;
  readonly verifiesTls: boolean;
}

/** Loads afresh each time, so that rotated tokens and renewed files are seen. */
export async function loadKubeconfig(origin: KubeconfigOrigin): Promise<LoadedKubeconfig> {
  if (origin.inCluster) return await loadInCluster(origin);
  const document =
    origin.kubeconfigText === undefined
      ? await readKubeconfigs(origin.cluster, origin.kubeconfig)
      : await parseKubeconfig(origin.cluster, origin.kubeconfigText, { file: null });
  if (document !== undefined) return await loadContext(origin, document);
  if (await isInCluster(origin)) return await loadInCluster(origin);
  throw new KubeconfigError(`cluster ${origin.cluster}: no kubeconfig was found`, {
    remediation: [
      'Name one with --kubeconfig, $KUBECONFIG, or kubernetes.kubeconfig of the configuration.',
      'In a pod, set kubernetes.in_cluster to true and give the pod a service account.',
    ],
  });
}

const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount/token';

async function isInCluster({ rootDirectory }: KubeconfigOrigin): Promise<boolean> {
  if ((process.env['KUBERNETES_SERVICE_HOST'] ?? '') === '') return false;
  return await access(`${rootDirectory}${TOKEN_PATH}`).then(
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
  const config = await newKubeConfig();
  config.loadFromCluster(origin.rootDirectory);
  const server = parseServer(origin.cluster, config.getCurrentCluster()?.server ?? '');
  return { config, server, execCommand: null, proxied: false, verifiesTls: true };
}

async function loadContext(
  origin: KubeconfigOrigin,
  document: KubeconfigDocument,
): Promise<LoadedKubeconfig> {
  const context = chooseContext(origin, document);
  const chosen = innerOf(document, 'contexts', context) ?? {};
  const clusterName = textAt(chosen, 'cluster');
  const cluster = clusterName === null ? undefined : innerOf(document, 'clusters', clusterName);
  if (cluster === undefined) throw dangling(origin, context, 'cluster', clusterName);
  const userName = textAt(chosen, 'user');
  const user = userName === null ? {} : innerOf(document, 'users', userName);
  if (user === undefined) throw dangling(origin, context, 'user', userName);
  const server = parseServer(origin.cluster, textAt(cluster, 'server') ?? '');
  const exec = user['exec'];
  const plain = server.protocol === 'http:';
  const config = await newKubeConfig();
  config.loadFromString(
    JSON.stringify({
      // client-node refuses plain http unless certificates go unverified, of which http has none.
      clusters: [{ name: 'cluster', cluster: plain ? withoutTls(cluster) : cluster }],
      users: [{ name: 'user', user }],
      contexts: [{ name: 'context', context: { cluster: 'cluster', user: 'user' } }],
      'current-context': 'context',
    }),
  );
  return {
    config,
    server,
    execCommand: isCommand(exec) ? exec.command : null,
    proxied: textAt(cluster, 'proxy-url') !== null,
    verifiesTls: plain || cluster['insecure-skip-tls-verify'] !== true,
  };
}

function withoutTls(cluster: object): object {
  return { ...cluster, 'insecure-skip-tls-verify': true };
}

function isCommand(exec: unknown): exec is { readonly command: string } {
  return (
    typeof exec === 'object' &&
    exec !== null &&
    'command' in exec &&
    typeof exec.command === 'string'
  );
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

/** Loaded only now: it costs more time than all the rest of a short command. */
async function newKubeConfig(): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  return new KubeConfig();
}
