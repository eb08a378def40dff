import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { KubeconfigError } from '../../core/model/errors.ts';
import { isRecord, listAt, recordAt, textAt, type JsonRecord } from './json.ts';

type Section = 'clusters' | 'contexts' | 'users';

/** One kubeconfig, merged from one file or several as kubectl merges them. */
export interface KubeconfigDocument {
  readonly clusters: readonly JsonRecord[];
  readonly contexts: readonly JsonRecord[];
  readonly users: readonly JsonRecord[];
  readonly currentContext: string | null;
}

/** The files to read: the one asked for, else those of $KUBECONFIG, else the default one. */
function kubeconfigPaths(path: string | null): { paths: string[]; mustExist: boolean } {
  if (path !== null) return { paths: [expandHome(path)], mustExist: true };
  const listed = (process.env['KUBECONFIG'] ?? '').split(delimiter).filter((each) => each !== '');
  if (listed.length > 0) return { paths: listed, mustExist: false };
  return { paths: [join(homedir(), '.kube', 'config')], mustExist: false };
}

function expandHome(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
}

/**
 * Reads and merges kubeconfig files; undefined where none of them exists. As with kubectl the first file
 * that names something wins, and a file of $KUBECONFIG may be missing.
 */
export async function readKubeconfigs(
  cluster: string,
  path: string | null,
): Promise<KubeconfigDocument | undefined> {
  const { paths, mustExist } = kubeconfigPaths(path);
  const documents: KubeconfigDocument[] = [];
  for (const each of paths) {
    const text = await readText(cluster, each, mustExist);
    if (text !== undefined) {
      documents.push(await parseKubeconfig(cluster, text, { file: each }));
    }
  }
  return documents.length === 0 ? undefined : mergeDocuments(documents);
}

async function readText(
  cluster: string,
  path: string,
  mustExist: boolean,
): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    if (missing && !mustExist) return undefined;
    const what = missing ? 'does not exist' : 'cannot be read';
    throw new KubeconfigError(`cluster ${cluster}: the kubeconfig ${path} ${what}`, {
      cause,
      remediation: [
        missing
          ? 'Name an existing file with --kubeconfig, or in kubernetes.kubeconfig of the configuration.'
          : 'Make the file readable for the user who runs this command.',
      ],
    });
  }
}

/**
 * Parses one kubeconfig. Paths in it become absolute, since they are relative to its own directory.
 * No error quotes the text or carries the parser's own error, which does: it holds credentials.
 */
export async function parseKubeconfig(
  cluster: string,
  text: string,
  origin: { readonly file: string | null },
): Promise<KubeconfigDocument> {
  const { LineCounter, parseDocument } = await import('yaml');
  const lineCounter = new LineCounter();
  const yaml = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'silent' });
  const [error] = yaml.errors;
  if (error !== undefined) {
    const { line } = lineCounter.linePos(error.pos[0]);
    throw malformed(cluster, origin.file, `is not valid YAML (line ${line}: ${error.code})`);
  }
  const value: unknown = toPlain(yaml);
  // An empty file is an empty kubeconfig, as it is for kubectl.
  if (value === null) return { clusters: [], contexts: [], users: [], currentContext: null };
  if (!isRecord(value)) throw malformed(cluster, origin.file, 'is not a kubeconfig');
  const root = origin.file === null ? process.cwd() : dirname(resolve(origin.file));
  return {
    clusters: section(value, 'clusters').map((entry) =>
      withInner(entry, 'cluster', (inner) => absolute(inner, root, ['certificate-authority'])),
    ),
    contexts: section(value, 'contexts'),
    users: section(value, 'users').map((entry) =>
      withInner(entry, 'user', (inner) => normaliseUser(inner, root)),
    ),
    currentContext: textAt(value, 'current-context'),
  };
}

/** Undefined where aliases cannot be resolved, or there are so many that the text is an attack. */
function toPlain(document: { toJS: () => unknown }): unknown {
  try {
    return document.toJS();
  } catch {
    return undefined;
  }
}

function malformed(cluster: string, file: string | null, what: string): KubeconfigError {
  const where = file === null ? 'the kubeconfig' : `the kubeconfig ${file}`;
  return new KubeconfigError(`cluster ${cluster}: ${where} ${what}`, {
    remediation: [
      'Check the file with `kubectl config view`.',
      'Name another one with --kubeconfig, or in kubernetes.kubeconfig of the configuration.',
    ],
  });
}

function section(document: JsonRecord, name: Section): JsonRecord[] {
  return listAt(document, name).filter(isRecord);
}

function withInner(
  entry: JsonRecord,
  key: 'cluster' | 'user',
  change: (inner: JsonRecord) => JsonRecord,
): JsonRecord {
  return isRecord(entry[key]) ? { ...entry, [key]: change(entry[key]) } : entry;
}

function absolute(inner: JsonRecord, root: string, keys: readonly string[]): JsonRecord {
  const changed: Record<string, unknown> = { ...inner };
  for (const key of keys) {
    const path = textAt(inner, key);
    if (path !== null) changed[key] = resolve(root, path);
  }
  return changed;
}

/** `tokenFile` is the name kubectl gives it, `token-file` the one other tools write. */
function normaliseUser(user: JsonRecord, root: string): JsonRecord {
  const tokenFile = textAt(user, 'tokenFile') ?? textAt(user, 'token-file');
  const exec = user['exec'];
  return {
    ...absolute(user, root, ['client-certificate', 'client-key']),
    ...(tokenFile === null ? {} : { tokenFile: resolve(root, tokenFile) }),
    ...(isRecord(exec) ? { exec: normaliseExec(exec, root) } : {}),
  };
}

const EXEC_INFO = 'KUBERNETES_EXEC_INFO';

/** Plug-ins learn from this variable which version to answer in, and that nobody is there to ask. */
function normaliseExec(exec: JsonRecord, root: string): JsonRecord {
  const command = textAt(exec, 'command');
  const env = listAt(exec, 'env').filter(isRecord);
  const info = JSON.stringify({
    apiVersion: exec['apiVersion'],
    kind: 'ExecCredential',
    spec: { interactive: false },
  });
  return {
    ...exec,
    ...(command?.includes('/') === true ? { command: resolve(root, command) } : {}),
    env: env.some((each) => each['name'] === EXEC_INFO)
      ? env
      : [...env, { name: EXEC_INFO, value: info }],
  };
}

function mergeDocuments(documents: readonly KubeconfigDocument[]): KubeconfigDocument {
  return {
    clusters: firstOfEachName(documents.flatMap((each) => each.clusters)),
    contexts: firstOfEachName(documents.flatMap((each) => each.contexts)),
    users: firstOfEachName(documents.flatMap((each) => each.users)),
    currentContext: documents.find((each) => each.currentContext !== null)?.currentContext ?? null,
  };
}

function firstOfEachName(entries: readonly JsonRecord[]): JsonRecord[] {
  const byName = new Map<unknown, JsonRecord>();
  for (const entry of entries) {
    if (!byName.has(entry['name'])) byName.set(entry['name'], entry);
  }
  return [...byName.values()];
}

export function namesOf(document: KubeconfigDocument, name: Section): string[] {
  return document[name].map((entry) => textAt(entry, 'name')).filter((each) => each !== null);
}

/** What stands under a name: the settings of a cluster, context or user. */
export function innerOf(
  document: KubeconfigDocument,
  name: Section,
  entryName: string,
): JsonRecord | undefined {
  const entry = document[name].find((each) => each['name'] === entryName);
  return entry === undefined ? undefined : recordAt(entry, name.slice(0, -1));
}
