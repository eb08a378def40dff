import { Document, isMap, isScalar, isSeq, type Scalar } from 'yaml';
import { type ConfigPath, type Origin, placeText } from './config.ts';
import { isLeftToDrivers } from './connection.ts';
import { type LoadedConfig } from './load.ts';
import { isTrue } from './fields.ts';
import { type FileForm, SECRET_KEYS } from './schema.ts';
import { MASK } from './secret.ts';
import { usualKubeconfig } from './targets.ts';

const LEFT =
  'no TrueNAS is named: a scan asks the Secret of the CSI driver where it is and for its key';

/** The effective configuration as YAML: secrets masked, and behind every value where it came from. */
export function viewConfig(loaded: LoadedConfig, environment: NodeJS.ProcessEnv): string {
  const { effective, originOf, file } = loaded;
  const document = new Document(effective);
  annotate(document.contents, [], originOf);
  showKubeconfigs(document, effective, environment);
  const head = [file ?? 'no configuration file', ...(isLeftToDrivers(loaded) ? [LEFT] : [])];
  document.commentBefore = head.map((line) => ` ${line}`).join('\n');
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  return text.replaceAll(BROKEN_LIST, ': [] $<origin>');
}

/** The printer gives a list that has a comment, empty as it may be, lines of its own. */
const BROKEN_LIST = /:\n +\[\]\n +(?<origin># .*)$/gm;

/** A cluster that names no kubeconfig has one all the same. */
function showKubeconfigs(
  document: Document,
  { kubernetes, clusters }: FileForm,
  environment: NodeJS.ProcessEnv,
): void {
  const places = [
    { form: kubernetes, path: ['kubernetes'] },
    ...clusters.map((form, index) => ({ form, path: ['clusters', index] })),
  ];
  for (const { form, path } of places) {
    const node = document.getIn([...path, 'kubeconfig'], true);
    if (form.kubeconfig !== null || isTrue(form.in_cluster) || !isScalar(node)) continue;
    node.value = usualKubeconfig(environment);
    if ((environment['KUBECONFIG'] ?? '') !== '') node.comment = ' $KUBECONFIG';
  }
}

function annotate(node: unknown, path: ConfigPath, originOf: (path: ConfigPath) => Origin): void {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      annotate(value, [...path, name], originOf);
    }
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) annotate(item, [...path, index], originOf);
    if (node.items.length === 0) node.comment = ` ${describe(originOf(path))}`;
  } else if (isScalar(node)) {
    mask(node, path);
    node.comment = ` ${describe(originOf(path))}`;
  }
}

function mask(node: Scalar, path: ConfigPath): void {
  if (SECRET_KEYS.has(String(path.at(-1))) && node.value !== null) node.value = MASK;
}

function describe(origin: Origin): string {
  return origin.kind === 'default' ? 'default' : placeText(origin);
}
